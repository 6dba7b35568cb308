"""``stelsel link``: what it says, what it writes, what of it is protected, and what it leaves."""

from __future__ import annotations

import csv
import json
import re
import stat
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.deliveries.process import StepRow
from stelsel.deliveries.process import write as write_steps
from stelsel.errors import StelselError
from stelsel.register import Register
from stelsel.register.linking.linked import ENTRIES
from tests.conftest import made_up_bsns
from tests.ijw_events import messages as by_hand
from tests.linking.people import Written, dirty, write
from tests.register.test_register import put

LISTED = dirty(300, seed=31)


@pytest.fixture(autouse=True)
def no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)


def stelsel(*words: str | Path, lang: str | None = None) -> Any:
    return CliRunner().invoke(app, ["link", *map(str, words)], env={"STELSEL_LANG": lang})


def test_a_list_becomes_children(tmp_path: Path) -> None:
    lists = write(tmp_path / "lijst.csv", LISTED)
    out = tmp_path / "uit.csv"
    done = stelsel(lists, "--out", out, "--made-up")
    assert done.exit_code == 0, done.exception
    assert "Inschrijvingen: 300 nieuw, 0 al bekend." in done.stderr
    for said in ("Wie er wacht, zonder dubbelen", "Samen, elke", "Verzonnen jeugdigen"):
        assert said in done.stdout
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [*rows[0]] == ENTRIES.names
    assert len(rows) == 300
    truth = len({one.child for one in LISTED})
    assert abs(len({row["child"] for row in rows}) - truth) <= 3
    matches = list(csv.DictReader((tmp_path / "uit-matches.csv").open(encoding="utf-8")))
    assert "achternaam gelijk (+7,6)" in matches[0]["why"]
    again = stelsel(lists, "--out", out, "--made-up", "--json", lang="en")
    told = json.loads(again.stdout)
    assert (told["new"], told["known"], told["trained"], told["days"]) == (0, 300, 0, 180)
    assert sum(row["entries"] for row in told["counts"]) == 600
    assert "surname equal (+7.6)" in (tmp_path / "uit-matches.csv").read_text("utf-8")


def test_counts_of_real_children_are_protected(tmp_path: Path) -> None:
    lists = write(tmp_path / "lijst.csv", LISTED[:120])
    done = stelsel(lists, "--out", tmp_path / "uit.parquet", "--json")
    assert done.exit_code == 0, done.exception
    rows = json.loads(done.stdout)["counts"]
    assert rows == pq.read_table(tmp_path / "uit-counts.parquet").to_pylist()
    measures = ("entries", "children", "children_low", "children_high", "ask_again")
    shown = [row[name] for row in rows for name in measures if row[name] is not None]
    assert any(row["protected"] for row in rows)
    assert all(number >= 10 and number % 5 == 0 for number in shown)
    log = (tmp_path / "uit-linking" / "releases.jsonl").read_text("utf-8")
    assert json.loads(log.splitlines()[0])["what"] == "link"
    (line,) = logged(tmp_path / "uit-linking")
    assert (line["what"], line["asked"]["entries"]) == ("link", False)


def logged(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "access.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_rows_about_single_children_are_for_internal_use_alone(tmp_path: Path) -> None:
    lists = write(tmp_path / "lijst.csv", LISTED[:120])
    done = stelsel(lists, "--out", tmp_path / "uit.csv")
    assert done.exit_code == 0, done.exception
    assert "geef dan --internal" in done.stderr
    written = [file.name for file in tmp_path.glob("uit*.csv")]
    assert written == ["uit-counts.csv"]
    done = stelsel(lists, "--out", tmp_path / "uit.csv", "--internal")
    assert done.exit_code == 0, done.exception
    assert "geef dan --internal" not in done.stderr
    names = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("uit*.csv")}
    assert names == dict.fromkeys(["uit.csv", "uit-counts.csv", "uit-matches.csv"], 0o600)
    rows = list(csv.DictReader((tmp_path / "uit.csv").open(encoding="utf-8")))
    (_, line) = logged(tmp_path / "uit-linking")
    assert line["about"] == len({row["child"] for row in rows})
    assert line["asked"]["entries"]


