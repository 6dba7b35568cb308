"""What ``stelsel fit`` found: values that replace those in closed form, and how sure they are.

A lever is as unsure as the figures that moved it, and as chance in the runs it was fitted on. Each
replication draws it from its range (``fitted[...]``, one by assumption). How many come and how fast
stays end are drawn together: with one and not the other a list would run away or run dry, which no
figure allows.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from stelsel.system.known import FIT_UNTIL, KNOWN_UNTIL
from stelsel.tables import packaged, read_table
from stelsel.twin.plans.plan import SHARE, Parameter

COLUMNS = ("name", "since", "factor", "uncertainty")
Changes = tuple[tuple[date | None, float], ...]
TOGETHER = ("pace", "demand")
"""Levers of a service that are drawn together."""
FOLLOWING = ("capacity", "duration", "duration.band")
"""Levers that follow from others: places from what comes, lengths from the pace."""
WIDTH = math.sqrt(6)
"""Half the base of a triangle, in standard deviations."""
MOST = 0.3
"""No lever is taken to be more unsure: what hardly anything is known of stays within bounds."""
SETTING = "STELSEL_FITTED"
"""Setting that names another file of factors: that of a hindcast."""


def fitted_file() -> Traversable | None:
    """Give the file with the factors: the packaged one, or that of a hindcast.

    A hindcast without one has no factors: those of the package know later years.
    """
    if other := os.environ.get(SETTING):
        return Path(other)
    return packaged("stelsel.twin", "fitted.csv") if KNOWN_UNTIL == FIT_UNTIL else None


def factors() -> dict[str, Changes]:
    """Give the fitted factors by parameter: dated, or one for all days."""
    file = fitted_file()
    return _read(str(file))[0] if file else {}


def errors() -> dict[str, float]:
    """Give the standard error of the factors of each parameter, as a share; none where it is nil.

    Examples
    --------
    >>> 0 < errors()["pace[ambulatory]"] < 0.2
    True
    """
    file = fitted_file()
    return _read(str(file))[1] if file else {}


@cache
def _read(file: str) -> tuple[dict[str, Changes], dict[str, float]]:
    found: dict[str, Changes] = {}
    unsure: dict[str, float] = {}
    for row in read_table(Path(file), COLUMNS, key=("name", "since")):
        since = date.fromisoformat(row["since"]) if row["since"] else None
        found[row["name"]] = (*found.get(row["name"], ()), (since, float(row["factor"])))
        if float(row["uncertainty"]) > 0:
            unsure[row["name"]] = min(float(row["uncertainty"]), MOST)
    return found, unsure


def draw_of(name: str) -> str | None:
    """Name the draw that moves a fitted parameter; None for what follows from others.

    Examples
    --------
    >>> draw_of("pace[ambulatory]"), draw_of("demand[ambulatory]"), draw_of("access.solved")
    ('fitted[ambulatory]', 'fitted[ambulatory]', 'fitted[access.solved]')
    >>> draw_of("transfer[court>supervision]"), draw_of("capacity[triage]")
    ('fitted[transfer,court>supervision]', None)
    """
    kind, _, inside = name.rstrip("]").partition("[")
    if kind in FOLLOWING:
        return None
    parts = [inside] if kind in TOGETHER else [kind, inside]
    return f"fitted[{','.join(part for part in parts if part)}]"


def ranges() -> dict[str, Parameter]:
    """Give the draws: one by assumption, each with the range of what it moves.

    Examples
    --------
    >>> one = ranges()["fitted[ambulatory]"]
    >>> one.value, one.low < 1 < one.high
    (1.0, True)
    """
    made = {}
    for name, unsure in _drawn().items():
        made[name] = Parameter(
            name,
            1.0,
            "factor",
            "assumed",
            "One: as the fit found it. The range is the error of the figures that moved it and of "
            "chance in its runs (stelsel fit)",
            low=round(max(1 - WIDTH * unsure, 0.05), 4),
            high=round(1 + WIDTH * unsure, 4),
            source_nl="Eén: zoals de aanpassing het vond. Het bereik is de fout van de cijfers "
            "waar het op rust en van het toeval in de doorrekeningen (stelsel fit)",
        )
    return made


def _drawn() -> dict[str, float]:
    """Give the standard error of each draw: where it moves more, that of the pace."""
    file = fitted_file()
    return _draws_of(str(file)) if file else {}


@cache
def _draws_of(file: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, unsure in _read(file)[1].items():
        draw = draw_of(name)
        if draw and (draw not in found or name.startswith("pace[")):
            found[draw] = unsure
    return found


def fitted(
    parameters: Mapping[str, Parameter], given: Mapping[str, float] | None = None
) -> dict[str, Parameter]:
    """Give the parameters that the fit changed, changed.

    Parameters
    ----------
    parameters
        In closed form.
    given
        Values of the draws, where they are not one.
    """
    made = {}
    unsure, draws = errors(), _drawn()
    for name, changes in factors().items():
        if name in parameters:
            off = _off(name, given or {}, unsure, draws)
            made[name] = scaled(parameters[name], tuple((day, off * f) for day, f in changes))
    return made | shared({name: p for name, p in made.items() if name.startswith("referrer[")})


def _off(
    name: str, given: Mapping[str, float], unsure: Mapping[str, float], draws: Mapping[str, float]
) -> float:
    """Say what a draw does to a parameter: as much as the parameter is unsure against the draw."""
    draw = draw_of(name)
    if draw is None or name not in unsure or given.get(draw, 1.0) == 1.0:
        return 1.0
    return float(given[draw] ** (unsure[name] / draws[draw]))


def shared(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Give shares of one whole so that they add up to one again, at each of their anchors."""
    whole = sum(parameter.value for parameter in parameters.values())
    later: dict[date, float] = {}
    for parameter in parameters.values():
        for day, value in parameter.dated:
            later[day] = later.get(day, 0.0) + value
    return {
        name: replace(
            p,
            value=p.value / whole,
            dated=tuple((day, value / later[day]) for day, value in p.dated),
        )
        for name, p in parameters.items()
    }


def scaled(parameter: Parameter, changes: Changes) -> Parameter:
    """Multiply a parameter: each anchor by the last factor since before its day.

    Examples
    --------
    >>> beds = Parameter("beds", 10, "places", "derived", "example",
    ...                  since=date(2015, 1, 1), dated=((date(2016, 1, 1), 10.0),))
    >>> scaled(beds, ((date(2016, 1, 1), 1.5),)).dated[0][1]
    15.0
    """

    def factor(day: date | None) -> float:
        found = 1.0
        for since, value in changes:
            if since is None or (day is not None and since <= day):
                found = value
        return found

    most = 1.0 if parameter.unit == SHARE else float("inf")
    value = min(parameter.value * factor(parameter.since), most)
    low, high = parameter.low, parameter.high
    if low is not None and high is not None:  # what was assumed, drawn and then fitted may leave it
        low, high = min(low, value), max(high, value)
    return replace(
        parameter,
        value=value,
        low=low,
        high=high,
        dated=tuple((day, min(value * factor(day), most)) for day, value in parameter.dated),
    )
