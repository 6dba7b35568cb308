"""The command ``disclosure audit`` on files, as a user runs it; and what left before."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from stelsel.disclosure import declare, earlier, log_release, protect
from stelsel.disclosure.attack import Equations
from stelsel.disclosure.oracle import ranges
from stelsel.disclosure.publications import read_publications
from stelsel.disclosure.puzzle import assemble
from stelsel.disclosure.reader import audit, bounds, versions
from tests.monitor.filled import stelsel

Rows = list[dict[str, Any]]


def published(file: Path, rows: Rows, **said: Any) -> Path:
    """Write a table with what says how its numbers hang together."""
    usual: dict[str, Any] = {
        "subject": "waiting",
        "dimensions": {"form": {"total": "all"}},
        "counts": {"waiting": {}},
        "multiple": 5,
        "least": 10,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    file.with_suffix(".json").write_text(json.dumps({"disclosure": usual | said}), "utf-8")
    return file


def by_form(**numbers: int | str) -> Rows:
    return [{"form": form, "waiting": number} for form, number in numbers.items()]


def found(*files: Path) -> list[tuple[str, int, int]]:
    done = stelsel("disclosure", "audit", *files, "--json")
    told = json.loads(done.stdout)
    assert done.returncode == (1 if told["leaks"] else 0)
    return [(leak["of"], leak["low"], leak["high"]) for leak in told["leaks"]]


def test_a_hidden_number_alone_in_its_row_is_found(tmp_path: Path) -> None:
    file = published(tmp_path / "a.csv", by_form(a=65, b=".", all=70))
    assert found(file) == [("form b", 1, 9)]
    done = stelsel("disclosure", "audit", file)
    assert done.returncode == 1
    assert "form b" in done.stdout
    assert "1 verborgen" in done.stdout


def test_two_hidden_numbers_of_enough_are_safe(tmp_path: Path) -> None:
    done = stelsel(
        "disclosure", "audit", published(tmp_path / "a.csv", by_form(a=".", b=".", all=70))
    )
    assert (done.returncode, "vindt niets" in done.stdout) == (0, True)


def test_a_group_that_two_columns_give_away_is_found(tmp_path: Path) -> None:
    """Each row and column has two hidden; the region around them tells them all the same."""
    places = [(town, form) for town in ("t1", "t2") for form in ("a", "b")]
    cells: Rows = [{"town": t, "form": f, "waiting": "."} for t, f in places]
    totals: Rows = [{"town": t, "form": "all", "waiting": 10} for t in ("t1", "t2")]
    totals += [{"town": "all", "form": "a", "waiting": 20}]
    totals += [{"town": "all", "form": "b", "waiting": "."}]
    dimensions = {"town": {"total": "all"}, "form": {"total": "all"}}
    file = published(tmp_path / "a.csv", [*cells, *totals], dimensions=dimensions)
    leaks = dict.fromkeys(one for one, *_ in found(file))
    assert "form b" in leaks  # 20 to 24 in both towns, of which a has 18 or more


def test_a_level_gives_away(tmp_path: Path) -> None:
    towns = published(
        tmp_path / "out" / "towns.csv",
        [{"town": "t1", "waiting": 40}, {"town": "t2", "waiting": "."}],
        dimensions={"town": {"tree": "place", "parents": {"t1": "r", "t2": "r"}}},
    )
    published(
        tmp_path / "out" / "regions.csv",
        [{"region": "r", "waiting": 45}],
        dimensions={"region": {"tree": "place"}},
    )
    assert found(towns) == []
    assert found(tmp_path / "out") == [("place t2", 1, 9)]


def test_months_give_away_over_their_year_and_their_stock(tmp_path: Path) -> None:
    said = {
        "dimensions": {},
        "counts": {
            "there": {"stock": True},
            "in": {"over_time": True},
            "out": {"over_time": True},
        },
        "start": "period",
        "end": "period",
        "balances": [["there", "in", "out"]],
    }
    months = [
        {"period": f"2026-{n:02d}", "there": 100, "in": 20 if n != 5 else ".", "out": "."}
        for n in range(1, 13)
    ]
    file = published(tmp_path / "m.csv", months, **said)
    assert found(file) == []
    year = [{"period": "2026", "there": 100, "in": 225, "out": "."}]
    whole = published(tmp_path / "y.csv", year, **said)
    # Eleven rounded months leave room; told exactly, they do not.
    assert found(file, whole) == []
    exact = published(tmp_path / "e.csv", months, **said, multiple=1, least=0)
    total = published(tmp_path / "t.csv", year, **said, multiple=1, least=0)
    assert ("alles", 5, 5) in found(exact, total)


def test_a_rate_gives_its_numerator_away(tmp_path: Path) -> None:
    said = {
        "counts": {"some": {}, "every": {}},
        "rates": [{"value": "share", "of": "some", "per": "every"}],
    }
    rows = [{"form": "a", "some": ".", "every": 100, "share": 3.0}]
    assert found(published(tmp_path / "r.csv", rows, **said)) == [("form a", 3, 3)]


def test_the_next_release_gives_away_what_the_first_hid(tmp_path: Path) -> None:
    first = published(tmp_path / "1.csv", by_form(a=".", b=".", all=70))
    then = published(tmp_path / "2.csv", by_form(a=65, b=".", all=70))
    assert found(first) == []
    assert found(first, then) == [("form b", 1, 9)]


def test_a_later_month_follows_from_two_totals(tmp_path: Path) -> None:
    said = {"dimensions": {}, "counts": {"n": {"over_time": True}}, "start": "from", "end": "to"}
    first = published(tmp_path / "1.csv", [{"from": "2026-01", "to": "2026-06", "n": 100}], **said)
    then = published(tmp_path / "2.csv", [{"from": "2026-01", "to": "2026-07", "n": 105}], **said)
    assert found(first, then) == [("alles", 1, 9)]


def test_numbers_that_were_revised_are_not_one(tmp_path: Path) -> None:
    first = published(tmp_path / "1.csv", by_form(a=65, b=".", c=".", all=100))
    then = published(tmp_path / "2.csv", by_form(a=30, b=".", c=".", all=60))
    assert found(first, then) == []


def test_it_agrees_with_trying_every_table(tmp_path: Path) -> None:
    """A row of small numbers, told to the unit: few enough tables to try them all."""
    file = published(tmp_path / "a.csv", by_form(a=".", b=3, c=".", all=12), multiple=1, least=0)
    sheets = read_publications([file])
    puzzle = assemble(sheets, versions=versions(sheets))
    lower, upper, _ = bounds(puzzle, sheets)
    upper = np.minimum(upper, 12)
    every = ranges(Equations(puzzle.matrix, puzzle.low, puzzle.high), lower, upper)
    by_name = {leak.name: (leak.low, leak.high) for leak in audit(sheets).leaks}
    hidden = [at for at, name in enumerate(puzzle.names) if lower[at] < upper[at]]
    narrow = {puzzle.names[at]: every[at] for at in hidden if every[at][1] - every[at][0] < 9}
    assert by_name == narrow
    loose = published(tmp_path / "b.csv", by_form(a=".", b=3, c=".", all=11), multiple=1, least=0)
    assert found(loose) == [("form a", 0, 8), ("form c", 0, 8)]


def test_what_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("form,waiting\na,10\n", "utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = stelsel("disclosure", "audit", bare, empty)
    assert done.returncode == 2
    assert "bare.csv" in done.stderr
    assert "empty" in done.stderr


SCHEMA = pa.schema(
    [
        declare(pa.field("form", pa.string()), "key"),
        declare(pa.field("waiting", pa.int64()), "count"),
    ]
)


@pytest.mark.parametrize("remembers", [True, False])
def test_the_door_remembers_what_left_before(tmp_path: Path, remembers: bool) -> None:
    """Of 26 children 22 wait for foster care: told, it gives the 4 of day care away."""

    def leave(**columns: list[Any]) -> list[int | None]:
        fields = [SCHEMA.field(name) for name in columns]
        rows = pa.table(list(columns.values()), schema=pa.schema(fields))
        before = earlier(tmp_path, [("waiting", rows)]) if remembers else []
        out = protect(rows, made_up=False, subject="waiting", before=before)
        log_release(tmp_path, "waiting", out, asked={}, made_up=False)
        shown: list[int | None] = out["waiting"].to_pylist()
        return shown

    assert leave(form=["03", "11"], waiting=[4, 22]) == [None, None]
    assert leave(waiting=[26]) == [25]
    assert leave(form=["11"], waiting=[22]) == [None if remembers else 20]


def test_made_up_and_internal_tables_are_not_kept(tmp_path: Path) -> None:
    rows = pa.table([["02"], [63]], schema=SCHEMA)
    for made_up, internal in ((True, False), (False, True)):
        out = protect(rows, made_up=made_up, internal=internal)
        log_release(tmp_path, "waiting", out, asked={}, made_up=made_up, internal=internal)
    assert earlier(tmp_path, [("waiting", rows)]) == []


def test_an_equation_that_does_not_hold_is_told_and_left_out(tmp_path: Path) -> None:
    published(tmp_path / "b.csv", by_form(a=".", b=".", all=70))
    published(tmp_path / "c.csv", by_form(b=200))
    done = stelsel("disclosure", "audit", tmp_path)
    assert (done.returncode, "1 verbanden gaan niet op" in done.stdout) == (0, True)


def test_tables_that_cannot_all_be_true_are_not_called_safe(tmp_path: Path) -> None:
    """Of two groups together there are 70, and 40 by town: either may be, not both."""
    published(tmp_path / "b.csv", by_form(a=".", b=".", all=70))
    towns = [{"form": f, "town": t, "waiting": "."} for f in ("a", "b") for t in ("x", "y")]
    sums = [{"form": "all", "town": t, "waiting": 20} for t in ("x", "y")]
    dimensions = {"form": {"total": "all"}, "town": {}}
    published(tmp_path / "t.csv", [*towns, *sums], dimensions=dimensions)
    done = stelsel("disclosure", "audit", tmp_path, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["leaks"]) == (1, [])
    assert told["unjudged"] or told["doubted"]
