"""The rules by which records of youth care are one record (protocol v7, par. 3.3).

1. The key of a record is number, start and form; where the number is not known or the child not
   born: sex, birth, place, start and form.
2. Records with the same key are one record, except those of twins.
3. Records of the same number and form that overlap in time are one record: from the earliest
   start, and with an end only when the last one has ended.
4. So of the same number and form a next record is only right if it starts after the end of the
   one before.
5. Help without stay by the same provider during a stay is part of the record of the stay.
6. Another place makes no new record; another form does.

A file comes from one provider, so all its records are of the same one. Of what is merged, the
person and the place are told by the record that starts last, referrer, perspective and crisis by
the one that starts first, and reason and answers by the one that ends last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from stelsel.deliveries.cbs.findings import Breach
from stelsel.deliveries.cbs.records import YouthCare
from stelsel.system.entries import forms

Key = tuple[str | None, ...]
"""What rule 1 names a record by."""
Row = tuple[int, YouthCare]
"""Line in the file and record."""
_LATEST = ("birth", "sex", "place")
_EARLIEST = ("referrer", "perspective", "crisis")
_LAST = (
    "reason",
    *("satisfaction", "further_help", "informant"),
    *("satisfaction_2", "further_help_2", "informant_2"),
)
_RULES = ("cbs.doubled", "cbs.overlap", "cbs.module")


@dataclass(frozen=True, slots=True)
class Merge:
    """One merging: why, and of which lines the record was put into which.

    Parameters
    ----------
    rule
        ``cbs.doubled`` (rule 2), ``cbs.overlap`` (rule 3) or ``cbs.module`` (rule 5).
    line
        Line of the record that is no longer there by itself.
    into
        Line of the record that it is part of now.
    """

    rule: str
    line: int
    into: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging gives: lines and records, and what was merged and why, in order of lines."""

    records: tuple[Row, ...]
    merges: tuple[Merge, ...]


def key_of(record: YouthCare) -> Key:
    """Give the key of a record (rule 1).

    Examples
    --------
    >>> key_of(YouthCare(number="999900006", start=date(2024, 1, 1), form="02"))
    ('999900006', '2024-01-01', '02')
    """
    start = record.start.isoformat() if record.start else None
    return (*_person(record), start, record.form)


def _person(record: YouthCare) -> Key:
    if record.known_number:
        return (record.number,)
    return (record.sex, record.birth, record.place)


def merge(records: Iterable[Row], twins: Collection[Key] = ()) -> Merged:
    """Put records together that are one by the rules.

    Merging what was merged changes nothing, and the order of the records does not matter.

    Parameters
    ----------
    records
        Lines and records of one file, each right in itself.
    twins
        Keys of records without a number that are of more than one child.

    Returns
    -------
    Merged
        The records in the order of child, form and start, each with the first of its lines.

    Examples
    --------
    >>> spring = YouthCare(number="999900006", form="02", start=date(2024, 1, 1))
    >>> merged = merge([(3, spring), (4, replace(spring, start=date(2024, 3, 1)))])
    >>> [line for line, _ in merged.records], merged.merges
    ([3], (Merge(rule='cbs.overlap', line=4, into=3),))
    """
    merges: list[Merge] = []
    kept: list[Row] = []
    in_order = sorted(records, key=lambda row: (_order(row[1]), row[0]))
    for _, group in groupby(in_order, key=lambda row: _same_help(row[1])):
        kept += _without_overlap(list(group), twins, merges)
    whole = _without_modules(kept, merges)
    return Merged(tuple(whole), tuple(sorted(merges, key=lambda one: (one.line, one.into))))


def _same_help(record: YouthCare) -> tuple[Any, ...]:
    """Give what must be equal for records to be one; an unknown child's start too (rule 1)."""
    start = None if record.known_number else record.start
    return (record.known_number, *_person(record), record.form, start)


def _order(record: YouthCare) -> tuple[str, ...]:
    """Order by child, form and start; then by all that a record says, so that none is by chance."""
    first = (*map(str, _same_help(record)), str(record.start), str(record.end or date.max))
    return (*first, *(str(getattr(record, field.name)) for field in fields(record)))


def _without_overlap(group: list[Row], twins: Collection[Key], merges: list[Merge]) -> list[Row]:
    """Merge what has the same key or overlaps, of one child and form in order of start."""
    kept: list[Row] = []
    for line, record in group:
        if not kept or (not record.known_number and key_of(record) in twins):
            kept.append((line, record))
            continue
        into, before = kept[-1]
        if not _overlap(before, record):
            kept.append((line, record))
            continue
        rule = "cbs.doubled" if record.start == before.start else "cbs.overlap"
        first, other = min(into, line), max(into, line)
        merges.append(Merge(rule, other, first))
        kept[-1] = first, _together(before, record)
    return kept


def _overlap(before: YouthCare, after: YouthCare) -> bool:
    """Rules 2 to 4: a record that does not start after the end of the one before."""
    return before.end is None or (after.start is not None and after.start <= before.end)


def _together(first: YouthCare, later: YouthCare) -> YouthCare:
    """Make one record of two, of which the second starts last, or as the first."""
    # An open end is the last of all; of two equal ends the later record tells.
    last = first if _end(first) > _end(later) else later
    taken = {name: getattr(later, name) for name in _LATEST}
    taken |= {name: getattr(first, name) for name in _EARLIEST}
    taken |= {name: getattr(last, name) for name in (*_LAST, "end")}
    return replace(first, **taken)


def _end(record: YouthCare) -> date:
    return record.end or date.max


def _without_modules(rows: list[Row], merges: list[Merge]) -> list[Row]:
    """Rule 5: leave out help without stay that lies within a stay of the same child."""
    with_stay = {form.code for form in forms() if form.with_stay}
    stays: dict[str, list[Row]] = {}
    for line, record in rows:
        if record.known_number and record.form in with_stay:
            stays.setdefault(str(record.number), []).append((line, record))
    kept = []
    for line, record in rows:
        around = [
            stay
            for stay, other in stays.get(str(record.number), ())
            if record.form not in with_stay and _within(record, other)
        ]
        if around:
            merges.append(Merge("cbs.module", line, min(around)))
        else:
            kept.append((line, record))
    return kept


def _within(record: YouthCare, stay: YouthCare) -> bool:
    if record.start is None or stay.start is None:
        return False
    return stay.start <= record.start and _end(record) <= _end(stay)


def told(merged: Merged) -> list[Breach]:
    """Tell what was merged, and where a next record looks like one of a child that only moved."""
    breaches = [Breach(one.rule, one.line, "", {"rows": str(one.into)}) for one in merged.merges]
    before: Row | None = None
    for line, record in merged.records:
        if before is not None and _moved(before[1], record):
            breaches.append(Breach("cbs.moved", line, "", {"rows": str(before[0])}))
        before = line, record
    return breaches


def _moved(before: YouthCare, after: YouthCare) -> bool:
    return (
        after.known_number
        and _same_help(before) == _same_help(after)
        and before.place != after.place
        and before.end is not None
        and after.start == before.end + timedelta(days=1)
    )


def youth_care(records: Sequence[tuple[int, Any]]) -> list[Row]:
    """Give the records of youth care among records; the rules are about no others."""
    return [(line, record) for line, record in records if isinstance(record, YouthCare)]
