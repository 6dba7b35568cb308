"""The rows of an indicator as they may leave: named, protected, their values from what is shown.

A share is worked out anew from the rounded counts that are shown, so that it tells no more than
they do; those that do not count (``others``) follow by subtraction, and must not be small. So a
group that is full or empty does not show: its others, or those that count, are none. Of a
``sensitive`` indicator the groups that have nobody have a row as well, hidden as those with a few.
The share of a way of ending goes where its number is hidden, and is told in whole percents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stelsel import system
from stelsel.disclosure import PROTECTED, declare, protect_together
from stelsel.disclosure.sheets import Sheet
from stelsel.monitor.indicators.definition import Indicator, Selection
from stelsel.monitor.indicators.rounded import interval
from stelsel.monitor.indicators.rows import VALUES
from stelsel.monitor.readers import Lang, named_rows, passed, unwritable, write_csv

SHARES = ("share", "within", "beside", "again", "no-return", "follow")
"""Measures whose value is the share of numerator and denominator."""


def for_readers(
    indicator: Indicator,
    rows: pa.Table,
    *,
    known_on: date | None,
    made_up: bool,
    internal: bool = False,
    lang: Lang = "nl",
    before: Sequence[Sheet] = (),
) -> pa.Table:
    """Give the rows of an indicator as they may leave.

    Parameters
    ----------
    indicator
        What they are of.
    rows
        What :func:`stelsel.monitor.indicators.work_out` gives.
    known_on
        The day whose knowledge they come from; None for all that is known now.
    made_up, internal, before
        As in :func:`stelsel.disclosure.protect`.
    lang
        Language of the names.

    Returns
    -------
    pa.Table
        The rows with the id of the indicator, names beside codes, ``known_on``, ``made_up`` and
        ``protected``. A hidden value is null.

    Examples
    --------
    >>> from stelsel import spells
    >>> from stelsel.monitor.indicators import named, work_out
    >>> one = named("care-begun")
    >>> found = work_out(one, spells.SCHEMA.empty_table(), date(2026, 6, 30))
    >>> for_readers(one, found, known_on=None, made_up=True).column_names[:3]
    ['indicator', 'form', 'form_name']
    """
    table = ready(
        indicator, rows, known_on=known_on, exact=made_up or internal, made_up=made_up, lang=lang
    )
    name = indicator.id
    return all_together(
        {name: (indicator, table)}, made_up=made_up, internal=internal, before=before
    )[name]


def ready(
    indicator: Indicator,
    rows: pa.Table,
    *,
    known_on: date | None,
    made_up: bool,
    exact: bool = False,
    lang: Lang = "nl",
    groups: Mapping[str, Sequence[str]] | None = None,
) -> pa.Table:
    """Make the rows of an indicator ready for the door: named, and their counts said to be what.

    Parameters
    ----------
    indicator, rows, known_on, made_up, lang
        As in :func:`for_readers`.
    exact
        Whether they will leave as they are.
    groups
        Per key the groups that have a row though nobody is in them, beside those of a sensitive
        indicator: that a table lacks one would tell another table's hidden number.
    """
    if (indicator.sensitive or groups) and not exact:
        rows = _with_empty(indicator, rows, groups or {})
    rows = _said(indicator, rows)
    named = named_rows(rows, known_on=known_on, made_up=made_up, lang=lang)
    label = declare(pa.field("indicator", pa.string()), "label")
    return named.add_column(0, label, pa.array([indicator.id] * len(named), pa.string()))


def all_together(
    tables: Mapping[str, tuple[Indicator, pa.Table]],
    *,
    made_up: bool,
    internal: bool = False,
    before: Sequence[Sheet] = (),
    done: Callable[[int, int], None] | None = None,
) -> dict[str, pa.Table]:
    """Let tables of indicators leave together, so that none gives away what another hides.

    Parameters
    ----------
    tables
        By a name of one's own, the indicator and what :func:`ready` made of its rows.
    made_up, internal, before
        As in :func:`stelsel.disclosure.protect`.
    done
        Is told how much is done, and of how much.
    """
    found = protect_together(
        {name: table for name, (_, table) in tables.items()},
        made_up=made_up,
        internal=internal,
        before=before,
        done=done,
    )
    return {
        name: _finished(one, found[name], exact=made_up or internal)
        for name, (one, _) in tables.items()
    }


def _finished(indicator: Indicator, rows: pa.Table, *, exact: bool) -> pa.Table:
    share = indicator.measure in SHARES
    if not exact and (share or indicator.measure in ("count", "days", "ratio")):
        rows = _from_what_is_shown(indicator, rows)
    elif not exact and indicator.measure == "ends":
        rows = _with_its_number(rows)
    return rows


def counted(selection: Selection, moment: str, counts: str) -> str:
    """Name what is counted, the same for every indicator that counts the same.

    Examples
    --------
    >>> one, same = Selection(("a", "b")), Selection(("b", "a"))
    >>> counted(one, "there", "children") == counted(same, "there", "children")
    True
    """
    said = {name: sorted(values) for name, values in selection.columns().items()}
    mark = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
    return f"{counts}:{moment}:{mark}"


def _said(indicator: Indicator, rows: pa.Table) -> pa.Table:
    """Say of each count what it counts, whether groups and months of it add up, and of what day."""
    names: dict[str, str] = {}
    moments: dict[str, str] = {}
    of, per = (indicator.of, indicator.moment), (indicator.per, indicator.per_moment)
    bases: dict[str, dict[str, tuple[Selection | None, str]]] = {
        "count": {"numerator": of, "children": of},
        "share": {"denominator": of, "children": of},
        "ratio": {"numerator": of, "denominator": per, "children": per},
        "lasted": dict.fromkeys(("numerator", "denominator", "children"), (indicator.of, "there")),
    }
    spells = indicator.measure == "lasted"
    for column, (selection, moment) in bases.get(indicator.measure, {}).items():
        assert selection is not None
        counts = "children" if column == "children" else "spells" if spells else indicator.counts
        names[column], moments[column] = counted(selection, moment, counts), moment
    if indicator.measure == "share":
        moments["numerator"] = indicator.moment
    if indicator.measure == "beside":
        moments |= dict.fromkeys(("numerator", "denominator", "children"), "there")
    split = {
        "length": ("numerator", "denominator", "children"),
        "lasted": ("numerator", "denominator", "children"),
        "ends": ("denominator", "children"),
    }
    share = indicator.measure in SHARES
    once = indicator.counts == "children" or indicator.measure == "beside"
    for place, field in enumerate(rows.schema):
        if field.name not in ("numerator", "denominator", "children"):
            continue
        moment = moments.get(field.name, "")
        alone = field.name == "children" or (once and not spells)
        made = declare(
            pa.field(field.name, field.type),
            "count",
            behind="" if field.name == "children" else "children",
            parts=("numerator", "others") if share and field.name == "denominator" else (),
            over_time=moment in ("begun", "ended") and not alone,
            stock=moment == "there",
            once=alone,
            counted=names.get(field.name, ""),
            same_over=("part",) if field.name in split.get(indicator.measure, ()) else (),
            # The children behind a share or an estimate are those of its denominator.
            wider=field.name != "denominator" and indicator.measure not in ("count", "days"),
        )
        rows = rows.set_column(place, made, rows[field.name])
    return rows


def _with_empty(
    indicator: Indicator, rows: pa.Table, groups: Mapping[str, Sequence[str]]
) -> pa.Table:
    """Put in the groups that have nobody, which are told from those with a few by their absence."""
    place = rows.column_names.index("part")
    keys = rows.column_names[:place]
    if not keys or not len(rows):
        return rows
    closed: dict[str, Sequence[str]] = {
        "form": indicator.of.forms or [one.code for one in system.forms()],
        "station": indicator.of.stations,
    } | dict(groups)
    there = {name: [*dict.fromkeys(rows[name].to_pylist())] for name in keys}
    domains = [[*dict.fromkeys([*there[name], *closed.get(name, ())])] for name in keys]
    have = set(zip(*(rows[name].to_pylist() for name in keys), strict=True))
    first = rows.slice(0, 1).to_pylist()[0]
    parts = list(dict.fromkeys(rows["part"].to_pylist()))
    days = {}
    if "month" in keys:
        days = {row["month"]: row for row in rows.to_pylist()}
    none = dict.fromkeys(VALUES) | {
        name: None if first[name] is None else 0
        for name in ("numerator", "denominator", "children")
        if name in rows.column_names
    }
    added = []
    for group in product(*domains):
        if group in have:
            continue
        codes = dict(zip(keys, group, strict=True))
        like = days.get(codes.get("month"), first)
        added += [{**like, **codes, **none, "part": part} for part in parts]
    return pa.concat_tables([rows, pa.Table.from_pylist(added, schema=rows.schema)])


def _with_its_number(rows: pa.Table) -> pa.Table:
    """Hide the share of a way of ending with its number; tell the others in whole percents."""
    made: dict[str, list[float | None]] = {name: [] for name in VALUES}
    hidden: list[list[str]] = []
    for row in rows.to_pylist():
        gone = "numerator" in row[PROTECTED]
        for name in VALUES:
            value = None if gone or row[name] is None else float(round(row[name]))
            made[name].append(value)
        rest = [name for name in row[PROTECTED] if name not in VALUES]
        told = {*row[PROTECTED]} & {*VALUES}
        hidden.append([*(VALUES if gone else [name for name in VALUES if name in told]), *rest])
    return _put(rows, made, hidden)


def _from_what_is_shown(indicator: Indicator, rows: pa.Table) -> pa.Table:
    """Work the value out anew from the counts that are shown."""
    made: dict[str, list[float | None]] = {name: [] for name in VALUES}
    hidden: list[list[str]] = []
    for row in rows.to_pylist():
        value, low, high = _value(indicator, row)
        for name, number in zip(VALUES, (value, low, high), strict=True):
            made[name].append(number)
        gone = [name for name in row[PROTECTED] if name not in VALUES]
        hidden.append([*(VALUES if value is None else ()), *gone])
    return _put(rows, made, hidden)


def _put(
    rows: pa.Table, made: Mapping[str, Sequence[float | None]], hidden: Sequence[Sequence[str]]
) -> pa.Table:
    """Put values in the place of others, with the names of what is hidden now."""
    for name, values in made.items():
        place = rows.column_names.index(name)
        rows = rows.set_column(place, rows.schema.field(name), pa.array(values, pa.float64()))
    place = rows.column_names.index(PROTECTED)
    return rows.set_column(
        place, rows.schema.field(PROTECTED), pa.array(hidden, pa.list_(pa.string()))
    )


def _value(
    indicator: Indicator, row: dict[str, Any]
) -> tuple[float | None, float | None, float | None]:
    above, below = row["numerator"], row["denominator"]
    if indicator.measure in ("count", "days"):
        return (None if above is None else float(above)), None, None
    if above is None or not below:
        return None, None, None
    if indicator.measure == "ratio":
        return above / below, None, None
    above = min(above, below)
    # Still the exact ones, unless hidden: only how wide it was goes into what is shown.
    exact = [row[name] for name in VALUES]
    behind = None if None in exact else (exact[0] / 100, exact[1] / 100, exact[2] / 100)
    low, high = interval(above, below, behind)
    return 100 * above / below, 100 * low, 100 * high


def write_rows(rows: pa.Table, file: Path) -> Path:
    """Save rows as CSV or Parquet, after the ending of the file's name.

    In the CSV (UTF-8, comma, point as decimal sign) a cell is empty where there is no value, and
    the names of hidden fields stand with a space between them.

    Raises
    ------
    StelselError
        When the rows have not been through disclosure control, or the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from stelsel import spells
    >>> from stelsel.monitor.indicators import named, work_out
    >>> one = named("care-begun")
    >>> found = work_out(one, spells.SCHEMA.empty_table(), date(2026, 6, 30))
    >>> rows = for_readers(one, found, known_on=None, made_up=True)
    >>> with TemporaryDirectory() as folder:
    ...     write_rows(rows, Path(folder) / "care-begun.csv").read_text("utf-8")[:20]
    'indicator,form,form_'
    """
    passed(rows, file.name)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".parquet":
            pq.write_table(rows, file)
        else:
            write_csv(rows, file)
    except OSError as error:
        raise unwritable(error, file) from error
    return file
