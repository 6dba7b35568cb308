"""The commands ``stelsel deliver nza-quarter`` and ``nza-extract``, on a quarter told by hand."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.deliveries.statements import (
    COLUMNS,
    Line,
    Statement,
    fields,
    heading,
    period,
    read_statement,
    terms,
)
from stelsel.deliveries.statements.values import write_value
from stelsel.errors import StelselError
from stelsel.events import columns
from stelsel.register import Register
from stelsel.register.objections import Objections
from stelsel.register.statements import keep_statement, kept_statements
from stelsel.register.store import Events
from tests.deliveries.statements.test_reading import TOLD
from tests.register.logged import looks
from tests.register.test_spells_of_events import event

HERE = Path(__file__).parent
STORY = yaml.safe_load((HERE / "quarter.yaml").read_text("utf-8"))
QUARTER = period("2024-Q2")


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return filled(tmp_path / "register", made_up=True)


def filled(place: Path, *, made_up: bool) -> Register:
    """A register that was told the story."""
    made = Register.create(place)
    rows = [event(number, **told) for number, told in enumerate(STORY["events"])]
    for number, row in enumerate(rows):
        if row["message"] == "m":
            row["message"] = f"m{number}"
        row["birth_month"], row["made_up"] = "2012-03", made_up
    Events(made.folder).append(columns(rows))
    return made


def stelsel(*words: object) -> tuple[int, str, BaseException | None]:
    done = CliRunner().invoke(app, list(map(str, words)))
    return done.exit_code, done.stdout, done.exception


def deliver(register: Register, kind: str, out: Path, *more: object) -> tuple[int, dict[str, Any]]:
    code, shown, _ = stelsel(
        *("deliver", kind, "--period", "2024-Q2", "--register", register.folder),
        *("--out", out, "--day", "2024-07-15", "--json", *more),
    )
    return code, json.loads(shown)


def read(file: Path) -> Statement:
    statement = read_statement(file, whole=False).statement
    assert statement is not None
    return statement


def told(line: Line) -> str:
    about = " ".join(cell or "-" for cell in (line.form, line.measure, line.region))
    return f"{line.item} {about} {write_value(line.value)} {line.unit}".strip()


def own_file(register: Register, file: Path) -> Path:
    """What the provider tells beside the register: the finances of a case of reading."""
    rows = [cells for cells in TOLD["right"] if cells[-1] == "provider" and cells[0] != "dated"]
    rows.append(["wait-measure", "", "21", "JZ07", "30", "days", "provider"])
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS)
        writer.writerows(["00000001", "2024-Q2", *cells] for cells in rows)
    return file


def test_the_register_tells_what_it_knows(register: Register, tmp_path: Path) -> None:
    out = tmp_path / "q.csv"
    code, shown = deliver(register, "nza-quarter", out, "--provider", "00000001")
    statement = read(out)
    known = [told(line) for line in statement.lines if line.source == "register"]
    assert sorted(known) == sorted(STORY["lines"])
    assert sorted(line.item for line in statement.open) == sorted(STORY["open"])
    assert statement.dated == date(2024, 7, 15)
    assert (code, shown["complete"], shown["left_out"]) == (1, False, 0)
    assert len(shown["open"]) == len(STORY["open"])


def test_the_provider_fills_in_the_rest(register: Register, tmp_path: Path) -> None:
    out = tmp_path / "q.xlsx"
    own = own_file(register, tmp_path / "own.csv")
    code, shown = deliver(register, "nza-quarter", out, "--provider", "00000001", "--own", own)
    assert (code, shown["complete"], shown["open"]) == (0, True, [])
    whole = read_statement(out)
    assert whole.findings == ()
    assert whole.statement is not None
    assert keep_statement(register.folder, whole.statement)
    (kept,) = kept_statements(register.folder, date(2024, 7, 15))
    assert kept.value("result") == Decimal("-12500.5")
    assert kept.value("name") is None
    assert kept_statements(register.folder, date(2024, 7, 14)) == ()


def test_production_is_that_of_a_plain_count(register: Register, tmp_path: Path) -> None:
    """Counted child by child and day by day from the spells, with none of the project's tables."""
    out = tmp_path / "q.csv"
    deliver(register, "nza-quarter", out, "--provider", "00000001")
    statement = read(out)
    days = [QUARTER.first + timedelta(days=number) for number in range(QUARTER.days)]
    mine = [row for row in register.spells().to_pylist() if row["provider"] == "00000001"]
    care = [row for row in mine if row["station"].startswith("care-")]
    waits = [row for row in mine if row["station"].startswith("wait-")]

    def is_there(row: dict[str, Any], day: date) -> bool:
        return row["start"] <= day and (row["end"] is None or day < row["end"])

    counts = {
        "started": sum(row["start"] in days for row in care),
        "ended": sum(row["end"] in days for row in care),
        "in-care": len({row["child"] for row in care if is_there(row, days[-1])}),
        "care-days": sum(is_there(row, day) for row in care for day in days),
        "waiting-form": len({row["child"] for row in waits if is_there(row, days[-1])}),
    }
    assert {item: statement.value(item, "02", None, "JZ07") for item in counts} == counts


