"""The baseline plan: every parameter in closed form from figures up to 2021, or assumed.

The chain of reasoning, per service (``docs/explanation/twin/national-plan.md`` tells it in words):

* the books of 2015-2021: who runs, starts and ends in each half-year
  (:mod:`stelsel.twin.country.ledger`);
* places = who runs; length and pace of stays = those with which as many end as the books say;
* who reaches a list = who starts / (1 - share that leaves it unserved);
* requests from outside = who reaches the list - who comes from elsewhere within the twin;
* after 2021 a damped trend, and assumed factors for how far it may be off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.system import referrers
from stelsel.twin.country.balance import BANDS
from stelsel.twin.country.chain import chain
from stelsel.twin.country.ledger import CARE, FIRST_YEAR, counted, structure
from stelsel.twin.country.nation import nation, yearly
from stelsel.twin.country.national import BOOKS, lengths, outside, places, requests, stocks
from stelsel.twin.country.paths import UNTIL
from stelsel.twin.country.shocks import moved, shocks
from stelsel.twin.plans.anchors import dated, of_years, year_steps
from stelsel.twin.plans.fitted import fitted, ranges
from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.plan import SHARE, Parameter, Plan

FIRST_DAY = date(2021, 1, 1)
TEAM = "local-team"
SMALLEST = 10.0
"""What is taken for a count so small that it is not published."""
BROKEN = 2021
"""From this year on CBS counts more providers, and sees another mix of who sends to them."""
CBS_REFERRERS = (
    "Started in 2021 by referrer (CBS 85096NED), before it by the municipality as in 2020 "
    "(82970NED); help by the local team apart"
)

Numbers = npt.NDArray[np.float64]


def assumptions() -> dict[str, Parameter]:
    """Give what nobody publishes: each with a range and the reason for it.

    Examples
    --------
    >>> assumptions()["wait[ambulatory]"].value
    69.0
    """
    parts = {name: p for name, p in of_parts().items() if p.kind == "assumed"}
    return parts | shocks() | ranges()


def baseline(drawn: Mapping[str, float] | None = None) -> Plan:
    """Work out the baseline plan of the whole country, dated from 2015 on.

    Parameters
    ----------
    drawn
        Other values for assumed parameters, by name: what is derived from them follows.

    Examples
    --------
    >>> plan = baseline()
    >>> bool(190_000 > plan["capacity[ambulatory]"].series(FIRST_DAY, 1)[0] > 170_000)
    True
    """
    return _baseline(tuple(sorted((drawn or {}).items())))


@cache
def closed_form() -> Plan:
    """Give the plan before the fit by simulation: what the books and the closed forms say.

    Examples
    --------
    >>> "demand[ambulatory]" in closed_form().parameters
    True
    """
    return _made({}, fit=False)


@cache
def _as_it_is() -> Plan:
    return _made({})


def _baseline(drawn: tuple[tuple[str, float], ...]) -> Plan:
    return _made(dict(drawn)) if drawn else _as_it_is()


def _made(drawn: Mapping[str, float], *, fit: bool = True) -> Plan:
    assumed = assumptions()
    given = {name: p.value for name, p in of_parts().items()}
    given |= {name: p.value for name, p in assumed.items()} | dict(drawn)
    derived = [
        *places(),
        *stocks(),
        *lengths(),
        *bands(),
        *_asked(given),
        *chain(given),
        *factors(given),
    ]
    kept = [_drawn(parameter, given[parameter.name]) for parameter in assumed.values()]
    known = [p for name, p in of_parts().items() if name not in assumed]
    every = {p.name: p for p in [*derived, *kept, *known]}
    every |= fitted(every, given) if fit else {}
    return Plan.of([moved(p, given) for p in every.values()])


def _drawn(parameter: Parameter, value: float) -> Parameter:
    """Give an assumed parameter another value; its later anchors change in proportion."""
    low, high = parameter.low, parameter.high
    if low is not None and high is not None:  # a value of one's own may lie outside the range
        parameter = replace(parameter, low=min(low, value), high=max(high, value))
    if not parameter.dated or not parameter.value:
        return replace(parameter, value=value)
    factor = value / parameter.value
    most = 1.0 if parameter.unit == SHARE else float("inf")
    later = tuple((day, min(number * factor, most)) for day, number in parameter.dated)
    return replace(parameter, value=value, dated=later)


def bands() -> list[Parameter]:
    """Give the published duration bands, the shape of lengths of care: of all, and by referrer."""
    year = date(2021, 1, 1), date(2021, 12, 31)
    made = [("", f"Totaal verwijzer / {band}", band) for band in BANDS]
    made += [
        (f"{one.slug},", f"{one.figures_name} / {band}", band)
        for one in referrers()
        for band in BANDS
    ]
    indicator = "jeugdhulp_trajecten_ended_by_referrer_and_duration"
    return [
        Parameter(
            f"duration.band[{who}{band}]",
            structure().get((indicator, name, *year), SMALLEST),
            "episodes ended in 2021",
            "measured",
            "CBS StatLine 85096NED",
        )
        for who, name, band in made
    ]


def factors(given: Mapping[str, float]) -> list[Parameter]:
    """Give the measurement factors, and a growth of demand beyond the trend, which is none."""
    made = [
        Parameter(
            f"counted[{name}]", value, "factor", "derived", "data/counted.csv has each source"
        )
        for name, value in counted().items()
    ]
    made.append(
        Parameter(
            "growth",
            given.get("growth", 1.0),
            "factor a year",
            "derived",
            "One: the trend is in the dated anchors; a lever for scenarios",
            source_nl="Eén: de trend zit in de gedateerde ankers; een knop voor scenario's",
        )
    )
    return made


def band_edges(longest: float) -> list[float]:
    """Edges of the published duration bands in days; the open one ends at ``longest``."""
    return [0.0, *list(BANDS.values())[:-1], longest]


def _asked(given: Mapping[str, float]) -> list[Parameter]:
    """Work out requests, who sends them, and what the local team solves of them.

    The local team's own inflow from outside is what it solves of the municipal requests for other
    forms: those are so many more.
    """
    sent = _sent()
    sent_on = sent["01"]  # by the municipality, of what reaches other forms, in each year
    flows = outside(given)
    elsewhere = np.sum([yearly(flows[form]) for form in CARE if form != TEAM], axis=0)
    odds = yearly(flows[TEAM]) / (sent_on * elsewhere)
    solved = odds / (1 + odds)
    made = []
    total = np.zeros(len(odds))
    for parameter in requests(flows):
        service = parameter.name.partition("[")[2].rstrip("]")
        if service == TEAM:
            continue
        if service in CARE and parameter.name.startswith("demand["):
            asked = yearly(flows[service]) * (1 + sent_on * odds)
            total += asked
            parameter = dated(parameter.name, of_years(asked), parameter.unit, parameter.source)  # noqa: PLW2901
        made.append(parameter)
    made.append(
        dated(
            "access.solved",
            year_steps(solved),
            "share",
            f"Municipal requests that end as help by the local team itself; {BOOKS}",
        )
    )
    before = {code: share / (1 - solved) if code == "01" else share for code, share in sent.items()}
    by = {referrer.code: referrer.slug for referrer in referrers()}
    whole = np.sum(list(before.values()), axis=0)
    made += [
        dated(f"referrer[{by[code]}]", year_steps(share / whole), "share", CBS_REFERRERS)
        for code, share in before.items()
    ]
    municipal = total * before["01"] / whole
    busy = municipal * given["access.delay"] / 365.25 * given["access.slack"]
    made.append(
        dated(
            "capacity[triage]",
            of_years(busy),
            "places",
            "Municipal requests times the time they take, and the slack of the access",
        )
    )
    return made


def _sent() -> dict[str, Numbers]:
    """Shares of referrers among starts in other forms than help by the local team, by year.

    All referrers are published of 2021, and the municipality of 2020 too, when fewer providers
    were counted: what others sent before 2021 is taken in the proportions of that year.
    """
    indicator = "jeugdhulp_trajecten_started_by_referrer"

    def started(year: int, name: str) -> float:
        return float(structure()[indicator, name, date(year, 1, 1), date(year, 12, 31)])

    team = yearly(nation().paths[TEAM].started)[BROKEN - FIRST_YEAR - 1 :]
    counts = {r.code: started(BROKEN, r.figures_name) for r in referrers()}
    # Help by the local team is freely accessible: CBS counts it under "no referrer".
    counts["06"] = max(counts["06"] - team[1], 0.0)
    whole = sum(counts.values())
    names = {r.code: r.figures_name for r in referrers()}
    whole_before = started(BROKEN - 1, "Totaal verwijzer") - team[0]
    before = started(BROKEN - 1, names["01"]) / whole_before
    others = (1 - before) / (1 - counts["01"] / whole)
    years = np.arange(FIRST_YEAR, UNTIL + 1)
    return {
        code: np.where(
            years < BROKEN, before if code == "01" else count / whole * others, count / whole
        )
        for code, count in counts.items()
    }
