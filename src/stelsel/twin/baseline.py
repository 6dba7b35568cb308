"""The baseline plan: every parameter in closed form from figures up to 2021, or assumed.

The chain of reasoning, per form of care (``docs/explanation/the-twin.md`` tells it in words):

* places = episodes running (balanced books of 2021);
* duration: the shape = the published bands; the mean = the one with which as many episodes end
  in each half of the year as published, given who runs at the start and who starts;
* who reaches the waiting list = who starts / (1 - share that withdraws);
* requests from outside = who reaches the list - who moves on from another form;
* the daily chance to give up = share that withdraws / mean wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from stelsel.system import forms, referrers
from stelsel.system.figures import best
from stelsel.tables import packaged, read_table
from stelsel.twin.balance import BANDS, Books, balance, ended_by_duration
from stelsel.twin.durations import Duration, fit_year
from stelsel.twin.parameters import of_parts
from stelsel.twin.plan import SHARE, Parameter, Plan

FIRST_DAY = date(2021, 1, 1)
TEAM = "local-team"
CBS = "CBS figures of 2021, balanced (stelsel.twin.balance)"


@cache
def assumptions() -> dict[str, Parameter]:
    """Give what nobody publishes: each with a range and the reason for it.

    Examples
    --------
    >>> assumptions()["wait[ambulatory]"].value
    69.0
    """
    file = packaged("stelsel.twin", "assumptions.csv")
    general = {
        row["name"]: Parameter(
            row["name"],
            float(row["value"]),
            row["unit"],
            "assumed",
            row["source"],
            float(row["low"]),
            float(row["high"]),
            source_nl=row["source_nl"],
        )
        for row in read_table(
            file, ("name", "value", "low", "high", "unit", "source_nl"), key=("name",)
        )
    }
    return general | {name: p for name, p in of_parts().items() if p.kind == "assumed"}


def baseline(drawn: Mapping[str, float] | None = None) -> Plan:
    """Work out the baseline plan of the whole country.

    Parameters
    ----------
    drawn
        Other values for assumed parameters, by name: what is derived from them follows.

    Examples
    --------
    >>> plan = baseline()
    >>> 190_000 > plan.value("capacity[ambulatory]") > 170_000
    True
    """
    assumed = assumptions()
    given = {name: p.value for name, p in assumed.items()} | dict(drawn or {})
    balanced = balance(_splits(given))
    books = {form.slug: balanced[form.code] for form in forms()}
    derived = [
        *_places(books),
        *_durations(books, given["duration.longest"], given["duration.most"]),
        *_requests(books, given),
    ]
    kept = [_drawn(parameter, given[parameter.name]) for parameter in assumed.values()]
    known = [p for name, p in of_parts().items() if name not in assumed]
    return Plan.of([*derived, *kept, *known])


def _drawn(parameter: Parameter, value: float) -> Parameter:
    """Give an assumed parameter another value; its later anchors change in proportion.

    A value of someone's own may lie outside the range, which then grows to hold it.
    """
    if parameter.low is not None and parameter.high is not None:
        low, high = min(parameter.low, value), max(parameter.high, value)
        parameter = replace(parameter, low=low, high=high)
    if not parameter.dated or not parameter.value:
        return replace(parameter, value=value)
    factor = value / parameter.value
    most = 1.0 if parameter.unit == SHARE else float("inf")
    dated = tuple((day, min(number * factor, most)) for day, number in parameter.dated)
    return replace(parameter, value=value, dated=dated)


def _splits(given: Mapping[str, float]) -> dict[str, float]:
    """Stock on 1 January 2021 of the forms with stay: who was active in 2019 less who started."""
    started = _started_2019()
    return {
        "11": given["active[foster-care]"] - started["pleegzorg"],
        "12": given["active[family-home]"] - started["gezinsgericht"],
        "13": given["stock[secure-care]"],
    }


@cache
def _started_2019() -> dict[str, float]:
    year = date(2019, 1, 1), date(2019, 12, 31)
    total = best("jeugdhulp_trajecten_started", "total", *year).value
    share = "jeugdhulp_trajecten_started_share"
    return {
        name: best(share, name, *year).value / 100 * total
        for name in ("pleegzorg", "gezinsgericht")
    }


def _places(books: Mapping[str, Books]) -> list[Parameter]:
    made = []
    for slug, book in books.items():
        made.append(
            Parameter(
                f"capacity[{slug}]",
                book.stock,
                "places on 1 January",
                "derived",
                f"Episodes running; {CBS}",
                since=FIRST_DAY,
                dated=((date(2022, 1, 1), book.last),),
            )
        )
        made.append(
            Parameter(
                f"capacity.middle[{slug}]",
                book.middle / ((book.stock + book.last) / 2),
                "factor on 30 June",
                "derived",
                f"Running on 30 June against 1 January and 31 December; {CBS}",
            )
        )
    return made


def _durations(books: Mapping[str, Books], longest: float, most: float) -> list[Parameter]:
    bands = ended_by_duration()
    shape = Duration.from_bands(band_edges(longest), list(bands.values()))
    made = []
    for slug, book in books.items():
        mean, speed = fit_year(
            shape,
            book.stock,
            (book.started_first, book.started_second),
            (book.ended_first, book.ended_second),
            most,
        )
        made.append(
            Parameter(
                f"duration[{slug}]",
                mean,
                "days",
                "derived",
                f"With this mean as many end in the year as published; {CBS}",
            )
        )
        made.append(
            Parameter(
                f"duration.first_half[{slug}]",
                speed,
                "factor",
                "derived",
                f"With this speed as many end by June as published; {CBS}",
            )
        )
    for band, count in bands.items():
        made.append(
            Parameter(
                f"duration.band[{band}]",
                count,
                "episodes ended in 2021",
                "measured",
                "CBS StatLine 85096NED, all referrers",
            )
        )
    return made


def band_edges(longest: float) -> list[float]:
    """Edges of the published duration bands in days; the open one ends at ``longest``."""
    return [0.0, *list(BANDS.values())[:-1], longest]


def _requests(books: Mapping[str, Books], given: Mapping[str, float]) -> list[Parameter]:
    """Work out requests by form, who sends them, and what the local team solves of them."""
    outside = {}
    for slug, book in books.items():
        moved = sum(
            b.ended * given.get(f"transfer[{other}>{slug}]", 0.0) for other, b in books.items()
        )
        outside[slug] = book.started / (1 - given[f"withdrawn[{slug}]"]) - moved
    elsewhere = sum(number for slug, number in outside.items() if slug != TEAM)
    sent = _sent(books)
    sent_on = sent["01"] / sum(sent.values())  # by the municipality, of what reaches other forms
    # The team's own inflow is what it solves of the municipal requests for other forms.
    odds = outside[TEAM] / (sent_on * elsewhere)
    solved = odds / (1 + odds)
    before = {code: share / (1 - solved) if code == "01" else share for code, share in sent.items()}
    total = sum(before.values())
    larger = 1 + sent_on * odds
    year = "Requests a year: starts and withdrawals less who moves on from another form; "
    made = [
        Parameter(
            f"demand[{slug}]",
            outside[slug] * larger,
            "requests a year",
            "derived",
            f"{year}{CBS}",
        )
        for slug in books
        if slug != TEAM
    ]
    made += [
        Parameter(
            f"demand.first_half[{slug}]",
            book.started_first / book.started,
            "share",
            "derived",
            f"Started January to June, of the year; {CBS}",
        )
        for slug, book in books.items()
        if slug != TEAM
    ]
    made.append(
        Parameter(
            "access.solved",
            solved,
            "share",
            "derived",
            f"Municipal requests that end as help by the local team itself; {CBS}",
        )
    )
    by = {referrer.code: referrer.slug for referrer in referrers()}
    made += [
        Parameter(
            f"referrer[{by[code]}]",
            share / total,
            "share",
            "derived",
            "Started in 2021 by referrer (CBS 85096NED), help by the local team apart",
        )
        for code, share in before.items()
    ]
    return made


def _sent(books: Mapping[str, Books]) -> dict[str, float]:
    """Shares of referrers among starts in other forms than help by the local team."""
    counts = dict(_started_by_referrer())
    # Help by the local team is freely accessible: CBS counts it under "no referrer".
    counts["06"] = max(counts["06"] - books[TEAM].started, 0.0)
    total = sum(counts.values())
    return {code: count / total for code, count in counts.items()}


@cache
def _started_by_referrer() -> dict[str, float]:
    year = date(2021, 1, 1), date(2021, 12, 31)
    indicator = "jeugdhulp_trajecten_started_by_referrer"
    return {r.code: best(indicator, r.figures_name, *year).value for r in referrers()}
