"""Every fault has its Dutch, and the screen tells it in the language that was asked for.

Who works at a municipality reads Dutch and who calls from Python reads English, so a fault that
lacks one of the two is half a fault. The first test reads the source, so that none is forgotten.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stelsel.errors import Fault, StelselError

FIELDS = ("what", "where", "rule", "remedy")
"""The first fields of a fault, in order; an error of one text takes them too."""


def lacking(source: str) -> Iterator[str]:
    """Give line and name of each text of a fault that is told in one language only."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name == "Fault" or (name == "StelselError" and makes_a_fault(node)):
                for field in untold(node):
                    yield f"{node.lineno}: {name} without {field}"


def makes_a_fault(call: ast.Call) -> bool:
    """Whether an error is made of a text; without text or details it passes on faults there are."""
    texts = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.IfExp)
    return bool(call.keywords) or bool(call.args and isinstance(call.args[0], texts))


def untold(call: ast.Call) -> Iterator[str]:
    """Give the Dutch fields that a call lacks, or in which it repeats the English."""
    given = dict(zip(FIELDS, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for field in ("what", "remedy"):
        dutch = given.get(f"{field}_nl")
        english = given.get(field)
        told_twice = dutch is None or (english and ast.dump(english) == ast.dump(dutch))
        if (field == "what" or english is not None) and told_twice:
            yield f"{field}_nl"


def test_every_fault_in_the_source_is_told_in_dutch_too(texts: dict[str, str]) -> None:
    sources = {
        name: text
        for name, text in texts.items()
        # errors.py itself only hands on what it is given.
        if name.startswith("src/stelsel/") and name.endswith(".py") and "errors.py" not in name
    }
    assert sum(text.count("Fault(") + text.count("StelselError(") for text in sources.values()) > 90
    assert [f"{name}:{one}" for name, text in sources.items() for one in lacking(text)] == []


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("Fault('No.')", ["what_nl"]),
        ("Fault(f'No {a}.', what_nl=f'Geen {a}.')", []),
        ("errors.Fault('No.', 'here', 'rule', 'Do.', what_nl='Nee.')", ["remedy_nl"]),
        ("Fault('No.', remedy='Do.', what_nl='No.', remedy_nl='Doe.')", ["what_nl"]),
        ("StelselError('No ' + a)", ["what_nl"]),
        ("StelselError('No' if a else 'Yes', what_nl=b)", []),
        ("StelselError(text, remedy='Do.')", ["what_nl", "remedy_nl"]),
        ("StelselError(faults)", []),
        ("StelselError(made(a) for a in b)", []),
    ],
)
def test_what_the_reading_of_the_source_finds(call: str, found: list[str]) -> None:
    assert [line.rpartition(" ")[2] for line in lacking(call)] == found


def test_place_rule_and_remedy_are_told_in_both_languages() -> None:
    fault = Fault(
        *("Wrong.", "a.csv, line 2", "a rule", "Mend it."),
        *("Fout.", "Herstel het.", "a.csv, regel 2", "een regel"),
    )
    assert fault.told("en") == str(fault) == "a.csv, line 2: Wrong. [a rule] Mend it."
    assert fault.told("nl") == "a.csv, regel 2: Fout. [een regel] Herstel het."
    error = StelselError("Wrong.", where="a.csv", what_nl="Fout.")
    assert [one.told("nl") for one in error.faults] == ["a.csv: Fout."]
    assert str(error) == "a.csv: Wrong."


def told(lang: str | None, *words: str | Path) -> str:
    """Run a command that must fail, as a user does, and give what the screen says of it."""
    environment = {name: value for name, value in os.environ.items() if name != "STELSEL_LANG"}
    done = subprocess.run(
        [sys.executable, "-m", "stelsel", *map(str, words)],
        env=environment | ({} if lang is None else {"STELSEL_LANG": lang}),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


SCENARIO = """
name: eigen
title: eigen
changes:
  - {parameter: "capacity[ambulatry]", multiply: 1.2, since: 2022-01-01, source: voorbeeld}
"""


@pytest.mark.parametrize("lang", [None, "en"])
def test_wrong_words_are_told_in_dutch_and_in_english_when_asked(
    lang: str | None, tmp_path: Path
) -> None:
    scenario, folder = tmp_path / "eigen.yaml", tmp_path / "map"
    scenario.write_text(SCENARIO, encoding="utf-8")
    folder.mkdir()
    (folder / "brief.txt").write_text("geen register", encoding="utf-8")
    says = {
        ("simulate", "--region", "JZ99"): (
            ("Fout ", "Er is geen jeugdregio 'JZ99'.", "Bedoelt u JZ"),
            ("Error ", "There is no youth region 'JZ99'.", "Did you mean JZ"),
        ),
        ("simulate", "--region", "JZ15", "--scenario", scenario): (
            ("Het plan heeft deze parameter niet.", "Bedoelt u capacity[ambulatory]"),
            ("The plan has no such parameter.", "Did you mean capacity[ambulatory]"),
        ),
        ("indicators", "waiting", "--register", folder): (
            ("Dit is geen register.", "een register is een map met", "Noem de map"),
            ("This is not a register.", "a register is a folder with", "Name the folder"),
        ),
        ("simulate", "--start", "1 januari"): (
            ("--start: 1 januari is geen datum.", "Schrijf een bestaande dag als jjjj-mm-dd"),
            ("--start: 1 januari is no date.", "Write an existing day as yyyy-mm-dd"),
        ),
    }
    for words, (dutch, english) in says.items():
        screen = told(lang, *words)
        here, elsewhere = (dutch, english) if lang is None else (english, dutch)
        assert all(text in screen for text in here), screen
        assert not any(text in screen for text in elsewhere), screen
