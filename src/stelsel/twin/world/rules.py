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
from stelsel.twin.country.balance import BANDS
from stelsel.twin.country.baseline import TEAM, band_edges
from stelsel.twin.country.shapes import own_shape, shape_of
from stelsel.twin.layout import DRAWN, ROUTE, RULE, TERMS, UNTIL_ENDED, Floats, Ints, Records
from stelsel.twin.plans.plan import Plan
from stelsel.twin.plans.switches import PARTS
from stelsel.twin.services import Service, services
from stelsel.twin.world.durations import STEPS, Duration

YEAR = 365.25
AT_THE_LATEST = 23.0
"""Years at which care ends for who may stay beyond the age limit (Jeugdwet art. 1.1)."""
REPORTS, BOARD, SHORT = ("vt-assessment", "vt-investigation"), "board-protection", "safety-team"
HALF = 0.5
KINDS = ("transfer", "second", "worse.to")
"""Kinds of routes: at the end of a stay, at its start, and of who gets worse."""
COARSE = 4
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
STAYS = ("foster-care", "family-home", "secure-care", "residential", "small-scale")
"""Services where a child lives, as far as who has a measure may come there."""
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
    found = [_of_epoch(plan, value) for value in values]
    width = max(len(routes) for _, routes in found)
    table = np.zeros((len(found), len(services())), RULE)
    routes = np.zeros((len(found), max(width, 1)), ROUTE)
    for n, (of_services, of_routes) in enumerate(found):
        table[n] = of_services
        for k, route in enumerate(of_routes):
            routes[n, k] = route
    return Rules(
        table,
        routes,
        np.array([v("access.solved") for v in values]),
        np.array([int(v("policy.push") >= 0.5 and v.part["policy"]) for v in values], np.int32),
        np.array([v("known.sent") for v in values]),
        np.array([int(v("policy.hand_over")) if v.part["policy"] else 0 for v in values], np.int32),
    )


def _of_epoch(plan: Plan, value: Values) -> tuple[Records, list[tuple[int, int, float]]]:
    table = np.zeros(len(services()), RULE)
    routes: list[tuple[int, int, float]] = []
    for k, service in enumerate(services()):
        x, rule = service.slug, table[k]
        rule["law"] = law_of(plan, service)
        rule["capped"] = service.capped
        rule["measure"] = service.measure
        rule["sent"] = service.part == "care"
        rule["guarded"] = service.part == "care" and x != TEAM
        rule["lives"] = service.slug in STAYS
        rule["guards"] = service.part == "protection"
        rule["known_measure"] = value(f"known[measure>{x}]")
        rule["known_help"] = value(f"known[help>{x}]")
        rule["clocked"] = bool({f"pace[{x}]", f"duration.first_half[{x}]"} & plan.parameters.keys())
        for name in ("crisis", "complex", "renew"):
            rule[name] = value(f"{name}[{x}]")
        rule["withdraw"] = value(f"withdrawn[{x}]") / max(value(f"wait[{x}]"), 1.0)
        if value.part["worsening"]:
            rule["worse"] = value(f"worse[{x}]") / YEAR
            rule["lengthens"] = value(f"lengthens[{x}]") / YEAR
        if value.part["budgets"]:
            rule["budget"] = value(f"budget[{x}]") / YEAR
        if value.part["bridging"]:
            rule["bridged"] = value(f"bridged[{x}]")
        rule["bridging"] = value("bridging.effect", 1.0)
        rule["stretch"] = 1.0
        if f"duration[{x}]" in plan.parameters:
            rule["stretch"] = value(f"duration[{x}]") / plan.value(f"duration[{x}]")
        rule["term"] = value(f"term[{x}]")
        rule["lifted"] = value(f"lifted[{x}]") / YEAR
        rule["youngest"] = value(f"age.from[{x}]") * YEAR
        if value.part["ageing"]:
            limit = value(f"age.limit[{x}]")
            rule["limit"] = rule["late"] = limit * YEAR
            if limit > 0 and service.form:
                rule["late"] = AT_THE_LATEST * YEAR
                rule["extended"] = value(f"age.extended[{x}]")
        if value.part["returning"]:
            rule["back"] = value(f"return[{x}]")
        rule["moves"], rule["moves_to"] = _routes(value, service, "transfer", routes)
        rule["seconds"], rule["seconds_to"] = _routes(value, service, "second", routes)
        rule["heavier"], rule["heavier_to"] = _routes(value, service, "worse.to", routes)
    return table, routes


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
    for k, other in enumerate(services()):
        share = shares.get(other.slug, 0.0) / whole
        if share <= 0.0 or not value.runs(other):
            continue
        linked = 0
        if kind == "second":
            if {service.part, other.part} == {"care"} and not value.part["second"]:
                continue
            pair = f"linked[{service.slug}>{other.slug}]"
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


