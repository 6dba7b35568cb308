"""The screens of the twin's commands: Dutch, and English at a switch; the same numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.cli.question_words import CAUSES, SAID, WORDS
from stelsel.errors import StelselError

SHORT = ("--region", "JZ15", "--years", "0.3")
MORE = "more-ambulatory-places@2021-02-01"
DUTCH = re.compile(
    r"\b(het|een|wordt|gemeten|aangenomen|Bron|Hulpvorm|Dienst|Verschil|Naam|Nodig|Oorzaak|"
    r"Deel|Aanname|Wachtend|tot|geheel)\b"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    asked = ["simulate", *SHORT, "--scenario", MORE, "--replications", "2", "--out", str(out)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    return out


def said(command: Sequence[str], lang: str, *, by: str = "option") -> str:
    """What a command prints, wide enough that no word is cut."""
    env = {"COLUMNS": "400", "TERM": "dumb"}
    options = ["--lang", lang] if by == "option" else []
    if by != "option":
        env["STELSEL_LANG"] = lang
    done = CliRunner().invoke(app, [*command, *options], env=env)
    assert done.exit_code == 0, done.output
    return done.stdout


COMMANDS = {
    "simulate": ("simulate", *SHORT, "--scenario", MORE),
    "plan show": ("plan", "show", "--assumed"),
    "scenario list": ("scenario", "list"),
    "scenario show": ("scenario", "show", "M20"),
    "seek": (
        *("seek", *SHORT, "--replications", "2", "--target", "waiting[ambulatory] <= 5"),
        *("--by", "capacity[ambulatory]"),
    ),
    "explain-change": (
        *("explain-change", *SHORT, "--replications", "1", "--of", "waiting[ambulatory]"),
        *("--to", MORE),
    ),
    "sensitivity": (
        *("sensitivity", *SHORT, "--of", "waiting[ambulatory]", "--rounds", "2"),
        *("--parameter", "access.delay"),
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_screen_is_there_in_both_languages(name: str) -> None:
    english, dutch = (said(COMMANDS[name], lang) for lang in ("en", "nl"))
    assert english != dutch
    assert DUTCH.search(dutch)
    assert not DUTCH.search(english), DUTCH.findall(english)
    assert said(COMMANDS[name], "en", by="environment") == english


def test_compare_and_plan_check_too(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "values:\n  - {name: 'capacity[ambulatory]', value: 180000, unit: places, "
        "kind: derived, source: own}\n",
        encoding="utf-8",
    )
    for command in (("compare", str(folder), str(folder)), ("plan", "check", str(file))):
        english, dutch = (said(command, lang) for lang in ("en", "nl"))
        assert english != dutch
        assert not DUTCH.search(english), DUTCH.findall(english)
    assert "Ambulatory help" in said(("compare", str(folder), str(folder)), "en")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_language_that_texts_are_not_in_is_refused(name: str) -> None:
    done = CliRunner().invoke(app, [*COMMANDS[name], "--lang", "fr"])
    assert isinstance(done.exception, StelselError)
    assert done.exception.faults[0].where == "--lang"


def test_numbers_are_written_as_in_the_language() -> None:
    english, dutch = (said(COMMANDS["simulate"], lang) for lang in ("en", "nl"))
    line_en, line_nl = (
        next(line for line in text.splitlines() if "Ambula" in line) for text in (english, dutch)
    )
    cells = [[c.strip() for c in line.split("│")[2:-1]] for line in (line_en, line_nl)]
    as_english = str.maketrans({"\N{NO-BREAK SPACE}": ",", ",": "."})
    assert cells[0] == [c.translate(as_english) for c in cells[1]]
    assert "," in cells[0][1]


def test_both_languages_have_the_same_words() -> None:
    for words in (SAID, CAUSES, WORDS):
        assert list(words["nl"]) == list(words["en"])


@pytest.mark.parametrize("command", ["seek", "explain-change", "sensitivity"])
def test_the_shared_options_are_those_of_every_question(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
    for option in ("scenario", "plan", "region", "years", "seed", "start", "workers", "keep"):
        assert f"--{option} " in told
    assert ("--replications" in told) == (command != "sensitivity")
    assert "wait[ambulatory]" in told
