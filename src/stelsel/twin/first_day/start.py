"""The first day: who has a service and who waits when the run begins.

The country did not begin on the first day of a run. A stay that runs then is found in the middle:
what remains of it is drawn from the steady-state distribution (renewal theory), its past from the
lengths that fit that remainder. Who waits then is a queue of the assumed mean wait (Little's law),
in order of arrival. A scenario has no part in it, also where it steps in on the first day or
before: every world begins alike, and what changes begins from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from stelsel.twin.chance import Keys, Purpose, children, uniforms
from stelsel.twin.first_day.linked import bind
from stelsel.twin.first_day.order import in_order
from stelsel.twin.first_day.pairing import join, one_child
from stelsel.twin.first_day.steady import Flow, flows
from stelsel.twin.layout import (
    AGED_OUT,
    BY_PLAN,
    CRISIS,
    DRAWN,
    LIFTED,
    LINK,
    NOT_RENEWED,
    OPEN,
    PROTECTION,
    REGULAR,
    SECOND,
    TERMS,
    VISIT,
    Floats,
    Network,
    State,
    clock_of,
)
from stelsel.twin.plans.plan import Plan
from stelsel.twin.services import number, services
from stelsel.twin.world.demand import age_profile, age_quantiles
from stelsel.twin.world.durations import Duration
from stelsel.twin.world.lengths import duration_of, laws
from stelsel.twin.world.network import capacity
from stelsel.twin.world.people import Places
from stelsel.twin.world.rules import Values
from stelsel.twin.world.stations import Pools, provider_shares, whole_places

Ints = npt.NDArray[np.int64]
Column = npt.NDArray[Any]

FIRST_STREAM = 1_000_000
"""Streams of children who exist on the first day; requests use the numbers below."""
OTHER_STREAMS = 1_500_000
"""Those of other services than the forms of care begin here."""
PROBATION = "probation"
"""Ages in the plan are those of who comes; who has probation has grown since, and many are 18."""
FORMS, FORM_LISTS = 8, 4
"""Forms of care and their most providers, from which the numbers of their streams follow."""


def start(plan: Plan, where: Places, net: Network, first: date, seed: int) -> State:
    """Draw the visits of the first day, in order of arrival, and their links.

    Parameters
    ----------
    plan, where, net, first
        As compiled by :func:`stelsel.twin.world.network.network`.
    seed
        Seed of the replication.
    """
    plan = plan.before_changes()
    found = Pools(net.station_of, net.list_of, net.chart, net.stations, net.share)
    held = whole_places(capacity(plan, first, 1)[:, 0], found).astype(np.int64)
    flow = flows(plan, net, first)
    rows: list[dict[str, Column]] = []
    ages = Ages(plan, where)
    for k in range(len(services())):
        rows.extend(_of_service(plan, where, net, first, seed, held, flow, ages, k))
    pairs = join(net, flow, rows, Values(plan, first))
    rows.extend(bind(plan, net, held, first, rows))
    columns = {name: _column(rows, name) for name in rows[0]}
    order = in_order(columns["arrived"])
    visits = np.zeros(len(order), VISIT)
    for name in set(columns) & set(VISIT.names or ()):
        visits[name] = columns[name][order]
    visits["next"] = -1
    visits["wants"] = np.where(visits["service"] == number("triage"), visits["wants"], -1)
    back = np.empty(len(order) + 1, np.int32)
    back[order] = np.arange(len(order))
    back[-1] = -1
    mate = back[columns["mate"]][order]
    has = np.flatnonzero((mate >= 0) | (columns["bound"][order] >= 0))
    links = np.zeros(len(has), LINK)
    links["mate"] = mate[has]
    for name in ("bound", "beside"):
        links[name] = back[columns[name]][order][has]
    links["family"] = -1
    visits["links"] = -1
    visits["links"][has] = np.arange(len(has))
    beside = np.flatnonzero(mate >= 0)  # a second visit is of the person of the first
    visits["flags"][beside] |= SECOND
    every: list[tuple[Column, Column]] = [(back[one], back[other]) for one, other in pairs]
    every.append((beside, mate[beside]))
    owners = one_child(every, len(order))
    persons = np.cumsum(owners == np.arange(len(order)))  # counted at the first row of each
    visits["person"] = persons[owners] - 1
    return State(visits, links, int(persons[-1]) if len(persons) else 0)


def _column(rows: list[dict[str, Column]], name: str) -> Column:
    """Put a column of all groups together, as narrow as visits have it."""
    parts = [row[name] for row in rows]
    kind = VISIT[name] if name in (VISIT.names or ()) else np.result_type(*parts)
    return np.concatenate(parts, dtype=kind, casting="unsafe")


class Ages:
    """Ages by use of care in each region, worked out once for all services that share a profile."""

    def __init__(self, plan: Plan, where: Places) -> None:
        self._plan, self._where = plan, where
        self._made: dict[tuple[tuple[str, float], ...], list[Floats]] = {}

    def of(self, slug: str) -> list[Floats]:
        """Give the ages of who uses a service (:func:`age_quantiles`)."""
        profile = age_profile(self._plan, slug)
        name = tuple(profile.items())
        if name not in self._made:
            self._made[name] = age_quantiles(self._where, profile)
        return self._made[name]


def _of_service(
    plan: Plan,
    where: Places,
    net: Network,
    first: date,
    seed: int,
    held: Ints,
    flow: list[Flow],
    ages: Ages,
    k: int,
) -> list[dict[str, Column]]:
    """Draw who has a service and who waits for it, of all regions and providers."""
    if not flow[k].stock and not flow[k].waiting:
        return []
    shares = provider_shares()[k]
    weight = where.weight[:, None] * shares[None, :]
    in_care = _spread(net, held, weight, flow[k], k, float(where.weight.sum()))
    waiting = shared_out(round(flow[k].waiting * float(where.weight.sum())), weight)
    made = []
    for kind, amount in enumerate((in_care, waiting)):
        region, provider = np.indices(amount.shape)
        number = amount.ravel()
        stream = _stream(region.ravel(), k, provider.ravel()) + kind
        parents = children(seed, stream)
        spot = np.repeat(np.arange(number.size), number)
        within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
        keys = children(parents[spot], within)
        purpose = Purpose.WAITED if kind else Purpose.DURATION
        spread = (within + uniforms(keys, purpose, 255)) / np.maximum(number[spot], 1)
        rows: dict[str, Column] = {
            "key": keys,
            "region": region.ravel()[spot],
            "station": net.station_of[0, region.ravel()[spot], k, provider.ravel()[spot]],
            "service": np.full(len(spot), k),
        }
        drawn = (
            _list(rows, net, flow[k], spread)
            if kind
            else _care(rows, plan, net, flow[k], k, spread)
        )
        rows |= drawn
        rows["birth"] = _births(ages.of(services()[k].slug), net, k, rows)
        _limit(net, k, rows)
        made.append(rows)
    return made


def _stream(region: Ints, service: int, provider: Ints) -> Ints:
    """Give the number of the stream of those in care; that of those who wait is one higher."""
    if service < FORMS:
        return FIRST_STREAM + 2 * ((region * FORMS + service) * FORM_LISTS + provider)
    return OTHER_STREAMS + 2 * ((region * 100 + service) * FORM_LISTS + provider)


def _spread(
    net: Network, held: Ints, weight: Floats, flow: Flow, k: int, of_country: float
) -> Ints:
    """How many have a service, by region and provider: all places taken, or by weight."""
    if not net.rules[0, k]["capped"]:
        return shared_out(round(flow.stock * of_country), weight)
    own = net.station_of[0][:, k]
    places = np.zeros(weight.shape, np.int64)
    used = weight > 0
    for station in np.unique(own[used]):
        mine = used & (own == station)
        places[mine] = shared_out(int(held[station]), weight[mine])
    return places


def shared_out(total: int, weight: Floats) -> Ints:
    """Share a whole number out by weight, in the weight's shape: largest remainders first."""
    exact = total * weight.ravel() / weight.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    most = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[most] += 1
    spread: Ints = whole.reshape(weight.shape)
    return spread


