"""The arithmetic that managers of lists use: how long a list may be, and what would shorten it.

It starts from rows that may leave, rounded and with what is hidden left out, so it tells no more
than they do. A number that rests on a hidden one is not there.

Formulas: N. Fong and others, "Understanding waiting lists pressures", medRxiv (2022)
2022.08.23.22279117: the mean wait is a quarter of the target, so that few (1.8 %) wait longer.
The mean wait and what is expected for who joins today follow from J.D.C. Little, "A proof for the
queuing formula L = lambda W", Operations Research 9 (1961) 383-387. They hold for a list that
neither grows nor shrinks and is served in turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from stelsel.disclosure import PROTECTED
from stelsel.errors import Fault, StelselError
from stelsel.monitor.readers import passed

PER_TARGET = 4
"""Mean waits that fit in the target."""
TOO_LONG = 2
"""A list of more than so many target lists needs capacity to relieve it."""
FIELDS = (
    *("demand", "served", "load", "waiting", "target_list", "relief_capacity", "pressure"),
    "expected_days",
)
"""What each row has beside its group, in order; see :class:`Queue`."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A waiting list in numbers; None where a number is hidden or there is nothing to divide by.

    Parameters
    ----------
    demand, served
        Waits that begin, and that leave the list, a week.
    load
        Demand for each one that leaves: above 1 the list grows.
    waiting
        Who waits at the end of the period.
    target_list
        As many may wait if nearly all are to be helped within the target.
    relief_capacity
        Help a week that brings the list to its target in the weeks given; None where the list is
        no more than twice its target.
    pressure
        Twice the mean wait over the target: above 1 many wait longer than the target.
    expected_days
        How long who joins today waits, if the list is served in turn and as fast as it was.
    """

    demand: float | None
    served: float | None
    load: float | None
    waiting: int | None
    target_list: float | None
    relief_capacity: float | None
    pressure: float | None
    expected_days: float | None


def queue(
    inflow: int | None,
    outflow: int | None,
    waiting: int | None,
    *,
    days: int,
    target: float,
    within: float = 26,
) -> Queue:
    """Work out the arithmetic of one list.

    Parameters
    ----------
    inflow, outflow
        Waits that began and that left in the period.
    waiting
        Who waits at the end of it.
    days
        Length of the period.
    target
        Weeks within which nearly all are to be helped.
    within
        Weeks in which the list is to come to its target.

    Examples
    --------
    Thirty a week and a target of 52 weeks: 390 may wait. With 1,200 waiting it takes 61 a week for
    half a year.

    >>> list_ = queue(30 * 52, 30 * 52, 1200, days=364, target=52)
    >>> list_.target_list, round(list_.relief_capacity, 2), list_.load
    (390.0, 61.15, 1.0)
    >>> round(list_.expected_days)
    280
    """
    weeks = days / 7
    demand = None if inflow is None else inflow / weeks
    served = None if outflow is None else outflow / weeks
    target_list = None if demand is None else demand * target / PER_TARGET
    relief = pressure = None
    if demand is not None and target_list is not None and waiting is not None:
        if waiting > TOO_LONG * target_list:
            relief = demand + (waiting - target_list) / within
        if demand:
            pressure = 2 * waiting / demand / target
    return Queue(
        demand,
        served,
        demand / served if demand is not None and served else None,
        waiting,
        target_list,
        relief,
        pressure,
        7 * waiting / served if waiting is not None and served else None,
    )


def queues(rows: pa.Table, target_days: int, within: int = 26) -> list[dict[str, Any]]:
    """Work out the arithmetic of every list in a table of waits.

    Parameters
    ----------
    rows
        What :func:`stelsel.monitor.for_readers` makes of :func:`stelsel.monitor.waiting`.
    target_days
        Days within which nearly all are to be helped.
    within
        Weeks in which a list is to come to its target.

    Returns
    -------
    list of dict
        For each row its columns up to the first number, and the fields of :class:`Queue`.

    Raises
    ------
    StelselError
        When the rows have not been through disclosure control, or a length is under one.

    Examples
    --------
    >>> from datetime import date
    >>> from stelsel import spells
    >>> from stelsel.monitor import for_readers, waiting
    >>> rows = waiting(spells.SCHEMA.empty_table(), date(2026, 6, 30), by=[])
    >>> queues(for_readers(rows, known_on=None, made_up=True), 90)[0]["target_list"]
    0.0
    """
    passed(rows, "waiting")
    faults = [
        Fault(
            f"{number} is no length.",
            option,
            remedy="Give 1 or more.",
            what_nl=f"{number} is geen lengte.",
            remedy_nl="Geef 1 of meer.",
        )
        for option, number in (("--target", target_days), ("--within", within))
        if number < 1
    ]
    if faults:
        raise StelselError(faults)
    return [_of_row(row, target_days, within) for row in rows.to_pylist()]


def _of_row(row: Mapping[str, Any], target_days: int, within: int) -> dict[str, Any]:
    days = (row["period_end"] - row["period_start"]).days + 1
    shown = {
        name: None if name in row[PROTECTED] else row[name]
        for name in ("inflow", "outflow", "waiting")
    }
    told = queue(**shown, days=days, target=target_days / 7, within=within)
    keys = list(row)[: list(row).index("waiting")]
    return {
        **{name: row[name] for name in keys},
        **{name: getattr(told, name) for name in FIELDS},
        "made_up": row["made_up"],
        PROTECTED: [name for name in shown if name in row[PROTECTED]],
    }
