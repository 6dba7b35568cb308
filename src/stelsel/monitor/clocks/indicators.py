"""The share of terms kept, and the cases that are late, as indicators of every clock.

A term is a stay of its own: it begins when the clock begins, and ends, ``met`` or ``missed``, on
the day on which that is sure. So the indicators of the clocks are counted as all others are, by
both engines; :func:`with_terms` puts those stays among the spells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

import pyarrow as pa

from stelsel import spells as spell_table
from stelsel.monitor.clocks.running import running
from stelsel.monitor.indicators.definition import Indicator, Selection
from stelsel.system import clock, clocks, norm
from stelsel.system.regions import region_of

KEPT, LATE = "kept-", "late-"
"""Of the stations, and of the indicators, of a term and of what is over its term."""
DONE = "done"


@cache
def of_clocks() -> tuple[Indicator, ...]:
    """Give the indicators of the clocks that run, in the order of their table.

    A right that lapses can be neither kept nor missed, and what must lie far enough ahead is
    never late: these have none.

    Examples
    --------
    >>> [one.id for one in of_clocks()][:2]
    ['kept-veilig-thuis-safety', 'late-veilig-thuis-safety']
    """
    found = []
    for one in clocks():
        if not one.runs or one.sense == "may":
            continue
        held = norm(one.norm)
        notes = ((one.note_nl,), (one.note_en,)) if one.note_nl else ((), ())
        term = f"{KEPT}{one.norm}"
        found.append(
            Indicator(
                id=term,
                name_nl=f"Op tijd: {held.name_nl}",
                name_en=f"In time: {held.name_en}",
                question_nl=f"Bij welk deel is de termijn gehaald: {held.name_nl}?",
                question_en=f"In which share was the term kept: {held.name_en}?",
                systems=one.systems,
                measure="share",
                moment="ended",
                of=Selection((term,), exits=("met", "missed")),
                part=Selection((term,), exits=("met",)),
                direction="higher",
                norm=one.norm,
                source=one.source,
                caveats_nl=notes[0],
                caveats_en=notes[1],
            )
        )
        if one.sense == "at-most":
            found.append(
                Indicator(
                    id=f"{LATE}{one.norm}",
                    name_nl=f"Te laat: {held.name_nl}",
                    name_en=f"Overdue: {held.name_en}",
                    question_nl=f"Hoeveel zaken zijn nu over hun termijn: {held.name_nl}?",
                    question_en=f"How many cases are over their term now: {held.name_en}?",
                    systems=one.systems,
                    measure="count",
                    moment="there",
                    of=Selection((f"{LATE}{one.norm}",)),
                    direction="lower",
                    norm=one.norm,
                    source=one.source,
                    caveats_nl=notes[0],
                    caveats_en=notes[1],
                )
            )
    return tuple(found)


def norms_of(indicators: Iterable[Indicator]) -> tuple[str, ...]:
    """Give the norms whose terms some indicators count.

    Examples
    --------
    >>> norms_of(of_clocks()[:2])
    ('veilig-thuis-safety',)
    """
    known = {one.id: one.norm for one in of_clocks()}
    return tuple(dict.fromkeys(known[one.id] for one in indicators if one.id in known))


def with_terms(
    spells: pa.Table,
    on: date,
    asked: Sequence[str],
    marks: pa.Table | None = None,
    births: pa.Table | None = None,
) -> pa.Table:
    """Give spells with the terms of norms among them, as stays at ``kept-`` and ``late-`` stations.

    Parameters
    ----------
    spells, on, marks, births
        As of :func:`stelsel.monitor.clocks.running`.
    asked
        Ids of norms.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.spells.SCHEMA`. Of a term that no child's case has the child is
        the case.

    Examples
    --------
    >>> one = {"child": "a", "episode": "a1", "station": "list-board-protection",
    ...        "start": date(2026, 11, 2), "known": date(2026, 11, 2), "source": "twin"}
    >>> table = pa.Table.from_pylist([one], schema=spell_table.SCHEMA)
    >>> found = with_terms(table, date(2026, 11, 20), ["board-start"])
    >>> [(row["station"], row["exit"]) for row in found.to_pylist()][1:]
    [('kept-board-start', 'missed'), ('late-board-start', None)]
    """
    if not asked:
        return spells
    rows = []
    for run in running(spells, on, marks, births, only=asked).to_pylist():
        shared = {
            "child": run["child"] or run["case"],
            "episode": run["case"],
            "municipality": run["municipality"],
            "region": _region(run["municipality"]),
            "provider": run["organisation"],
            "known": on,
            "source": "process",
        }
        state = "missed" if run["state"] == "overdue" else run["state"]
        decided = run["decided"]
        kept = {"station": f"{KEPT}{run['norm']}", "start": min(run["start"], decided or on)}
        ended = {"end": decided, "exit": state if decided else None}
        rows.append(shared | kept | ended)
        if state == "missed" and clock(run["norm"]).sense == "at-most":
            late = {"station": f"{LATE}{run['norm']}", "start": decided}
            stop = run["stop"]
            rows.append(shared | late | {"end": stop, "exit": DONE if stop else None})
    terms = pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)
    return pa.concat_tables([spell_table.check(spells), terms])


@cache
def _region(municipality: str | None) -> str | None:
    return region_of(municipality) if municipality else None