def _care(
    rows: dict[str, Column], plan: Plan, net: Network, flow: Flow, k: int, spread: Floats
) -> dict[str, Column]:
    """Draw those in care: what remains, in strata so that the year begins as planned."""
    keys = rows["key"]
    rule = net.rules[0, k]
    drawn = np.searchsorted(np.cumsum(flow.classes), uniforms(keys, Purpose.CRISIS, 255))
    cls = np.minimum(drawn, REGULAR)
    lengths = _lengths(plan, services()[k].slug, flow) if rule["law"] == DRAWN else []
    means = np.array([length.mean for length in lengths])
    sent = _referrer(keys, flow.referrers, cls, net, means if len(means) > 1 else None)
    chance = uniforms(keys, Purpose.WAITED)
    waited = np.where(cls == REGULAR, np.floor(flow.longest * (0.5 + chance)), np.floor(7 * chance))
    waited = np.where(cls == CRISIS, 0, waited) if rule["capped"] else np.zeros(len(keys))
    terms = np.zeros(len(keys), np.int64)
    if rule["law"] == DRAWN:
        clock = clock_of(net, k)
        remaining, whole = np.zeros(len(keys)), np.zeros(len(keys))
        passed = uniforms(keys, Purpose.ELAPSED)
        for n, length in enumerate(lengths):
            mine = sent == n if len(lengths) > 1 else np.ones(len(keys), np.bool_)
            remaining[mine] = length.still_to_go(spread[mine])
            whole[mine] = length.whole_given(remaining[mine], passed[mine])
        ends = np.interp(remaining, clock, net.turns)
        rounding = uniforms(keys, Purpose.ROUNDING, 255)
        due = np.where(remaining >= clock[-1], OPEN, np.floor(ends + rounding))
        elapsed = whole - remaining
        if rule["late"] > 0:  # nobody had it longer than from birth to the age limit
            elapsed = np.mod(elapsed, rule["late"])  # as it is for stays without memory
        started = -1 - np.floor(elapsed)
        why = np.full(len(keys), BY_PLAN)
    elif rule["law"] == TERMS:
        age, terms = _in_terms(rule, spread, uniforms(keys, Purpose.ELAPSED))
        started = -1 - np.floor(age)
        due = started + np.floor(terms * rule["term"] + 0.5)
        why = np.full(len(keys), NOT_RENEWED)
        if rule["lifted"] > 0:
            lifted = np.floor(-np.log(uniforms(keys, Purpose.LIFTED, 255)) / rule["lifted"])
            why = np.where(lifted < due, LIFTED, why)
            due = np.minimum(lifted, due)
        due = np.maximum(due, 0)
    else:
        started = -1 - np.floor(spread * flow.mean)
        due = np.full(len(keys), OPEN)
        why = np.full(len(keys), BY_PLAN)
    return {
        "cls": cls,
        "arrived": started - waited,
        "started": started,
        "due": due,
        "why": why,
        "terms": terms,
        "referrer": sent,
    }


