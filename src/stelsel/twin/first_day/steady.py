"""The steady state in which a run begins: how many have each service, wait for it, come and go."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from stelsel.twin.layout import DRAWN, REGULAR, TERMS, Floats, Network
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import services
from stelsel.twin.world.rules import YEAR, Values
from stelsel.twin.world.senders import asked, sent

AGE_STAY = 6.0 * YEAR
"""Days of a stay that only an age limit ends, where the plan tells no stock: own choice."""
ROUNDS = 60
"""Moves from service to service until the flows have settled."""


class Flow(NamedTuple):
    """One service in the country on the first day.

    ``stock`` have it, ``waiting`` wait for it, ``mean`` is the mean stay in days, ``classes`` are
    shares of classes and ``referrers`` of who sends (None where nobody does) among those who come,
    ``longest`` is how long the longest has waited.
    """

    stock: float
    waiting: float
    mean: float
    classes: Floats
    referrers: Floats | None
    longest: float


def flows(plan: Plan, net: Network, first: date) -> list[Flow]:
    """Work out the steady state of every service.

    Of services with places all places are taken. Of the others as many run as come in a mean
    stay, unless the plan tells their stock. Who comes follows from requests, moves and second
    services, in rounds until it settles.
    """
    value = Values(plan, first)
    every = services()
    mean = np.array([_mean(value, net, k) for k in range(len(every))])
    outside = np.array([value(f"demand[{s.slug}]") / YEAR * value.runs(s) for s in every])
    capped = np.array([value(f"capacity[{s.slug}]") * value.runs(s) for s in every])
    limited = np.array([s.capped for s in every])
    on = _onward(net)
    comes = outside.copy()
    for _ in range(ROUNDS):
        starts = np.where(limited, np.minimum(capped / np.maximum(mean, 1e-9), 1e9), comes)
        comes = outside + starts @ on
    found = []
    by_sender = sent(plan, first)[:, :-1] + 1e-9 * asked(plan, first)
    for k, service in enumerate(every):
        bound = _is_bound(net, k)
        stock = capped[k] if service.capped else comes[k] * mean[k]
        if not service.capped and f"stock[{service.slug}]" in plan.parameters:
            stock = value(f"stock[{service.slug}]") * value.runs(service)
        if bound or (service.slug == "triage" and net.triage < 0):
            stock = 0.0
        found.append(_flow(value, net, k, float(stock), float(mean[k]), bound, by_sender[k]))
    return found


def _onward(net: Network) -> Floats:
    """Give how many come to a service for each that starts in another [K, K]: moves and seconds."""
    on = np.zeros((len(services()), len(services())))
    for k, rule in enumerate(net.rules[0]):
        moves = net.routes[0, rule["moves"] : rule["moves_to"]]
        np.add.at(on[k], moves["service"], np.diff(moves["reached"], prepend=0.0))
        seconds = net.routes[0, rule["seconds"] : rule["seconds_to"]]
        np.add.at(on[k], seconds["service"], seconds["reached"])
    return on


def _is_bound(net: Network, k: int) -> bool:
    """Whether a service comes beside another and ends with it: drawn from that other."""
    routes = net.routes[0]
    return bool(((routes["service"] == k) & (routes["linked"] == 1)).any())


def _mean(value: Values, net: Network, k: int) -> float:
    """Mean stay in days."""
    rule, slug = net.rules[0, k], services()[k].slug
    if rule["law"] == TERMS:
        term, lifted = float(rule["term"]), float(rule["lifted"])
        within = term if lifted == 0 else -np.expm1(-lifted * term) / lifted
        return float(within / (1 - rule["renew"] * np.exp(-lifted * term)))
    if rule["law"] == DRAWN:
        if slug == "triage":
            return value("access.delay")
        return value(f"duration[{slug}]") / max(value(f"pace[{slug}]", 1.0), 1e-3)
    return AGE_STAY


def _flow(
    value: Values,
    net: Network,
    k: int,
    stock: float,
    mean: float,
    bound: bool,
    came: Floats,
) -> Flow:
    slug = services()[k].slug
    shares = came / came.sum() if net.rules[0, k]["sent"] else None
    classes = _classes(value, net, k, shares)
    wait, gives_up = value(f"wait[{slug}]"), value(f"withdrawn[{slug}]")
    if not stock or not services()[k].capped or not wait or mean <= 0 or bound:
        return Flow(stock, 0.0, mean, classes, shares, 0.0)
    daily = stock / mean / (1 - gives_up)
    queue = daily * wait
    # All who wait are of the last class, since the others go first. They came at a steady pace
    # and thinned out by giving up: queue = pace * (1 - exp(-h * longest)) / h.
    pace = daily * classes[REGULAR]
    hazard = gives_up / wait
    longest = -np.log(max(1 - queue * hazard / pace, 0.05)) / hazard if hazard else queue / pace
    return Flow(stock, float(queue), mean, classes, shares, float(longest))


def _classes(value: Values, net: Network, k: int, shares: Floats | None) -> Floats:
    """Shares of the four classes among those who come for a service."""
    rule = net.rules[0, k]
    crisis, complexity = float(rule["crisis"]), float(rule["complex"])
    guarded = 0.0
    if shares is not None and rule["guarded"]:
        guarded = float(shares[net.protected == 1].sum())
    rest = 1 - crisis
    free = rest * (1 - guarded)
    return np.array([crisis, rest * guarded, free * complexity, free * (1 - complexity)])
