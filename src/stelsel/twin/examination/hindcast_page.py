"""The page ``docs/reference/hindcasts.md``: what the twin would have said in earlier years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.hindcast import Hindcast
from stelsel.twin.examination.page import table
from stelsel.twin.series.spread import drifts

COMMAND = "stelsel validate --origin 2018 --origin 2019 --origin 2020"
AHEAD = (1, 2)
FILE = "docs/reference/hindcasts.md"


def page(found: Sequence[Hindcast]) -> str:
    """Write the page: how each year looked from came out, then every figure.

    Parameters
    ----------
    found
        What :func:`stelsel.twin.examination.hindcast.hindcast` gave, one per year looked from.
    """
    text = (
        "# Hindcasts\n\n"
        f"Made by `{COMMAND} --write {FILE}`; do not edit. As if the last figure were of an "
        "earlier year: books, fit, trend and runs, and what they say of the two years after, "
        "none later than 2021. The year 2020 was that of corona, which no figure of 2019 could "
        "foretell. The rules of the trend and the width of the bands were chosen by these very "
        "years ([the examination](../explanation/twin/examination.md#hindcasts)): the shares "
        "flatter a little.\n\n"
    )
    heads = ["looked from", "runs", "series", "figures", *FORECASTS, "in the 80 % band"]
    heads += [f"in it {ahead} ahead" for ahead in AHEAD]
    text += table(heads, [list(_summary(one)) for one in found])
    text += "\nUnder a forecast: the share of the series on which the twin's error is smaller.\n"
    text += "\n" + _by_family(found)
    for one in found:
        text += f"\n## From the end of {one.origin}\n\n"
        heads = ["series", "shape", "year", "published", "twin", "low", "high", *FORECASTS]
        text += table(heads, [list(row) for row in _figures(one)])
    return text


def _summary(one: Hindcast) -> Iterator[str]:
    yield str(one.origin)
    yield str(one.replications)
    yield str(len(one.errors()))
    yield str(len(one.figures))
    for name in FORECASTS:
        yield f"{100 * one.beaten(name):.0f} %"
    yield f"{100 * one.coverage:.0f} %"
    for ahead in AHEAD:
        held, of = one.held(ahead)
        yield f"{held} of {of}" if of else ""


def _by_family(found: Sequence[Hindcast]) -> str:
    """Lay out how far the series of each family drift, and how many figures their bands held."""
    figures = [one for past in found for one in past.figures]
    rows = []
    for family, drift in drifts().items():
        mine = [one for one in figures if one.family == family]
        held = [one.held for one in mine]
        rows.append([family, f"{drift:.3f}", f"{sum(held)} of {len(held)}"])
    return table(["family of series", "drift a year", "in the 80 % band"], rows)


def _figures(one: Hindcast) -> Iterator[Iterator[str]]:
    for figure in one.figures:
        numbers = (figure.published, figure.twin, figure.low, figure.high)
        others = (figure.others[name] for name in FORECASTS)
        told = (f"{number:,.4g}" if number < 1000 else f"{number:,.0f}" for number in numbers)
        also = (f"{number:,.4g}" if number < 1000 else f"{number:,.0f}" for number in others)
        name = figure.series.replace("|", ": ").rstrip(": ")
        yield iter([name, figure.shape, str(figure.year), *told, *also])
