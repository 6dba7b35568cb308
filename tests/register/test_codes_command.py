"""``stelsel codes``: what the screen says, what the JSON holds, what real children are spared."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.register import Register
from tests.conftest import made_up_bsns
from tests.ijw_events import messages as by_hand
from tests.register.logged import looks
from tests.register.test_product_codes import write_own
from tests.register.test_register import put

THUIS = {"Categorie": "45", "Code": "THUIS"}


def stelsel(*words: str | Path, lang: str | None = None) -> Any:
    return CliRunner().invoke(app, [*map(str, words)], env={"STELSEL_LANG": lang})


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve children: eleven with a national code, of whom care went on; one with an own code."""
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    told = []
    bsns = made_up_bsns()
    for number in range(1, 12):
        who = by_hand.child(next(bsns))
        told.append(by_hand.allocated(date(2024, 2, 5), number=number, who=who))
        told.append(
            by_hand.started(date(2024, 2, 12), (date(2024, 2, 12), "1"), who=who, number=number)
        )
    told.append(
        by_hand.allocated(
            date(2024, 2, 20), number=90, who=by_hand.child(next(bsns)), Product=THUIS
        )
    )
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    made = Register.create(tmp_path / "register")
    assert made.ingest(put(inbox, *told)).set_aside == 0
    return made.folder


def test_the_screen_says_how_many_codes_carry_how_little(register: Path) -> None:
    done = stelsel("codes", register)
    assert (done.exit_code, done.stderr) == (0, "")
    for said in (
        "Productcodes in gebruik",
        "Zwolle",
        "Productcodes in gebruik van 5-2-2024 tot en met 20-2-2024: 2. Van de landelijke lijst: 1;",
        "De grootste draagt alleen al ten minste 80 procent van de dagen hulp.",
        "Eigen codes zonder vertaling",
        "THUIS",
        "Bron: register register, alles wat nu bekend is.",
        "Verzonnen jeugdigen: exacte aantallen.",
    ):
        assert said in done.stdout


def test_english_at_a_switch(register: Path) -> None:
    by_switch = stelsel("codes", register, "--lang", "en")
    by_environment = stelsel("codes", register, lang="en")
    assert by_switch.stdout == by_environment.stdout
    assert "Own codes that are not mapped" in by_switch.stdout
    assert "Gemeente" not in by_switch.stdout
    wrong = stelsel("codes", register, "--lang", "fr")
    assert isinstance(wrong.exception, StelselError)
    assert "Er is geen taal fr." in wrong.exception.faults[0].told("nl")


def test_a_table_is_checked_and_kept(register: Path, tmp_path: Path) -> None:
    wrong = stelsel("codes", register, "--map", write_own(tmp_path, "193,45,THUIS,,x,,,"))
    assert wrong.stdout == ""
    assert isinstance(wrong.exception, StelselError)
    told = [fault.told("nl") for fault in wrong.exception.faults]
    assert len(told) == 3
    assert told[1].startswith("given.csv, regel 2: Er is geen gemeente '193'.")
    table = write_own(tmp_path, "0193,45,THUIS,45A13,,,,contract 2024")
    done = stelsel("codes", register, "--map", table, "--json")
    assert "regels: 1." in done.stderr
    assert json.loads(done.stdout)["total"]["mapped"] == 1
    assert json.loads(stelsel("codes", register, "--json").stdout)["total"]["mapped"] == 1
    forms = Register.open(register).spells()["form"].to_pylist()
    assert sorted(set(forms)) == ["02", "04"]


def test_json_has_every_code_with_stable_names(register: Path) -> None:
    found = json.loads(stelsel("codes", register, "--json").stdout)
    assert list(found) == ["total", "towns", "codes"]
    first = found["codes"][0]
    assert (first["code"], first["kind"], first["children"]) == ("45A04", "national", 11)
    # Eleven children, 12 to 20 February, both days counted.
    assert first["care_days"] == found["total"]["care_days"] == 11 * 9
    assert found["codes"][1]["kind"] == "unmapped"
    assert found["towns"][0]["municipality"] == "0193"


def test_few_children_are_hidden_when_they_are_real(register: Path) -> None:
    """The store says of every event that its child is made up; here it says they are not."""
    import pyarrow as pa
    from deltalake import DeltaTable, write_deltalake

    place = str(register / "events")
    events = pa.table(DeltaTable(place).to_pyarrow_table())
    spot = events.column_names.index("made_up")
    real = events.set_column(spot, events.schema.field("made_up"), pa.array([False] * len(events)))
    write_deltalake(place, real, mode="overwrite")
    found = json.loads(stelsel("codes", register, "--json").stdout)
    own = next(row for row in found["codes"] if row["code"] == "THUIS")
    assert (own["children"], own["allocations"], own["care_days"]) == (None, None, None)
    assert {"children", "allocations", "care_days"} <= set(own["protected"])
    # One hidden count is the sum less the rest: the other goes too, and sums are rounded to five.
    assert all(row["children"] is None for row in found["codes"])
    assert found["total"]["children"] == 10
    assert "Aantallen afgerond op 5" in stelsel("codes", register).stdout
    assert looks(register) == []
    exact = json.loads(stelsel("codes", register, "--json", "--internal").stdout)
    assert exact["total"]["children"] == 12
    (line,) = looks(register)
    assert line["what"] == "codes"
    released = [json.loads(one) for one in (register / "releases.jsonl").read_text().splitlines()]
    assert {one["what"] for one in released} == {"codes, total", "codes, towns", "codes, codes"}


def test_an_empty_register_has_no_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    Register.create(tmp_path / "empty")
    done = stelsel("codes", tmp_path / "empty")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Geen productcodes in dit register." in done.stderr
