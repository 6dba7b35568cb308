"""The commands ijw: what they print, for people and for programs, and the code they end with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stelsel.cli.ijw import ijw
from stelsel.errors import StelselError
from stelsel.ijw import Message, header, write
from stelsel.ijw.example import example
from stelsel.ijw.findings import rules
from stelsel.ijw.grammar import message_types


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(ijw, [str(word) for word in words])


def told(result: Result) -> str:
    """What a person sees of an error."""
    assert isinstance(result.exception, StelselError)
    return result.exception.faults[0].told("nl")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A start of care whose begin lies after the date of the message."""
    product = {
        "ToewijzingNummer": 12,
        "Product": {"Categorie": "45", "Code": "45A48"},
        "Begindatum": date(2026, 3, 5),
        "StatusAanlevering": "1",
    }
    client = {
        "Bsn": "999900006",
        "Geboortedatum": {"Datum": date(2012, 5, 6)},
        "Geslacht": "2",
        "Naam": {"Geslachtsnaam": {"Achternaam": "Voorbeeld"}},
        "StartProducten": {"StartProduct": [product]},
    }
    head = header("JW305", "98070201", "0193", "A1", date(2026, 3, 4))
    file = tmp_path / "a.xml"
    file.write_bytes(write(Message("JW305", {"Header": head, "Client": client})))
    return file


def lines(result: Result) -> list[str]:
    return [line.rstrip() for line in result.output.splitlines()]


def test_a_message_is_shown_with_its_findings_beside_it(start: Path) -> None:
    done = run("show", start)
    assert done.exit_code == 1
    assert lines(done) == [
        "JW305 Start",
        str(start),
        "",
        "Van                      aanbieder 98070201",
        "Aan                      gemeente Zwolle (0193)",
        "Kenmerk van het bericht  A1, 4 maart 2026",
        "Versie van de schema's   1.0.0 / 1.0.0",
        "",
        "Cliënt",
        "  Burgerservicenummer          (verborgen)",
        "  Geboortedatum                (verborgen)",
        "  Geslacht                     (verborgen)",
        "  Naam                         (verborgen)",
        "",
        "  Gestart product",
        "    Toewijzingnummer           12",
        "    Product                    45 Jeugdhulp ambulant",
        "                               45A48 Jeugdhulp ambulant regulier: inspanningsgericht"
        " (individueel)",
        "    Begindatum                 5 maart 2026",
        "      ✗ Begindatum ligt na de Dagtekening van het bericht. [TR134]",
        "        Doe: Vul een datum op of voor de Dagtekening.",
        "    Status van de aanlevering  1 Eerste aanlevering",
        "",
        "1 bevinding.",
        "Wat over een persoon gaat is verborgen; --personal toont het.",
    ]


def test_in_english_and_with_what_is_personal(start: Path) -> None:
    told = lines(run("show", start, "--lang", "en", "--personal"))
    for line in (
        "JW305 Start of care",
        "From                            provider 98070201",
        "To                              municipality Zwolle (0193)",
        "  Citizen service number    999900006",
        "  Date of birth             6 May 2012",
        "  Family name               Voorbeeld",
        "    First day               5 March 2026",
        "        Do: Fill in a date on or before Dagtekening.",
        "1 finding.",
    ):
        assert " ".join(line.split()) in [" ".join(each.split()) for each in told]
    assert "hidden" not in "".join(told)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_nothing_is_cut_off_on_a_screen_of_any_width(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in message_types():
        Path("a.xml").write_bytes(write(example(name, 4)))
        monkeypatch.setenv("COLUMNS", str(width))
        narrow = run("show", "a.xml", "--personal")
        assert all(len(line) <= width for line in lines(narrow))
        monkeypatch.setenv("COLUMNS", "400")
        wide = run("show", "a.xml", "--personal")
        # Values fold, so letters stay in their order per column; here it is enough that all stay.
        assert sorted("".join(narrow.output.split())) == sorted("".join(wide.output.split()))


def test_a_valid_message_ends_with_0_and_hides_nothing_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(write(example("JW319", 1)))
    done = run("show", tmp_path / "a.xml")
    assert done.exit_code == 0
    assert lines(done)[-1] == "Geen bevindingen."


def test_json_has_the_names_of_the_standard_and_no_child(start: Path) -> None:
    done = run("show", start, "--json")
    assert done.exit_code == 1
    found = json.loads(done.output)
    assert list(found) == ["file", "message", "content", "findings"]
    assert (found["file"], found["message"]) == (str(start), "JW305")
    client = found["content"]["Client"]
    assert [client[name] for name in ("Bsn", "Geboortedatum", "Geslacht", "Naam")] == [None] * 4
    assert client["StartProducten"]["StartProduct"][0]["Begindatum"] == "2026-03-05"
    assert [finding["rule"] for finding in found["findings"]] == ["TR134"]
    opened = json.loads(run("show", start, "--json", "--personal").output)
    assert opened["content"]["Client"]["Bsn"] == "999900006"


def test_what_is_no_message_and_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "[bold]a.xml").write_text("hello")
    done = run("show", tmp_path / "[bold]a.xml")
    assert done.exit_code == 1
    assert lines(done)[:2] == ["Bericht: niet te lezen", f"{tmp_path}/[bold]a.xml"]
    assert json.loads(run("show", tmp_path / "[bold]a.xml", "--json").output)["content"] is None
    assert "Dit is een map." in told(run("show", tmp_path))
    assert "Er is geen taal fr." in told(run("show", tmp_path, "--lang", "fr"))


