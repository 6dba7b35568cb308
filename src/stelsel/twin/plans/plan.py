"""The plan: every number the twin runs on, dated, with unit, source and kind.

A parameter is *measured* (a published figure), *derived* (worked out from published figures in
closed form) or *assumed* (nobody publishes it; then it carries a range). A scenario adds steps to
parameters from a day on and changes nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Literal

import numpy as np
import numpy.typing as npt

from stelsel.errors import Fault, StelselError, did_you_mean

Kind = Literal["measured", "derived", "assumed"]
Numbers = npt.NDArray[np.float64]

SHARE = "share"
"""Unit of parameters that lie between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Step:
    """From ``since`` on, multiply by, add or set to ``number``.

    At once, or growing in a straight line until it is there in full on ``fully_by``.
    """

    since: date
    how: Literal["multiply", "add", "set"]
    number: float
    fully_by: date | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the plan, with everything a reader must know to doubt it.

    Parameters
    ----------
    name
        Such as ``capacity[ambulatory]``: what, and of which form.
    value
        The number, or the first of ``dated``.
    unit
        ``places``, ``days``, ``requests a year``, ``share`` (0 to 1), ``factor``.
    kind, source, source_nl
        Where it comes from; in Dutch too where that differs from what its family says
        (``data/parameters.csv``).
    low, high
        Range of an assumed number.
    dated
        Later anchors; between two anchors the value runs in a straight line, after the last it
        stays.
    since
        Day of ``value`` when there are later anchors.
    steps
        What scenarios do to it.
    """

    name: str
    value: float
    unit: str
    kind: Kind
    source: str
    low: float | None = None
    high: float | None = None
    source_nl: str = ""
    since: date | None = None
    dated: tuple[tuple[date, float], ...] = ()
    steps: tuple[Step, ...] = ()

    def series(self, first: date, days: int) -> Numbers:
        """Value on each of so many days from ``first``, steps applied, never impossible.

        A change that fits the plan may go over a limit where an assumption is drawn at random;
        it then stays at that limit: 0, and 1 for a share.

        Examples
        --------
        >>> beds = Parameter("beds", 10, "places", "assumed", "example", 8, 12)
        >>> more = replace(beds, steps=(Step(date(2022, 1, 2), "multiply", 1.5),))
        >>> more.series(date(2022, 1, 1), 3)
        array([10., 15., 15.])
        """
        start = first.toordinal()
        return self.on_days(np.arange(start, start + days))

    def on_days(self, on: npt.NDArray[np.int64]) -> Numbers:
        """Value on days, given as proleptic ordinals; as :meth:`series` otherwise.

        Examples
        --------
        >>> beds = Parameter("beds", 10, "places", "assumed", "example", 8, 12)
        >>> beds.on_days(np.array([date(2022, 1, 1).toordinal()]))
        array([10.])
        """
        # Thousands of times a run: numpy.clip takes longer than these.
        value = np.maximum(self._unlimited(on), 0.0)
        return np.minimum(value, 1.0) if self.unit == SHARE else value

    def unlimited(self, first: date, days: int) -> Numbers:
        """Value on each of so many days as the steps make it, possible or not."""
        start = first.toordinal()
        return self._unlimited(np.arange(start, start + days))

    def _unlimited(self, on: npt.NDArray[np.int64]) -> Numbers:
        if self.dated and self.since is not None:
            anchors = [(self.since, self.value), *self.dated]
            line = np.interp(on, [d.toordinal() for d, _ in anchors], [v for _, v in anchors])
        else:
            line = np.full(len(on), self.value)
        for step in self.steps:
            share = _share(step, on)
            if step.how == "multiply":
                line = line * (1 + (step.number - 1) * share)
            elif step.how == "add":
                line = line + step.number * share
            else:
                line = line + (step.number - line) * share
        return line.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Fall:
    """A provider that stops: from a day on it admits nobody, or its children must leave too.

    Parameters
    ----------
    region
        Youth region, such as ``JZ07``.
    service
        Slug of the service that it gives, such as ``residential``.
    provider
        Its number, 1 for the largest of the region.
    day
        From when.
    how
        ``stops-admitting``: who is there stays; ``falls``: who is there moves on or waits.

    Examples
    --------
    >>> Fall("JZ07", "residential", 1, date(2022, 3, 1), "falls").how
    'falls'
    """

    region: str
    service: str
    provider: int
    day: date
    how: Literal["stops-admitting", "falls"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked set of parameters by name, and the providers that fall.

    Examples
    --------
    >>> plan = Plan.of([Parameter("beds", 10, "places", "assumed", "example", 8, 12)])
    >>> plan.value("beds")
    10.0
    """

    parameters: Mapping[str, Parameter]
    falls: tuple[Fall, ...] = ()

    @classmethod
    def of(cls, parameters: Iterable[Parameter]) -> Plan:
        """Make a plan, checking every parameter.

        Raises
        ------
        StelselError
            With all faults: doubled names, impossible values, assumptions without a range,
            parameters without a source.
        """
        faults: list[Fault] = []
        named: dict[str, Parameter] = {}
        for parameter in parameters:
            if parameter.name in named:
                faults.append(
                    Fault("Is named twice.", parameter.name, what_nl="Staat er twee keer in.")
                )
            named[parameter.name] = parameter
            faults.extend(faults_of(parameter))
        if faults:
            raise StelselError(faults)
        return cls(named)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters.values())

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self.parameters[name]
        except KeyError:
            raise StelselError(
                f"The plan has no parameter {name}.",
                where="plan",
                remedy=nearest(name, self, "en"),
                what_nl=f"Het plan heeft geen parameter {name}.",
                remedy_nl=nearest(name, self, "nl"),
            ) from None

    def value(self, name: str) -> float:
        """Value of a parameter before any step."""
        return float(self[name].value)

    def family(self, name: str) -> dict[str, float]:
        """Values of all parameters ``name[...]`` by what stands between the brackets."""
        found = re.compile(rf"{re.escape(name)}\[(.+)\]")
        return {
            match.group(1): parameter.value
            for parameter in self
            if (match := found.fullmatch(parameter.name))
        }

    def before_changes(self) -> Plan:
        """Give this plan without the steps and falls of any scenario."""
        return Plan({n: replace(p, steps=()) if p.steps else p for n, p in self.parameters.items()})

    def assumed(self) -> list[Parameter]:
        """Give the assumed parameters, widest range (relative to the value) first."""

        def width(parameter: Parameter) -> float:
            low, high = parameter.low or 0.0, parameter.high or 0.0
            return (high - low) / abs(parameter.value or 1.0)

        chosen = [p for p in self if p.kind == "assumed"]
        return sorted(chosen, key=lambda p: (-width(p), p.name))

    def changed(self, changes: Iterable[tuple[str, Step]], falls: Iterable[Fall] = ()) -> Plan:
        """Give this plan with steps and falls added; nothing else changes."""
        parameters = dict(self.parameters)
        for name, step in changes:
            old = self[name] if name not in parameters else parameters[name]
            parameters[name] = replace(old, steps=(*old.steps, step))
        return Plan(parameters, (*self.falls, *falls))


