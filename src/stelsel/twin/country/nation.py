"""The country in paths: every counted service from 2015 on, and what feeds it from within.

Of who reaches a service, part comes from elsewhere within the twin: moves on from another service,
gets it beside another, gets worse while waiting, comes back. The rest asks from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.twin.country.ledger import FIRST_YEAR, LAST_YEAR, ledgers, structure, surest
from stelsel.twin.country.paths import ALL_HALVES, UNTIL, Path, level, path, terms, usual_mean
from stelsel.twin.country.shapes import shape_of
from stelsel.twin.country.trend import Rule, ahead, rule_of
from stelsel.twin.services import STAYS, services
from stelsel.twin.world.durations import Duration

Numbers = npt.NDArray[np.float64]

SAFETY, BOARD, COURT = "vt-assessment", "board-protection", "court"
CRIMINAL = "board-probation"
BOARD_FROM = 2019
"""First year that figures of the Board and of Veilig Thuis are taken of."""
MARCH = 850.0
"""Criminal investigations that the Board began in March 2019 (rvdk_investigations_started)."""
TERMED = "supervision"
YOUNG = {"supervision": 0.8, "foster-care": 0.55}
"""Share of who would come back that is not grown up by then: as the run makes it."""
GROWN = {
    "probation-supervision": 0.1,
    "probation-voluntary": 0.02,
    "probation-hard-core": 0.04,
    "probation-criem": 0.015,
    "provisional-guardianship": 0.04,
    "temporary-guardianship": 0.055,
}
"""Share of a measure's ends that come by growing up, as the run makes it: who grew up does not move
on and does not come back. Told of services that keep their closed form; others a fit corrects."""
FEW = 300.0
"""Of a service with fewer starts a year one run tells chance: it keeps its closed form in a fit."""
LONGEST_STAY = 6574.0
"""Nobody stays longer than a childhood of eighteen years (days)."""
HOUSED = 0.14
"""Share of those with a measure who live somewhere already and get no other place by it: as the run
makes it."""
OLD_ENOUGH = 0.65
"""Share of who would move on to a service with a least age that is old enough and not grown up: as
the run makes it."""


@dataclass(frozen=True, slots=True)
class Nation:
    """Paths of the counted services, and of supervision the share renewed in each year."""

    paths: dict[str, Path]
    renewed: Numbers


@cache
def nation() -> Nation:
    """Work out the paths of all counted services."""
    _, renewed = terms(ledgers()[TERMED], rule_of(TERMED))
    return Nation(paths_by(rule_of), renewed)


@cache
def _lengths(service: str) -> tuple[Duration, Numbers]:
    return usual_mean(shape_of(service), ledgers()[service], LONGEST_STAY)


def paths_by(rule_of: Callable[[str], Rule]) -> dict[str, Path]:
    """Work out the paths of all counted services, each by the rule that is given for it."""
    books = ledgers()
    paths = {
        service: _by_length(service, path(book, *_lengths(service), rule_of(service)))
        for service, book in books.items()
        if service != TERMED
    }
    return paths | {TERMED: terms(books[TERMED], rule_of(TERMED))[0]}


def few(service: str) -> bool:
    """Say whether so few have a service that a run of it tells chance.

    Examples
    --------
    >>> few("probation-criem"), few("ambulatory")
    (True, False)
    """
    book = ledgers().get(service)
    return book is not None and float(yearly(book.started).mean()) < FEW


def _by_length(service: str, one: Path) -> Path:
    """Let a stay of few end at the pace of who does not grow up: with who does, as many end."""
    return replace(one, pace=one.pace * (1 - GROWN.get(service, 0.0))) if few(service) else one


@cache
def before_measures() -> dict[str, Path]:
    """Give the flows before a measure: reports, the Board's investigations, requests at court.

    The Board's investigations and requests are published for 2019-2021; before, as many as the
    orders that followed ask for. After 2021 they go on with the orders, so that the chain has one
    trend.
    """
    paths = nation().paths
    reports = _reports()
    later = ahead(reports.tolist()[-3:], UNTIL - LAST_YEAR, rule_of(SAFETY))
    reports = np.concatenate([reports, later])
    begun = [yearly(paths[name].started) for name in paths if name.startswith("probation")]
    criminal = np.sum(begun, axis=0)
    return {
        SAFETY: flow_of(reports),
        BOARD: flow_of(_board("rvdk_protection_investigations", paths)),
        COURT: flow_of(_board("rvdk_measures_requested", paths)),
        CRIMINAL: flow_of(MARCH * 12 * criminal / criminal[2019 - FIRST_YEAR]),
    }


def _board(indicator: str, paths: Mapping[str, Path]) -> Numbers:
    orders = yearly(paths[TERMED].started)
    years = range(BOARD_FROM, max(LAST_YEAR, BOARD_FROM) + 1)
    known = np.array(
        [structure()[indicator, "total", date(y, 1, 1), date(y, 12, 31)] for y in years]
    )
    begin = BOARD_FROM - FIRST_YEAR
    end = begin + len(known)
    ratio = known / orders[begin:end]
    later = level(ratio, rule_of(BOARD))
    return np.concatenate([orders[:begin] * ratio.mean(), known, orders[end:] * later])


def _reports() -> Numbers:
    """Give reports to Veilig Thuis a year, 2015-2021: before 2019 as many as then."""
    half = structure()["vt_reports", "meldingen", date(2019, 1, 1), date(2019, 6, 30)]
    late = [
        surest()["vt_reports", "received reports total", date(y, 1, 1), date(y, 12, 31)]
        for y in range(BOARD_FROM + 1, LAST_YEAR + 1)
    ]
    early = min(BOARD_FROM, LAST_YEAR) - FIRST_YEAR + 1
    return np.array([2 * half] * early + late)


def yearly(halves: Numbers) -> Numbers:
    """Sum halves to years."""
    return np.asarray(halves.reshape(-1, 2).sum(axis=1), np.float64)


def flow_of(yearly: Numbers) -> Path:
    """Make a path of a service that is only a flow: as many end as start."""
    flow = np.repeat(yearly, 2) / 2
    nothing = np.zeros(ALL_HALVES)
    return Path(np.zeros(ALL_HALVES + 1), flow, flow, nothing, shape_of(COURT))


def lost(service: str, given: Mapping[str, float]) -> float:
    """Give the share of who reaches a list that leaves it unserved."""
    wait = given.get(f"wait[{service}]", 0.0) / 365.25
    moved = sum(v for k, v in given.items() if k.startswith(f"worse.to[{service}>"))
    chance = given.get(f"worse[{service}]", 0.0) * min(moved, 1.0)
    chance += given.get(f"budget[{service}]", 0.0)
    stays = (1 - given.get(f"withdrawn[{service}]", 0.0)) * float(np.exp(-chance * wait))
    return 1 - stays


def inside(service: str, every: Mapping[str, Path], given: Mapping[str, float]) -> Numbers:
    """Count who reaches a service from within the twin, per half-year."""
    flow = np.zeros(ALL_HALVES)
    moves = OLD_ENOUGH if given.get(f"age.from[{service}]", 0.0) > 0 else 1.0
    measures = {one.slug for one in services() if one.measure}
    grown = GROWN if few(service) else {}
    for other, one in every.items():
        onward = given.get(f"transfer[{other}>{service}]", 0.0) * moves
        flow += one.ended * (1 - grown.get(other, 0.0)) * onward
        beside = one.started * given.get(f"second[{other}>{service}]", 0.0)
        flow += beside * (1 - HOUSED if service in STAYS and other in measures else 1.0)
        worse = given.get(f"worse[{other}]", 0.0) * given.get(f"wait[{other}]", 0.0) / 365.25
        flow += one.started * worse * given.get(f"worse.to[{other}>{service}]", 0.0)
    if f"return[{service}]" in given and service in every:
        flow += _returns(service, every, given)
    return flow


def _returns(service: str, every: Mapping[str, Path], given: Mapping[str, float]) -> Numbers:
    """Count who comes back to a service: of who left it for good, spread over five years.

    Also of who left before the first day: as many as then, in a steady state.
    """
    one = every[service]
    onward = sum(v for k, v in given.items() if k.startswith(f"transfer[{service}>"))
    young = 1 - GROWN.get(service, 0.0) if few(service) else YOUNG.get(service, 1.0)
    share = (1 - min(onward, 1.0)) * given[f"return[{service}]"] * young
    half = given.get("return.half", 400.0)
    edges = np.arange(11) * 182.625  # five years
    gone = (1 - 0.5 ** (edges / half)) / (1 - 0.5 ** (edges[-1] / half))
    left = one.running[0] / one.length.mean * 182.625
    if service == TERMED:
        left = one.ended[0]
    within = np.convolve(one.ended * share, np.diff(gone))[:ALL_HALVES]
    middles = np.interp(np.arange(ALL_HALVES) + 0.5, np.arange(11), gone, right=1.0)
    before = left * share * (1 - middles)
    return np.asarray(within + before, np.float64)
