"""Judge records: what is wrong or odd inside one record, and about the delivery as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from stelsel.deliveries.cbs.findings import Breach
from stelsel.deliveries.cbs.records import (
    NOT_BORN,
    UNBORN,
    Delivery,
    Measure,
    Probation,
    Protection,
    Record,
    YouthCare,
)
from stelsel.deliveries.cbs.tables import codes, fields
from stelsel.deliveries.periods import Period
from stelsel.system.municipalities import exists

ADULT = 23
"""Youth help ends at the latest when a youth turns 23 (Jeugdwet art. 1.1)."""
LOCAL_TEAM, NO_REFERRER = "01", "06"


def in_period(record: Record, period: Period) -> bool:
    """Tell whether a record belongs in the file of a period: it started, ended or ran in it.

    A measure runs from the day of its receipt until that of its transfer, where there are such.

    Examples
    --------
    >>> in_period(Record(start=date(2023, 1, 1), end=date(2024, 1, 1)), Period.of("2024-H1"))
    True
    """
    return _runs(record.first, record.last, period)


def _runs(first: date | None, last: date | None, period: Period) -> bool:
    if first is None or first > period.last:
        return False
    return last is None or last >= period.first


def judged(delivery: Delivery, records: Sequence[tuple[int, Record]]) -> Iterator[Breach]:
    """Yield what is wrong or odd about a delivery and inside each of its records.

    Parameters
    ----------
    delivery
        What its heading tells.
    records
        Lines and records.

    Examples
    --------
    >>> delivery = Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
    >>> [breach.rule for breach in judged(delivery, [(3, Record(start=date(2024, 7, 1)))])]
    ['cbs.not-in-period']
    """
    yield from _when(delivery)
    names = {name: field.cbs for name, field in fields(delivery.sort).items()}
    for line, record in records:
        for rule, field, details in _record(record, delivery.period):
            yield Breach(rule, line, names.get(field, ""), details)


def _when(delivery: Delivery) -> Iterator[Breach]:
    period, day = delivery.period, delivery.day
    if day <= period.last:
        yield Breach("cbs.early", 1, "", {"last": period.last.isoformat()})
    elif not period.processed_on(day):
        yield Breach("cbs.too-old", 1)
    elif day > period.deadline:
        yield Breach("cbs.late", 1, "", {"deadline": period.deadline.isoformat()})


Judged = Iterator[tuple[str, str, dict[str, str]]]
"""Rule, our name of the field, and what the text of the rule needs."""


def _record(record: Record, period: Period) -> Judged:
    if record.start and record.end and record.end < record.start:
        yield "cbs.end-before-start", "end", {}
    elif isinstance(record, Measure) and record.first is None:
        yield "cbs.missing", "start", {}
    # Who goes on telling a measure that went to another institution does no harm.
    elif not _runs(record.first, record.end, period):
        yield "cbs.not-in-period", "start", {}
    yield from _child(record, period)
    if isinstance(record, YouthCare):
        if record.form == LOCAL_TEAM and record.referrer != NO_REFERRER:
            yield "cbs.local-team", "referrer", {}
        yield from _reason(record.reason, record.end, "reason")
        yield from _answers(record)
    if isinstance(record, Protection):
        yield from _reason(record.reason, record.end, "reason")
        if record.reason and record.measure not in (
            codes()["measure-reason"][record.reason].goes_with
        ):
            yield "cbs.reason-other", "reason", {"measure": record.measure or ""}
    if isinstance(record, Probation):
        ended = record.reason or record.risk or record.onward
        yield from _reason(ended, record.end, "reason" if record.reason else "risk")
    if isinstance(record, Measure):
        yield from _transfer(record)


def _child(record: Record, period: Period) -> Judged:
    told = record.number is not None and record.birth is not None
    if told and (record.number == UNBORN) != (record.birth == NOT_BORN):
        yield "cbs.unborn", "birth", {}
    if record.first and record.birth and record.birth != NOT_BORN:
        if record.birth > record.first.isoformat()[: len(record.birth)]:
            yield "cbs.born-later", "birth", {}
        elif _years(record.birth, record.first) >= ADULT:
            yield "cbs.age", "birth", {"limit": str(ADULT)}
    if record.place and len(record.place) == 4 and not exists(record.place, period.last):
        yield "cbs.municipality", "place", {}


def _years(birth: str, on: date) -> int:
    """Give the age on a day; where the day of birth is not known, the least it can be."""
    year, month, day = (*map(int, birth.split("-")), 99, 99)[:3]
    return on.year - year - ((on.month, on.day) < (month, day))


def _reason(reason: str | None, end: date | None, field: str) -> Judged:
    if reason and end is None:
        yield "cbs.reason-without-end", field, {}
    if end and not reason:
        yield "cbs.reason-missing", field, {}


def _answers(record: YouthCare) -> Judged:
    first = record.satisfaction or record.further_help
    second = record.satisfaction_2 or record.further_help_2
    if bool(first) != bool(record.informant):
        yield "cbs.answers-half", "informant", {}
    if bool(second) != bool(record.informant_2):
        yield "cbs.answers-half", "informant_2", {}
    if record.informant and record.informant == record.informant_2:
        yield "cbs.answers-same", "informant_2", {}
    if (first or second) and record.end is None:
        yield "cbs.answers-early", "satisfaction", {}


def _transfer(record: Measure) -> Judged:
    for field in ("received", "transferred"):
        day = getattr(record, field)
        if day and not (
            (record.start is None or record.start <= day)
            and (record.end is None or day <= record.end)
        ):
            yield "cbs.transfer", field, {}
            return
    if record.received and record.transferred and record.transferred < record.received:
        yield "cbs.transfer", "transferred", {}
