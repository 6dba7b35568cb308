"""Runs side by side: paired chance, the same whatever the number of processes."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stelsel import spells
from stelsel.errors import StelselError
from stelsel.system import exits, forms, stations
from stelsel.system.regions import municipalities
from stelsel.twin import baseline, ensemble, load, run
from stelsel.twin.country.ledger import ledgers
from stelsel.twin.layout import BACK, OPEN, SECOND
from stelsel.twin.plans.plan import Step
from stelsel.twin.plans.scenario_file import parse
from stelsel.twin.runs.output import compare_table, summary_table, write
from stelsel.twin.runs.results import ALL, SUMMARY, summarise, summary_names
from stelsel.twin.services import number

REGION = "JZ15"  # one municipality, the quickest to run


def digests(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def test_the_same_seed_gives_the_same_files_with_one_process_or_two(tmp_path: Path) -> None:
    more = load("more-ambulatory-places")
    for name, workers in (("once", 1), ("again", 1), ("two", 2)):
        result = ensemble([more], REGION, 2, 3, seed=7, workers=workers)
        write(result, tmp_path / name)
    assert digests(tmp_path / "once") == digests(tmp_path / "again") == digests(tmp_path / "two")
    other = ensemble([more], REGION, 2, 3, seed=8)
    write(other, tmp_path / "other")
    assert (
        digests(tmp_path / "other")["weekly.parquet"]
        != digests(tmp_path / "once")["weekly.parquet"]
    )


def asked(visits: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """First visits of requests from outside: not who comes back, not what runs beside another."""
    own = (visits["leg"] == 0) & (visits["flags"] & (BACK | SECOND) == 0)
    found: npt.NDArray[np.void] = visits[own & (visits["arrived"] >= 0)]
    return found


def test_a_scenario_changes_only_what_it_touches() -> None:
    """More places from 2022: until then nothing differs, and later the same children come."""
    plan = baseline()
    before = run(plan, "JZ07", 2)
    after = run(load("more-ambulatory-places").applied(plan), "JZ07", 2)
    a, b = before.visits, after.visits
    assert (before.counts[:52] == after.counts[:52]).all()
    first_a, first_b = asked(a), asked(b)
    assert (first_a["key"] == first_b["key"]).all()
    assert (first_a["arrived"] == first_b["arrived"]).all()
    assert (first_a["cls"] == first_b["cls"]).all()
    ambulatory = [form.slug for form in forms()].index("ambulatory")
    mine = first_a["service"] == ambulatory
    assert first_b["started"][mine].astype(int).clip(max=900).mean() < (
        first_a["started"][mine].astype(int).clip(max=900).mean()
    )


@pytest.mark.parametrize("since", [date(2020, 6, 1), date(2021, 1, 1)])
def test_every_world_begins_alike(since: date) -> None:
    """More places from the first day on: free places then, not more children in care."""
    change = {"parameter": "capacity[network-help]", "multiply": 1.5, "since": since, "source": "x"}
    scenario = parse({"name": "x", "title": "x", "changes": [change]}, "x")
    plan = baseline()
    a, b = (run(p, REGION, 0.2).visits for p in (plan, scenario.applied(plan)))
    begun_a, begun_b = (v[(v["arrived"] < 0)] for v in (a, b))
    assert (begun_a["key"] == begun_b["key"]).all()
    assert ((begun_a["started"] < 0) == (begun_b["started"] < 0)).all()
    assert (b["started"] == 0).sum() > (a["started"] == 0).sum() + 5


def test_a_stronger_team_only_sends_other_children_elsewhere() -> None:
    at_once = ("on[access]", Step(date(2015, 1, 1), "set", 0.0))  # else all come to the access
    plan = baseline().changed([at_once])
    a = run(plan, "JZ07", 2).visits
    b = run(load("stronger-local-teams").applied(baseline()).changed([at_once]), "JZ07", 2).visits
    a, b = asked(a), asked(b)
    assert (a["key"] == b["key"]).all()
    moved = a["service"] != b["service"]
    # Who asks for secure care may find a small-scale place free: that is no other request.
    secure = (number("secure-care"), number("small-scale"))
    moved &= ~(np.isin(a["service"], secure) & np.isin(b["service"], secure))
    team = [form.slug for form in forms()].index("local-team")
    assert moved.sum() > 50
    assert (b["service"][moved] == team).all()
    assert (a["arrived"][moved] >= 365).all()


def test_an_empty_scenario_is_the_baseline() -> None:
    nothing = parse({"name": "nothing", "title": "niets", "changes": []}, "nothing")
    result = ensemble([nothing], REGION, 1, 2)
    assert np.array_equal(result.values(0), result.values(1), equal_nan=True)
    assert set(compare_table(result)["difference"].to_pylist()) <= {0.0, None}


def test_differences_are_paired() -> None:
    """The band of the difference is far narrower than two separate bands would make it."""
    result = ensemble([load("stronger-local-teams")], "JZ07", 2, 8)
    row = next(
        n
        for n, (form, name, period) in enumerate(result.summaries[0][0].rows)
        if (form, name) == (ALL, "waiting") and period.last == date(2022, 12, 31)
    )
    base, other = result.values(0)[:, row], result.values(1)[:, row]
    assert np.std(other - base) < 0.5 * np.sqrt(np.var(base) + np.var(other))


def test_books_of_a_summary() -> None:
    result = ensemble(region="JZ07", years=2)
    rows = summary_table(result).to_pylist()

    def value(form: str, measure: str, day: date, first: date | None = None) -> float:
        found = [
            r["value"]
            for r in rows
            if (r["form"], r["measure"], r["period_end"]) == (form, measure, day)
            and (first is None or r["period_start"] == first)
        ]
        assert len(found) == 1
        return float(found[0])

    for form in [*(f.code for f in forms()), ALL]:
        start, end = date(2021, 1, 1), date(2021, 12, 31)
        begin = value(form, "in_care", start)
        last = value(form, "in_care", end)
        started, ended = value(form, "started", end, start), value(form, "ended", end, start)
        assert begin + started - ended == last
        assert value(form, "active", end, start) == begin + started
        waits = value(form, "waiting", start) + value(form, "inflow", end, start)
        assert waits - started - value(form, "withdrawn", end, start) == value(form, "waiting", end)


def test_spells_of_a_run(tmp_path: Path) -> None:
    once = run(region="JZ07", years=1)
    table = spells.check(once.spells())
    assert set(table["station"].to_pylist()) <= {station.id for station in stations()}
    kinds = {station.id: station.kind for station in stations()}
    ended = table.filter(pc.is_valid(table["exit"]))
    for name in set(ended["station"].to_pylist()):
        found = set(ended.filter(pc.equal(ended["station"], name))["exit"].to_pylist())
        assert found <= {exit_.id for exit_ in exits(kinds[name])}, name
    homes = {one.code for one in municipalities(region="JZ07", on=date(2021, 1, 1))}
    assert set(table["municipality"].to_pylist()) <= homes
    people = once.people()
    assert len(set(people["child"].to_pylist())) == people.num_rows
    assert set(table["child"].to_pylist()) == set(people["child"].to_pylist())
    # Nobody asks for help before birth or, the first time, at 23 or older.
    births = dict(zip(people["child"].to_pylist(), people["birth"].to_pylist(), strict=True))
    came: dict[str, date] = {}
    for row in table.select(["child", "start"]).to_pylist():
        came[row["child"]] = min(row["start"], came.get(row["child"], row["start"]))
    ages = [(day - births[child]).days / 365.25 for child, day in came.items()]
    assert min(ages) >= 0
    assert max(ages) <= 23
    write(ensemble(region="JZ15", years=0.2), tmp_path)
    assert pq.read_table(tmp_path / "weekly.parquet").num_rows > 0


def test_a_served_wait_ends_on_the_day_that_care_starts() -> None:
    table = run(region=REGION, years=1).spells().to_pylist()
    care = {row["episode"]: row for row in table if row["station"].startswith("care-")}
    served = [row for row in table if row["exit"] == "served"]
    assert len(served) == len(care)
    for row in served:
        assert care[row["episode"]]["start"] == row["end"]
        assert care[row["episode"]]["provider"] == row["provider"]


def test_summary_counts_agree_with_a_slow_count() -> None:
    once = run(region=REGION, years=1)
    summary = summarise(once)
    v = once.visits.tolist()
    names = once.visits.dtype.names
    assert names is not None
    rows = [dict(zip(names, visit, strict=True)) for visit in v]
    place = {name: number for number, name in enumerate(summary_names())}
    quantiles = {"wait_p50": 50, "wait_p80": 80, "wait_p90": 90}
    seen = set()
    for (form, measure, period), value in zip(summary.rows, summary.values, strict=True):
        every = [
            r for r in rows if (r["service"] < 8 if form == ALL else r["service"] == place[form])
        ]
        mine = [r for r in every if r["started"] != OPEN]
        seen.add(measure)
        low, high = (period.first - once.first).days, (period.last - once.first).days
        if measure == "active":
            expected = sum(r["started"] <= high and r["ended"] >= low for r in mine)
        elif measure == "in_care":
            day = -1 if period.last == once.first else high
            expected = sum(r["started"] <= day < r["ended"] for r in mine)
        elif measure in ("waiting", "open_wait_days"):
            day = -1 if period.last == once.first else high
            there = [
                day - r["arrived"]
                for r in every
                if r["arrived"] <= day < min(r["started"], r["ended"])
            ]
            expected = len(there)
            if measure == "open_wait_days":
                if not there:
                    assert np.isnan(value)
                    continue
                expected = sum(there) / len(there)
        elif measure == "withdrawn":
            expected = sum(low <= r["ended"] <= high for r in every if r["started"] == OPEN)
        elif measure in ("inflow", "started", "ended"):
            column = {"inflow": "arrived"}.get(measure, measure)
            chosen = every if measure == "inflow" else mine
            expected = sum(low <= r[column] <= high for r in chosen)
        elif measure in ("cost", "contribution"):
            continue
        else:
            waits = [r["started"] - r["arrived"] for r in mine if low <= r["started"] <= high]
            if not waits:
                assert np.isnan(value)
                continue
            expected = sum(waits) / len(waits)
            if measure in quantiles:
                ranked = sorted(waits)
                expected = ranked[-(-quantiles[measure] * len(ranked) // 100) - 1]
        assert value == pytest.approx(expected)
    assert seen == {measure.name for measure in SUMMARY}


@pytest.mark.parametrize(
    ("region", "years", "replications"),
    [("JZ40", 1, 1), ("IJsselland", 1, 1), ("JZ07", 0, 1), ("JZ07", 1, 0)],
)
def test_what_makes_no_sense_is_refused(region: str, years: float, replications: int) -> None:
    with pytest.raises(StelselError) as error:
        ensemble(region=region, years=years, replications=replications)
    assert error.value.faults[0].what


def test_the_whole_country_runs_and_pools_secure_care() -> None:
    once = run(years=0.25)
    secure = [form.slug for form in forms()].index("secure-care")
    visits = once.visits[once.visits["service"] == secure]
    assert len(set(visits["region"].tolist())) == 42
    books = ledgers()["secure-care"]
    begin, half = (books.at(day) for day in (date(2021, 1, 1), date(2021, 6, 30)))
    assert half < 0.9 * begin  # it went down fast: what is there after 60 days lies on the way
    for day, rel in ((-1, 0.01), (60, 0.04)):
        in_care = (visits["started"] <= day) & (visits["ended"] > day)
        passed = max(day, 0) / 181
        assert in_care.sum() == pytest.approx(begin + passed * (half - begin), rel=rel)