def test_lists_beside_real_children_are_not_made_up(tmp_path: Path) -> None:
    day = date(2024, 3, 1)
    row = StepRow("A1", "safety-reported", day, day, "VT-01", "0193", child="k1")
    write_steps([row], tmp_path / "steps.csv")
    register = Register.create(tmp_path / "register")
    assert register.ingest(tmp_path / "steps.csv").new == 1
    lists = write(tmp_path / "lijst.csv", LISTED[:20])
    options = ("--register", register.folder, "--out", tmp_path / "uit.csv")
    done = stelsel(lists, *options, "--made-up")
    assert isinstance(done.exception, StelselError)
    assert [fault.where for fault in done.exception.faults] == ["--made-up"]
    assert not (register.folder / "linking").exists()
    assert stelsel(lists, *options).exit_code == 0


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_nothing_plain_is_in_any_file_that_is_left(tmp_path: Path, suffix: str) -> None:
    inbox, here = tmp_path / "in", tmp_path / "here"
    inbox.mkdir()
    here.mkdir()
    lists = write(inbox / "lijst.csv", LISTED)
    done = stelsel(lists, "--out", here / f"uit{suffix}", "--made-up")
    assert done.exit_code == 0, done.exception
    left = b"\n".join(_contents(file) for file in here.rglob("*") if file.is_file())
    left += done.output.encode() + done.stderr.encode()
    assert len(left) > 10_000
    told = {
        text
        for one in LISTED
        for text in (
            *re.findall(r"\w{4,}", f"{one.first} {one.last}"),
            *((one.born.isoformat(), one.born.strftime("%d-%m-%Y")) if one.born else ()),
            *((one.postcode, one.postcode.replace(" ", "")) if len(one.postcode) > 4 else ()),
        )
    }
    assert len(told) > 500
    found = {
        text
        for text in told
        # A date of birth may be the day that another was put on the list.
        if re.search(rb"(?<![\w])" + re.escape(text.encode()) + rb"(?![\w])", left, re.IGNORECASE)
        and text not in {day.isoformat() for one in LISTED for day in (one.since, one.reported)}
    }
    assert found == set()


def _contents(file: Path) -> bytes:
    """What a file holds; of Parquet every value, for those may be packed."""
    content = file.read_bytes()
    if file.suffix == ".parquet":
        content += str(pq.read_table(file).to_pylist()).encode()
    if zipfile.is_zipfile(BytesIO(content)):
        raise AssertionError(file)
    return content


def test_faults_are_told_without_values(tmp_path: Path) -> None:
    wrong = write(tmp_path / "lijst.csv", [*LISTED[:2]])
    wrong.write_text(wrong.read_text("utf-8").replace("98070", "Jansen"), "utf-8")
    done = stelsel(wrong, "--out", tmp_path / "uit.csv")
    assert isinstance(done.exception, StelselError)
    assert len(done.exception.faults) == 2
    assert "Jansen" not in str(done.exception)
    assert not (tmp_path / "uit.csv").exists()
    options = stelsel(wrong, "--out", tmp_path / "uit.txt", "--days", "0", "--lang", "fr")
    assert isinstance(options.exception, StelselError)
    assert [fault.where for fault in options.exception.faults] == ["--out", "--days", "--lang"]


def test_an_entry_is_laid_beside_the_waits_of_the_register(tmp_path: Path) -> None:
    """Twelve children wait; the list tells of four of them, of one twice, and of one unknown."""
    bsns = made_up_bsns()
    births = [date(2008 + n, 1 + n, 3 + n) for n in range(12)]
    told = [
        by_hand.allocated(
            date(2024, 2, 5), number=n + 1, who=by_hand.child(next(bsns), {"Datum": birth})
        )
        for n, birth in enumerate(births)
    ]
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    register = Register.create(tmp_path / "register")
    assert register.ingest(put(inbox, *told)).set_aside == 0
    wait = next(row for row in register.spells().to_pylist() if row["station"].startswith("wait-"))

    def listed(number: int, born: date, since: date) -> Written:
        return Written(
            *(number, wait["provider"], wait["form"], date(2024, 3, 1), since),
            *("Noor" if number % 2 else "Saar", f"Beek{number}", born, "", ""),
        )

    entries = [
        *(listed(n, births[n], date(2024, 2, 7)) for n in range(4)),
        listed(0, births[0], date(2024, 2, 9)),
        listed(9, date(2001, 1, 1), date(2023, 2, 5)),
    ]
    lists = write(tmp_path / "lijst.csv", entries)
    out = tmp_path / "uit.csv"
    done = stelsel(lists, "--register", register.folder, "--out", out, "--made-up")
    assert done.exit_code == 0, done.exception
    rows = {int(row["row"]): row for row in csv.DictReader(out.open(encoding="utf-8"))}
    assert [rows[n]["register"] for n in range(2, 8)] == ["linked"] * 5 + ["none"]
    assert all(0.8 <= float(rows[n]["register_probability"]) < 1 for n in range(2, 7))
    assert rows[2]["child"] == rows[6]["child"]
    assert "In het register: 5 gekoppeld, 0 twijfelachtig, 1 niet gevonden." in done.stderr
    assert (register.folder / "linking" / "linking.json").exists()
    assert not (tmp_path / "uit-linking").exists()
