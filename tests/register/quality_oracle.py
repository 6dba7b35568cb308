"""The measures of quality, slowly and plainly: one case at a time, over lists of events."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from stelsel.system.calendar import is_working_day
from stelsel.system.codes import product
from tests.register.oracle import (
    DELIVERY,
    Event,
    Key,
    by_day,
    by_decision,
    deliveries_of,
    request_name,
    that_hold,
)

DAY = timedelta(days=1)
STOP = (*DELIVERY, "reason", "last_day")
# JZ002: reasons by which a wait ends, so that no care is to come.
ENDS_WAIT = {"02", "06", "07", "08", "09", "12"}
Case = tuple[str, str, str, bool]
"""Measure, party, person, found."""


def worked_days(start: date, end: date) -> int:
    """The working days after one day, up to and with another."""
    return sum(is_working_day(start + n * DAY) for n in range(1, (end - start).days + 1))


def late(start: date, end: date) -> bool:
    return end > start and worked_days(start, end) > 5


def line_of(event: Event) -> Key:
    where = (event["municipality"], event["provider"], event["child"])
    if event["allocation"] is not None:
        return (*where, event["allocation"])
    return (*where, event["from_day"], event["category"], event["code"])


class Allocation:
    """One allocation, by all that was told of it."""

    def __init__(self, versions: list[Event]) -> None:
        versions = sorted(versions, key=by_decision)
        now = next(e for e in versions if e["decided"] == versions[-1]["decided"])
        self.now = now
        self.first_known = min(e["known"] for e in versions)
        self.decision = min(e["about"] for e in versions)
        same_day = now["from_day"] is not None and now["from_day"] == now["last_day"]
        self.deleted = now["reason"] == "13" or (now["reason"] == "01" and same_day)
        named = [request_name(e) for e in versions if e["reference"] is not None]
        self.request = named[0] if named else None


class Told:
    """Everything that holds."""

    def __init__(self, events: list[Event]) -> None:
        refused = {e["answers"] for e in events if e["kind"] == "returned" and e["reason"]}
        self.all = events
        self.events = [e for e in events if e["message"] not in refused]
        versions = defaultdict(list)
        for e in self.events:
            if e["kind"] == "allocated":
                versions[line_of(e)].append(e)
        self.allocations = {line: Allocation(each) for line, each in versions.items()}
        self.starts = that_hold([e for e in self.events if e["kind"] == "started"], DELIVERY)
        self.stops = that_hold([e for e in self.events if e["kind"] == "stopped"], STOP)
        self.last = max((e["known"] for e in events), default=date(1900, 1, 1))


def all_cases(events: list[Event], spells: list[Event], verdicts: list[Event]) -> list[Case]:
    told = Told(events)
    return [
        *of_allocations(told),
        *of_requests(told),
        *of_starts_and_stops(told),
        *of_answers(told),
        *of_waits(spells),
        *of_messages(events, verdicts),
    ]


def of_allocations(told: Told) -> Iterator[Case]:
    began = {line_of(sent[0]) for sent in told.starts.values()}
    for line, one in told.allocations.items():
        if one.deleted:
            continue
        now = one.now
        about = (now["provider"], now["child"])
        awaited = now["reason"] not in ENDS_WAIT and now["from_day"] is not None
        if awaited and late(max(now["from_day"], one.first_known), told.last):
            yield ("allocations-without-start", *about, line not in began)
        mine = [e for e in told.events if e["kind"] in ("started", "stopped")]
        care = deliveries_of([e for e in mine if line_of(e) == line])
        if care and now["last_day"] is not None and late(now["last_day"], told.last):
            yield ("ended-without-stop", *about, any(d.end is None for d in care))
        if now["code"] is not None:
            # No table of own codes is given in these tests.
            unmapped = product(now["code"]) is None
            yield ("unmapped-codes", now["municipality"], now["child"], unmapped)


def of_requests(told: Told) -> Iterator[Case]:
    requests: dict[Key, Event] = {}
    for e in sorted((e for e in told.events if e["kind"] == "requested"), key=by_day):
        requests.setdefault(request_name(e), e)
    answers = [e for e in told.events if e["kind"] == "answered"]
    for name, request in requests.items():
        if not late(request["known"], told.last):
            continue
        codes = [e["reason"].split("/")[0] for e in answers if request_name(e) == name]
        honoured = any(
            one.request == name and one.now["child"] == request["child"]
            for one in told.allocations.values()
        )
        in_time = "2" in codes and told.last - request["about"] <= timedelta(weeks=8)
        unanswered = not honoured and "1" not in codes and not in_time
        yield "requests-without-answer", request["municipality"], request["child"], unanswered


def of_starts_and_stops(told: Told) -> Iterator[Case]:
    for key, sent in told.starts.items():
        start, known = sent[0], max(e["known"] for e in sent)
        about = (start["provider"], start["child"])
        allocation = told.allocations.get(line_of(start))
        if key[3] is not None:
            lost = allocation is None or allocation.deleted
            yield ("starts-without-allocation", *about, lost)
        since = max(start["from_day"], allocation.first_known if allocation else date.min)
        yield ("late-starts", *about, late(since, known))
    for key, sent in told.stops.items():
        stop, known, delivery = sent[0], max(e["known"] for e in sent), key[: len(DELIVERY)]
        about = (stop["provider"], stop["child"])
        yield ("stops-without-start", *about, delivery not in told.starts)
        paused = any(k[: len(DELIVERY)] == delivery and k[-2] == "20" for k in told.stops)
        if stop["reason"] == "20" or not paused:
            yield ("late-stops", *about, late(stop["last_day"], known))


def of_answers(told: Told) -> Iterator[Case]:
    asked = {request_name(e) for e in told.events if e["kind"] in ("requested", "change-requested")}
    for e in told.events:
        if e["kind"] == "answered":
            lost = request_name(e) not in asked
            yield "answers-without-request", e["municipality"], str(request_name(e)), lost
    there = {e["message"] for e in told.all}
    for e in told.all:
        if e["kind"] == "returned":
            lost = e["answers"] not in there
            yield "returns-without-message", e["provider"], e["answers"], lost


def of_waits(spells: list[Event]) -> Iterator[Case]:
    for s in spells:
        if s["station"].startswith("wait-") and s["exit"] == "served":
            yield "negative-waits", s["provider"], s["child"], s["end"] < s["start"]


def of_messages(events: list[Event], verdicts: list[Event]) -> Iterator[Case]:
    children = defaultdict(list)
    for e in events:
        if e["child"]:
            children[e["message"]].append(e["child"])
    for one in verdicts:
        town = one["type"] in {"JW301", "JW319", "JW325"}
        party = one["municipality"] if town else one["provider"]
        person = min(children[one["message"]], default=one["message"])
        yield "refused-messages", party, person, bool(one["answer"])
        yield "wrong-messages", party, person, bool(one["rules"]) and not one["answer"]


def counted(cases: list[Case], *places: int) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Found, people found, looked at, people looked at: of each group of cases."""
    found: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for name in {tuple(case[place] for place in places) for case in cases}:
        mine = [case for case in cases if tuple(case[place] for place in places) == name]
        bad = [case for case in mine if case[3]]
        sets = ({case[2] for case in bad}, {case[2] for case in mine})
        found[name] = (len(bad), len(sets[0]), len(mine), len(sets[1]))
    return found