def test_an_example_is_written_byte_for_byte(tmp_path: Path) -> None:
    wanted = write(example("JW317", 5))
    assert run("example", "JW317", "--seed", "5").stdout_bytes == wanted
    assert run("example", "317", "--seed", "5").stdout_bytes == wanted
    assert run("example", "jw317").stdout_bytes == write(example("JW317", 0))
    file = tmp_path / "new" / "a.xml"
    done = run("example", "JW317", "--seed", "5", "--out", file)
    assert (done.exit_code, done.stdout) == (0, "")
    assert file.read_bytes() == wanted


def test_an_example_that_cannot_be_made_or_written_is_told(tmp_path: Path) -> None:
    assert "Bedoelt u JW3" in told(run("example", "JW304"))
    assert "kan niet worden geschreven: dit is een map" in told(
        run("example", "JW305", "--out", tmp_path)
    )
    assert run("example", "JW305", "--seed", "-1").exit_code == 2


@pytest.mark.parametrize("width", [60, 120])
def test_every_rule_is_listed(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    done = run("rules")
    assert done.exit_code == 0
    assert all(len(line) <= width for line in lines(done))
    words = done.output.split()
    assert [name for name in rules() if name not in words] == []
    assert lines(done)[0] == f"{len(rules())} regels"


def test_one_rule_with_all_that_is_known_of_it() -> None:
    assert lines(run("rules", "tr326")) == [
        "TR326",
        rules()["TR326"].texts["nl"],
        "",
        f"Te doen     {rules()['TR326'].remedies['nl']}",
        "Niveau      3: tegen eerdere berichten",
        "Retourcode  9326 Lopende levering is nog niet gestopt",
        "Berichten   305",
        "Elementen   JW305/StartProduct",
        "Bron        iJw 3.2.0 rule report (Zorginstituut Nederland), TR326",
    ]
    english = lines(run("rules", "file.empty", "--lang", "en"))
    assert english[:2] == ["file.empty", "The file is empty."]
    assert "Messages     all" in english


def test_rules_as_json() -> None:
    fields = ["rule", "level", "checked", "return_code", "meaning", "messages", "elements"]
    fields += ["text", "remedy", "source"]
    found = json.loads(run("rules", "--json", "--lang", "en").output)
    assert {each["rule"] for each in found} == set(rules())
    assert all(list(each) == fields for each in found)
    assert [each["level"] for each in found] == sorted(each["level"] for each in found)
    one = json.loads(run("rules", "CS002", "--json", "--lang", "en").output)
    assert one in found
    assert "JW305/Client/Bsn" in one["elements"]


def test_no_text_of_a_rule_has_a_hole_in_it() -> None:
    for lang in ("nl", "en"):
        for each in json.loads(run("rules", "--json", "--lang", lang).output):
            for text in (each["text"], each["remedy"]):
                assert "{" not in text
                assert text[-1] in ".…"
                assert text[0].isupper() or text.startswith("iJw")
            if each["level"] > 1 and "." not in each["rule"]:
                assert "…" not in each["text"], each["rule"]


def test_a_rule_that_is_not_there_is_told() -> None:
    assert "Er is geen regel TR999. Bedoelt u TR" in told(run("rules", "TR999"))
    assert "Alle regels: stelsel ijw rules." in told(run("rules", "xyz"))
