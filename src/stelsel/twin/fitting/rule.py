"""Choose the rules of the trend on figures up to 2021, by what earlier books would have foretold.

The books are made as if the last figure were of 2018, of 2019, of 2020. Each is carried on by every
rule, and laid beside what was published of the two years after, none later than 2021: how many run,
start and end, of a form, of a kind of measure, in all. The year 2020 was that of corona: two of the
three looks ahead begin or end in it, which is why a departure of one year is not wholly believed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from stelsel.system.known import FIT_UNTIL
from stelsel.twin.country.ledger import LAST_YEAR, Count, Ledger, ledgers, observed
from stelsel.twin.country.nation import paths_by
from stelsel.twin.country.paths import Path
from stelsel.twin.country.trend import ALL, Rule, families
from stelsel.twin.fitting.earlier import ORIGINS, said

AHEAD = 2
"""Years ahead that are looked at."""
LEAST = 2
"""A series is looked at when at least so many values were known."""
GRID = tuple(
    Rule(*one) for one in product((0.1, 0.3, 0.5, 0.7, 0.9), (0.3, 0.5, 0.7), (0.6, 0.8, 1.0))
)
OWN = 0.5
"""Weight of a family's own misses against those of all, where its rule is chosen: it has few."""


@dataclass(frozen=True, slots=True)
class Miss:
    """How far one published count lay from what the books of an earlier year said of it.

    ``off`` is published over said, on a logarithmic scale, both over the last known value of the
    series, which the books meet only nearly; ``ahead`` in years.
    """

    families: tuple[str, ...]
    ahead: int
    off: float


def series(counts: Sequence[Count]) -> list[list[Count]]:
    """Gather counts to series: one measure of the same services, published in the same way.

    Examples
    --------
    >>> all(len({count.services for count in one}) == 1 for one in series(observed()))
    True
    """
    found = defaultdict(list)
    for count in counts:
        shape = count.first.month, count.last.month, count.first == count.last
        key = count.measure, count.indicator, count.breakdown, count.services, shape
        found[key].append(count)
    return [sorted(one, key=lambda count: count.last) for one in found.values()]


def misses(rules: Mapping[str, Rule]) -> list[Miss]:
    """Lay what the books of this process say of later years beside what came, up to 2021.

    Parameters
    ----------
    rules
        By family of services.
    """
    paths = paths_by(lambda service: rules[families().get(service, ALL)])
    made = []
    for one in series(observed(FIT_UNTIL)):
        known = [count for count in one if count.last.year <= LAST_YEAR]
        if len(known) < LEAST:
            continue
        last = known[-1]
        level = np.log(last.value / (last.factor * _said(paths, last)))
        of = tuple(sorted({families()[service] for service in last.services}))
        for count in one[len(known) :]:
            if (ahead := count.last.year - LAST_YEAR) <= AHEAD:
                off = np.log(count.value / (count.factor * _said(paths, count))) - level
                made.append(Miss(of, ahead, float(off)))
    return made


def _said(paths: Mapping[str, Path], count: Count) -> float:
    books = (Ledger(one.running[0], one.started, one.ended) for one in _of(paths, count))
    return sum(book.measure(count.measure, count.first, count.last) for book in books)


def _of(paths: Mapping[str, Path], count: Count) -> list[Path]:
    return [paths[service] for service in count.services]


def tried() -> list[list[Miss]]:
    """Give the misses of every rule of the grid, taken for all families at once."""
    names = {*families().values(), ALL}
    ledgers()
    return [misses(dict.fromkeys(names, rule)) for rule in GRID]


@cache
def _looks() -> list[list[list[Miss]]]:
    """Misses of every year looked from, by rule."""
    return [
        [[Miss(tuple(of), ahead, off) for of, ahead, off in one] for one in said(year, __name__)]
        for year in ORIGINS
    ]


def _missed(rule: int, family: str) -> float:
    """Mean miss of a rule, each year looked from weighing as much; a series counts once a year."""
    return float(
        np.mean(
            [
                np.mean([abs(miss.off) for miss in look[rule] if family in (ALL, *miss.families)])
                for look in _looks()
                if any(family in (ALL, *miss.families) for miss in look[rule])
            ]
        )
    )


def weighed(family: str) -> dict[Rule, float]:
    """Give the mean miss of every rule of the grid for a family, or for :data:`ALL`.

    Of a family its own misses and those of all weigh half each (:data:`OWN`); of one without
    published counts those of all decide.
    """
    whole = np.array([_missed(n, ALL) for n in range(len(GRID))])
    seen = {name for look in _looks() for miss in look[0] for name in miss.families}
    if family in seen:
        own = np.array([_missed(n, family) for n in range(len(GRID))])
        whole = OWN * own + (1 - OWN) * whole
    return dict(zip(GRID, whole.tolist(), strict=True))


def choose() -> dict[str, Rule]:
    """Choose the rule of every family, and of :data:`ALL`: that with the least mean miss."""
    found = {name: weighed(name) for name in (ALL, *dict.fromkeys(families().values()))}
    return {name: min(misses, key=misses.__getitem__) for name, misses in found.items()}


def departures(rules: Mapping[str, Rule]) -> dict[str, float]:
    """Say how far a year departs from what was foretold: what all share, and families.

    Each is a root mean square over the years looked from, one year ahead: of the mean miss of all
    series (:data:`ALL`); of what the mean miss of a family is beyond it. A family has a few years
    only: its own square and the mean square of all families weigh half each.

    Parameters
    ----------
    rules
        By family, from the grid.
    """
    shared: list[float] = []
    beyond: dict[str, list[float]] = defaultdict(list)
    for look in _looks():
        of = {
            family: [m.off for m in look[GRID.index(rule)] if m.ahead == 1 and family in m.families]
            for family, rule in rules.items()
        }
        means = {family: float(np.mean(offs)) for family, offs in of.items() if offs}
        shared.append(float(np.mean(list(means.values()))))
        for family, mean in means.items():
            beyond[family].append(mean - shared[-1])
    whole = float(np.mean([np.mean(np.square(offs)) for offs in beyond.values()]))
    found = {ALL: _root(shared)}
    for family in dict.fromkeys(families().values()):
        mine = float(np.mean(np.square(beyond[family]))) if family in beyond else whole
        found[family] = float(np.sqrt(OWN * mine + (1 - OWN) * whole))
    return found


def _root(values: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


if __name__ == "__main__":
    print(json.dumps([[(m.families, m.ahead, m.off) for m in one] for one in tried()]))  # noqa: T201
