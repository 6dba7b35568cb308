"""Records of policy information to spells, slowly and plainly: one child at one station at a time.

The database steps of ``stelsel.register.stays`` must give the same (``test_stays``). Sorts of
files, periods and days are worked out here anew, without the project's own code for them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stelsel.system.regions import region_of

Event = dict[str, Any]
Row = tuple[Any, ...]
DAY = timedelta(days=1)
# Sort of file, and how days are counted: what the start moves back and the end moves on.
STATIONS = {
    "care-ambulatory": ("cbs-youth-care", 0, 1),
    "care-residential": ("cbs-youth-care", 1, 0),
    "measure-supervision": ("cbs-protection", 0, 0),
    "probation-supervision": ("cbs-probation", 0, 0),
    "order-placement": ("cbs-placement", 0, 0),
}
EXITS = {
    ("care-ambulatory", "01"): "planned",
    ("care-residential", "01"): "planned",
    ("care-ambulatory", "05"): "external",
    ("care-residential", "05"): "external",
    ("measure-supervision", "01"): "aged-out",
    ("measure-supervision", "05"): "authority-ended",
    ("probation-supervision", "42"): "risk-equal",
}


def number(period: str) -> int:
    """The place of a period among those of its length."""
    year, part = period.split("-")
    return int(year) * (2 if part[0] == "H" else 4) + int(part[1]) - 1


def first_day(count: int, halves: bool) -> date:
    parts = 2 if halves else 4
    return date(count // parts, count % parts * (12 // parts) + 1, 1)


def processed(period: str, on: date) -> bool:
    """Whether a delivery still counts: its period is the last that has ended, or the one before."""
    halves = "H" in period
    running = number(period)
    while first_day(running + 1, halves) <= on:
        running += 1
    return number(period) >= running - 2


def oracle(events: list[Event], names: dict[str, str]) -> list[Row]:
    """Every spell, as in COMPARED; ``names`` gives the sort of file of each id of a delivery."""
    holds: dict[Row, Event] = {}
    for e in events:
        if e["kind"] == "delivered" and processed(e["period"], e["known"]):
            what = (e["provider"], names[e["delivery"]], e["period"])
            before = holds.get(what)
            if before is None or (e["known"], e["message"]) > (before["known"], before["message"]):
                holds[what] = e
    told: dict[Row, dict[int, Event]] = {}
    for (_, sort, period), whole in holds.items():
        for e in events:
            if e["kind"] == "stayed" and e["message"] == whole["message"] and e["child"]:
                came = e["received"] or e["from_day"]
                if came is None:
                    continue
                key = (e["provider"], sort, e["station"], e["child"], came)
                told.setdefault(key, {})[number(period)] = e
    found = []
    lasts = {key: periods[max(periods)] for key, periods in told.items()}
    for (provider, sort, name, child, first), periods in told.items():
        _, back, on = STATIONS[name]
        now = periods[max(periods)]
        known = min(e["known"] for e in periods.values() if same(e, now))
        later = {
            number(period): e["known"]
            for (who, what, period), e in holds.items()
            if (who, what) == (provider, sort) and number(period) > max(periods)
        }
        start = first - back * DAY
        went = went_over(now, first)
        if went is not None:
            end, exit_ = went + DAY, "transferred"
        elif now["last_day"] is not None:
            end = now["last_day"] + on * DAY
            exit_ = EXITS.get((name, now["reason"]), "unknown")
        elif later:
            end, exit_ = first_day(max(periods) + 1, "H" in now["period"]), "unknown"
            known = max(known, later[min(later)])
        else:
            end, exit_ = None, None
        town = now["municipality"]
        found.append(
            (
                *(child, chain_of((provider, sort, name, child, first), lasts)),
                *(name, start, end, exit_, known, now["referrer"], now["priority"]),
                *((None, None) if town == "0000" else (town, region_of(town, on=start))),
                provider,
            )
        )
    return found


def went_over(record: Event, came: date) -> date | None:
    """The day on which it went to another institution, unless it had not come or had ended."""
    day: date | None = record["transferred"]
    ended = record["last_day"] is not None and day is not None and record["last_day"] <= day
    return None if day is None or day < came or ended else day


def chain_of(key: Row, lasts: dict[Row, Event]) -> Row:
    """The first record of the chain that a record is part of: follow each back to its first."""
    provider, _, name, child, came = key
    if lasts[key]["received"] is None:
        return key
    before = [
        other
        for other, e in lasts.items()
        if other[0] != provider
        and (other[2], other[3]) == (name, child)
        and went_over(e, other[4]) == came - DAY
    ]
    # Of two that went over on that day any will do, as long as it is always the same one.
    return chain_of(min(before, key=str), lasts) if before else key


def same(one: Event, other: Event) -> bool:
    names = ("last_day", "reason", "municipality", "referrer", "priority", "transferred")
    return all(one[name] == other[name] for name in names)
