"""A run that begins with who is in a register: the same children, the same days, then onwards."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from stelsel.cli import app
from stelsel.errors import StelselError
from stelsel.ijw.traffic import messages_of, write_traffic
from stelsel.register import Register
from stelsel.twin import baseline, ensemble, run
from stelsel.twin.first_day.from_spells import Begun
from stelsel.twin.layout import OPEN
from stelsel.twin.plans.scenario import BASELINE
from stelsel.twin.runs.run import Run
from stelsel.twin.runs.task import Task, perform
from stelsel.twin.runs.telling import of_care
from stelsel.twin.services import number, services

REGION, ON = "JZ15", date(2022, 1, 1)


@pytest.fixture(scope="module")
def earlier() -> Run:
    return run(region=REGION, years=2)


@pytest.fixture(scope="module")
def begun(earlier: Run) -> Begun:
    return Begun.of(earlier.spells(), ON, REGION)


@pytest.fixture(scope="module")
def later(begun: Begun) -> Run:
    plan = begun.fitted(baseline(), ON, {})
    return run(plan, REGION, 1, 7, ON, begun)


def there(once: Run, service: int, day: int) -> tuple[Counter[int], Counter[int]]:
    """Days since when each waits, and since when each has the service, at the end of a day."""
    v = once.visits[once.visits["service"] == service]
    came = v["arrived"] <= day
    waits = v[came & (v["started"] > day) & (v["ended"] > day)]
    has = v[(v["started"] <= day) & (v["ended"] > day)]
    return Counter((waits["arrived"] - day).tolist()), Counter((has["started"] - day).tolist())


def before(elapsed: Counter[int]) -> Counter[int]:
    """What began on the day itself is taken to have begun the day before."""
    found: Counter[int] = Counter()
    for days, n in elapsed.items():
        found[min(days, -1)] += n
    return found


def test_every_open_wait_and_all_care_go_on(earlier: Run, later: Run, begun: Begun) -> None:
    """Of each form of care: as many, each since the same day."""
    day = (ON - earlier.first).days
    for service in services()[:8]:
        if service.slug not in begun.told:
            continue
        k = number(service.slug)
        waits, has = there(earlier, k, day)
        v = later.visits[(later.visits["service"] == k) & (later.visits["arrived"] < 0)]
        mine = Counter((v["arrived"][v["started"] >= 0]).tolist())
        # Residential care tells of small-scale places and boarding too: they share its stations.
        more = service.slug == "residential"
        shifted = before(waits)
        assert not (shifted - mine) if more else shifted == mine, service.slug
        own = Counter((v["started"][v["started"] < 0]).tolist())
        since = before(has)
        assert not (since - own) if more else since == own, service.slug


def test_the_books_of_the_first_week_close(later: Run) -> None:
    v = later.visits
    assert (v["arrived"][1:] >= v["arrived"][:-1]).sum() >= len(v) - 1
    assert set(v["person"].tolist()) == set(range(int(v["person"].max()) + 1))
    births: dict[int, int] = {}
    for person, birth in zip(v["person"].tolist(), v["birth"].tolist(), strict=True):
        # Stays of one child were given to it by age: each within half a year of another.
        assert abs(births.setdefault(person, birth) - birth) < 2 * 183
    linked = v["links"] >= 0
    mates = later.links["mate"][v["links"][linked]]
    known = mates >= 0
    assert (v["person"][linked][known] == v["person"][mates[known]]).all()


def test_one_child_on_two_lists_is_one_person(later: Run, begun: Begun) -> None:
    rows = begun.spells.select(["child", "station"]).to_pylist()
    children = {row["child"] for row in rows}
    own = later.visits[(later.visits["arrived"] < 0)]
    told = np.isin(own["service"], [number(slug) for slug in begun.told])
    mates = np.where(own["links"] >= 0, later.links["mate"][own["links"]], -1)
    assert len(set(own["person"][told & (mates < 0)].tolist())) == len(children)


def test_places_are_those_taken_and_follow_the_plan_from_there(begun: Begun) -> None:
    plan = baseline()
    fitted = begun.fitted(plan, ON, {"capacity[day-help]": 1.0})
    share = begun.running()["ambulatory"] / fitted["capacity[ambulatory]"].series(ON, 1)[0]
    other = begun.running()["network-help"] / fitted["capacity[network-help]"].series(ON, 1)[0]
    assert share == pytest.approx(other)  # the region's share of the country
    assert fitted["capacity[day-help]"] == plan["capacity[day-help]"]
    year = timedelta(365)
    grown = plan["capacity[ambulatory]"].series(ON + year, 1) / plan["capacity[ambulatory]"].series(
        ON, 1
    )
    mine = fitted["capacity[ambulatory]"]
    assert mine.series(ON + year, 1) / mine.series(ON, 1) == pytest.approx(grown)


def test_what_goes_on_ends_as_in_the_world_it_was_taken_from(earlier: Run, later: Run) -> None:
    """A year later as many are in care as in the run that the register was taken from."""
    last = earlier.days - 1
    for slug in ("ambulatory", "network-help"):
        k = number(slug)
        expected = sum(there(earlier, k, last)[1].values())
        assert sum(there(later, k, later.days - 1)[1].values()) == pytest.approx(expected, rel=0.05)


def test_who_has_stayed_longer_than_anyone_leaves_soon() -> None:
    from stelsel.spells import SCHEMA

    row = {
        "child": "a", "episode": "e", "station": "care-residential", "form": "14",
        "start": date(1990, 1, 1), "end": None, "exit": None, "region": REGION,
        "municipality": "0394", "provider": "98000001", "referrer": None, "priority": None,
        "known": ON, "source": "ijw",
    }  # fmt: skip
    begun = Begun.of(pa.Table.from_pylist([row], SCHEMA), ON, REGION)
    assert begun.told == ("residential",)
    once = run(baseline(), REGION, 1, 7, ON, begun)
    mine = once.visits[(once.visits["service"] == number("residential"))]
    old = mine[mine["started"] < 0]
    assert len(old) == 1
    assert old["ended"][0] != OPEN
    assert (once.visits["service"] == number("ambulatory")).sum() > 1000  # drawn as always


def test_a_day_on_which_nobody_is_there_is_refused(earlier: Run) -> None:
    with pytest.raises(StelselError, match="Nobody of the register"):
        Begun.of(earlier.spells(), date(1949, 1, 1), REGION)
    with pytest.raises(StelselError, match="Nobody of the register"):
        Begun.of(earlier.spells(), ON, "JZ07")


def test_replications_begin_alike_and_then_differ(begun: Begun) -> None:
    runs = [perform(Task(REGION, 0.5, ON, 7, BASELINE, r, begun=begun)) for r in range(3)]
    places = [n for n, (_, m, p) in enumerate(runs[0].rows) if m == "in_care" and p.last == ON]
    told = [n for n in places if runs[0].rows[n][0] in ("01", "02", "03", "04", "11", "14")]
    for other in runs[1:]:
        assert (runs[0].values[told] == other.values[told]).all()
        assert not np.array_equal(runs[0].values, other.values, equal_nan=True)
    again = ensemble([], REGION, 0.5, 2, 7, ON, begun=begun)
    assert np.array_equal(again.summaries[0][1].values, runs[1].values, equal_nan=True)
    assert again.task(0).digest() != ensemble([], REGION, 0.5, 1, 7, ON).task(0).digest()


def test_a_run_begins_with_a_register_as_known_then(tmp_path: Path) -> None:
    truth = run(region=REGION, years=0.3, seed=8)
    care = of_care(truth.spells())
    told = messages_of(care, truth.people(), seed=8, until=truth.last)
    write_traffic(told, tmp_path / "messages")
    register = Register.create(tmp_path / "register")
    register.ingest([tmp_path / "messages"])
    on = truth.last - timedelta(20)
    out = tmp_path / "out"
    words = ["simulate", "--region", REGION, "--years", "0.2", "--out", str(out), "--json"]
    words += ["--from-register", str(tmp_path / "register"), "--on", on.isoformat()]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    begun = Begun.of(register.spells(known_on=on), on, REGION)
    import json

    rows = json.loads(result.stdout)
    start = {
        row["service"]: row["value"]
        for row in rows
        if row.get("measure") == "in_care" and row["period_end"] == on.isoformat()
    }
    for slug in ("ambulatory", "day-help", "network-help", "local-team"):
        assert start[slug] == begun.running()[slug] > 0
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["register_sha256"] == begun.digest
    assert manifest["start"] == on.isoformat()
    for wrong in (words[:-2], [*words[:-1], "soon"]):
        assert isinstance(CliRunner().invoke(app, wrong).exception, StelselError)
