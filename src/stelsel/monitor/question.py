"""What is asked: by what to group, and over which periods."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.monitor.fields import BY


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; ``month`` is empty where it is not a month."""

    first: date
    last: date
    month: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A checked question to the monitor.

    Parameters
    ----------
    as_of
        The day of looking.
    by
        Names out of :data:`stelsel.monitor.BY`, in the order of the columns.
    periods
        One period, or one a month when grouped by month.
    """

    as_of: date
    by: tuple[str, ...]
    periods: tuple[Period, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of spells to group by: ``by`` without the month."""
        return tuple(name for name in self.by if name != "month")


def question(as_of: date, by: Sequence[str], days: int, extra: Sequence[str] = ()) -> Question:
    """Check what is asked.

    Parameters
    ----------
    as_of
        The day of looking, last day of the period.
    by
        What to group by; none for the total.
    days
        Length of the period in days, ``as_of`` included. By month: every month that has a day in
        it counts, whole, save that the last ends on ``as_of``.
    extra
        What else may be grouped by than :data:`stelsel.monitor.BY`.

    Raises
    ------
    StelselError
        With every unknown or doubled name, and when ``days`` is under 1 or leads to a day before
        the year 1.

    Examples
    --------
    >>> question(date(2026, 12, 31), [], 365).periods
    (Period(first=datetime.date(2026, 1, 1), last=datetime.date(2026, 12, 31), month=''),)
    >>> [period.month for period in question(date(2026, 3, 15), ["month"], 30).periods]
    ['2026-02', '2026-03']
    """
    faults = [
        Fault(
            f"There is no grouping by {name}.",
            "by",
            remedy=did_you_mean(name, (*BY, *extra)),
            what_nl=f"Groeperen naar {name} bestaat niet.",
            remedy_nl=did_you_mean(name, (*BY, *extra), "nl"),
        )
        for name in by
        if name not in (*BY, *extra)
    ]
    faults += [
        Fault(
            f"Grouping by {name} is asked more than once.",
            "by",
            remedy="Name it once.",
            what_nl=f"Groeperen naar {name} is meer dan eens gevraagd.",
            remedy_nl="Noem het één keer.",
        )
        for name in dict.fromkeys(by)
        if list(by).count(name) > 1
    ]
    if not 1 <= days <= as_of.toordinal():
        faults.append(
            Fault(
                f"A period of {days} days that ends on {as_of} does not exist.",
                "days",
                remedy="Give 1 or more, such as 365.",
                what_nl=f"Een periode van {days} dagen die eindigt op {as_of} bestaat niet.",
                remedy_nl="Geef 1 of meer, zoals 365.",
            )
        )
    if faults:
        raise StelselError(faults)
    first = as_of - timedelta(days=days - 1)
    periods = months(first, as_of) if "month" in by else (Period(first, as_of),)
    return Question(as_of, tuple(by), periods)


def months(first: date, last: date) -> tuple[Period, ...]:
    """Give the months from the one that holds ``first``; the last one ends on ``last``.

    Examples
    --------
    >>> [str(period.last) for period in months(date(2024, 1, 20), date(2024, 3, 5))]
    ['2024-01-31', '2024-02-29', '2024-03-05']
    """
    found = []
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month + 1):
        year, month = (number - 1) // 12, (number - 1) % 12 + 1
        begin, end = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        found.append(Period(begin, min(end, last), begin.isoformat()[:7]))
    return tuple(found)
