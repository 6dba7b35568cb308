"""``stelsel check`` of deliveries: it says of each file what taking it in would say."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stelsel.cli import app
from stelsel.deliveries import cbs
from stelsel.register import Register
from tests.private import sources


def check(*words: str | Path, lang: str | None = None) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, words)], env={"STELSEL_LANG": lang})


def told(*words: str | Path, lang: str | None = None) -> dict[str, dict[str, Any]]:
    """What is said of each file, by its name."""
    done = check(*words, "--json", lang=lang)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(row["file"]).name: row for row in rows}


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Files of every sort, all right: messages, deliveries to CBS, steps and a statement."""
    place = tmp_path / "inbox"
    sources.messages(place / "berichten")
    sources.deliveries(place / "cbs")
    sources.steps(place / "stappen")
    sources.statement(place / "opgave")
    return place


def test_every_sort_is_recognised_by_its_content(inbox: Path) -> None:
    for number, file in enumerate(sorted(inbox.glob("[cos]*/*"))):
        file.rename(file.with_name(f"{number}-{file.stem}"[:6] + file.suffix))
    found = told(inbox)
    kinds = [row["kind"] for row in found.values() if "kind" in row]
    assert sorted(kinds) == sorted([*cbs.sorts(), "nza-quarter", *["process"] * 3])
    assert all(row["valid"] for row in found.values())
    assert {row["message"] for row in found.values()} >= {"JW301", "JW305", "JW323", None}
    assert check(inbox).exit_code == 0


def test_a_report_says_who_delivers_what_and_how_much(inbox: Path) -> None:
    found = told(inbox, lang="en")
    report = found["cbs-protection.txt"]
    about = [report[name] for name in ("kind", "deliverer", "period", "day", "records")]
    assert about == ["cbs-protection", sources.GI, "2024-H1", "2024-07-09", 3]
    assert report["counts"] == [
        {"code": "11", "begin": 0, "started": 3, "ended": 0, "end": 3, "running": 0}
    ]
    steps = found["stappen.csv"]
    assert (steps["deliverer"], steps["day"], steps["records"]) == ("VT-01", "2024-03-06", 2)
    assert [(row["step"], row["rows"]) for row in steps["counts"]] == [("safety-reported", 2)]
    statement = found["nza-quarter.csv"]
    about = [statement[name] for name in ("deliverer", "period", "day")]
    assert about == [sources.PROVIDER, "2024-Q3", "2024-10-15"]
    assert sum(row["rows"] for row in statement["counts"]) == statement["records"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_check_says_what_ingest_would_say(tmp_path: Path, lang: str) -> None:
    """The oracle is the quarantine: every file is set aside for just what was found before."""
    sources.wrong_files(tmp_path / "fout")
    found = told(tmp_path / "fout", lang=lang)
    register = Register.create(tmp_path / "register")
    outcome = register.ingest(tmp_path / "fout", lang=lang)
    assert outcome.set_aside == outcome.read == len(found)
    reasons = [
        json.loads(file.read_text("utf-8"))
        for file in (register.folder / "quarantine").glob("*.json")
    ]
    assert {one["file"]: one["findings"] for one in reasons} == {
        name: row["findings"] for name, row in found.items()
    }
    assert not any(row["valid"] for row in found.values())
    assert check(tmp_path / "fout").exit_code == 1


def test_what_is_odd_is_told_and_stops_nothing(inbox: Path) -> None:
    file = inbox / "cbs" / "cbs-placement.csv"
    period = cbs.Period.of("2024-H1")
    late = cbs.Delivery("cbs-placement", sources.GI, period, period.deadline.replace(day=30))
    cbs.write(sources.records("cbs-placement"), late, "csv", file)
    report = told(file)[file.name]
    assert report["valid"]
    assert [finding["rule"] for finding in report["findings"]] == ["cbs.late"]
    done = check(file)
    assert done.exit_code == 0
    assert "(cbs.late)" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "Aanleveringen: 1, waarvan 0 zo niet kunnen worden opgenomen."
    )


@pytest.mark.parametrize(("lang", "title"), [("nl", "Spiegelrapport"), ("en", "Mirror report")])
def test_people_read_the_mirror_report(inbox: Path, lang: str, title: str) -> None:
    file = inbox / "stappen" / "stappen.csv"
    file.write_text(file.read_text("utf-8-sig").replace("0193", "9999"), "utf-8")
    done = check(inbox, lang=lang)
    assert done.exit_code == 1
    assert done.stdout.count(f"# {title}") == 8
    line = {"nl": "- regel 2, gemeente: ", "en": "- line 2, municipality: "}[lang]
    assert done.stdout.count(line) == 1
    assert done.stdout.count("(process.municipality)") == 2


def test_a_message_is_a_message_whatever_it_is_called(inbox: Path) -> None:
    file = next(iter((inbox / "berichten").glob("*.xml")))
    other = file.rename(inbox / "bericht.txt")
    found = told(other)
    assert "kind" not in found["bericht.txt"]
    assert found["bericht.txt"]["valid"]


def test_deliveries_are_looked_at_beside_a_register_and_not_taken_in(
    inbox: Path, tmp_path: Path
) -> None:
    register = Register.create(tmp_path / "register")
    found = told(inbox, "--register", register.folder, "--answers", tmp_path / "antwoorden")
    assert sum("kind" in row for row in found.values()) == 8
    assert register.version == 0


def test_a_file_that_may_not_be_read_ends_with_2(inbox: Path) -> None:
    (inbox / "opgave" / "weg.csv").symlink_to(inbox / "nergens.csv")
    done = check(inbox / "opgave", "--json")
    rules = [one["rule"] for line in done.stdout.splitlines() for one in findings_of(line)]
    assert done.exit_code == 2
    assert rules == ["file.open"]


def findings_of(line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(line)["findings"]
    return found


def test_what_ingest_may_not_read_is_set_aside(inbox: Path, tmp_path: Path) -> None:
    (inbox / "opgave" / "weg.csv").symlink_to(inbox / "nergens.csv")
    register = Register.create(tmp_path / "register")
    outcome = register.ingest(inbox / "opgave")
    assert (outcome.new, outcome.set_aside) == (1, 1)
    [reasons] = (register.folder / "quarantine").glob("*.json")
    assert json.loads(reasons.read_text("utf-8"))["findings"][0]["rule"] == "file.open"
    assert stat.S_IMODE(reasons.parent.stat().st_mode) == 0o700