def _lengths(plan: Plan, slug: str, flow: Flow) -> Sequence[Duration]:
    """Give the lengths of stay by who sent the child; one for all where nobody sends."""
    by_sender = laws(plan).get(slug)
    if by_sender is None or flow.referrers is None:
        return [duration_of(plan, slug)]
    return by_sender


def _in_terms(rule: np.void, spread: Floats, within: Floats) -> tuple[Floats, Ints]:
    """How long one found in a service of terms has had it, and in which term it is."""
    n = np.arange(200)
    kept = rule["renew"] * np.exp(-rule["lifted"] * rule["term"])
    alive = kept**n
    most = rule["late"] / rule["term"] if rule["late"] > 0 else 200
    alive[n > most] = 0.0
    reached = np.cumsum(alive) / alive.sum()
    before = np.searchsorted(reached, spread)
    age: Floats = (before + within) * rule["term"]
    return age, before + 1


def _list(rows: dict[str, Column], net: Network, flow: Flow, spread: Floats) -> dict[str, Column]:
    """Draw those who wait, in strata over how long they have waited."""
    number = len(spread)
    nothing = np.full(number, OPEN)
    cls = np.full(number, REGULAR)
    return {
        "cls": cls,
        "referrer": _referrer(rows["key"], flow.referrers, cls, net),
        "arrived": -1 - np.floor(flow.longest * spread),
        "started": nothing,
        "due": nothing,
        "why": np.zeros(number, np.int64),
        "terms": np.zeros(number, np.int64),
    }