def test_the_own_file_of_another_quarter_is_refused(register: Register, tmp_path: Path) -> None:
    own = own_file(register, tmp_path / "own.csv")
    own.write_text(own.read_text().replace("2024-Q2", "2024-Q1"))
    code, _, error = stelsel(
        *("deliver", "nza-quarter", "--period", "2024-Q2", "--register", register.folder),
        *("--out", tmp_path / "q.csv", "--provider", "00000001", "--own", own),
    )
    assert code != 0
    assert isinstance(error, StelselError)
    assert "another provider or period" in str(error)
    assert not (tmp_path / "q.csv").exists()


def test_every_finding_in_the_own_file_is_told_in_both_languages(
    register: Register, tmp_path: Path
) -> None:
    own = own_file(register, tmp_path / "own.csv")
    own.write_text(own.read_text().replace("1000000", "1.000.000").replace(",no,", ",maybe,"))
    _, _, error = stelsel(
        *("deliver", "nza-quarter", "--period", "2024-Q2", "--register", register.folder),
        *("--out", tmp_path / "q.csv", "--provider", "00000001", "--own", own),
    )
    assert isinstance(error, StelselError)
    assert [fault.rule for fault in error.faults] == ["statement.value", "statement.value"]
    assert all(fault.what_nl and fault.remedy_nl != fault.remedy for fault in error.faults)


def test_a_provider_must_be_named_where_there_are_several(
    register: Register, tmp_path: Path
) -> None:
    for more in ((), ("--provider", "00000009")):
        _, _, error = stelsel(
            *("deliver", "nza-quarter", "--period", "2024-Q2", "--register", register.folder),
            *("--out", tmp_path / "q.csv", *more),
        )
        assert isinstance(error, StelselError)
        assert error.faults[0].where == "--provider"


@pytest.mark.parametrize("kind", ["nza-quarter", "nza-extract"])
def test_what_is_about_real_children_is_asked_for_and_logged(kind: str, tmp_path: Path) -> None:
    register = filled(tmp_path / "register", made_up=False)
    out = tmp_path / "out.csv"
    words = ("deliver", kind, "--period", "2024-Q2", "--register", register.folder, "--out", out)
    _, _, error = stelsel(*words, "--provider", "00000001")
    assert isinstance(error, StelselError)
    assert error.faults[0].where == "--internal"
    assert not out.exists()
    stelsel(*words, "--provider", "00000001", "--internal")
    assert out.stat().st_mode & 0o077 == 0
    (logged,) = looks(register.folder)
    assert logged["what"] == f"deliver {kind}"
    assert logged["ground"].startswith("Regeling Jeugdwet art. 8")
    assert logged["asked"]["period"] == "2024-Q2"


def rows_of(file: Path) -> list[dict[str, str]]:
    lines = file.read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_the_extract_cannot_be_joined_with_the_register(register: Register, tmp_path: Path) -> None:
    Objections(register.folder).add(["c"])
    out, again = tmp_path / "a.csv", tmp_path / "b.csv"
    code, shown = deliver(register, "nza-extract", out)
    deliver(register, "nza-extract", again)
    assert out.read_bytes() == again.read_bytes()
    rows = rows_of(out)
    assert (code, shown["rows"]) == (0, len(rows))
    # Six allocations, less that of who objects.
    assert len(rows) == 5
    assert list(rows[0]) == [field.name for field in fields()]
    children = {row["child"] for row in rows}
    assert not children & set(register.events()["child"].to_pylist())
    assert not children & set(register.pseudonyms_of("abcdef"))
    assert all(len(child) == 32 for child in children)
    # Under another key the same register gives other pseudonyms.
    other = filled(tmp_path / "other", made_up=True)
    deliver(other, "nza-extract", again)
    assert not children & {row["child"] for row in rows_of(again)}


def test_the_heading_tells_how_long_it_lives(register: Register, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    deliver(register, "nza-extract", out, "--lang", "en")
    head = [line[2:] for line in out.read_text("utf-8").splitlines() if line.startswith("# ")]
    assert head == heading(QUARTER, date(2024, 7, 15), "en")
    for term in terms():
        assert any(term.keeper in line and f"{term.years} years" in line for line in head)


def test_the_rows_are_those_of_the_story(register: Register, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    deliver(register, "nza-extract", out, "--provider", "00000001")
    rows = {row["allocated"]: row for row in rows_of(out)}
    assert set(rows) == {"2024-04-07", "2024-01-10", "2024-06-01", "2024-05-22", "2024-06-20"}
    ended = rows["2024-01-10"]
    assert (ended["started"], ended["ended"], ended["reason"]) == ("2024-01-20", "2024-04-10", "31")
    assert (ended["birth_year"], ended["municipality"]) == ("2012", "0193")
    # Its only claim was refused.
    assert ended["amount"] == ended["volume"] == ended["unit"] == ""
    supervised = rows["2024-05-22"]
    assert (supervised["form"], supervised["measure"]) == ("", "11")
    claimed = (supervised["amount"], supervised["volume"], supervised["unit"])
    assert claimed == ("123450", "12", "hours")
