"""From a plan to the rules of every service, epoch by epoch, and the routes between services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.system import referrers
from stelsel.twin.country.baseline import TEAM
from stelsel.twin.layout import DRAWN, ROUTE, RULE, TERMS, UNTIL_ENDED, Floats, Ints, Records
from stelsel.twin.plans.plan import Plan
from stelsel.twin.plans.switches import PARTS
from stelsel.twin.services import STAYS, Service, number, services
from stelsel.twin.world.durations import STEPS

YEAR = 365.25
AT_THE_LATEST = 23.0
"""Years at which care ends for who may stay beyond the age limit (Jeugdwet art. 1.1)."""
REPORTS, BOARD, SHORT = ("vt-assessment", "vt-investigation"), "board-protection", "safety-team"
HALF = 0.5
KINDS = ("transfer", "second", "worse.to")
"""Kinds of routes: at the end of a stay, at its start, and of who gets worse."""
DAILY = (
    "capacity",
    "capacity.middle",
    "demand",
    "demand.first_half",
    "growth",
    "season",
    "pace",
    "stock",
)
"""Families that the twin follows day by day; others are looked at epoch by epoch."""
NOBODY = "none"
"""Who comes to freely accessible help is sent by nobody."""
RETURN_YEARS = 5
"""Who left may come back for so many years (published share of repeat use)."""


class Epochs(NamedTuple):
    """Stretches of a run in which rules stay the same: of each day, and a day within each."""

    of_day: Ints
    sampled: list[date]


def epochs(plan: Plan, first: date, days: int) -> Epochs:
    """Cut a run where a scenario steps in, and every quarter when rules change by the year."""
    last = first + timedelta(days - 1)
    cuts = {s.since for p in plan for s in p.steps if first < s.since <= last} | {first}
    if any(p.dated and p.name.split("[")[0] not in DAILY for p in plan):
        quarters = [date(y, m, 1) for y in range(first.year, last.year + 1) for m in (1, 4, 7, 10)]
        cuts |= {day for day in quarters if first < day <= last}
    starts = np.array([cut.toordinal() for cut in sorted(cuts)])
    on_days = np.arange(first.toordinal(), first.toordinal() + days)
    ends = np.append(starts[1:], first.toordinal() + days)
    sampled = [date.fromordinal(int(day)) for day in (starts + ends - 1) // 2]
    of_day = np.searchsorted(starts, on_days, side="right") - 1
    return Epochs(of_day.astype(np.int32), sampled)


class Looked:
    """Values of a plan on some days, looked up once for all of them."""

    def __init__(self, plan: Plan, days: Sequence[date]) -> None:
        self.plan = plan
        self.days = np.array([day.toordinal() for day in days])
        self.found: dict[str, list[float]] = {}

    def up(self, name: str) -> list[float]:
        """Give the values of a parameter on all days."""
        if name not in self.found:
            self.found[name] = self.plan[name].on_days(self.days).tolist()
        return self.found[name]

    @cached_property
    def routes(self) -> dict[tuple[str, str], dict[str, str]]:
        """Parameter of each route of a kind from a service, by where it leads."""
        place = {service.slug: n for n, service in enumerate(services())}
        found: list[tuple[int, tuple[str, str], str, str]] = []
        for name in self.plan.parameters:
            kind, _, pair = name.removesuffix("]").partition("[")
            begin, _, end = pair.partition(">")
            if kind in KINDS and end in place:
                found.append((place[end], (kind, begin), end, name))
        routes: dict[tuple[str, str], dict[str, str]] = {}
        for _, begins, end, name in sorted(found):
            routes.setdefault(begins, {})[end] = name
        return routes


class Values:
    """Values of parameters on a day; what the plan does not have counts as none."""

    def __init__(self, plan: Plan, day: date, looked: Looked | None = None, at: int = 0) -> None:
        self.plan, self.looked, self.at = plan, looked or Looked(plan, [day]), at
        self.part = {part: self(f"on[{part}]", 1.0) >= HALF for part in PARTS}

    @classmethod
    def on_days(cls, plan: Plan, days: Sequence[date]) -> list[Values]:
        """Give those of each of some days."""
        looked = Looked(plan, days)
        return [cls(plan, day, looked, n) for n, day in enumerate(days)]

    def __call__(self, name: str, default: float = 0.0) -> float:
        """Value of a parameter on the day, or ``default`` when the plan does not have it."""
        if name not in self.plan.parameters:
            return default
        return self.looked.up(name)[self.at]

    def runs(self, service: Service) -> bool:
        """Whether the part of a service is on."""
        return self.part.get(service.part, True)


class Rules(NamedTuple):
    """What :class:`stelsel.twin.layout.Network` says of services and routes."""

    rules: Records
    routes: Records
    solved: Floats
    push: Ints
    known_sent: Floats
    hand_over: Ints


def rules(plan: Plan, epochs: Epochs) -> Rules:
    """Compile what holds for every service in every epoch.

    Raises
    ------
    StelselError
        When more than all move on from a service to others.
    """
    values = Values.on_days(plan, epochs.sampled)
    table = _of_services(plan, values)
    found = [
        _of_epoch(value, of_services) for value, of_services in zip(values, table, strict=True)
    ]
    routes = np.zeros((len(found), max(*map(len, found), 1)), ROUTE)
    for n, of_routes in enumerate(found):
        routes[n, : len(of_routes)] = of_routes
    return Rules(
        table,
        routes,
        np.array([v("access.solved") for v in values]),
        np.array([int(v("policy.push") >= 0.5 and v.part["policy"]) for v in values], np.int32),
        np.array([v("known.sent") for v in values]),
        np.array([int(v("policy.hand_over")) if v.part["policy"] else 0 for v in values], np.int32),
    )


def _of_services(plan: Plan, values: Sequence[Values]) -> Records:
    """Give what holds for every service in every epoch, but for routes [E, K]."""
    looked = values[0].looked
    on = {part: np.array([value.part[part] for value in values]) for part in PARTS}

    def found(name: str, default: float = 0.0) -> Floats:
        there = name in plan.parameters
        return np.array(looked.up(name)) if there else np.full(len(values), default)

    def where(part: str, numbers: Floats) -> Floats:
        return np.where(on[part], numbers, 0.0)

    table = np.zeros((len(values), len(services())), RULE)
    for k, service in enumerate(services()):
        x, rule = service.slug, table[:, k]
        rule["law"] = law_of(plan, service)
        rule["capped"] = service.capped
        rule["measure"] = service.measure
        rule["sent"] = service.part == "care"
        rule["guarded"] = service.part == "care" and x != TEAM
        rule["lives"] = service.slug in STAYS
        rule["guards"] = service.part == "protection"
        rule["known_measure"] = found(f"known[measure>{x}]")
        rule["known_help"] = found(f"known[help>{x}]")
        rule["clocked"] = bool({f"pace[{x}]", f"duration.first_half[{x}]"} & plan.parameters.keys())
        for name in ("crisis", "complex", "renew"):
            rule[name] = found(f"{name}[{x}]")
        rule["withdraw"] = found(f"withdrawn[{x}]") / np.maximum(found(f"wait[{x}]"), 1.0)
        rule["worse"] = where("worsening", found(f"worse[{x}]") / YEAR)
        rule["lengthens"] = where("worsening", found(f"lengthens[{x}]") / YEAR)
        rule["budget"] = where("budgets", found(f"budget[{x}]") / YEAR)
        rule["bridged"] = where("bridging", found(f"bridged[{x}]"))
        rule["bridging"] = found("bridging.effect", 1.0)
        rule["stretch"] = 1.0
        if f"duration[{x}]" in plan.parameters:
            rule["stretch"] = found(f"duration[{x}]") / plan.value(f"duration[{x}]")
        rule["term"] = found(f"term[{x}]")
        rule["lifted"] = found(f"lifted[{x}]") / YEAR
        rule["youngest"] = found(f"age.from[{x}]") * YEAR
        limit = where("ageing", found(f"age.limit[{x}]"))
        rule["limit"] = rule["late"] = limit * YEAR
        if service.form:
            rule["late"] = np.where(limit > 0, AT_THE_LATEST * YEAR, rule["late"])
            rule["extended"] = np.where(limit > 0, found(f"age.extended[{x}]"), 0.0)
        rule["sends"] = found(f"institution.sends[{x}]", 1.0)
        rule["back"] = where("returning", found(f"return[{x}]"))
    return table


def _of_epoch(value: Values, of_services: Records) -> list[tuple[int, int, float]]:
    """Give the routes of an epoch, and write in its rules which are whose."""
    routes: list[tuple[int, int, float]] = []
    for service, rule in zip(services(), of_services, strict=True):
        rule["moves"], rule["moves_to"] = _routes(value, service, "transfer", routes)
        rule["seconds"], rule["seconds_to"] = _routes(value, service, "second", routes)
        rule["heavier"], rule["heavier_to"] = _routes(value, service, "worse.to", routes)
    return routes


def _routes(
    value: Values, service: Service, kind: str, routes: list[tuple[int, int, float]]
) -> tuple[int, int]:
    """Add the routes of a kind from a service; give the first and one past the last."""
    begin, reached = len(routes), 0.0
    ways = value.looked.routes.get((kind, service.slug))
    if not ways:
        return begin, begin
    shares = {other: value(name) for other, name in ways.items()}
    if kind == "transfer" and service.slug in REPORTS:  # the short chain, as far as it is followed
        short = shares.get(BOARD, 0.0) * value("short.share")
        shares[BOARD] = shares.get(BOARD, 0.0) - short
        shares[SHORT] = shares.get(SHORT, 0.0) + short
    whole = max(sum(shares.values()), 1.0) if kind == "worse.to" else 1.0
    for k, other in sorted((number(slug), slug) for slug in shares):
        share = shares[other] / whole
        to = services()[k]
        if share <= 0.0 or not value.runs(to):
            continue
        linked = 0
        if kind == "second":
            if {service.part, to.part} == {"care"} and not value.part["second"]:
                continue
            pair = f"linked[{service.slug}>{other}]"
            reached, linked = share, int(value(pair) >= HALF)
        else:
            reached += share
        routes.append((k, linked, reached))
    if kind != "second" and reached > 1 + 1e-9:
        raise StelselError(
            "More than all move on from one form to others.",
            where=kind,
            what_nl="Er gaan er meer dan alle door van een hulpvorm naar andere.",
        )
    return begin, len(routes)


def law_of(plan: Plan, service: Service) -> int:
    """Law of the stay of a service: terms, a drawn length, or until something else ends it."""
    if plan.parameters.get(f"term[{service.slug}]") and plan.value(f"term[{service.slug}]") > 0:
        return TERMS
    if service.slug == "triage" or f"duration[{service.slug}]" in plan.parameters:
        return DRAWN
    return UNTIL_ENDED


def longer(plan: Plan) -> Floats:
    """Give how much longer a stay is that came beside another, by both services [K, K]."""
    found = np.ones((len(services()), len(services())))
    for a, one in enumerate(services()):
        for b, other in enumerate(services()):
            name = f"longer[{one.slug}>{other.slug}]"
            found[a, b] = plan.value(name) if name in plan.parameters else 1.0
    return found


def returning(plan: Plan) -> Floats:
    """Give how much more than others who was sent by each comes back [K, J + 1]; first: by nobody.

    Help by the local team is freely accessible: CBS counts it under "no referrer", whoever sent.
    """
    names = [f"return.sent[{referrer.slug}]" for referrer in referrers()]
    of = [plan.value(name) if name in plan.parameters else 1.0 for name in names]
    found = np.tile([1.0, *of], (len(services()), 1))
    free = [referrer.slug for referrer in referrers()].index(NOBODY)
    found[number(TEAM), 1:] = of[free]
    return found


def return_after(plan: Plan) -> npt.NDArray[np.float32]:
    """Quantiles of the days until who left comes back: halving every ``return.half`` days."""
    most = RETURN_YEARS * YEAR
    grid = np.linspace(0.0, 1.0, STEPS + 1)
    if "return.half" not in plan.parameters:
        return (grid * most).astype(np.float32)
    rate = np.log(2) / plan.value("return.half")
    reached = grid * -np.expm1(-rate * most)
    return np.asarray(-np.log1p(-reached) / rate, np.float32)
