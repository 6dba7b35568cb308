"""What :func:`stelsel.monitor.indicators.work_out` answers, slowly and obviously: for checking it.

Plain Python over lists of dictionaries, a function per measure, as the definitions read. Nothing is
shared with the fast engine but the definitions, the terms and the shape of the rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

import pyarrow as pa

from stelsel.monitor.indicators.definition import Indicator, Moment, Selection
from stelsel.monitor.indicators.rows import schema
from stelsel.monitor.indicators.working import PARTS, YEARS, asking
from stelsel.monitor.oracle import Observation, kaplan_meier
from stelsel.monitor.question import Period
from stelsel.monitor.survival import Z95
from stelsel.system import norm
from stelsel.system.terms import last_day

Row = dict[str, Any]
_NEVER = date.max
_DAY = timedelta(days=1)


def work_out(
    indicator: Indicator,
    spells: pa.Table,
    as_of: date,
    by: Sequence[str] | None = None,
    days: int = 365,
) -> pa.Table:
    """Give what :func:`stelsel.monitor.indicators.work_out` gives, slowly.

    Examples
    --------
    >>> from stelsel import spells
    >>> from stelsel.monitor.indicators import named
    >>> work_out(named("care-begun"), spells.SCHEMA.empty_table(), date(2026, 1, 31)).num_rows
    0
    """
    asked = asking(indicator, as_of, by, days)
    known = [_known(row, as_of) for row in spells.to_pylist() if row["start"] <= as_of]
    chosen = [row for row in known if _among(row, indicator.of)]
    found = []
    for period in asked.periods:
        groups = {_key(row, asked.columns) for row in known}
        for group in groups if asked.columns else {()}:
            its = [row for row in chosen if _key(row, asked.columns) == group]
            every = [row for row in known if _key(row, asked.columns) == group]
            named = dict(zip(asked.columns, group, strict=True)) | {"month": period.month}
            found += [
                {
                    **{name: named[name] for name in asked.by},
                    "as_of": as_of,
                    "period_start": period.first,
                    "period_end": period.last,
                    **row,
                }
                for row in _MEASURES[indicator.measure](
                    _Case(indicator, its, every, known, chosen, period, as_of)
                )
            ]
    order = [*asked.by, "part", "period_end"]
    found.sort(key=lambda row: [(row[name] is None, row[name] or "") for name in order[:-1]])
    return pa.Table.from_pylist(found, schema=schema(asked.by))


class _Case:
    """One group in one period: its chosen spells, all of its spells, and everybody's."""

    def __init__(
        self,
        indicator: Indicator,
        chosen: list[Row],
        group: list[Row],
        everybody: list[Row],
        all_chosen: list[Row],
        period: Period,
        as_of: date,
    ) -> None:
        self.indicator, self.period, self.as_of = indicator, period, as_of
        self.chosen, self.group, self.everybody = chosen, group, everybody
        self.all_chosen = all_chosen

    def at(self, moment: Moment, rows: Iterable[Row] | None = None) -> list[Row]:
        """Give the spells that have the moment in the period."""
        first, last = self.period.first, self.period.last
        tests: dict[Moment, Callable[[Row], bool]] = {
            "there": lambda row: row["start"] <= last < _out(row),
            "begun": lambda row: first <= row["start"] <= last,
            "ended": lambda row: first <= _out(row) <= last,
            "during": lambda row: row["start"] <= last and _out(row) >= first,
        }
        return [row for row in (self.chosen if rows is None else rows) if tests[moment](row)]

    def count(self, rows: Iterable[Row]) -> int:
        """Count spells or children."""
        if self.indicator.counts == "children":
            return _children(rows)
        return len(list(rows))


def _known(row: Row, as_of: date) -> Row:
    later = row["end"] is not None and row["end"] > as_of
    return {**row, "end": None, "exit": None} if later else row


def _out(row: Row) -> date:
    return _NEVER if row["end"] is None else max(row["start"], row["end"])


def _key(row: Row, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in columns)


def _among(row: Row, selection: Selection) -> bool:
    return all(row[name] in values for name, values in selection.columns().items())


def _children(rows: Iterable[Row]) -> int:
    return len({row["child"] for row in rows})


def _number(
    value: float | None,
    numerator: int,
    denominator: int | None,
    children: int,
    *,
    part: str = "",
    bounds: tuple[float | None, float | None] = (None, None),
) -> Row:
    return {
        "part": part,
        "value": value,
        "low": bounds[0],
        "high": bounds[1],
        "numerator": numerator,
        "denominator": denominator,
        "children": children,
    }


def _count(case: _Case) -> list[Row]:
    rows = case.at(case.indicator.moment)
    number = case.count(rows)
    return [_number(number, number, None, _children(rows))] if rows else []


