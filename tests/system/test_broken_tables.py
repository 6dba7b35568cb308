"""A table with a fault is refused, with its file and line; a dated change is followed.

The package is copied and one cell is spoilt, so that the real readers read a real file.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import stelsel

Change = Callable[[list[dict[str, str]]], object]


def run(tmp_path: Path, file: str, change: Change, code: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` against a copy of the package in which ``change`` changed a table."""
    copy = tmp_path / "stelsel"
    shutil.copytree(Path(stelsel.__file__).parent, copy)
    table = copy / "system" / "data" / file
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows, columns = list(reader), list(reader.fieldnames or [])
    change(rows)
    with table.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows(rows)
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )


def spoil(column: str, value: str) -> Change:
    return lambda rows: rows[1].update({column: value})


STATIONS = "from stelsel.system import stations; stations()"
FIGURES = "from stelsel.system.figures import figures; figures()"
PRODUCTS = "from stelsel.system.codes import products; products()"
REGIONS = "from stelsel.system.regions import memberships; memberships()"
STEPS = "from stelsel.system import steps; steps()"
CLOCKS = "from stelsel.system import clocks; clocks()"
MAP = "from stelsel.system.drawing import draw; draw()"
MERGERS = "from stelsel.system.municipalities import successions; successions()"


@pytest.mark.parametrize(
    ("file", "column", "value", "code", "fault"),
    [
        ("stations.csv", "norm", "ijw-strat", STATIONS, "'ijw-strat', which does not exist"),
        ("stations.csv", "form", "fostercare", STATIONS, "'fostercare', which does not exist"),
        ("stations.csv", "valid_from", "2015", STATIONS, "stations.csv, line 3: A value cannot"),
        ("stations.csv", "source", "", STATIONS, "stations.csv, line 3: The source is empty"),
        ("stations.csv", "id", "access-municipality", STATIONS, "line 3: Doubles line 2 on id"),
        ("steps.csv", "begins", "list-bord", STEPS, "'list-bord', which does not exist"),
        ("steps.csv", "exit", "served", STEPS, "'served' does not end a stay of kind 'list'"),
        ("steps.csv", "exit", "", STEPS, "step safety-assessed: It must tell how it ends a stay"),
        ("steps.csv", "fields", "reason", STEPS, "It must tell how it ends a stay in one way"),
        ("steps.csv", "may", "weight", STEPS, "'weight', which does not exist"),
        ("steps.csv", "organisation", "school", STEPS, "'school', which does not exist"),
        ("clocks.csv", "norm", "board-begin", CLOCKS, "'board-begin', which does not exist"),
        ("clocks.csv", "to_steps", "judged", CLOCKS, "'judged', which does not exist"),
        ("clocks.csv", "share", "90", CLOCKS, "Its share 90 is not between 0 and 1"),
        ("clocks.csv", "station", "list-x", CLOCKS, "'list-x', which does not exist"),
        ("map_stops.csv", "station", "access", MAP, "'access', which does not exist"),
        ("map_stops.csv", "station", "care-day-help", MAP, "Doubles line 3 on station"),
        ("map_stops.csv", "x", "317", MAP, "runs askew"),
        ("map_stops.csv", "side", "above", MAP, "'above', which does not exist"),
        ("map_tracks.csv", "path", "access-gp gp", MAP, "'gp' is no stop and no point"),
        ("map_tracks.csv", "path", "access-gp@9", MAP, "mark of access-gp does not reach to 9"),
        ("map_tracks.csv", "line", "blue", MAP, "'blue', which does not exist"),
        ("forms.csv", "with_stay", "nee", STATIONS, "forms.csv, line 3: A value cannot be read"),
        ("stations.csv", "valid_to", "2014-12-31", STATIONS, "is before valid_from 2015-01-01"),
        ("norms.csv", "limit", "ten", STATIONS, "norms.csv, line 3: A value cannot be read"),
        ("products.csv", "category", "4O", PRODUCTS, "'4O', which does not exist"),
        ("products.csv", "cbs_form", "2", PRODUCTS, "'2', which does not exist"),
        ("memberships.csv", "region", "JZ40", REGIONS, "'JZ40', which does not exist"),
        ("memberships.csv", "municipality", "14", REGIONS, "'14', which does not exist"),
        ("municipalities.csv", "valid_to", "31-12-2018", REGIONS, "line 3: A value cannot be read"),
        (
            "municipalities.csv",
            "valid_to",
            "",
            MERGERS,
            "0005 has 1 main successors; it has one if",
        ),
        ("municipalities.csv", "valid_to", "2018-12-30", MERGERS, "1966 does not exist on the day"),
        ("successors.csv", "successor", "1965", MERGERS, "'1965', which does not exist"),
        ("successors.csv", "main", "no", MERGERS, "0005 has 0 main successors; it has one if"),
        ("figures.csv", "status", "final", FIGURES, "'final', which does not exist"),
        ("figures.csv", "caveats", "un;odd", FIGURES, "'odd', which does not exist"),
        ("figures.csv", "source", "F999", FIGURES, "'F999', which does not exist"),
        ("figures.csv", "period_end", "1066-10-14", FIGURES, "line 3: A value cannot be read: the"),
        ("figures.csv", "value", "many", FIGURES, "figures.csv, line 3: A value cannot be read"),
        ("figures.csv", "value", "", FIGURES, "figures.csv, line 3: A value cannot be read"),
        ("figures.csv", "value", "nan", FIGURES, "nan is no amount"),
        ("population.csv", "persons", "-5", FIGURES, "population.csv, line 3: A value cannot"),
    ],
)
def test_a_spoilt_cell_is_refused(
    tmp_path: Path, *, file: str, column: str, value: str, code: str, fault: str
) -> None:
    result = run(tmp_path, file, spoil(column, value), code)
    assert result.returncode == 1
    assert "StelselError" in result.stderr
    assert fault in result.stderr


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["form"], rows[5]["norm"], rows[9]["form"] = "a", "b", "c"

    result = run(tmp_path, "stations.csv", change, STATIONS)
    assert all(f"'{name}', which does not exist" in result.stderr for name in "abc")


