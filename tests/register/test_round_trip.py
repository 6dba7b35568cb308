"""The whole way: spells, their messages as zip files, taken in, and spells again."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from stelsel.ijw.traffic import messages_of, write_traffic
from stelsel.register import Register
from stelsel.register.key import read_key
from stelsel.system.numbers import made_up_numbers
from stelsel.system.regions import region_of
from stelsel.twin import run
from stelsel.twin.runs.telling import of_care
from tests.ijw_events.truth import UNTIL, Truth, as_told, differences, in_arrears, truth


def of_the_twin() -> tuple[Truth, date]:
    made = run(region="JZ15", years=0.5, seed=3)
    return Truth(of_care(made.spells()), made.people()), made.last


def of_chance() -> tuple[Truth, date]:
    return truth(seed=21, children=300), UNTIL


@pytest.mark.parametrize("make", [of_the_twin, of_chance])
def test_the_register_finds_the_truth(
    make: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(make)
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)
    made, until = make()
    told = messages_of(made.spells, made.people, seed=8, until=until)
    counts = write_traffic(told, tmp_path / "messages")
    register = Register.create(tmp_path / "register")
    outcome = register.ingest(tmp_path / "messages")
    assert (outcome.new, outcome.set_aside) == (sum(counts.values()), 0)
    assert register.ingest(tmp_path / "messages").new == 0

    pseudonym = read_key(tmp_path / "register.key")
    names = made.people["child"].to_pylist()
    children = dict(zip(names, map(pseudonym, made_up_numbers(len(names))), strict=True))
    expected = [
        as_told(row)
        | {
            "child": children[row["child"]],
            "region": region_of(row["municipality"], on=row["start"]),
        }
        for row in made.spells.to_pylist()
    ]
    found = register.spells().to_pylist()
    assert differences(expected, found) == (Counter(), Counter())
    assert 0 <= (until - register.last_day).days <= 3
    assert register.made_up

    def waiting(rows: list[dict[str, object]]) -> Counter[object]:
        return Counter(
            row["form"]
            for row in rows
            if str(row["station"]).startswith("wait-") and row["end"] is None
        )

    assert waiting(found) == waiting(expected)
    negative = sum(1 for row in found if row["end"] and row["end"] < row["start"])
    assert 0 < negative < sum(1 for row in expected if in_arrears(row))
