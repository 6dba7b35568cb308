"""A year of all sources of one region, made up, in one go: what was done is what is found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from stelsel.deliveries.cbs import Delivery, Period, write
from stelsel.deliveries.cbs.deriving import of_spells, people_of
from stelsel.deliveries.made_up import Child, Stay, made_up_steps
from stelsel.deliveries.process import write as write_steps
from stelsel.ijw import Message
from stelsel.ijw.traffic import messages_of, write_traffic
from stelsel.register import Outcome, Register
from stelsel.system import stations
from stelsel.system.numbers import made_up_numbers
from stelsel.twin import run
from stelsel.twin.runs.telling import of_care

REGION = "JZ15"
BEGIN, END = date(2022, 1, 1), date(2022, 12, 31)
CASES = 60


def municipality_of(message: Message) -> str:
    header = message.content["Header"]
    town = header["Afzender"] if len(header["Afzender"]) == 4 else header["Ontvanger"]
    return str(town)


def provider_of(message: Message) -> str:
    header = message.content["Header"]
    ends = (header["Afzender"], header["Ontvanger"])
    return str(next(one for one in ends if len(one) == 8))


def completed(record: Any) -> Any:
    """Fill in what no spell tells, as the deliverer has to."""
    known = {"referrer": record.referrer or "01", "crisis": record.crisis or "02"}
    return replace(record, **known)


class Year:
    """The register of a year, and what was put in."""

    def __init__(self, folder: Path) -> None:
        truth = run(region=REGION, years=1, seed=3)
        told = list(messages_of(of_care(truth.spells()), truth.people(), seed=3, until=truth.last))
        # A provider of middling size sends no messages, but delivers to CBS.
        counts = Counter(map(provider_of, told))
        self.silent = sorted(counts, key=lambda one: (counts[one], one))[len(counts) // 2]
        self.whole = Register.create(folder / "whole")
        write_traffic(iter(told), folder / "all-messages")
        self.whole.ingest(folder / "all-messages")
        inbox = folder / "inbox"
        spoken = [message for message in told if provider_of(message) != self.silent]
        self.messages = sum(write_traffic(iter(spoken), inbox / "messages").values())
        self._deliver(inbox)
        self.stays = self._steps(inbox, sorted(set(map(municipality_of, told))))
        self.register = Register.create(folder / "register")
        self.outcome = self.register.ingest(inbox)
        self.spells = self.register.spells()

    def _deliver(self, inbox: Path) -> None:
        """Let two providers deliver their youth care of both half-years."""
        spells = self.whole.spells()
        people = people_of(self.whole.events(), spells["child"].unique().to_pylist())
        busiest = pc.value_counts(spells["provider"]).to_pylist()
        most = max(busiest, key=lambda one: (one["counts"], one["values"]))["values"]
        self.deliveries = 0
        for provider in (self.silent, most):
            for half, day in (("2022-H1", date(2022, 7, 20)), ("2022-H2", date(2023, 1, 20))):
                delivery = Delivery("cbs-youth-care", provider, Period.of(half), day)
                records = [completed(one) for one in of_spells(spells, people, delivery)]
                write(records, delivery, "pseudonymised", inbox / f"{provider}-{half}.csv")
                self.deliveries += 1

    def _steps(self, inbox: Path, towns: list[str]) -> list[Stay]:
        numbers = made_up_numbers(90_000)[-200:]
        children = [
            Child(number, f"20{10 + place % 8}-0{1 + place % 9}", "12"[place % 2], town)
            for place, (number, town) in enumerate(zip(numbers, towns * len(numbers), strict=False))
        ]
        rows, stays = made_up_steps(children, BEGIN, END, CASES, seed=5)
        write_steps(rows, inbox / "steps.parquet")
        return stays


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("year")
        # One key, so that children have the same pseudonyms in both registers.
        patch.setenv("STELSEL_KEY_FILE", str(place / "key"))
        return Year(place)


def test_everything_goes_in_by_one_ingest(year: Year) -> None:
    files = year.messages + year.deliveries + 1
    assert year.outcome == Outcome(read=files, new=files)


def test_steps_become_the_stays_that_were_made_up(year: Year) -> None:
    of_steps = year.spells.filter(pc.equal(year.spells["source"], "process")).to_pylist()
    found = Counter((one["station"], one["start"], one["end"], one["exit"]) for one in of_steps)
    made = Counter((one.station, one.start, one.end, one.exit) for one in year.stays)
    assert found == made


def keys(spells: pa.Table, provider: str) -> Counter[Any]:
    """The care by a provider, as far as a delivery tells it."""
    own = [one for one in spells.to_pylist() if one["provider"] == provider]
    names = ("child", "station", "start", "end")
    return Counter(tuple(one[name] for name in names) for one in own if is_care(one))


def is_care(spell: dict[str, Any]) -> bool:
    in_year = spell["start"] <= END and (spell["end"] is None or spell["end"] > BEGIN)
    return str(spell["station"]).startswith("care-") and in_year


def overlapping(found: Counter[Any]) -> int:
    """Count the stays that share a day, or touch, with another of the same child and station."""
    stays: dict[Any, list[Any]] = {}
    for child, station, start, end in found.elements():
        stays.setdefault((child, station), []).append((start, end or date.max))
    return sum(
        any(one is not other and one[0] <= other[1] and other[0] <= one[1] for other in same)
        for same in stays.values()
        for one in same
    )


def test_a_provider_that_only_delivers_is_known_by_its_deliveries(year: Year) -> None:
    told = year.spells.filter(pc.equal(year.spells["source"], "cbs"))
    assert told.num_rows > 0
    found, meant = keys(told, year.silent), keys(year.whole.spells(), year.silent)
    # A record is merged with another of the same child and form that overlaps (protocol, 3.3).
    merged = overlapping(meant)
    assert merged <= 0.1 * sum(meant.values())
    assert sum((found - meant).values()) <= merged
    assert sum((meant - found).values()) <= merged


def test_care_that_is_told_twice_is_there_once(year: Year) -> None:
    providers = set(
        year.spells.filter(pc.equal(year.spells["source"], "cbs"))["provider"].to_pylist()
    )
    assert providers == {year.silent}


def test_every_station_that_has_events_has_spells(year: Year) -> None:
    events = year.register.events()
    told = set(events["station"].drop_null().to_pylist())
    told |= {one.station for one in year.stays}
    known = {one.id for one in stations()}
    assert told <= known
    assert told <= set(year.spells["station"].to_pylist())
    assert len(told) >= 40


def test_books_balance_per_station_and_day(year: Year) -> None:
    """Who was there, and came, and did not leave, is there the next day."""
    rows = year.spells.select(["station", "start", "end"]).to_pylist()
    rows = [one for one in rows if one["end"] is None or one["end"] >= one["start"]]
    stock = Counter(one["station"] for one in rows if there(one, BEGIN))
    came = Counter((one["station"], one["start"]) for one in rows if one["end"] != one["start"])
    left = Counter((one["station"], one["end"]) for one in rows if one["end"] != one["start"])
    day = BEGIN
    while day < END:
        day += timedelta(days=1)
        for station in {one["station"] for one in rows}:
            stock[station] += came[station, day] - left[station, day]
        if day.day == 1 or day == END:
            assert +stock == Counter(one["station"] for one in rows if there(one, day))


def there(spell: dict[str, Any], day: date) -> bool:
    return bool(spell["start"] <= day and (spell["end"] is None or day < spell["end"]))
