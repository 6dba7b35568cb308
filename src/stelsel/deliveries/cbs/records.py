"""Records of the four sorts, in plain English, and the delivery that they are part of.

A record holds what the file says of one child, its number included: records never leave this
package but for a file or, without what names a child, for events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stelsel.deliveries.cbs.periods import Period

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
    day
        Day on which it was delivered.
    """

    sort: str
    deliverer: str
    period: Period
    day: date


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
class Protection(Record):
    """A measure of youth protection.

    ``start`` is the day of the court's decision; ``transferred`` the last day at this institution
    and ``received`` the first, where the measure went over from one institution to another.
    """

    measure: str | None = None
    reason: str | None = None
    transferred: date | None = None
    received: date | None = None
    first_contact: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement(Record):
    """An order by which a child may be placed out of home."""

    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probation(Record):
    """A measure of youth probation.

    Until 2020 it ended with a ``reason``; since 2021 with the ``risk`` beside that at the start
    and with whether the child was sent ``onward`` to care.
    """

    probation: str | None = None
    intervention: str | None = None
    reason: str | None = None
    risk: str | None = None
    onward: str | None = None
    transferred: date | None = None
    received: date | None = None
    first_contact: date | None = None


CLASSES: dict[str, type[Record]] = {
    "cbs-youth-care": YouthCare,
    "cbs-protection": Protection,
    "cbs-placement": Placement,
    "cbs-probation": Probation,
}
"""The class of the records of each sort."""
