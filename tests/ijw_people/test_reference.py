"""What is made from the tables is what they give, and the types say what the grammar says."""

from __future__ import annotations

import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any, Literal, NotRequired, get_args, get_origin

import pytest

from stelsel.errors import StelselError
from stelsel.ijw import Message, records
from stelsel.ijw.example import example
from stelsel.ijw.grammar import Group, message_types, simple_types
from stelsel.ijw.records import JW305, JW307, message_of, record
from stelsel.ijw.reference import made, write_all
from stelsel.ijw.showing.rulebook import rulebook
from tests.ijw_people.walking import elements

NAMES = list(message_types())
PYTHON = {"string": str, "integer": int, "date": date, "time": time}
OWN = {"src/stelsel/ijw/records/__init__.py", "src/stelsel/ijw/records/typed.py"}


def test_every_file_is_what_the_tables_give_and_none_is_left_over(project: Path) -> None:
    files = made()
    here = {
        path.relative_to(project).as_posix()
        for name in {Path(file).parent for file in files}
        for path in (project / name).iterdir()
        if path.is_file()
    }
    assert here - OWN == set(files), "make reference"
    stale = [name for name, text in files.items() if (project / name).read_text("utf-8") != text]
    assert stale == [], "make reference"


def test_the_command_writes_them_where_the_project_is(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="not the folder of the project"):
        write_all(tmp_path)
    (tmp_path / "src/stelsel/ijw/records").mkdir(parents=True)
    assert write_all(tmp_path) == len(made())
    assert write_all(tmp_path) == 0
    page = tmp_path / "docs/reference/messages/jw305.md"
    page.write_text("stale", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stelsel.ijw.reference", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1 files changed\n"
    assert page.read_text("utf-8") == made()["docs/reference/messages/jw305.md"]


# ---- typed records


def same(kind: Any, group: Group) -> None:
    """Hold a type against the grammar, all the way down."""
    hints = typing.get_type_hints(kind, include_extras=True)
    assert list(hints) == [element.name for element in group.elements]
    for element in group.elements:
        hint = hints[element.name]
        assert (get_origin(hint) is NotRequired) == (not element.required)
        assert (element.name in kind.__required_keys__) == element.required
        if not element.required:
            (hint,) = get_args(hint)
        assert (get_origin(hint) is list) == element.many
        if element.many:
            (hint,) = get_args(hint)
        if element.group is not None:
            same(hint, element.group)
            continue
        simple = element.simple
        assert simple is not None
        if get_origin(hint) is Literal:
            assert get_args(hint) == simple.codes or list(map(str, get_args(hint))) == [
                simple.pattern
            ]
        else:
            assert hint is PYTHON[simple.base]
            assert len(simple.codes) > 30 or not simple.codes


@pytest.mark.parametrize("name", NAMES)
def test_types_say_what_the_grammar_says(name: str) -> None:
    assert name in records.__all__
    same(getattr(records, name), message_types()[name].root)


def misfits(value: Any, hint: Any) -> Iterator[str]:
    """Where a value does not have its type, worked out from the type alone."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        yield from misfits(value, inside[0])
    elif origin is list:
        yield from (fault for each in value for fault in misfits(each, inside[0]))
    elif origin is Literal:
        if value not in inside:
            yield f"{value} is not in {inside}"
    elif typing.is_typeddict(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        if not hint.__required_keys__ <= set(value) <= set(hints):
            yield f"{hint.__name__} has {set(value)}"
        for key in value:
            yield from (f"{key}: {fault}" for fault in misfits(value[key], hints[key]))
    elif type(value) is not hint:
        yield f"{type(value)} is no {hint}"


@pytest.mark.parametrize("name", NAMES)
def test_examples_have_their_type(name: str) -> None:
    for seed in range(50):
        assert list(misfits(example(name, seed).content, getattr(records, name))) == []


def test_a_wrong_content_has_not_its_type() -> None:
    content = example("JW305").content
    content["Client"]["StartProducten"]["StartProduct"][0]["StatusAanlevering"] = "4"
    assert list(misfits(content, JW305)) == [
        "Client: StartProducten: StartProduct: StatusAanlevering: 4 is not in ('1', '2', '3', '9')"
    ]


def test_a_record_is_the_content_itself_and_of_its_own_type_only() -> None:
    message = example("JW305")
    start = record(message, JW305)
    assert start is message.content
    assert message_of(start, JW305) == message
    with pytest.raises(StelselError, match="is a JW305 and no JW307") as error:
        record(message, JW307)
    assert "Het bericht is een JW305 en geen JW307." in error.value.faults[0].told("nl")
    assert message_of({"Header": {}}, dict) == Message("dict", {"Header": {}})


PROGRAM = """
from stelsel.ijw import Message
from stelsel.ijw.records import JW305, JW319, record

def starts(message: Message) -> list[str]:
    start = record(message, JW305)
    start["Client"]["Foo"]
    start["Client"]["StartProducten"]["StartProduct"][0]["Begindatum"] + 1
    rows = start["Client"]["StartProducten"]["StartProduct"]
    return [row["Product"]["Code"] for row in rows if row["StatusAanlevering"] == "4"]

answer: JW319 = {"Header": record(Message("JW319", {}), JW319)["Header"]}
"""


def test_a_type_checker_finds_wrong_names_types_and_codes(tmp_path: Path, project: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), file],
        cwd=project / "src",
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line.split("error: ")[1] for line in done.stdout.splitlines() if "program.py" in line]
    for text in (
        'TypedDict "Client" has no key "Foo"',
        'Unsupported operand types for + ("date" and "int")',
        "Non-overlapping equality check",
        'Missing key "Antwoord" for TypedDict "JW319"',
    ):
        assert any(text in line for line in found), (text, done.stdout, done.stderr)
    assert len(found) == 4, done.stdout


# ---- pages


def page(name: str) -> str:
    return made()[f"docs/reference/messages/{name}.md"]


def rows(name: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of a page about elements: the path, from its dots, and the other cells."""
    text = page(name.lower())
    body, head = text.split("## What it holds")[1].split("## Header")
    for part, around in ((body, []), (head.split("\n## ")[0], ["Header"])):
        path, start = list(around), len(around)
        for line in part.splitlines():
            if line.startswith("| ") and not line.startswith("| element |"):
                first, *cells = [cell.strip() for cell in line.strip("|").split(" | ")]
                depth = start + first.count("· ")
                path = [*path[:depth], first.replace("· ", "")]
                yield "/".join(path), cells


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_every_element_in_order(name: str) -> None:
    kind = message_types()[name]
    (head,) = (each.group for each in kind.root.elements if each.name == "Header")
    assert head is not None
    body = Group("", tuple(each for each in kind.root.elements if each.name != "Header"))
    wanted = [*elements(body), *elements(head)]
    told = list(rows(name))
    assert [path.split("/")[-1] for path, _ in told] == [element.name for element in wanted]
    assert [cells[0] for _, cells in told] == [
        f"{int(element.required)}..*" if element.many else "1" if element.required else "0..1"
        for element in wanted
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_a_message_stands_on_its_page_and_at_its_elements(name: str) -> None:
    told = list(rows(name))
    text = page(name.lower())
    for entry in rulebook("en"):
        places = [about.partition("/")[2] for about in entry.elements if about.startswith(name)]
        assert (f"\n| [{entry.rule}](" in text) == bool(places)
        for place in places:
            at = [cells[-1] for path, cells in told if f"/{path}".endswith(f"/{place}")]
            assert at, (entry.rule, place)
            assert all(f"[{entry.rule}](rules.md#" in cell for cell in at)


def test_the_page_of_codes_has_every_code_and_that_of_rules_every_rule() -> None:
    codes, rules = page("codelists"), page("rules")
    for simple in simple_types().values():
        if simple.code_list:
            (part,) = (each for each in codes.split("\n## ") if each.startswith(simple.code_list))
            assert re.findall(r"`(\w+)`(?= \||[ \n])", part)[: len(simple.codes)] == list(
                simple.codes
            )
    entries = rulebook("en")
    assert rules.count("\n### ") == len(entries)
    assert all(f"\n### {entry.rule}\n" in rules for entry in entries)
    assert all(entry.source in rules for entry in entries)


def test_the_index_leads_to_every_message_the_right_way_round() -> None:
    text = page("README")
    for name in NAMES:
        assert f"| [{name}]({name.lower()}.md) |" in text
    assert "| [JW306](jw306.md) | Retour start | municipality → provider |" in text
    assert "| [JW305](jw305.md) | Start | provider → municipality |" in text
    assert "| [JW325](jw325.md) | Declaratie-antwoord | municipality → provider |" in text