def days_late(events: list[Event]) -> Iterator[tuple[str, str, str, str, int]]:
    """Kind, provider, month, child and days between of every fact that holds."""
    told = Told(events)
    for day, facts in (("from_day", told.starts), ("last_day", told.stops)):
        for sent in facts.values():
            known = max(e["known"] for e in sent)
            e = sent[0]
            days = (known - e[day]).days
            yield e["kind"], e["provider"], known.isoformat()[:7], e["child"], days
    for one in told.allocations.values():
        if not one.deleted:
            days = (one.first_known - one.decision).days
            month = one.first_known.isoformat()[:7]
            yield "allocated", one.now["provider"], month, one.now["child"], days
    for e in events:
        if e["kind"] in ("declared", "stayed", "step", "delivered"):
            days = (e["known"] - e["about"]).days
            yield e["kind"], e["provider"], e["known"].isoformat()[:7], e["child"], days


def at(share: float, numbers: list[int]) -> float:
    """The number below which a share lies, straight between two neighbours."""
    ordered = sorted(numbers)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def silent_months(events: list[Event]) -> dict[str, list[str]]:
    """Of each provider the months without a word, up to the month of the last day."""
    if not events:
        return {}
    quiet = {"allocated", "answered", "assessed", "line-rejected", "returned"}
    heard = Counter(
        (e["provider"], e["known"].isoformat()[:7]) for e in events if e["kind"] not in quiet
    )
    until = max(e["known"] for e in events).isoformat()[:7]
    found = {}
    for provider in {name for name, _ in heard}:
        first = min(month for name, month in heard if name == provider)
        years = range(int(first[:4]), int(until[:4]) + 1)
        months = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
        silent = [m for m in months if first <= m < until and (provider, m) not in heard]
        if silent:
            found[provider] = silent
    return found
