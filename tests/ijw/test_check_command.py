"""The command: what it prints, for people and for programs, and the code it ends with."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from stelsel.cli.check import check
from stelsel.errors import StelselError
from stelsel.ijw import Message, header, write

FIELDS = ["level", "rule", "return_code", "path", "line", "message", "remedy"]


def answer(code: str = "2") -> bytes:
    """An answer to a request; with code 1 it lacks its reason."""
    content = {
        "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
        "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": code},
    }
    return write(Message("JW319", content))


def run(*words: str | Path) -> Result:
    """Run the command."""
    app = typer.Typer()
    app.command()(check)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three messages: right, wrong at level 1, wrong at level 2."""
    (tmp_path / "1.xml").write_bytes(answer())
    (tmp_path / "2.xml").write_bytes(answer().replace(b">2</jw319:Verz", b">7</jw319:Verz"))
    (tmp_path / "3.xml").write_bytes(answer("1"))
    return tmp_path


def test_all_right_ends_with_0(folder: Path) -> None:
    done = run(folder / "1.xml")
    assert done.exit_code == 0
    assert done.output == "1 bericht gelezen: 1 goed, 0 met bevindingen (0 in totaal).\n"


def test_findings_end_with_1_and_say_what_where_rule_and_remedy(folder: Path) -> None:
    done = run(folder)
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        f"{folder}/2.xml  (JW319)",
        "  regel 20, Antwoord/VerzoekAntwoord",
        "    VerzoekAntwoord heeft een code die niet in codelijst WJ760 staat: 7. [value.code]",
        "    Doe: Kies een van: 1, 2.",
        "",
        f"{folder}/3.xml  (JW319)",
        "  regel 18, Antwoord/RedenAfwijzingVerzoek",
        "    Bij een afgewezen verzoek (VerzoekAntwoord 1) is RedenAfwijzingVerzoek verplicht."
        " [CD085]",
        "    Doe: Vul de reden van afwijzing.",
        "",
        "3 berichten gelezen: 1 goed, 2 met bevindingen (2 in totaal).",
    ]


def test_json_is_one_object_a_line(folder: Path) -> None:
    done = run(folder, "--json", "--lang", "en")
    assert done.exit_code == 1
    objects = [json.loads(line) for line in done.output.splitlines()]
    assert [list(each) for each in objects] == [["file", "message", "valid", "findings"]] * 3
    assert [(each["file"], each["message"], each["valid"]) for each in objects] == [
        (f"{folder}/1.xml", "JW319", True),
        (f"{folder}/2.xml", "JW319", False),
        (f"{folder}/3.xml", "JW319", False),
    ]
    found = [finding for each in objects for finding in each["findings"]]
    assert [list(finding) for finding in found] == [FIELDS, FIELDS]
    assert found[0]["message"] == "VerzoekAntwoord has a code that is not in code list WJ760: 7."
    assert [(f["level"], f["rule"], f["return_code"]) for f in found] == [
        (1, "value.code", None),
        (2, "CD085", "0001"),
    ]


def test_a_file_that_is_no_message_has_no_name(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("hello")
    done = run(tmp_path, "--json")
    (found,) = (json.loads(line) for line in done.output.splitlines())
    assert (done.exit_code, found["message"], found["valid"]) == (1, None, False)
    assert found["findings"][0]["rule"] == "xml.malformed"


def test_what_cannot_be_read_ends_with_2(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xml")
    assert run(tmp_path).exit_code == 2
    done = run(tmp_path / "nothing")
    assert isinstance(done.exception, StelselError)  # the command line ends with 2 on these
    assert "Dit pad bestaat niet." in done.exception.faults[0].told("nl")
    assert run().exit_code == 2


def test_names_that_look_like_markup_are_printed_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "[bold]x[red].xml").write_text("hello")
    assert f"{tmp_path}/[bold]x[red].xml" in run(tmp_path).output


def test_the_environment_chooses_the_language_unless_an_option_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STELSEL_LANG", "en")
    assert run(folder / "1.xml").output.startswith("1 message read: 1 right")
    assert run(folder / "1.xml", "--lang", "nl").output.startswith("1 bericht gelezen: 1 goed")


def test_another_language_is_refused(folder: Path) -> None:
    assert isinstance(run(folder, "--lang", "fr").exception, StelselError)
