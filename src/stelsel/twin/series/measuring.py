"""Measure a run in the terms of the published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from stelsel.system import referrers
from stelsel.system.figures import FIT_UNTIL, KNOWN_UNTIL, best, find
from stelsel.twin.runs.run import Run
from stelsel.twin.series import population
from stelsel.twin.series.counting import AGES, Records, Sets, count, same_day
from stelsel.twin.series.episodes import SPANS, Books, books
from stelsel.twin.series.extras import EXTRAS, extras
from stelsel.twin.series.periods import DAY, Cells, Period, cells, standard
from stelsel.twin.series.periods import year as whole_year
from stelsel.twin.series.table import COUNTS, KINDS, Series, groups, series
from stelsel.twin.services import services

TEAM, NOBODY = "local-team", "none"
Floats = npt.NDArray[np.float64]
Masks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """What one run says of every series in every period: small enough to keep many.

    ``values`` [row] belong to ``rows`` (number of the series in the table, period); a value that
    the run cannot give (a part is switched off, nobody to take the mean of) is not a number.
    """

    rows: tuple[tuple[int, Period], ...]
    values: Floats

    def value(self, name: str, period: Period, kind: str = "") -> float:
        """Give the value of ``indicator|breakdown`` in a period; not a number where there is none.

        Parameters
        ----------
        name
            ``indicator|breakdown``.
        period
            The period.
        kind
            Of one of the two kinds, where a name is published as a stock and as a flow.
        """
        table = series()
        for (number, of), value in zip(self.rows, self.values.tolist(), strict=True):
            one = table[number]
            if of == period and one.name == name and kind in ("", one.kind):
                return float(value)
        return float("nan")


@cache
def published_periods() -> tuple[tuple[Period, ...], ...]:
    """Give the periods that each series of the table is published for since 2015, in order."""
    found: dict[tuple[str, str, str, str], set[Period]] = {one.key: set() for one in series()}
    for row in find(level="country").to_pylist():
        key = (row["indicator"], row["breakdown"], row["kind"], row["unit"])
        if key in found and row["period_end"] >= date(2015, 1, 1):
            found[key].add(Period(row["period_start"], row["period_end"]))
    return tuple(tuple(sorted(found[one.key])) for one in series())


def periods_of(number: int, years: range) -> tuple[Period, ...]:
    """Give the periods to measure a series for: those published, and the like in every year.

    What is published for days is measured on 1 January, 30 June and 31 December of every year;
    what is for halves or years for both halves and the year; quarters and months, and any other
    period, as published.

    Examples
    --------
    >>> number = [s.name for s in series()].index("jeugdhulp_trajecten_stock|total")
    >>> [p.first.isoformat() for p in periods_of(number, range(2030, 2031))][-3:]
    ['2030-01-01', '2030-06-30', '2030-12-31']
    """
    published = published_periods()[number]
    shapes = {period.shape for period in published}
    found = set(published)
    for year in years:
        days, spans = standard(year)
        if "day" in shapes:
            found.update(days)
        if shapes & {"half", "year"}:
            found.update(spans)
    return tuple(sorted(found))


def _over(one: Series, period: Period) -> Period:
    """Give the period to measure over, where that is of another sort than the one published.

    A stock of a span (a day in it that is not stated) is taken on its middle day; a duration or
    flow of a day over the month that the day lies in.
    """
    nature = COUNTS.get(one.count, "either")
    on_day = nature == "day" or (nature == "either" and one.kind == "stock")
    if on_day and not period.is_day:
        middle = period.first + (period.last - period.first) / 2
        return Period(middle, middle)
    if nature == "span" and period.is_day:
        first = period.first.replace(day=1)
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return Period(first, date.fromordinal(after.toordinal() - 1))
    return period


@cache
def _asked(first: date, days: int) -> tuple[tuple[tuple[int, Period], ...], Cells]:
    """Give what to measure in a run, and its cells of time."""
    last = date.fromordinal(first.toordinal() + days - 1)
    years = range(first.year, last.year + 1)
    wanted: set[Period] = set()
    rows = []
    for number, one in enumerate(series()):
        for period in periods_of(number, years):
            over = _over(one, period)
            if first <= min(over.first, period.first) and max(over.last, period.last) <= last:
                rows.append((number, period))
                wanted.update((over, period))
    for year in years:
        wanted.update(standard(year)[0] + standard(year)[1])
    return tuple(rows), cells(wanted, first, days)


def rows_of(first: date, days: int) -> tuple[tuple[int, Period], ...]:
    """Give what is measured in a run: the number of the series in the table, and the period.

    Examples
    --------
    >>> len(rows_of(date(2021, 1, 1), 365)) > 900
    True
    """
    return _asked(first, days)[0]


def records(run: Run) -> Records:
    """Give the visits and persons of a run as they are counted.

    Nobody refers to the local team: it is freely accessible, and CBS has no referrer there.
    """
    visits, persons = run.visits, run.persons
    free = visits["service"] == next(iter(groups()[TEAM]))
    return Records(
        visits["person"],
        visits["service"],
        np.where(free, [r.slug for r in referrers()].index(NOBODY), visits["referrer"]),
        visits["arrived"],
        visits["started"],
        visits["ended"],
        persons["birth"],
        persons["sex"],
    )


def measure(run: Run) -> Measured:
    """Measure every series of the table in every period of a run.

    Parameters
    ----------
    run
        A run of the country, or of some regions: counts are of those regions, rates of their
        population.
    """
    return measured_of(records(run), run.first, run.days, run.where.regions, extras(run))


def measured_of(
    found: Records,
    first: date,
    days: int,
    regions: tuple[str, ...],
    more: Mapping[str, Callable[[Series, Period], float]] | None = None,
) -> Measured:
    """Measure visits and persons.

    Parameters
    ----------
    found
        Visits and persons.
    first, days
        First day and number of days of the run.
    regions
        Codes of the youth regions that were run.
    more
        For a count that needs more than visits (staff, families) a function that gives it.
    """
    rows, cut = _asked(first, days)
    domain = np.full(len(services()), -1, np.int32)
    for number, group in enumerate(("help", "protection", "probation")):
        domain[list(groups()[group])] = number
    tally, sets = count(
        found,
        cut,
        len(services()),
        len(referrers()),
        domain,
        _mask(*(s.services | s.without | frozenset().union(*s.also) for s in _of_persons())),
        _mask(*(s.services for s in series() if s.count == "persons started")),
    )
    desk = _Desk(cut, books(tally), sets, regions, more or {})
    values = np.array([desk.value(series()[number], period) for number, period in rows])
    return Measured(rows, values)


def _of_persons() -> list[Series]:
    return [s for s in series() if s.count in ("persons", "persons started", "newcomers")]


def _mask(*sets: frozenset[int]) -> int:
    return sum(1 << number for number in frozenset().union(*sets))


@cache
def factor(one: Series) -> float:
    """Give the factor of a series: as written, or the mean published ratio as far as known.

    A hindcast that knows none takes the ratio of later years up to 2021: a way of counting.
    """
    if one.factor is not None:
        return one.factor
    other = _named(one.like, one.kind)
    mine, theirs = (_surest(s) for s in (one, other))
    both = mine.keys() & theirs.keys()
    known = {period for period in both if period.last <= KNOWN_UNTIL}
    return float(np.mean([mine[period] / theirs[period] for period in sorted(known or both)]))


def _surest(one: Series) -> dict[Period, float]:
    periods = published_periods()[_number(one)]
    return {
        p: best(one.indicator, one.breakdown, p.first, p.last).value
        for p in periods
        if p.last <= FIT_UNTIL
    }


@cache
def _number(one: Series) -> int:
    return series().index(one)


@cache
def _named(name: str, kind: str) -> Series:
    """Give the series of a name; of two, the one of the kind."""
    found = [one for one in series() if one.name == name]
    same = [one for one in found if one.kind == kind]
    return (same or found)[0]


class _Desk:
    """Answers one question after another about one counted run, and keeps the answers."""

    def __init__(
        self,
        cut: Cells,
        accounts: Books,
        sets: Sets,
        regions: tuple[str, ...],
        more: Mapping[str, Callable[[Series, Period], float]],
    ) -> None:
        self.cut = cut
        self.place = {period: n for n, period in enumerate(cut.periods)}
        self.same = same_day(cut)
        self.accounts = accounts
        self.sets = sets
        self.share = population.share(regions)
        self.more = more
        self.kept: dict[object, Floats] = {}
        self.chosen: dict[object, Masks] = {}
        self.found: dict[tuple[object, ...], float] = {}

    def value(self, one: Series, period: Period) -> float:
        """Value of a series in a period, in its own unit."""
        key = (one.key, period)
        if key not in self.found:
            self.found[key] = self._told(one, period)
        return self.found[key]

    def _told(self, one: Series, period: Period) -> float:
        if one.how in ("growth", "index"):
            before, now = _compared(one.how, period)
            ratio = _over_nothing(self.plain(one, now), self.plain(one, before))
            return 100 * (ratio - 1) if one.how == "growth" else 100 * ratio
        number = self.plain(one, period)
        if one.how in _DAYS:
            return number / _DAYS[one.how]
        if not one.per:
            return 100 * number if one.how == "percent" else number
        per = self.base(one, period)
        if one.how == "one in":
            return _over_nothing(per, number)
        return 100 * _over_nothing(number, per)

    def plain(self, one: Series, period: Period) -> float:
        """Count of a series before it is divided or told in another way."""
        if one.like:
            other = _named(one.like, one.kind)
            return factor(one) * self.value(other, period)
        return factor(one) * self.counted(one, _over(one, period))

    def base(self, one: Series, period: Period) -> float:
        """Give what a series is divided by."""
        if "|" in one.per:
            return self.value(_named(one.per, one.kind), period)
        what, services_of = one.per.rsplit(" ", 1)
        if one.per.startswith("population "):
            return self.population(one.per, period)
        chosen = groups()[services_of]
        place = self.place.get(_over(one, period))
        if place is None:
            return float("nan")
        key = (what, chosen)
        if key not in self.kept:
            self.kept[key] = self.accounts.plain(what, chosen, self.cut.low, self.cut.high)
        return float(self.kept[key][place])

    def population(self, text: str, period: Period) -> float:
        """Persons of some ages in the run's regions, half-way the year of the period."""
        _, ages, *sex = text.split()
        low, high = (int(age) for age in ages.split("-"))
        there = population.by_age(period.first.year) * self.share
        # 105 boys are born on 100 girls, everywhere and always; at these ages few have died.
        part = {"male": 105 / 205, "female": 100 / 205}[sex[0]] if sex else 1.0
        return float(there[low : high + 1].sum() * part)

    def counted(self, one: Series, period: Period) -> float:
        """Count a series in a period; not a number where the run cannot say."""
        place = self.place.get(period)
        if one.count in EXTRAS:
            return self.more[one.count](one, period) if one.count in self.more else float("nan")
        if place is None:
            return float("nan")
        numbers = self.per_period(one)
        if one.count == "newcomers":
            return float(numbers[place] - numbers[self.place[_eve(period)]])
        return float(numbers[place])

    def per_period(self, one: Series) -> Floats:
        """Count a series in every period of the run."""
        if one.count in ("persons", "persons started", "newcomers"):
            return self.persons_of(one)
        key = (one.count, one.services, one.referrer, one.sex, one.ages, one.lasting)
        if key not in self.kept:
            low, high = self.cut.low, self.cut.high
            self.kept[key] = SPANS[one.count](self.accounts, one, low, high)
        return self.kept[key]

    def persons_of(self, one: Series) -> Floats:
        """Persons that a series counts, per period."""
        begun = one.count == "persons started"
        key = (begun, one.services, one.also, one.without, one.kinds, one.ages, one.sex)
        if key not in self.kept:
            sets = self.sets
            kept = self._kept(begun, one)
            if one.ages[0] > 0 or one.ages[1] < AGES[-1]:
                kept = kept & (sets.age >= one.ages[0]) & (sets.age <= one.ages[1])
            if one.sex is not None:
                kept = kept & (sets.sex == one.sex)
            rows = np.flatnonzero(kept)
            counts = np.bincount(
                sets.period[rows], sets.persons[rows], minlength=len(self.cut.periods)
            )
            self.kept[key] = counts[self.same].astype(np.float64)
        return self.kept[key]

    def _kept(self, begun: bool, one: Series) -> Masks:
        """Which rows of the sets hold the services that a series asks for."""
        key = (begun, one.services, one.also, one.without, one.kinds)
        if key not in self.chosen:
            sets = self.sets
            kept = (sets.started == begun) & _any(sets, one.services)
            for group in one.also:
                kept &= _any(sets, group)
            if one.without:
                kept &= ~_any(sets, one.without)
            if one.kinds:
                number = sum(_any(sets, groups()[kind]).astype(np.int64) for kind in KINDS)
                kept &= (number >= one.kinds[0]) & (number <= one.kinds[1])
            self.chosen[key] = kept
        return self.chosen[key]


_DAYS = {"months": 365.25 / 12, "weeks": 7.0, "days": 1.0}


def _any(sets: Sets, group: frozenset[int]) -> Masks:
    return np.asarray((sets.services & np.uint32(_mask(group))) != 0, dtype=np.bool_)


def _eve(period: Period) -> Period:
    """Give the day whose stock is that of before a period."""
    first = period.first
    on = first if (first.month, first.day) == (1, 1) else first - DAY
    return Period(on, on)


def _over_nothing(above: float, below: float) -> float:
    """Divide; by nothing is not a number."""
    return above / below if below else float("nan")


def _compared(how: str, period: Period) -> tuple[Period, Period]:
    """Periods that a growth or an index compares: before and now.

    Growth is on a year earlier, and over several years from the first to the last of them; an
    index is on the same period of 2015.
    """
    if how == "index":
        return period.moved(2015 - period.first.year), period
    if period.first.year == period.last.year:
        return period.moved(-1), period
    return whole_year(period.first.year), whole_year(period.last.year)