def duration_of(plan: Plan, slug: str) -> Duration:
    """Distribution of the length of a stay: published shape, the service's own mean.

    The published bands in the plan are those of care; for the shape of other services see
    :func:`stelsel.twin.country.shapes.shape_of`.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> plan = baseline()
    >>> bool(abs(duration_of(plan, "ambulatory").mean - plan.value("duration[ambulatory]")) < 1e-6)
    True
    """
    mean = plan.value("access.delay") if slug == "triage" else plan.value(f"duration[{slug}]")
    if mean <= 0:
        return Duration(np.zeros(STEPS + 1))
    if own_shape(slug):
        return shape_of(slug).with_mean(mean)
    return duration_shape(plan).with_mean(mean, plan.value("duration.most"))


def lengths(plan: Plan) -> tuple[npt.NDArray[np.float32], Ints]:
    """Quantiles of the lengths of stay [L, Q + 1], and their row by service and referrer.

    Help lasts longer or shorter by who sent the child: where the plan has duration bands of a
    referrer (``duration.band[gp,0-3 months]``), its help has their shape, and their mean against
    that of all referrers.
    """
    sends = [referrer.slug for referrer in referrers()]
    rows: list[Floats] = []
    row_of = np.zeros((len(services()), len(sends) + 1), np.int32)
    own = shapes_by_referrer(plan)
    for k, service in enumerate(services()):
        row_of[k] = len(rows)
        if law_of(plan, service) != DRAWN or (
            service.slug == "triage" and "access.delay" not in plan.parameters
        ):
            rows.append(np.zeros(STEPS + 1))
            continue
        rows.append(duration_of(plan, service.slug).quantiles)
        if own_shape(service.slug):
            continue
        mean, most = plan.value(f"duration[{service.slug}]"), plan.value("duration.most")
        for n, slug in enumerate(sends):
            # Help by the team is freely accessible: CBS counts it under "no referrer".
            slug = NOBODY if service.slug == TEAM else slug  # noqa: PLW2901
            if slug in own:
                shape, longer = own[slug]
                row_of[k, n + 1] = len(rows)
                rows.append(shape.with_mean(min(mean * longer, 0.9 * most), most).quantiles)
    return _coarse(np.array(rows)), row_of


def longer(plan: Plan) -> Floats:
    """Give how much longer a stay is that came beside another, by both services [K, K]."""
    found = np.ones((len(services()), len(services())))
    for a, one in enumerate(services()):
        for b, other in enumerate(services()):
            name = f"longer[{one.slug}>{other.slug}]"
            found[a, b] = plan.value(name) if name in plan.parameters else 1.0
    return found


def _coarse(rows: Floats) -> npt.NDArray[np.float32]:
    """Keep every fourth quantile, with the mean kept: a small table is looked up sooner."""
    kept = rows[:, ::COARSE]

    def means(table: Floats) -> Floats:
        return np.asarray((table[:, 1:] + table[:, :-1]).mean(axis=1))

    before, after = means(rows), means(kept)
    scaled = kept * np.divide(before, after, out=np.ones_like(after), where=after > 0)[:, None]
    return np.asarray(scaled, np.float32)


def shapes_by_referrer(plan: Plan) -> dict[str, tuple[Duration, float]]:
    """Give the shape of lengths of help by referrer, and its mean against that of all of them."""
    bands = plan.family("duration.band")
    edges = band_edges(plan.value("duration.longest")) if bands else []
    mean = 0.0
    if bands:
        mean = duration_shape(plan).mean
    found = {}
    for referrer in referrers():
        names = [f"{referrer.slug},{band}" for band in BANDS]
        if all(name in bands for name in names):
            shape = Duration.from_bands(edges, [bands[name] for name in names])
            found[referrer.slug] = shape, shape.mean / mean
    return found


def duration_shape(plan: Plan) -> Duration:
    """Give the shape of the lengths of help of all referrers together."""
    bands = plan.family("duration.band")
    edges = band_edges(plan.value("duration.longest"))
    return Duration.from_bands(edges, [bands[band] for band in BANDS])


def return_after(plan: Plan) -> npt.NDArray[np.float32]:
    """Quantiles of the days until who left comes back: halving every ``return.half`` days."""
    most = RETURN_YEARS * YEAR
    grid = np.linspace(0.0, 1.0, STEPS + 1)
    if "return.half" not in plan.parameters:
        return (grid * most).astype(np.float32)
    rate = np.log(2) / plan.value("return.half")
    reached = grid * -np.expm1(-rate * most)
    return np.asarray(-np.log1p(-reached) / rate, np.float32)
