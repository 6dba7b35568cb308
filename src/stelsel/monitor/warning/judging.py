"""Which signals a provider gives, in which direction its numbers go, what comes together.

Nothing is added up to a score. A signal is there, is not there, or cannot be told; that is all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from stelsel.deliveries.statements import Period
from stelsel.monitor.warning.definitions import (
    Signal,
    Watch,
    combinations,
    settings,
    signals,
    watches,
)
from stelsel.monitor.warning.values import Numbers, Provider, watched
from stelsel.system.read import holds

State = Literal["yes", "no", "unknown"]
Direction = Literal["better", "worse", "up", "down", "same", "unknown"]


def state(signal: Signal, numbers: Numbers, last: Period) -> State:
    """Tell whether a signal is there in a quarter.

    Parameters
    ----------
    signal
        Any but that of a missing statement.
    numbers
        Its number by quarter.
    last
        The quarter.

    Returns
    -------
    State
        ``no`` as soon as one known number rules it out, ``unknown`` where a number lacks that
        could make or break it.

    Examples
    --------
    >>> loss, = (one for one in signals() if one.id == "loss-two-quarters")
    >>> second = Period.of("2024-Q2")
    >>> state(loss, {second.previous: -0.02, second: -0.01}, second)
    'yes'
    >>> state(loss, {second: -0.01}, second), state(loss, {second: 0.01}, second)
    ('unknown', 'no')
    """
    quarters = [last]
    while len(quarters) < max(signal.quarters + 1, 5):
        quarters.append(quarters[-1].previous)
    got = [numbers.get(quarter) for quarter in quarters]
    if signal.test == "yes":
        return _all([None if got[0] is None else got[0] > 0])
    if signal.test == "below":
        return _all([_under(one, signal.value) for one in got[: signal.quarters]])
    if signal.test == "turned":
        before = _under(got[1], signal.value)
        return _all([_under(got[0], signal.value), None if before is None else not before])
    if signal.test == "rising":
        steps = pairwise(got[: signal.quarters + 1])  # the latest first
        return _all([None if a is None or b is None else a > b for a, b in steps])
    now, then = got[0], got[4]
    if now is None or then is None or then <= 0:
        return "unknown"
    return _all([now / then - 1 < signal.value])


def _under(number: float | None, value: float) -> bool | None:
    return None if number is None else number < value


def _all(parts: list[bool | None]) -> State:
    if False in parts:
        return "no"
    return "unknown" if None in parts else "yes"


def missing(provider: Provider, on: date) -> list[Period]:
    """Give the quarters of the last year whose statement should be known and is not.

    A statement should be known some days after the quarter (see the settings), from the first
    quarter that the law asks it of.

    Examples
    --------
    >>> [str(one) for one in missing(Provider("00000001"), date(2026, 8, 1))]
    ['2026-Q1']
    """
    asked = [one.valid_from for one in signals(on) if one.test == "missing"]
    late = on - timedelta(days=int(settings()["statement-days"].value))
    found: list[Period] = []
    quarter = Period.ended_before(late, 4)
    while len(found) < 4 and asked and quarter.first >= (asked[0] or date.min):
        if (on - quarter.last).days > 365:
            break
        if quarter not in provider.items:
            found.insert(0, quarter)
        quarter = quarter.previous
    return found


def direction(watch: Watch, now: float | None, before: float | None) -> Direction:
    """Tell where a number went.

    Examples
    --------
    >>> share, = (one for one in watches() if one.id == "hired-share")
    >>> direction(share, 0.2, 0.1), direction(share, 0.1, 0.1), direction(share, 0.1, None)
    ('worse', 'same', 'unknown')
    """
    if now is None or before is None:
        return "unknown"
    if now == before:
        return "same"
    if watch.better == "none":
        return "up" if now > before else "down"
    return "better" if (now > before) == (watch.better == "higher") else "worse"


def judge(provider: Provider, on: date) -> dict[str, Any]:
    """Tell all that is watched of a provider on a day.

    Parameters
    ----------
    provider
        What it told.
    on
        The day of looking.

    Returns
    -------
    dict
        ``quarter`` (the last that was told of, or None), ``known`` (when), ``missing``,
        ``in_scope`` (whether its revenue of the last four quarters is that of the Early Warning
        System; None where that is not known or there is none), ``indicators``, ``signals`` and
        ``combinations``, each a list with id, names, what was found and the source.

    Examples
    --------
    >>> found = judge(Provider("00000001"), date(2024, 12, 31))
    >>> found["quarter"], {one["state"] for one in found["signals"]}
    (None, {'unknown'})
    """
    numbers = watched(provider)
    last = provider.last
    away = missing(provider, on)
    states: dict[str, State] = {}
    for one in signals(on):
        if one.test == "missing":
            states[one.id] = "yes" if away else "no"
        else:
            states[one.id] = state(one, numbers[one.indicator], last) if last else "unknown"
    return {
        "quarter": None if last is None else str(last),
        "known": None if last is None else provider.known.get(last),
        "missing": [str(quarter) for quarter in away],
        "in_scope": _in_scope(provider, last, on),
        "indicators": [_indicator(one, numbers[one.id], last) for one in watches()],
        "signals": [
            {
                "id": one.id,
                "indicator": one.indicator,
                "state": states[one.id],
                "kind": one.kind,
                "name_nl": one.name_nl,
                "name_en": one.name_en,
                "source": one.source,
            }
            for one in signals(on)
        ],
        "combinations": [
            {
                "id": one.id,
                "signals": list(one.signals),
                "state": _together([states.get(name, "unknown") for name in one.signals]),
                "kind": one.kind,
                "name_nl": one.name_nl,
                "name_en": one.name_en,
                "source": one.source,
            }
            for one in combinations(on)
        ],
    }


def without_numbers(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is found without the numbers of the company: directions and signals stay.

    The authority tells municipalities risk and development and never company-sensitive data
    (Regeling Jeugdwet art. 8h); who may see more asks for it.

    Examples
    --------
    >>> found = judge(Provider("00000001"), date(2024, 12, 31))
    >>> {one["values"] for one in without_numbers(found)["indicators"]}
    {None}
    """
    kept = [{**one, "values": None} for one in found["indicators"]]
    return {**found, "in_scope": None, "indicators": kept}


def _together(states: list[State]) -> State:
    return "no" if "no" in states else "unknown" if "unknown" in states else "yes"


def _indicator(watch: Watch, numbers: Numbers, last: Period | None) -> dict[str, Any]:
    quarters: list[Period] = []
    while last is not None and len(quarters) < int(settings()["quarters"].value):
        quarters.insert(0, quarters[0].previous if quarters else last)
    values = [numbers.get(quarter) for quarter in quarters]
    back = values[::-1] + [None] * 5
    return {
        "id": watch.id,
        "unit": watch.unit,
        "name_nl": watch.name_nl,
        "name_en": watch.name_en,
        "quarters": [str(quarter) for quarter in quarters],
        "values": values,
        "since_quarter": direction(watch, back[0], back[1]),
        "since_year": direction(watch, back[0], back[4]),
        "better": watch.better,
        "source": watch.source,
    }


def _in_scope(provider: Provider, last: Period | None, on: date) -> bool | None:
    scope = settings()["scope"]
    if last is None or not holds(scope.valid_from, scope.valid_to, on):
        return None
    revenue = 0.0
    quarter = last
    for _ in range(4):
        told = provider.items.get(quarter, {}).get("youth-act-revenue")
        if told is None:
            return None
        revenue += told
        quarter = quarter.previous
    return revenue > scope.value
