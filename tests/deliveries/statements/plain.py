"""Events to allocations and claims, slowly and plainly: one allocation at a time.

``stelsel.register.allocations`` must give the same (``test_allocations``). What holds of starts and
stops is told by the oracle of spells.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stelsel.system.codes import product
from stelsel.system.regions import region_of
from tests.register.oracle import Event, deliveries_of

Row = tuple[Any, ...]
UNITS = {"01": "minutes", "04": "hours", "14": "nights", "82": "output-pieces"}


def not_refused(events: list[Event]) -> list[Event]:
    refused = {e["answers"] for e in events if e["kind"] == "returned" and e["reason"]}
    return [e for e in events if e["message"] not in refused]


def claims_of(events: list[Event], first: date, last: date) -> list[Event]:
    """The lines about a period that hold; the volume of a credit is below zero."""
    whole, listed = set(), set()
    for event in events:
        if event["kind"] == "assessed" and event["claim"] is None and event["reason"]:
            whole.add(event["answers"])
        if event["kind"] == "line-rejected":
            key = (event["child"], event["reference"], event["previous"])
            listed.add((event["answers"], *key))
    held = []
    for event in events:
        if event["kind"] != "claimed" or not first <= event["about"] <= last:
            continue
        key = (event["child"], event["reference"], event["previous"])
        if event["message"] in whole or (event["message"], *key) in listed:
            continue
        volume = -event["volume"] if event["amount"] < 0 else event["volume"]
        held.append(event | {"volume": volume})
    return held


def measure_of(code: str | None) -> str | None:
    found = product(code) if code else None
    return found.cbs_measure or None if found else None


def claimed(events: list[Event], first: date, last: date) -> set[Row]:
    """What was claimed, per provider, form or measure, region and unit."""
    sums: dict[Row, list[int]] = {}
    for line in claims_of(not_refused(events), first, last):
        region = region_of(line["municipality"], line["about"])
        key = (
            *(line["provider"], line["form"], measure_of(line["code"])),
            *(region, UNITS[line["unit"]]),
        )
        found = sums.setdefault(key, [0, 0])
        found[0] += line["volume"]
        found[1] += line["amount"]
    return {(*key, *found) for key, found in sums.items()}


def line_of(event: Event) -> Row:
    """What starts, stops and claims of one allocation share; of help without one its first day."""
    place = (event["municipality"], event["provider"], event["child"])
    if event["allocation"] is not None:
        return (*place, event["allocation"])
    return (*place, None, event["category"], event["code"], event["from_day"])


def allocations(events: list[Event], first: date, last: date) -> list[Row]:
    """A row for each allocation that was open in the period or claimed on about it."""
    told = not_refused(events)
    claims = claims_of(told, first, last)
    kinds = ("allocated", "started", "stopped")
    lines: dict[Row, list[Event]] = {}
    for event in [e for e in told if e["kind"] in kinds] + claims:
        lines.setdefault(line_of(event), []).append(event)
    rows: list[Row] = []
    for line, mine in lines.items():
        rows += one_line(line, mine, told, first, last)
    return sorted(rows, key=str)


def one_line(line: Row, mine: list[Event], told: list[Event], first: date, last: date) -> list[Row]:
    municipality, provider, child = line[:3]
    versions = sorted(
        (e for e in mine if e["kind"] == "allocated"),
        key=lambda e: (e["decided"], -e["known"].toordinal()),
    )
    # Of what was decided at the same moment that which was known first, then the first event.
    latest = max((e["decided"] for e in versions), default=None)
    current = min(
        (e for e in versions if e["decided"] == latest),
        key=lambda e: (e["known"], e["event"]),
        default=None,
    )
    if current is not None and (
        current["reason"] == "13"
        or (current["reason"] == "01" and current["from_day"] == current["last_day"] is not None)
    ):
        return []
    care = sorted(deliveries_of(mine), key=lambda one: (one.start, one.key))
    claims = [e for e in mine if e["kind"] == "claimed"]
    if current is None and not care and not claims:
        return []
    honours = [e for e in versions if e["reference"] is not None]
    request = None
    if honours:
        name = min(honours, key=lambda e: (e["decided"], e["known"], e["event"]))["reference"]
        asked = [
            e
            for e in told
            if e["kind"] == "requested"
            and (e["municipality"], e["provider"], e["reference"]) == (municipality, provider, name)
        ]
        request = min(asked, key=lambda e: (e["about"], e["known"], e["event"]), default=None)
        if request is not None and request["child"] != child:
            request = None
    decision = min((e["about"] for e in versions), default=None)
    started = care[0].start if care else None
    end = care[-1].end if care else None
    ended = end - timedelta(days=1) if end is not None else None
    planned = current["last_day"] if current is not None else None
    over = ended if care else planned
    begins = min(day for day in (decision, started, date.max) if day is not None)
    is_open = begins <= last and (over is None or over >= first)
    if not is_open and not claims:
        return []
    sources = [current] if current is not None else []
    sources += [{"code": one.product[-1], "form": one.form} for one in care]
    sources += claims
    code = next((one["code"] for one in sources if one["code"] is not None), None)
    form = next((one["form"] for one in sources if one["form"] is not None), None)
    if form is None and request is not None:
        form = request["form"]
    births = [e for e in told if e["child"] == child and e["birth_month"] is not None]
    born = max(births, key=lambda e: (e["known"], e["birth_month"]), default=None)
    head = (
        *(provider, child, municipality, born["birth_month"][:4] if born else None),
        *(request["referrer"] if request else None, form, measure_of(code), decision),
        *(current["from_day"] if current else None, started, ended),
        care[-1].reason if care else None,
    )
    sums: dict[str, list[int]] = {}
    for claim in claims:
        found = sums.setdefault(UNITS[claim["unit"]], [0, 0])
        found[0] += claim["amount"]
        found[1] += claim["volume"]
    if not sums:
        return [(*head, None, None, None)]
    return [(*head, *found, unit) for unit, found in sums.items()]
