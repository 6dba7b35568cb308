"""Records of the four sorts, in plain English, and the delivery that they are part of.

A record holds what the file says of one child, its number included: records never leave this
package but for a file or, without what names a child, for events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from stelsel.deliveries.periods import Period

UNKNOWN = "999999999"
"""Number of a child whose number is not known."""
UNBORN = "000000000"
"""Number of a child that is not yet born (since data year 2016)."""
NOT_BORN = "unborn"
"""Birth of a child that is not yet born."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as a whole: what its heading tells.

    Parameters
    ----------
    sort
        Id of the sort of file, such as ``cbs-youth-care``.
    deliverer
        AGB code, eight digits.
    period
        What it is about.
    day, at
        Day and time at which it was delivered; midnight where no time is told.

    Examples
    --------
    >>> Delivery("cbs-placement", "00000001", Period.of("2024-H1"), date(2024, 7, 9)).moment
    datetime.datetime(2024, 7, 9, 0, 0)
    """

    sort: str
    deliverer: str
    period: Period
    day: date
    at: time = time.min

    @property
    def moment(self) -> datetime:
        """When it was delivered: of several deliveries of one period the last holds."""
        return datetime.combine(self.day, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all sorts have.

    Parameters
    ----------
    number
        Citizen service number, :data:`UNKNOWN` or :data:`UNBORN`; in a pseudonymised layout the
        pseudonym.
    birth
        Day of birth as far as it is known: ``2010-05-17``, ``2010-05`` or ``2010``;
        :data:`NOT_BORN`; None if it is not told.
    sex
        ``V``, ``M`` or ``O`` (not known).
    place
        Postcode of the address that makes the municipality responsible, or its code.
    start, end
        First and last day; None while it goes on.

    A field that a file leaves out is None.
    """

    number: str | None = None
    birth: str | None = None
    sex: str | None = None
    place: str | None = None
    start: date | None = None
    end: date | None = None

    @property
    def known_number(self) -> bool:
        """Whether the number tells which child it is."""
        return self.number not in {None, UNKNOWN, UNBORN}

    @property
    def first(self) -> date | None:
        """First day at this deliverer."""
        return self.start

    @property
    def last(self) -> date | None:
        """Last day at this deliverer; None while it goes on."""
        return self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthCare(Record):
    """A trajectory: one care form from a day until a day.

    ``start`` is the day on which the help really begins, with residence the day after the first
    night; ``end`` with residence the day after the last night. The two sets of answers are those
    of two informants.
    """

    referrer: str | None = None
    form: str | None = None
    perspective: str | None = None
    crisis: str | None = None
    reason: str | None = None
    satisfaction: int | None = None
    further_help: str | None = None
    informant: str | None = None
    satisfaction_2: int | None = None
    further_help_2: str | None = None
    informant_2: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Record):
    """A measure, which may go from one institution to another without ending.

    ``start`` is the day of the court's decision, which the first institution tells; ``end`` is told
    by the last. ``received`` is the first day at this institution and ``transferred`` the last,
    where the measure came from another one or went to another one. A transfer before the receipt
    is of an earlier stay here and no longer counts.

    Examples
    --------
    >>> went = Measure(start=date(2024, 1, 8), transferred=date(2024, 3, 31))
    >>> came = Measure(received=date(2024, 4, 1))
    >>> went.last.isoformat(), came.first.isoformat(), came.last
    ('2024-03-31', '2024-04-01', None)
    """

    transferred: date | None = None
    received: date | None = None
    first_contact: date | None = None

    @property
    def first(self) -> date | None:
        """First day at this institution."""
        return self.received or self.start

    @property
    def last(self) -> date | None:
        """Last day at this institution; None while it goes on there."""
        went, first = self.transferred, self.first
        if went is None or (first is not None and went < first):
            return self.end
        return went if self.end is None else min(went, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection(Measure):
    """A measure of youth protection."""

    measure: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement(Record):
    """An order by which a child may be placed out of home."""

    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probation(Measure):
    """A measure of youth probation.

    Until 2020 it ended with a ``reason``; since 2021 with the ``risk`` beside that at the start
    and with whether the child was sent ``onward`` to care.
    """

    probation: str | None = None
    intervention: str | None = None
    reason: str | None = None
    risk: str | None = None
    onward: str | None = None


CLASSES: dict[str, type[Record]] = {
    "cbs-youth-care": YouthCare,
    "cbs-protection": Protection,
    "cbs-placement": Placement,
    "cbs-probation": Probation,
}
"""The class of the records of each sort."""
