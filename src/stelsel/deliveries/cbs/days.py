"""Which days a record covers, and the spell that it therefore is; one the reverse of the other.

A spell covers ``start <= day < end``. The protocol counts in three ways. Help without residence
runs from its first day up to and including its last. Help with residence is counted by its nights:
the first day is the one after the first night, the last day the one after the last night (protocol
v7, par. 1.2). A measure or order that ends on the last day of a period is no longer there at its
end (CBS, longread Jeugdbescherming en jeugdreclassering 2022 and 2023).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from stelsel.system.entries import form, station

DAY = timedelta(days=1)


@cache
def shifts(name: str) -> tuple[timedelta, timedelta]:
    """Give what is taken from the first day of a record, and added to its last, for a spell.

    Parameters
    ----------
    name
        Id of the station.

    Examples
    --------
    >>> [tuple(shift.days for shift in shifts(name))
    ...  for name in ("care-ambulatory", "care-residential", "measure-supervision")]
    [(0, 1), (1, 0), (0, 0)]
    """
    place = station(name)
    if not place.form:
        return 0 * DAY, 0 * DAY
    return (DAY, 0 * DAY) if form(place.form).with_stay else (0 * DAY, DAY)


def spell_days(name: str, first: date, last: date | None) -> tuple[date, date | None]:
    """Give start and end of the spell of a record at a station.

    Examples
    --------
    >>> start, end = spell_days("care-residential", date(2024, 1, 11), date(2024, 3, 5))
    >>> start.isoformat(), end.isoformat()   # the nights after 10 January to 4 March
    ('2024-01-10', '2024-03-05')
    """
    before, after = shifts(name)
    return first - before, None if last is None else last + after


def record_days(name: str, start: date, end: date | None) -> tuple[date, date | None]:
    """Give the first and last day of the record of a spell at a station.

    Examples
    --------
    >>> first, last = record_days("care-ambulatory", date(2024, 1, 10), date(2024, 3, 5))
    >>> first.isoformat(), last.isoformat()
    ('2024-01-10', '2024-03-04')
    """
    before, after = shifts(name)
    return start + before, None if end is None else end - after