def test_a_station_without_a_place_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, "map_stops.csv", lambda rows: rows.pop(), MAP)
    assert "Station workforce-ill is not drawn" in result.stderr


def test_two_regions_on_one_day_are_refused(tmp_path: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        groningen = next(row for row in rows if row["municipality"] == "0014")
        rows.append({**groningen, "region": "JZ02", "valid_from": "2027-01-01"})

    result = run(tmp_path, "memberships.csv", change, REGIONS)
    assert "0014 is in two regions on one day" in result.stderr


def test_a_dated_change_is_followed(tmp_path: Path) -> None:
    """Municipality 0014 goes to another region on 1 January 2027."""

    def change(rows: list[dict[str, str]]) -> None:
        groningen = next(row for row in rows if row["municipality"] == "0014")
        groningen["valid_to"] = "2026-12-31"
        rows.append({**groningen, "region": "JZ02", "valid_from": "2027-01-01", "valid_to": ""})

    code = """
from datetime import date
from stelsel.system.regions import municipalities, region_of, region_periods
for day in (date(2022, 5, 1), date(2026, 12, 31), date(2027, 1, 1), None):
    holds = "0014" in {one.code for one in municipalities("JZ02", day)}
    # Haren became part of 0014 in 2019 and goes with it.
    print(region_of("0014", day), region_of("0017", day), holds, len(municipalities(on=day)))
haren = [one for one in region_periods() if one.municipality == "0017"]
print([(one.region, str(one.valid_from)) for one in haren])
"""
    result = run(tmp_path, "memberships.csv", change, code)
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "JZ01 JZ01 False 344",
        "JZ01 JZ01 False 342",
        "JZ02 JZ02 True 342",
        "JZ02 JZ02 True 342",
        "[('JZ01', 'None'), ('JZ01', '2019-01-01'), ('JZ02', '2027-01-01')]",
    ]


def test_a_new_kind_of_station_needs_no_code(tmp_path: Path) -> None:
    """A part of the chain comes as a row: a kind and an owner that nobody listed."""

    def change(rows: list[dict[str, str]]) -> None:
        rows.append(
            {
                **rows[0],
                "id": "mediation-school",
                "kind": "mediation",
                "owner": "school",
                "norm": "board-start",
            }
        )

    code = """
from stelsel.system import norm, stations
(one,) = stations(kind="mediation")
print(one.id, norm(one.norm).limit)
"""
    result = run(tmp_path, "stations.csv", change, code)
    assert result.stdout.split() == ["mediation-school", "10"]