def _share(case: _Case) -> list[Row]:
    assert case.indicator.part is not None
    rows = case.at(case.indicator.moment)
    return _percent(case, [row for row in rows if _among(row, case.indicator.part)], rows)


def _percent(case: _Case, some: list[Row], every: list[Row]) -> list[Row]:
    if not every:
        return []
    above, below = case.count(some), case.count(every)
    low, high = wilson(above, below)
    bounds = 100 * low, 100 * high
    return [_number(100 * above / below, above, below, _children(every), bounds=bounds)]


def wilson(above: int, below: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share.

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(0, 10)]
    [0.0, 0.2775]
    """
    share, z2 = above / below, Z95**2
    middle = (share + z2 / (2 * below)) / (1 + z2 / below)
    width = Z95 / (1 + z2 / below) * math.sqrt(share * (1 - share) / below + z2 / (4 * below**2))
    return max(middle - width, 0.0), min(middle + width, 1.0)


def _ratio(case: _Case) -> list[Row]:
    assert case.indicator.per is not None
    per = [row for row in case.group if _among(row, case.indicator.per)]
    lower = case.at(case.indicator.per_moment, per)
    if not lower:
        return []
    above, below = case.count(case.at(case.indicator.moment)), case.count(lower)
    return [_number(above / below, above, below, _children(lower))]


def _observations(case: _Case) -> list[tuple[Row, int | None, int, str | None]]:
    """Give per spell seen in the period: it, from which age, to which, and how it ended."""
    found = []
    for row in case.at("during"):
        first = None
        if row["start"] < case.period.first:
            first = (case.period.first - row["start"]).days
        ended = _out(row) <= case.period.last
        last = ((row["end"] if ended else case.period.last) - row["start"]).days
        found.append((row, first, last, row["exit"] if ended else None))
    return found


def _length(case: _Case) -> list[Row]:
    seen = _observations(case)
    if not seen:
        return []
    exits = case.indicator.exits
    events = [cause is not None and (not exits or cause in exits) for *_, cause in seen]
    curve = kaplan_meier(
        [
            Observation(first, last, event)
            for (_, first, last, _), event in zip(seen, events, strict=True)
        ]
    )
    children = _children(row for row, *_ in seen)
    near = 1e-9
    made = []
    for part, share in PARTS.items():
        days = [
            next((step.day for step in curve if step.survival <= share + near), None),
            next((step.day for step in curve if step.low <= share + near), None),
            next(
                (s.day for s in curve if s.high is not None and s.high <= share + near),
                None,
            ),
        ]
        made.append(
            _number(days[0], sum(events), len(seen), children, part=part, bounds=(days[1], days[2]))
        )
    return made


def _ends(case: _Case) -> list[Row]:
    seen = _observations(case)
    causes = sorted({cause for *_, cause in seen if cause is not None})
    day = case.indicator.days
    path = _path(seen)
    reached = any(last >= day or gone for last, gone in _reach(seen))
    made = []
    for cause in causes:
        events = sum(one == cause and last <= day for _, _, last, one in seen)
        steps = [step for step in path if step[0] <= day]
        value = sum(before * own.get(cause, 0) / n for _, before, n, own in steps)
        variance = _variance(steps, cause, value)
        shown: tuple[float | None, float | None] = None, None
        if reached and 0 < value < 1 - 1e-12:
            log = math.log(value)
            width = Z95 * math.sqrt(max(variance, 0.0)) / (value * -log)
            shown = 100 * math.exp(log * math.exp(width)), 100 * math.exp(log * math.exp(-width))
        told = 100 * value if reached else None
        children = _children(row for row, *_ in seen)
        made.append(_number(told, events, len(seen), children, part=cause, bounds=shown))
    return made


def _risk(seen: Sequence[tuple[Row, int | None, int, str | None]], day: int) -> int:
    return sum((first is None or first <= day) and day <= last for _, first, last, _ in seen)


def _days(seen: Sequence[tuple[Row, int | None, int, str | None]]) -> list[int]:
    """Give the days, in order, up to which the curve is known."""
    if all(first is not None for _, first, *_ in seen):
        return []
    known = []
    lasts = [last for *_, last, _ in seen]
    for day in range(min(lasts), max(lasts) + 1):
        events = sum(cause is not None and last == day for _, _, last, cause in seen)
        at_risk = _risk(seen, day)
        if not at_risk or (events == at_risk and any(last > day for last in lasts)):
            break
        known.append(day)
    return known


def _reach(seen: Sequence[tuple[Row, int | None, int, str | None]]) -> list[tuple[int, bool]]:
    """Give the days on which somebody was seen, and whether all of them ended on it."""
    lasts = [last for *_, last, _ in seen]
    made = []
    for day in _days(seen):
        events = sum(cause is not None and last == day for _, _, last, cause in seen)
        made.append((day, events == _risk(seen, day) and day == max(lasts)))
    return made


def _path(
    seen: Sequence[tuple[Row, int | None, int, str | None]],
) -> list[tuple[int, float, int, dict[str, int]]]:
    """Walk the days with events: day, share there before it, at risk, ends by cause."""
    there, made = 1.0, []
    for day in _days(seen):
        own: dict[str, int] = {}
        for _, _, last, cause in seen:
            if cause is not None and last == day:
                own[cause] = own.get(cause, 0) + 1
        if own:
            at_risk = _risk(seen, day)
            made.append((day, there, at_risk, own))
            there *= 1 - sum(own.values()) / at_risk
    return made


def _variance(
    steps: Sequence[tuple[int, float, int, dict[str, int]]], cause: str, value: float
) -> float:
    """Give the variance of a share that ended in one way (Marubini and Valsecchi, 1995)."""
    total, so_far = 0.0, 0.0
    for _, before, n, own in steps:
        d, mine = sum(own.values()), own.get(cause, 0)
        so_far += before * mine / n
        left = value - so_far
        total += left**2 * d / (n * (n - d)) if n > d else 0.0
        total += before**2 * (n - mine) * mine / n**3
        total -= 2 * left * before * mine / n**2
    return total


def _lasted(case: _Case) -> list[Row]:
    rows = case.at("there")
    if not rows:
        return []
    ages = [(case.period.last - row["start"]).days for row in rows]
    return [_number(median(ages), len(rows), len(rows), _children(rows), part="median")]


def _within(case: _Case) -> list[Row]:
    term = norm(case.indicator.norm)
    exits = case.indicator.exits
    met, missed = [], []
    for row in case.chosen:
        if (case.as_of - row["start"]).days > 366 * YEARS:
            continue
        last = last_day(term, row["start"])
        if _out(row) <= last:
            if case.period.first <= _out(row) <= case.period.last and (
                not exits or row["exit"] in exits
            ):
                met.append(row)
        elif case.period.first <= last + _DAY <= case.period.last:
            missed.append(row)
    return _percent(case, met, met + missed)


def _beside(case: _Case) -> list[Row]:
    numbers: dict[str, int] = {}
    for row in case.at("there"):
        numbers[row["child"]] = numbers.get(row["child"], 0) + 1
    if not numbers:
        return []
    above, below = sum(n >= case.indicator.least for n in numbers.values()), len(numbers)
    low, high = wilson(above, below)
    return [_number(100 * above / below, above, below, below, bounds=(100 * low, 100 * high))]


def _again(case: _Case) -> list[Row]:
    part = case.indicator.part or case.indicator.of
    back = _years_before(case.period.first, case.indicator.years)
    rows = case.at("begun")
    gap = timedelta(days=case.indicator.gap)
    some = [
        row
        for row in rows
        if any(
            one["child"] == row["child"]
            and one["end"] is not None
            and back < _out(one) <= row["start"] - gap
            for one in case.everybody
            if _among(one, part)
        )
    ]
    return _percent(case, some, rows)


def _years_before(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def _no_return(case: _Case) -> list[Row]:
    gap = timedelta(days=case.indicator.gap)
    some, every = [], []
    for row in case.at("ended"):
        out = _out(row)
        until = date(out.year, 12, 31) if out.month <= 6 else date(out.year + 1, 6, 30)
        if until > case.as_of:
            continue
        every.append(row)
        if not any(
            one["child"] == row["child"] and out + gap <= one["start"] <= until
            for one in case.all_chosen
        ):
            some.append(row)
    return _percent(case, some, every)


def _follow(case: _Case) -> list[Row]:
    part = case.indicator.part or case.indicator.of
    some, every = [], []
    for row in case.at("ended"):
        out = _out(row)
        until = out + timedelta(days=case.indicator.days)
        if until > case.as_of:
            continue
        every.append(row)
        if any(
            one["child"] == row["child"]
            and out <= one["start"] <= until
            and not (case.indicator.other and one["station"] == row["station"])
            for one in case.everybody
            if _among(one, part)
        ):
            some.append(row)
    return _percent(case, some, every)


_MEASURES: dict[str, Callable[[_Case], list[Row]]] = {
    "count": _count,
    "share": _share,
    "ratio": _ratio,
    "length": _length,
    "ends": _ends,
    "lasted": _lasted,
    "within": _within,
    "beside": _beside,
    "again": _again,
    "no-return": _no_return,
    "follow": _follow,
}
