"""From rows to events: the door at which what names a child stays behind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable

from stelsel.deliveries.process.checks import is_number
from stelsel.deliveries.process.rows import StepRow
from stelsel.events import Event
from stelsel.system.numbers import is_made_up
from stelsel.system.steps import step

Pseudonym = Callable[[str], str]
TOLD, WITHDRAWS = "1", "3"
"""Status of an event: as in the messages, COD467."""


def events_of(rows: Iterable[StepRow], pseudonym: Pseudonym) -> list[Event]:
    """Give the events that the rows of a file tell, one each.

    Parameters
    ----------
    rows
        Rows that are right.
    pseudonym
        Turns a text into a keyed digest. A citizen service number gives the pseudonym that the
        child has in messages; keys, cases and references are an organisation's own, so two
        organisations that use the same one do not meet.

    Returns
    -------
    list of Event
        Rows of :data:`stelsel.events.SCHEMA`. The same rows always give the same events, whatever
        the kind of file they stood in.

    Examples
    --------
    >>> from datetime import date
    >>> day = date(2024, 3, 1)
    >>> row = StepRow("A1", "safety-reported", day, day, "VT-01", "0193", child_bsn="999900006")
    >>> [event] = events_of([row], pseudonym=str.upper)
    >>> event["child"], event["case"], event["station"], event["made_up"]
    ('999900006', 'CASE/VT-01/A1', 'list-veilig-thuis-assessment', True)
    """
    rows = list(rows)
    told = json.dumps([_fields(row) for row in rows], sort_keys=True)
    content = pseudonym(hashlib.sha256(told.encode()).hexdigest())
    message = f"process/{content}"
    events = [_event(row, pseudonym) for row in rows]
    for number, event in enumerate(events):
        event.update(event=f"{message}/{number}", message=message, content=content)
    return events


def _fields(row: StepRow) -> list[str]:
    return [str(getattr(row, name)) for name in row.__slots__]


def _event(row: StepRow, pseudonym: Pseudonym) -> Event:
    which = step(row.step)
    return Event(
        source="process",
        kind="step",
        about=row.day,
        known=row.told,
        child=name_of(row.organisation, row.child_bsn, row.child, pseudonym),
        birth_month=row.birth_month or None,
        sex=row.sex or None,
        municipality=row.municipality,
        provider=row.organisation,
        case=pseudonym(f"case/{row.organisation}/{row.case}"),
        step=row.step,
        station=next(filter(None, (which.begins, *which.ends, *which.at))),
        priority=row.priority or None,
        reason=row.reason or None,
        reference=_reference(row, pseudonym),
        last_day=row.last_day,
        status=WITHDRAWS if row.withdraws else TOLD,
        made_up=is_made_up(row.child_bsn),
    )


def name_of(organisation: str, number: str, key: str, pseudonym: Pseudonym) -> str | None:
    """Give the pseudonym of a child: of its number, else of the organisation's own key.

    Examples
    --------
    >>> name_of("VT-01", "", "k1", str.upper), name_of("VT-01", "", "", str.upper) is None
    ('CHILD/VT-01/K1', True)
    """
    if number:
        return pseudonym(number)
    return pseudonym(f"child/{organisation}/{key}") if key else None


def _reference(row: StepRow, pseudonym: Pseudonym) -> str | None:
    """Give the pseudonym of a reference; one that is a number is that of a child."""
    number = row.reference if is_number(row.reference) else ""
    return name_of(row.organisation, number, row.reference, pseudonym)
