"""The same as :mod:`stelsel.monitor.clocks.running`, slowly: one clock and one case at a time.

Plain Python over rows; no cleverness. Tests compare it with the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from stelsel.monitor.clocks.moments import beginnings, birthday, endings, tellable
from stelsel.monitor.clocks.rows import RUNS
from stelsel.system import Clock, clocks, norm, station, step, steps
from stelsel.system.moments import of_message, teller
from stelsel.system.terms import last_day

Row = dict[str, Any]
_STEPS = {one.id: number for number, one in enumerate(steps())}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Run:
    """A run before it is judged."""

    row: Row
    base: date
    ordered: date | None = None
    stop: date | None = None
    dropped: bool = False
    floor: date | None = None
    left: date | None = None


def running(
    spells: pa.Table,
    on: date,
    marks: pa.Table | None = None,
    births: pa.Table | None = None,
    only: Sequence[str] = (),
) -> pa.Table:
    """Give every run of the clocks, with its state on a day; see the engine.

    Examples
    --------
    >>> from stelsel import spells as spell_table
    >>> running(spell_table.SCHEMA.empty_table(), date(2026, 1, 1)).num_rows
    0
    """
    stays = [_known(row, on) for row in spells.to_pylist() if row["start"] <= on]
    told = [row for row in (marks.to_pylist() if marks else []) if row["day"] <= on]
    born = (
        {row["child"]: birthday(row["birth_month"]) for row in births.to_pylist()} if births else {}
    )
    found = []
    for clock in clocks():
        if not clock.runs or (only and clock.norm not in only):
            continue
        for run in _runs(clock, stays, told, born, on):
            judged = _judged(clock, run, on)
            if judged:
                found.append(judged)
    order = ("norm", "last_day", "case", "start", "stop", "municipality")
    found.sort(key=lambda row: [(row[name] is None, str(row[name] or "")) for name in order])
    return pa.Table.from_pylist(found, schema=RUNS)


def _known(row: Row, on: date) -> Row:
    ended = row["end"] is not None and row["end"] <= on
    out = max(row["end"], row["start"]) if ended else None
    return {**row, "out": out, "exit": row["exit"] if ended else None}


def _runs(
    clock: Clock, stays: list[Row], told: list[Row], born: dict[str, date], on: date
) -> Iterator[_Run]:
    if clock.from_steps == ("birth",):
        if clock.to_steps:
            yield from _ages(clock, stays, told, born, on)
        else:
            yield from _whole_stays(clock, stays, told, born)
    elif clock.from_steps:
        yield from _sequences(clock, stays, told)
    else:
        yield from _whole_stays(clock, stays, told, born)


# --- from mark to mark ---------------------------------------------------------------------------


def _sequences(clock: Clock, stays: list[Row], told: list[Row]) -> Iterator[_Run]:
    marks = list(told)
    if tellable(clock):
        marks += [mark for stay in stays if stay["source"] != "process" for mark in _implied(stay)]
    marks += [_came(stay, stay["start"], 0) for stay in stays]
    if any(name.startswith("in:") for name in clock.to_steps):
        marks += [
            _came(stay, mark["day"], 1)
            for mark in told
            if mark["child"] and _fits(mark, clock.from_steps)
            for stay in stays
            if stay["child"] == mark["child"]
            and stay["start"] < mark["day"]
            and (stay["out"] is None or stay["out"] > mark["day"])
        ]
    tellers = {teller(name) for name in (*clock.from_steps, *clock.to_steps)}
    if any(map(of_message, (*clock.from_steps, *clock.to_steps))):
        tellers = {""}  # by the case alone, whoever tells
    names = (*clock.since, *clock.from_steps, *clock.to_steps)
    own = [mark for mark in marks if _fits(mark, names)]
    away = [mark for mark in marks if _fits(mark, clock.else_steps) and mark not in own]
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for mark in own:
        groups[_group(clock, mark, tellers)].append(mark)
    for mark in away:
        if len(tellers) > 1 or teller(mark["mark"]) in tellers or of_message(mark["mark"]):
            groups[_group(clock, mark, tellers)].append(mark)
        elif mark["child"]:
            for members in groups.values():
                if any(other["child"] == mark["child"] for other in members if other in own):
                    members.append(mark)
    for members in groups.values():
        yield from _in_turn(clock, sorted(members, key=_order), told)


def _group(clock: Clock, mark: Row, tellers: set[str]) -> tuple[str, str]:
    which = mark["child"] if len(tellers) > 1 and mark["child"] else mark["case"]
    apart = all(
        name in _STEPS and "reference" in (*step(name).fields, *step(name).may)
        for name in (*clock.from_steps, *clock.to_steps)
    )
    return which, (mark["reference"] or "") if apart else ""


def _fits(mark: Row, names: Sequence[str]) -> bool:
    for name in names:
        head, _, reason = name.partition(":")
        if mark["mark"] == head and (not reason or mark["reason"] == reason):
            return True
    return False


def _implied(stay: Row) -> Iterator[Row]:
    shared = {
        "case": stay["child"],
        "child": stay["child"],
        "organisation": stay["provider"],
        "addressed": None,
        "municipality": stay["municipality"],
        "known": stay["known"],
        "last_day": None,
        "reference": None,
        "implied": True,
    }
    first = beginnings().get(stay["station"])
    if first:
        place = {"mark": first, "place": _STEPS[first]}
        yield shared | place | {"day": stay["start"], "reason": stay["priority"]}
    last = endings().get((stay["station"], stay["exit"] or ""))
    if last:
        place = {"mark": last, "place": _STEPS[last]}
        yield shared | place | {"day": stay["out"], "reason": stay["exit"]}


def _came(stay: Row, day: date, place: int) -> Row:
    return {
        "mark": "in",
        "reason": stay["station"],
        "case": stay["child"],
        "child": stay["child"],
        "organisation": stay["provider"],
        "addressed": None,
        "municipality": stay["municipality"],
        "day": day,
        "known": stay["known"],
        "last_day": None,
        "reference": None,
        "place": 10**6 + place,
        "implied": False,
    }


def _order(mark: Row) -> tuple[Any, ...]:
    texts = [str(mark[name] or "") for name in ("mark", "reason", "case")]
    return (mark["day"], mark["place"], mark["known"], *texts)


def _in_turn(clock: Clock, members: list[Row], told: list[Row]) -> Iterator[_Run]:
    now: _Run | None = None
    since: date | None = None
    for mark in members:
        if _fits(mark, clock.since):
            since = mark["day"]
        stops = _fits(mark, clock.to_steps)
        drops = _fits(mark, clock.else_steps) and not stops
        if now and (stops or drops):
            yield replace(now, stop=mark["day"], dropped=drops)
            ordered, now = now.ordered, None
            ends = mark["mark"] in _STEPS and bool(step(mark["mark"]).ends)
            if stops and clock.repeats and not ends:
                base = max(mark["day"], ordered or mark["day"])
                now = _begun(clock, mark, base, since, told)
        elif not now and _fits(mark, clock.from_steps):
            now = _begun(clock, mark, mark["day"], since, told)
    if now:
        yield now


def _begun(clock: Clock, mark: Row, base: date, since: date | None, told: list[Row]) -> _Run:
    if clock.since and since:
        base = since
    row = {name: mark[name] for name in ("case", "child", "municipality")}
    row["organisation"] = _desk(clock, mark, told)
    return _Run(row, base, ordered=mark["last_day"])


def _desk(clock: Clock, mark: Row, told: list[Row]) -> str | None:
    owner = station(clock.station).owner if clock.station else ""
    named = [teller(name) for name in clock.to_steps if teller(name)]
    who = named[0] if named else owner
    if who == "court":
        who = owner if owner and owner != "court" else teller(clock.from_steps[0])
    if who and teller(mark["mark"]) == who:
        return str(mark["organisation"]) if mark["organisation"] else None
    if mark["addressed"]:
        return str(mark["addressed"])
    if who == "municipality":
        return str(mark["municipality"]) if mark["municipality"] else None
    return _last_teller(who, mark["child"], told)


def _last_teller(who: str, child: str | None, told: list[Row]) -> str | None:
    heard = [
        mark
        for mark in told
        if mark["child"] == child is not None
        and mark["organisation"]
        and not mark["implied"]
        and mark["mark"] in _STEPS
        and teller(mark["mark"]) == who
    ]
    if not heard:
        return None
    latest = max((mark["day"], mark["known"]) for mark in heard)
    names = [str(m["organisation"]) for m in heard if (m["day"], m["known"]) == latest]
    return min(names)


# --- stays and ages ------------------------------------------------------------------------------


def _whole_stays(
    clock: Clock, stays: list[Row], told: list[Row], born: dict[str, date]
) -> Iterator[_Run]:
    ways = [name.partition(":")[2] for name in clock.to_steps]
    for stay in stays:
        if stay["station"] not in (clock.at or (clock.station,)):
            continue
        base = stay["start"]
        if clock.from_steps:
            if stay["child"] not in born:
                continue
            base = born[stay["child"]]
            if "birth-18" in clock.since:
                base = _years_later(base, 18)
        who = _last_teller(station(stay["station"]).owner, stay["child"], told)
        if who is None and stay["source"] != "process":
            who = stay["provider"]
        row = {"case": stay["episode"], "child": stay["child"], "organisation": who}
        row["municipality"] = stay["municipality"]
        dropped = bool(ways) and stay["exit"] is not None and stay["exit"] not in ways
        yield _Run(row, base, stop=stay["out"], dropped=dropped, floor=stay["start"])


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _ages(
    clock: Clock, stays: list[Row], told: list[Row], born: dict[str, date], on: date
) -> Iterator[_Run]:
    spoken = [mark for stay in stays if stay["source"] != "process" for mark in _implied(stay)]
    heard = [mark for mark in (*told, *spoken) if _fits(mark, clock.to_steps)]
    for child in sorted({stay["child"] for stay in stays if stay["child"] in born}):
        own = [stay for stay in stays if stay["child"] == child]
        here = [stay for stay in own if stay["station"] in clock.at]
        if not here:
            continue
        outs = [stay["out"] for stay in here]
        left = None if None in outs else max(outs)
        first = min(stay["start"] for stay in here)
        held = norm(clock.norm)
        if held.limit < (18 if held.unit == "years" else 18 * 12):
            adult = _years_later(born[child], 18)
            if first >= adult:
                continue
            if adult <= on:
                left = min(adult, left or adult)
        did = [mark["day"] for mark in heard if mark["child"] == child]
        texts = ("station", "municipality", "episode")
        newest = max(stay["start"] for stay in own)
        last = min(
            (stay for stay in own if stay["start"] == newest),
            key=lambda stay: [(stay[name] is None, stay[name] or "") for name in texts],
        )
        desk = last["municipality"] if teller(clock.to_steps[0]) == "municipality" else None
        yield _Run(
            {
                "case": child,
                "child": child,
                "organisation": desk,
                "municipality": last["municipality"],
            },
            born[child],
            stop=min(did) if did else None,
            floor=first,
            left=left,
        )


# --- the state -----------------------------------------------------------------------------------


def _judged(clock: Clock, run: _Run, on: date) -> Row | None:
    """Give the run with its state; none where the norm did not hold when it began."""
    held = norm(clock.norm)
    of_age = clock.from_steps == ("birth",)
    if not of_age and held.valid_from and run.base < held.valid_from:
        return None
    if not of_age and held.valid_to and run.base > held.valid_to:
        return None
    last = last_day(held, run.base)
    if run.ordered:
        last = min(last, run.ordered)
    stop, dropped = run.stop, run.dropped
    if run.left and not (stop and stop <= last):
        stop, dropped = run.left, run.left <= last
    state, decided = _state(clock, last, stop, dropped, on)
    if decided == last + _DAY and clock.sense != "at-least" and state != "met":
        decided = max(decided, run.floor or run.base)
    return {
        **run.row,
        "norm": clock.norm,
        "start": run.base,
        "last_day": last,
        "stop": stop,
        "decided": decided,
        "state": state,
    }


def _state(
    clock: Clock, last: date, stop: date | None, dropped: bool, on: date
) -> tuple[str, date | None]:
    after = last + _DAY
    if clock.sense == "at-least":
        if dropped:
            return "dropped", stop
        if stop:
            return ("met", last) if stop >= last else ("missed", stop)
        return ("met", last) if last <= on else ("running", None)
    if stop and stop <= last:
        return ("dropped" if dropped else "met"), stop
    if stop or on > last:
        late = "missed" if stop else "overdue"
        return ("dropped" if clock.sense == "may" else late), after
    return ("due" if (last - on).days <= clock.ahead else "running"), None
