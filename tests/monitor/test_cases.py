"""The hand-made cases of cases.yaml, by the monitor and by its slow twin."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from stelsel import spells as spell
from stelsel.monitor import oracle, waiting

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())


def spells_of(text: str, station: str) -> list[dict[str, Any]]:
    rows = []
    for line in text.strip().splitlines()[1:]:
        child, start, end, how = line.split()
        rows.append(
            {
                "child": child,
                "episode": child,
                "station": station,
                "form": "02",
                "start": date.fromisoformat(start),
                "end": None if end == "-" else date.fromisoformat(end),
                "exit": None if how == "-" else how,
                "known": date.fromisoformat(start),
                "source": "twin",
            }
        )
    return rows


@pytest.mark.parametrize("case", CASES, ids=[case["case"][:60] for case in CASES])
@pytest.mark.parametrize("engine", [waiting, oracle.waiting], ids=["monitor", "slow twin"])
def test_it_comes_out_as_by_hand(engine: Any, case: dict[str, Any]) -> None:
    rows = spells_of(case["waits"], "wait-ambulatory")
    rows += spells_of(case.get("care", "child"), "care-ambulatory")
    spells = pa.Table.from_pylist(rows, schema=spell.SCHEMA)
    [found] = engine(spells, case["as_of"]).to_pylist()
    expected = {name: None if value == "none" else value for name, value in case["expect"].items()}
    assert {name: found[name] for name in expected} == expected
