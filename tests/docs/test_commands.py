"""What the documents tell people to type exists: commands, options, make targets, benchmarks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from stelsel.cli import app

FENCE = re.compile(r"^(```|~~~)(\w*)[^\n]*\n(.*?)^\1", re.MULTILINE | re.DOTALL)
# `stelsel register` and the like are names of formats, as they stand in the files themselves.
FORMAT = re.compile(r"stelsel (register|spells|events)( \d+)?")
SHELLS = {"", "sh", "bash", "console", "text"}
INLINE = re.compile(r"`([^`\n]+)`")
# Lines of a session: a prompt, an assignment and the folder of a virtual environment may precede.
RUN = re.compile(
    r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?((?:stelsel|make|python -m benchmarks)\b.*)$"
)
# These documents also say what is planned; the changelog and the decisions tell of the past.
HISTORY = re.compile(r"CHANGELOG\.md|docs/decisions/.*")


def commands(text: str) -> list[list[str]]:
    """Every command line that a Markdown text shows for stelsel, make or the benchmarks."""
    blocks = [block for _, language, block in FENCE.findall(text) if language in SHELLS]
    shown = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    prose = FENCE.sub("", text)
    shown += [code for code in INLINE.findall(prose) if not FORMAT.fullmatch(code)]
    lines = (RUN.match(line.strip()) for line in shown)
    return [shlex.split(line.group(1), comments=True) for line in lines if line]


def known_commands() -> dict[str, set[str]]:
    """Every command of the real command line with its options; one in a group as ``ijw show``."""

    def inside(group: Any, before: str = "") -> Iterator[tuple[str, set[str]]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from inside(command, f"{before}{name} ")
            else:
                yield (
                    f"{before}{name}",
                    {
                        option
                        for parameter in command.params
                        for option in (*parameter.opts, *parameter.secondary_opts)
                    },
                )

    return dict(inside(typer.main.get_command(app)))


def command_of(words: list[str], known: dict[str, set[str]]) -> str:
    """The command in a command line, with its group if it is in one; empty if there is none."""
    names = (" ".join(words[1:end]) for end in (3, 2))
    return next((name for name in names if name in known), "")


def faults_of(
    words: list[str], known: dict[str, set[str]], makefile: str, benchmarks: Path
) -> list[str]:
    """What is wrong with one command line."""
    line = shlex.join(words)
    if words[0] == "make":
        targets = [w for w in words[1:] if "=" not in w and not w.startswith("-")]
        return [
            f"{line}: no target {t}" for t in targets if not re.search(rf"^{t}:", makefile, re.M)
        ]
    if words[0] == "python":
        names = [w for w in words[3:4] if w.islower()]
        return [f"{line}: no such benchmark" for n in names if not any(benchmarks.glob(f"{n}*"))]
    if len(words) == 1 or words[1] in {"--help", "--version"}:
        return []
    if len(words) == 2 and any(name.startswith(f"{words[1]} ") for name in known):
        return []
    command = command_of(words, known)
    if not command:
        return [f"{line}: no command {words[1]}"]
    options = {w.partition("=")[0] for w in words[2:] if re.match(r"--?[a-z]", w)} - {"--help"}
    return [f"{line}: no option {o}" for o in sorted(options - known[command])]


def test_what_is_shown_can_be_typed(texts: dict[str, str], project: Path) -> None:
    documents = {
        name: text
        for name, text in texts.items()
        if name.endswith(".md") and not HISTORY.match(name)
    }
    known = known_commands()
    seen = {name: commands(text) for name, text in documents.items()}
    assert ["make", "demo"] in seen["README.md"]
    assert [
        f"{name}: {fault}"
        for name, lines in seen.items()
        for words in lines
        for fault in faults_of(words, known, texts["Makefile"], project / "benchmarks")
    ] == []


def test_every_command_is_told_of(texts: dict[str, str]) -> None:
    known = known_commands()
    told = {
        command_of(words, known)
        for name, text in texts.items()
        if name.endswith(".md") and (name.startswith("docs/") or name == "README.md")
        for words in commands(text)
        if words[0] == "stelsel" and len(words) > 1
    }
    assert set(known) - told == set()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```sh\nstelsel chekc x.xml\n```", "no command chekc"),
        ("```\n$ .venv/bin/stelsel check x.xml --jsn\n```", "no option --jsn"),
        ("`stelsel ijw shwo x.xml`", "no command ijw"),
        ("`stelsel ijw show x.xml --jsn`", "no option --jsn"),
        ("Type `make demmo`.", "no target demmo"),
        ("```sh\npython -m benchmarks colonel --json\n```", "no such benchmark"),
    ],
)
def test_a_wrong_command_is_found(tmp_path: Path, text: str, fault: str) -> None:
    (words,) = commands(text)
    known = {"check": {"--json"}, "ijw show": {"--json"}}
    (found,) = faults_of(words, known, "demo: x\n", tmp_path)
    assert found.endswith(fault)


def test_a_right_command_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").touch()
    text = (
        "`SERVE=0 make demo`\n```sh\nstelsel check a.xml \\\n  --json  # a remark\n"
        "python -m benchmarks kernel\nstelsel ijw\nstelsel ijw show a.xml --json\n```"
    )
    lines = commands("```python\n>>> stelsel = 1\n```\n" + text)
    assert len(lines) == 5
    known = {"check": {"--json"}, "ijw show": {"--json"}}
    assert [f for w in lines for f in faults_of(w, known, "demo: x\n", tmp_path)] == []
