"""What :func:`stelsel.monitor.indicators.work_out` answers, slowly and obviously: for checking it.

Plain Python over lists of dictionaries, a function per measure, as the definitions read. Nothing is
shared with the fast engine but the definitions, the terms and the shape of the rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import mean, median, stdev

import pyarrow as pa

from stelsel.monitor.indicators.definition import Indicator
from stelsel.monitor.indicators.measures import PARTS, YEARS
from stelsel.monitor.indicators.oracle_case import Case, among, children_of, key_of
from stelsel.monitor.indicators.rounded import wilson
from stelsel.monitor.indicators.rows import schema
from stelsel.monitor.indicators.student import t95
from stelsel.monitor.indicators.working import asking
from stelsel.monitor.oracle import Observation, Row, as_known, kaplan_meier, out_of
from stelsel.monitor.oracle_ends import Ending, aalen_johansen
from stelsel.system import norm
from stelsel.system.questions import answers
from stelsel.system.terms import last_day

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
    known = [as_known(row, as_of) for row in spells.to_pylist() if row["start"] <= as_of]
    chosen = [row for row in known if among(row, indicator.of)]
    found = []
    for period in asked.periods:
        groups = {key_of(row, asked.columns) for row in known}
        for group in groups if asked.columns else {()}:
            its = [row for row in chosen if key_of(row, asked.columns) == group]
            every = [row for row in known if key_of(row, asked.columns) == group]
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
                    Case(indicator, its, every, known, chosen, period, as_of)
                )
            ]
    order = [*asked.by, "part", "period_end"]
    found.sort(key=lambda row: [(row[name] is None, row[name] or "") for name in order[:-1]])
    return pa.Table.from_pylist(found, schema=schema(asked.by))


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


def _count(case: Case) -> list[Row]:
    rows = case.at(case.indicator.moment)
    number = case.count(rows)
    return [_number(number, number, None, children_of(rows))] if rows else []


def _share(case: Case) -> list[Row]:
    assert case.indicator.part is not None
    rows = case.at(case.indicator.moment)
    return _percent(case, [row for row in rows if among(row, case.indicator.part)], rows)


def _percent(case: Case, some: list[Row], every: list[Row]) -> list[Row]:
    if not every:
        return []
    above, below = case.count(some), case.count(every)
    low, high = wilson(above / below, below / _effect(case, some, every))
    bounds = 100 * low, 100 * high
    return [_number(100 * above / below, above, below, children_of(every), bounds=bounds)]


def _effect(case: Case, some: list[Row], every: list[Row]) -> float:
    """Say for how many spells of separate children one spell of these counts as evidence."""
    if case.indicator.counts == "children":
        return 1.0
    of_child = {row["child"]: [0, 0] for row in every}
    for row in some:
        of_child[row["child"]][0] += 1
    for row in every:
        of_child[row["child"]][1] += 1
    share = len(some) / len(every)
    if not 0 < len(some) < len(every):
        return max(1.0, sum(whole**2 for _, whole in of_child.values()) / len(every))
    between = sum((part - share * whole) ** 2 for part, whole in of_child.values())
    return max(1.0, between / (len(every) * share * (1 - share)))


def _ratio(case: Case) -> list[Row]:
    assert case.indicator.per is not None
    per = [row for row in case.group if among(row, case.indicator.per)]
    lower = case.at(case.indicator.per_moment, per)
    if not lower:
        return []
    above, below = case.count(case.at(case.indicator.moment)), case.count(lower)
    return [_number(above / below, above, below, children_of(lower))]


def _observations(case: Case) -> list[tuple[Row, Ending]]:
    """Give per spell seen in the period: it, and from which age to which, and how it ended."""
    found = []
    for row in case.at("during"):
        first = None
        if row["start"] < case.period.first:
            first = (case.period.first - row["start"]).days
        ended = out_of(row) <= case.period.last
        last = ((row["end"] if ended else case.period.last) - row["start"]).days
        found.append((row, Ending(first, last, row["exit"] if ended else None)))
    return found


def _length(case: Case) -> list[Row]:
    seen = _observations(case)
    if not seen:
        return []
    exits = case.indicator.exits
    events = [one.cause is not None and (not exits or one.cause in exits) for _, one in seen]
    curve = kaplan_meier(
        [
            Observation(one.first, one.last, event)
            for (_, one), event in zip(seen, events, strict=True)
        ]
    )
    children = children_of(row for row, _ in seen)
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


def _ends(case: Case) -> list[Row]:
    seen = _observations(case)
    children = children_of(row for row, _ in seen)
    return [
        _number(
            _percents(one.share),
            one.events,
            len(seen),
            children,
            part=one.cause,
            bounds=(_percents(one.low), _percents(one.high)),
        )
        for one in aalen_johansen([one for _, one in seen], case.indicator.days)
    ]


def _percents(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _lasted(case: Case) -> list[Row]:
    rows = case.at("there")
    if not rows:
        return []
    ages = [(case.period.last - row["start"]).days for row in rows]
    return [_number(median(ages), len(rows), len(rows), children_of(rows), part="median")]


def _within(case: Case) -> list[Row]:
    term = norm(case.indicator.norm)
    exits = case.indicator.exits
    met, missed = [], []
    for row in case.chosen:
        if (case.as_of - row["start"]).days > 366 * YEARS:
            continue
        last = last_day(term, row["start"])
        if out_of(row) <= last:
            if case.period.first <= out_of(row) <= case.period.last and (
                not exits or row["exit"] in exits
            ):
                met.append(row)
        elif case.period.first <= last + _DAY <= case.period.last:
            missed.append(row)
    return _percent(case, met, met + missed)


def _beside(case: Case) -> list[Row]:
    numbers: dict[str, int] = {}
    for row in case.at("there"):
        numbers[row["child"]] = numbers.get(row["child"], 0) + 1
    if not numbers:
        return []
    above, below = sum(n >= case.indicator.least for n in numbers.values()), len(numbers)
    low, high = wilson(above / below, below)
    return [_number(100 * above / below, above, below, below, bounds=(100 * low, 100 * high))]


def _again(case: Case) -> list[Row]:
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
            and back < out_of(one) <= row["start"] - gap
            for one in case.everybody
            if among(one, part)
        )
    ]
    return _percent(case, some, rows)


def _years_before(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def _no_return(case: Case) -> list[Row]:
    gap = timedelta(days=case.indicator.gap)
    some, every = [], []
    for row in case.at("ended"):
        out = out_of(row)
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


def _follow(case: Case) -> list[Row]:
    part = case.indicator.part or case.indicator.of
    some, every = [], []
    for row in case.at("ended"):
        out = out_of(row)
        until = out + timedelta(days=case.indicator.days)
        if until > case.as_of:
            continue
        every.append(row)
        if any(
            one["child"] == row["child"]
            and out <= one["start"] <= until
            and not (case.indicator.other and one["station"] == row["station"])
            for one in case.everybody
            if among(one, part)
        ):
            some.append(row)
    return _percent(case, some, every)


def _mark(case: Case) -> list[Row]:
    number = {one.id: int(one.code) for one in answers() if one.scale == "mark"}
    rows = [row for row in case.at("ended") if row["exit"] in number]
    if not rows:
        return []
    marks = [number[row["exit"]] for row in rows]
    middle = mean(marks)
    bounds: tuple[float | None, float | None] = None, None
    if len(marks) > 1:
        width = t95(len(marks) - 1) * stdev(marks) / math.sqrt(len(marks))
        bounds = max(middle - width, 1.0), min(middle + width, 10.0)
    behind = len(marks), len(marks), children_of(rows)
    return [
        _number(float(middle), *behind, part="mean", bounds=bounds),
        _number(float(median(marks)), *behind, part="median"),
    ]


def _days(case: Case) -> list[Row]:
    rows = case.at("during")
    if not rows:
        return []
    length = (case.period.last - case.period.first).days + 1
    days = [case.period.first + n * _DAY for n in range(length)]
    number = sum(row["start"] <= day < out_of(row) for row in rows for day in days)
    return [_number(float(number), number, None, children_of(rows))]


_MEASURES: dict[str, Callable[[Case], list[Row]]] = {
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
    "mark": _mark,
    "days": _days,
}
