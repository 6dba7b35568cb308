"""A statement of a provider: what it tells the health authority about a quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stelsel.deliveries.periods import Period
from stelsel.deliveries.statements.items import item_of, order
from stelsel.deliveries.statements.periods import period
from stelsel.errors import Fault, StelselError, did_you_mean

Value = Decimal | str | None
"""A number, a text (also a day and ``yes`` or ``no``), or None where it is still open."""

FROM_REGISTER = "register"
"""Where a value comes from that the register told."""
FROM_PROVIDER = "provider"
"""Where a value comes from that the provider filled in."""
STILL_OPEN = "open"
"""Where a value will come from that nobody has told yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a statement.

    Parameters
    ----------
    item
        What it tells: an ``id`` of :func:`stelsel.deliveries.statements.items`.
    form
        Care form that it is about, or None.
    measure
        Type of measure that it is about, or None.
    region
        Youth region that it is about, or None.
    value
        What is told; None while it is open.
    unit
        Unit of the value, empty where it has none.
    source
        ``register``, ``provider`` or ``open``.
    """

    item: str
    form: str | None = None
    measure: str | None = None
    region: str | None = None
    value: Value = None
    unit: str = ""
    source: str = STILL_OPEN

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What no two lines of a statement share; of an item that is a list also its value."""
        item = item_of(self.item)
        listed = item is not None and item.what == "list" and self.value is not None
        tail = str(self.value) if listed else self.unit
        return (self.item, self.form or "", self.measure or "", self.region or "", tail)

    @property
    def place(self) -> tuple[int, str, str, str, str]:
        """Where it stands in a statement."""
        return (order()[self.item], *self.key[1:])


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider tells about a quarter, or about the budget of a year.

    Parameters
    ----------
    provider
        AGB code, eight digits.
    period
        ``2024-Q3`` or ``2024``.
    lines
        Its values, in the order of the items; given in any order.

    Raises
    ------
    StelselError
        When a line tells an item that does not exist.

    Examples
    --------
    >>> told = Statement("00000001", "2024-Q3", (
    ...     Line("dated", value="2024-10-15", source="provider"), Line("result", unit="eur")))
    >>> told.dated, [line.item for line in told.open]
    (datetime.date(2024, 10, 15), ['result'])
    """

    provider: str
    period: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        unknown = sorted({line.item for line in self.lines} - set(order()))
        if unknown:
            raise StelselError(
                Fault(
                    f"There is no item {name}.",
                    f"{self.provider}, {self.period}",
                    remedy=did_you_mean(name, order()),
                    what_nl=f"Er is geen onderdeel {name}.",
                    remedy_nl=did_you_mean(name, order(), "nl"),
                )
                for name in unknown
            )
        object.__setattr__(self, "lines", tuple(sorted(self.lines, key=lambda one: one.place)))

    @property
    def days(self) -> Period:
        """The quarter or year that it is about."""
        return period(self.period)

    @property
    def dated(self) -> date | None:
        """The day on which it was made, so became known; None while that is open."""
        value = self.value("dated")
        return date.fromisoformat(value) if isinstance(value, str) else None

    @property
    def open(self) -> tuple[Line, ...]:
        """The lines that nobody has filled in yet."""
        return tuple(line for line in self.lines if line.value is None)

    def value(
        self,
        item: str,
        form: str | None = None,
        measure: str | None = None,
        region: str | None = None,
    ) -> Value:
        """Give the value of an item; None where it is open or not there."""
        wanted = (item, form, measure, region)
        for line in self.lines:
            if (line.item, line.form, line.measure, line.region) == wanted:
                return line.value
        return None
