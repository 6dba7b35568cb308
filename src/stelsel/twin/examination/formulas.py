"""Answers that are known without a simulation: queues, lists and renewals."""

from __future__ import annotations

import math

WAITS_PER_TARGET = 4.0
"""Target wait over mean wait: with four, 1.8 % wait longer (Fong and others 2022)."""


def erlang_c(servers: int, load: float, mean: float) -> float:
    """Mean wait of M/M/c (Erlang 1917).

    Parameters
    ----------
    servers
        Places.
    load
        Work offered per place, below 1.
    mean
        Mean length of a stay; the wait has the same unit.

    Examples
    --------
    >>> round(erlang_c(1, 0.5, 10.0), 6), round(erlang_c(50, 0.9, 1.0), 5)
    (10.0, 0.07277)
    """
    offered = servers * load
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    waits = blocked / (1 - load * (1 - blocked))
    return waits * mean / (servers - offered)


def pollaczek_khinchine(load: float, mean: float, squared_variation: float) -> float:
    """Mean wait of M/G/1 (Pollaczek 1930, Khinchine 1932).

    Examples
    --------
    >>> pollaczek_khinchine(0.5, 10.0, 1.0) == erlang_c(1, 0.5, 10.0)
    True
    """
    return load / (1 - load) * (1 + squared_variation) / 2 * mean


def allen_cunneen(servers: int, load: float, mean: float, squared_variation: float) -> float:
    """Mean wait of M/G/c, near to it: Erlang C scaled by the variation (Allen and Cunneen 1978).

    Examples
    --------
    >>> allen_cunneen(5, 0.9, 10.0, 1.0) == erlang_c(5, 0.9, 10.0)
    True
    """
    return erlang_c(servers, load, mean) * (1 + squared_variation) / 2


def target_list(demand: float, target: float) -> float:
    """Length of a list on which nearly all are served within the target (Fong and others 2022).

    Parameters
    ----------
    demand
        Arrivals per week.
    target
        Weeks within which to be served.

    Examples
    --------
    >>> target_list(30, 52)
    390.0
    """
    return demand * target / WAITS_PER_TARGET


def relief_capacity(demand: float, waiting: float, target: float, weeks: float) -> float:
    """Capacity per week that brings a list to its target in so many weeks (the same source).

    Examples
    --------
    >>> round(relief_capacity(30, 1200, 52, 26), 2)
    61.15
    """
    return demand + (waiting - target_list(demand, target)) / weeks


def renewals_ended(share: float, terms: int) -> float:
    """Share that ends at an anniversary when each term is renewed with a constant share.

    Examples
    --------
    >>> renewals_ended(0.5, 1), renewals_ended(0.5, 2)
    (0.5, 0.25)
    """
    return (1 - share) * share ** (terms - 1)


def standard_errors(found: float, expected: float, error: float) -> float:
    """How many standard errors two numbers lie apart; none when they are equal.

    Examples
    --------
    >>> standard_errors(12.0, 10.0, 0.5)
    4.0
    """
    if found == expected:
        return 0.0
    return (found - expected) / error if error else math.inf