def nearest(name: str, plan: Plan, lang: Literal["nl", "en"]) -> str:
    """Name the parameters nearest to a misspelt name, or where to see all of them.

    Examples
    --------
    >>> plan = Plan.of([Parameter("beds", 10, "places", "assumed", "example", 8, 12)])
    >>> nearest("bed", plan, "en"), nearest("doctors", plan, "nl")
    ('Did you mean beds?', 'Alle namen: stelsel plan show.')
    """
    if get_close_matches(name, plan.parameters, n=1, cutoff=0.6):
        return did_you_mean(name, plan.parameters, lang)
    return {"nl": "Alle namen: stelsel plan show.", "en": "All names: stelsel plan show."}[lang]


def _share(step: Step, on: npt.NDArray[np.int_]) -> Numbers:
    """How much of a step is there on each day, from none (0) to all (1)."""
    since = step.since.toordinal()
    if step.fully_by is None:
        return (on >= since).astype(np.float64)
    days = step.fully_by.toordinal() - since
    share: Numbers = np.clip((on - since) / days, 0.0, 1.0)
    return share


def faults_of(parameter: Parameter) -> Iterator[Fault]:
    """Say what is impossible about a parameter.

    Examples
    --------
    >>> [fault.what for fault in faults_of(Parameter("s", 1.2, "share", "derived", "example"))]
    ['Is a share above 1.']
    """
    numbers = [parameter.value, *(value for _, value in parameter.dated)]
    where = parameter.name
    if not parameter.source:
        yield Fault(
            "Has no source.",
            where,
            remedy="Name where the number comes from.",
            what_nl="Heeft geen bron.",
            remedy_nl="Noem waar het getal vandaan komt.",
        )
    if any(not np.isfinite(number) or number < 0 for number in numbers):
        yield Fault("Is negative or no number.", where, what_nl="Is negatief of geen getal.")
    if parameter.unit == SHARE and any(number > 1 for number in numbers):
        yield Fault("Is a share above 1.", where, what_nl="Is een aandeel boven 1.")
    if parameter.kind == "assumed":
        low, high = parameter.low, parameter.high
        if low is None or high is None or not low <= parameter.value <= high:
            yield Fault(
                "Is assumed but its range does not hold its value.",
                where,
                remedy="Give low <= value <= high.",
                what_nl="Is een aanname, maar haar bereik bevat haar waarde niet.",
                remedy_nl="Geef low <= value <= high.",
            )
