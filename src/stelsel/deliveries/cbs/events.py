"""From a delivery to events: one for the delivery, one for each of its records.

Of a child only a pseudonym, the month of birth, the sex and the municipality go through; of a
record everything. A later delivery of the same deliverer, sort and period replaces an earlier one
whole: :func:`current`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from stelsel.deliveries.cbs.layouts import Layout
from stelsel.deliveries.cbs.mirror import Mirror, data_of, mirror_of
from stelsel.deliveries.cbs.records import (
    NOT_BORN,
    Delivery,
    Measure,
    Probation,
    Protection,
    Record,
    YouthCare,
)
from stelsel.deliveries.cbs.tables import codes, fields, sort_of, stations_of
from stelsel.deliveries.cbs.values import Value, is_made_up, text_of, value_of
from stelsel.deliveries.periods import Period
from stelsel.deliveries.taken import Event, Taken

Pseudonym = Callable[[str], str]
"""Turns a text into a keyed digest."""
NOWHERE = "0000"
"""The municipality where none is told: a file has postcodes, and who reads has no table of them."""
SOURCE = "cbs"
DETAILS = (
    *("perspective", "crisis", "satisfaction", "further_help", "informant"),
    *("satisfaction_2", "further_help_2", "informant_2"),
    *("intervention", "onward", "first_contact"),
)
"""Fields of records that have no column of their own in a table of events."""


def read(
    path: str | Path,
    pseudonym: Pseudonym,
    lang: str = "nl",
    layout: Layout | None = None,
    *,
    delivery: Delivery | None = None,
    places: Mapping[str, str] | None = None,
) -> Taken:
    """Read a delivery into events, or say everything that is wrong with it.

    Parameters
    ----------
    path
        The file.
    pseudonym
        Gives the pseudonym of a number, the same as for messages.
    lang
        Language of the findings.
    layout
        Its layout; without it the shipped one that it shows.
    delivery
        What the heading would tell, for a layout without one.
    places
        Municipality by postcode, or by its four digits; where it is not given, postcodes say
        nothing and the municipality is :data:`NOWHERE`.

    Raises
    ------
    StelselError
        When the file cannot be read at all.
    """
    report = mirror_of(data_of(path), layout, delivery)
    kind = report.delivery.sort if report.delivery else SOURCE
    wrong = report.findings(lang, stopping=True)
    events = () if wrong else tuple(events_of(report, pseudonym, places or {}))
    return Taken(str(path), kind, events, wrong)


def delivery_id(delivery: Delivery) -> str:
    """Give the id that a delivery shares with those that replace it or that it replaces.

    Examples
    --------
    >>> from datetime import date
    >>> first = Delivery("cbs-protection", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    >>> again = Delivery("cbs-protection", "00000001", Period.of("2024-H1"), date(2024, 8, 1))
    >>> delivery_id(first) == delivery_id(again)
    True
    """
    return _digest(delivery.deliverer, delivery.sort, str(delivery.period))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("|".join(parts).encode(), digest_size=12).hexdigest()


def events_of(
    report: Mirror, pseudonym: Pseudonym, places: Mapping[str, str] | None = None
) -> list[Event]:
    """Give the events of a delivery; none if it is set aside.

    Parameters
    ----------
    report
        Its mirror report.
    pseudonym
        Gives the pseudonym of a number.
    places
        Municipality by postcode, or by its four digits.
    """
    delivery = report.delivery
    if delivery is None or not report.valid:
        return []
    # In one order whatever that of the file, so that the same delivery gives the same events.
    records = sorted((record for _, record in report.records), key=repr)
    numbers = [record.number for record in records if record.known_number]
    # A child without a number is made up where all others in its file are.
    made_up = bool(numbers) and all(map(is_made_up, numbers)) and not report.keyed
    content = pseudonym(_content(delivery, records))
    # Of two deliveries of one moment that do not say the same both are kept.
    message = _digest(delivery_id(delivery), delivery.moment.isoformat(), content)
    shared = {
        "message": message,
        "content": content,
        "source": SOURCE,
        "about": delivery.period.last,
        "known": delivery.day,
        "decided": delivery.moment,
        "provider": delivery.deliverer,
        "municipality": NOWHERE,
        "delivery": delivery_id(delivery),
        "period": str(delivery.period),
        "made_up": False,
    }
    events = [shared | {"event": f"{message}/0", "kind": "delivered"}]
    for number, record in enumerate(records, start=1):
        child = _child(record, delivery, pseudonym, keyed=report.keyed)
        made = {"made_up": is_made_up(record.number) if record.known_number else made_up}
        stay = _stay(record, delivery.sort) | _municipality(record, places or {}) | made
        events.append(shared | {"event": f"{message}/{number}", "kind": "stayed"} | child | stay)
    return events


def _content(delivery: Delivery, records: Sequence[Record]) -> str:
    """Give a digest of all that a delivery says, in whatever layout it says it."""
    return _digest(repr(delivery), *map(repr, records))


def _child(record: Record, delivery: Delivery, pseudonym: Pseudonym, *, keyed: bool) -> Event:
    # A child without a number is known by what rule 1 of merging names it by, and only here.
    without = f"{delivery.deliverer}|{record.sex}|{record.birth}|{record.place}"
    name = record.number if record.known_number and record.number else without
    birth = None if record.birth == NOT_BORN else record.birth
    return {
        "child": name if keyed and record.known_number else pseudonym(name),
        "birth_month": birth[:7] if birth else None,
        "sex": codes()["sex"][record.sex].means if record.sex else None,
    }


def _stay(record: Record, sort: str) -> Event:
    code = getattr(record, sort_of(sort).code_field)
    station = stations_of(sort)[code]
    reason = record.reason if isinstance(record, YouthCare | Protection | Probation) else None
    if isinstance(record, Probation):
        reason = record.reason or record.risk
    youth_care = isinstance(record, YouthCare)
    return {
        "about": record.first,
        "station": station.id,
        "form": code if youth_care else None,
        "referrer": record.referrer if isinstance(record, YouthCare) else None,
        "priority": "crisis" if isinstance(record, YouthCare) and record.crisis == "01" else None,
        "from_day": record.start,
        "last_day": record.end,
        "reason": reason,
        "received": record.received if isinstance(record, Measure) else None,
        "transferred": record.transferred if isinstance(record, Measure) else None,
        "details": _details(record, sort),
    }


def _details(record: Record, sort: str) -> str | None:
    """Give what no column holds, as the file has it, in the order of :data:`DETAILS`."""
    known = fields(sort)
    told = [(name, getattr(record, name)) for name in DETAILS if name in known]
    parts = [f"{name}={text_of(known[name], one)}" for name, one in told if one is not None]
    return " ".join(parts) or None


def details_of(text: str | None, sort: str) -> dict[str, Value | None]:
    """Give the fields that the column ``details`` of an event holds.

    Parameters
    ----------
    text
        What the column holds.
    sort
        Sort of the delivery.

    Examples
    --------
    >>> details_of("satisfaction=08 informant=01", "cbs-youth-care")
    {'satisfaction': 8, 'informant': '01'}
    """
    known = fields(sort)
    pairs = (part.split("=") for part in (text or "").split())
    return {name: value_of(known[name], told) for name, told in pairs}


def _municipality(record: Record, places: Mapping[str, str]) -> Event:
    place = record.place or ""
    if len(place) == 4:
        return {"municipality": place}
    return {"municipality": places.get(place) or places.get(place[:4]) or NOWHERE}


def current(events: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep what holds of deliveries: of each the last one that was processed.

    A later delivery of the same deliverer, sort and period replaces an earlier one whole, so a
    record that is not in it is deleted. A delivery that came when its period was no longer the
    current one or the one directly before it was not processed (protocol v7, par. 7.3-7.6). Of two
    of the same moment nobody knows which was the last; the digest of what they say chooses, so
    always the same one. Events of other sources are left as they are.

    Parameters
    ----------
    events
        Rows of :data:`stelsel.events.SCHEMA`.

    Returns
    -------
    list of rows
        In the order in which they were given.

    Examples
    --------
    >>> from datetime import date
    >>> row = {"source": "cbs", "delivery": "d", "message": "a", "period": "2024-H1"}
    >>> later = row | {"message": "b", "known": date(2024, 8, 1)}
    >>> kept = current([row | {"known": date(2024, 7, 1)}, later])
    >>> [one["message"] for one in kept]
    ['b']
    """
    rows = list(events)
    last: dict[str, tuple[Any, Any, str]] = {}
    for row in rows:
        if row["source"] == SOURCE and _processed(row):
            this = _place(row)
            last[row["delivery"]] = max(this, last.get(row["delivery"], this))
    return [
        row for row in rows if row["source"] != SOURCE or last.get(row["delivery"]) == _place(row)
    ]


def _place(row: Mapping[str, Any]) -> tuple[Any, Any, str]:
    """Give the place of a delivery among those of its period: by its day, its time, its id."""
    return row["known"], row.get("decided") or datetime.min, row["message"]  # noqa: DTZ901 (no zone)


def _processed(row: Mapping[str, Any]) -> bool:
    return Period.of(row["period"]).processed_on(row["known"])
