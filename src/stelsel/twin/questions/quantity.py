"""What a question is about: a number of a run, and what it should be.

``wait[ambulatory] p80 <= 70 days`` names a measure, a service, a statistic and a limit. The number
is that of the last calendar year of a run (stocks: of its last day), or of a year that is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stelsel.errors import StelselError, did_you_mean
from stelsel.twin.runs.results import ALL, Summary, summary_names
from stelsel.twin.services import services

WAIT = {
    "mean": "wait_days",
    "median": "wait_p50",
    "p50": "wait_p50",
    "p80": "wait_p80",
    "p90": "wait_p90",
}
OPEN_WAIT = {"mean": "open_wait_days"}
"""Statistics of how long those who still wait have waited."""
PLAIN = ("waiting", "in_care", "inflow", "started", "ended", "withdrawn", "active", "cost")
"""Counted as they are, without a statistic."""
ASKED = ("wait", "open_wait", *PLAIN)
FORM = re.compile(
    r"(?P<what>[a-z_]+)\[(?P<service>[a-z-]+)\]\s*(?P<statistic>mean|median|p\d+)?"
    r"(?:\s*(?P<how><=|>=)\s*(?P<limit>\d+(?:\.\d+)?)\s*(?P<unit>days|children|episodes|euro)?)?\s*"
)
EXAMPLE = "wait[ambulatory] p80 <= 70 days"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a run: a measure of a summary, of a service (or of all forms of care)."""

    text: str
    measure: str
    service: str

    def of(self, summary: Summary, year: int | None = None) -> float:
        """Give the number in a run: of its last year or day, or of a year of it.

        Raises
        ------
        StelselError
            When the run has no such year.
        """
        found = [
            (period.last, period.first, value)
            for (name, measure, period), value in zip(summary.rows, summary.values, strict=True)
            if measure == self.measure
            and name == _name(self.service)
            and (year is None or period.last.year == year)
        ]
        if not found:
            raise StelselError(
                f"The run has no year {year}.",
                where=self.text,
                remedy="Choose a year that is run, or run longer.",
                what_nl=f"De run heeft geen jaar {year}.",
                remedy_nl="Kies een jaar dat wordt doorgerekend, of reken langer door.",
            )
        last = max(end for end, _, _ in found)
        # The whole year, where a half-year ends on the same day.
        first = min(begin for end, begin, _ in found if end == last)
        return float(next(v for end, begin, v in found if (end, begin) == (last, first)))


@dataclass(frozen=True, slots=True)
class Target:
    """What a quantity should be: at most or at least a limit."""

    quantity: Quantity
    how: str
    limit: float

    def met(self, value: float) -> bool:
        """Tell whether a value is as it should be; of nobody it is not."""
        return value <= self.limit if self.how == "<=" else value >= self.limit


def quantity(text: str) -> Quantity:
    """Read what a question is about.

    Raises
    ------
    StelselError
        When it names no measure, service or statistic that there is.

    Examples
    --------
    >>> quantity("wait[ambulatory] p80").measure, quantity("waiting[all]").service
    ('wait_p80', 'all')
    """
    return _read(text)[0]


def target(text: str) -> Target:
    """Read what a quantity should be.

    Raises
    ------
    StelselError
        As :func:`quantity`, and when there is no limit.

    Examples
    --------
    >>> target("wait[ambulatory] p80 <= 70 days").limit
    70.0
    """
    asked, how, limit = _read(text)
    if not how:
        raise _odd(text)
    return Target(asked, how, limit)


def _read(text: str) -> tuple[Quantity, str, float]:
    match = FORM.fullmatch(text.strip())
    if match is None:
        raise _odd(text)
    what, service, statistic = match["what"], match["service"], match["statistic"]
    known = [*(one.slug for one in services()), ALL]
    for name, names in ((what, ASKED), (service, known)):
        if name not in names:
            raise StelselError(
                f"{name} is not known.",
                where=text,
                remedy=did_you_mean(name, names),
                what_nl=f"{name} is niet bekend.",
                remedy_nl=did_you_mean(name, names, "nl"),
            )
    statistics = {"wait": WAIT, "open_wait": OPEN_WAIT}.get(what)
    if statistics is None:
        measure = what if statistic is None else None
    else:
        measure = statistics.get(statistic or "mean")
    if measure is None:
        these = ", ".join(statistics or ("none",))
        raise StelselError(
            f"{what} has no {statistic}.",
            where=text,
            remedy=f"It has: {these}.",
            what_nl=f"{what} heeft geen {statistic}.",
            remedy_nl=f"Wel: {these}.",
        )
    label = f"{what}[{service}]" + (f" {statistic}" if statistic else "")
    return Quantity(label, measure, service), match["how"] or "", float(match["limit"] or 0)


def _odd(text: str) -> StelselError:
    return StelselError(
        "Is no quantity with a limit that can be read.",
        where=text,
        remedy=f"Write it as {EXAMPLE}.",
        what_nl="Is geen leesbare grootheid met een grens.",
        remedy_nl=f"Schrijf het als {EXAMPLE}.",
    )


def _name(service: str) -> str:
    """Give the name that a summary has for a service."""
    place = {one.slug: n for n, one in enumerate(services())}
    return ALL if service == ALL else summary_names()[place[service]]
