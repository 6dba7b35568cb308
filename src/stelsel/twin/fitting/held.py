"""How many places there are: as many as are taken on days on which a child waits for one."""

from __future__ import annotations

from datetime import date

import numpy as np

from stelsel.twin.fitting.estimate import Estimate, Numbers
from stelsel.twin.fitting.happened import Bools, Window
from stelsel.twin.fitting.visits import Days, Visits
from stelsel.twin.services import Service, services

FULL_DAYS = 30
"""A provider with a list on fewer days of the window is not known to be full."""
MOST = 0.9
"""Share of the stays that must be of providers that are known to be full."""
SMALL = 5
"""A provider with fewer places on average is not looked at by itself."""


def fit_places(visits: Visits, window: Window, weight: float) -> list[Estimate]:
    """Estimate the places of services that have a list and places of their own in the region.

    A provider with a list is full; what is taken then, against the course of the plan, are its
    places. They are whole: each provider may be half a place off.

    Parameters
    ----------
    visits, window
        What happened, and when is looked.
    weight
        The share of the country that the region has.
    """
    made = []
    days = window.last - window.first + 1
    for k, service in enumerate(services()):
        name = f"capacity[{service.slug}]"
        if name not in window.plan.parameters or not _own_places(window, service):
            continue
        planned = window.plan[name].series(date.fromordinal(window.first), days)
        course = planned / max(float(planned.mean()), 1e-9)
        mine = np.flatnonzero(visits.service == k)
        total, variance, told = 0.0, 0.0, 0.0
        for provider in np.unique(visits.provider[mine].astype(str)).tolist():
            own = mine[visits.provider[mine] == provider]
            taken = _there(visits.started[own], visits.ended[own], window)
            until = np.where(visits.served[own], visits.started[own], visits.ended[own])
            waits = own[visits.waits[own]]
            waiting = _there(visits.begun[waits], until[visits.waits[own]], window) > 0
            if waiting.sum() < FULL_DAYS:
                continue
            of_days = (taken / course)[waiting]
            total += float(of_days.mean())
            # Half a place up or down, and what the course of the plan does not follow.
            variance += 1 / 12 + float(of_days.var()) * _alike(waiting) / len(of_days)
            told += float(taken.sum())
        whole = float(_there(visits.started[mine], visits.ended[mine], window).sum())
        if whole > 0 and told >= MOST * whole and total >= SMALL:
            error = float(np.sqrt(variance))
            made.append(Estimate(name, total / weight, error / weight, int(total), "places"))
    return made


def _own_places(window: Window, service: Service) -> bool:
    """Say whether places are of the region, not of staff or families, and told apart."""
    known = window.plan.parameters
    staffed = f"staff.posts[{service.slug}]" in known
    shared = [one for one in services() if one.stay == service.stay]
    return (
        bool(service.capped)
        and service.pool == "region"
        and bool(service.form)
        and service.slug != "foster-care"
        and not staffed
        and len(shared) == 1
    )


def _there(since: Days, until: Days, window: Window) -> Numbers:
    """Count who is there at the end of each day of the window."""
    days = window.last - window.first + 1
    low = np.clip(since - window.first, 0, days)
    high = np.clip(np.maximum(until, since) - window.first, 0, days)
    change = np.bincount(low, minlength=days + 1) - np.bincount(high, minlength=days + 1)
    return np.cumsum(change)[:days].astype(np.float64)


def _alike(waiting: Bools) -> float:
    """Give the number of days that count as one: what is taken changes slowly."""
    return min(float(FULL_DAYS), float(waiting.sum()))