def _births(
    quantiles: list[Floats], net: Network, k: int, rows: dict[str, Column]
) -> npt.NDArray[np.int64]:
    """Draw days of birth: children are at least as old as they have been known.

    Of help the use by age is that of who has it, published so; of other services the plan tells
    of which age children are when they come.
    """
    order = in_order(rows["region"])
    elapsed_of = -np.asarray(rows["arrived"], float)[order]
    chance_of = uniforms(rows["key"], Purpose.AGE)[order]
    grid = np.linspace(0.0, 1.0, len(quantiles[0]))
    tiny = np.arange(len(grid)) * 1e-9
    late = float(net.rules[0, k]["late"])
    own = not services()[k].form
    age = np.empty(len(elapsed_of))
    grown = services()[k].part == PROBATION
    begins = np.searchsorted(rows["region"][order], np.arange(len(quantiles) + 1))
    for ages, begin, end in zip(quantiles, begins, begins[1:], strict=False):
        here = slice(begin, end)
        elapsed, chance = elapsed_of[here], chance_of[here]
        if grown:
            came = np.interp(chance, grid, ages)
            age[here] = np.minimum(came + elapsed, late if late > 0 else np.inf)
            continue
        steps = ages + tiny
        most = np.interp(late, steps, grid) if late > 0 else 1.0
        if own:
            room = np.interp(np.maximum(late - elapsed, 0.0), steps, grid) if late else 1.0
            age[here] = elapsed + np.interp(chance * room, grid, ages)
            continue
        younger = np.minimum(np.interp(elapsed, steps, grid), most)
        age[here] = np.interp(younger + chance * (most - younger), grid, ages)
    births = np.empty(len(order), np.int64)
    births[order] = -np.floor(np.maximum(age, elapsed_of))
    return births


def _limit(net: Network, k: int, rows: dict[str, Column]) -> None:
    """End stays at the age limit, as the loop does with stays that begin in the run."""
    rule = net.rules[0, k]
    flags = np.zeros(len(rows["key"]), np.int64)
    why, due = rows.pop("why"), rows["due"].astype(np.int64)
    if rule["limit"] > 0:
        birth = rows["birth"]
        longer = (birth + rule["limit"] <= 0) | (
            uniforms(rows["key"], Purpose.EXTENDED) < rule["extended"]
        )
        last = np.floor(birth + np.where(longer, rule["late"], rule["limit"])).astype(np.int64)
        last = np.maximum(last, 0)
        stays = rows["started"] != OPEN
        why = np.where(stays & (last < due), AGED_OUT, why)
        due = np.where(stays, np.minimum(due, last), due)
    nothing = np.full(len(flags), -1)
    rows |= {
        "due": due,
        "ended": np.full(len(flags), OPEN),
        "flags": why << 4,
        "wants": np.full(len(flags), -1),
        "mate": nothing,
        "bound": nothing.copy(),
        "beside": nothing.copy(),
    }


def _referrer(
    keys: Keys,
    shares: Floats | None,
    cls: npt.NDArray[np.int_],
    net: Network,
    means: Floats | None = None,
) -> Column:
    """Draw who sent a child, given its class: protection comes from an institution or a court.

    Whose help lasts long (``means``, by who sent) is found oftener than comes.
    """
    if shares is None:
        return np.full(len(keys), -1)
    guards = net.protected == 1
    chance = uniforms(keys, Purpose.REFERRER, 255)
    found = shares if means is None else shares * means
    free = np.where(guards, 0, found)
    bound = np.where(guards, found, 0)
    drawn = np.searchsorted(np.cumsum(free / max(free.sum(), 1e-12)), chance)
    if bound.sum() > 0:
        guarded = np.searchsorted(np.cumsum(bound / bound.sum()), chance)
        drawn = np.where(cls == PROTECTION, guarded, drawn)
    return np.minimum(drawn, len(guards) - 1)
