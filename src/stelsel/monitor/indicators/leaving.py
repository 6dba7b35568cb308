"""The rows of an indicator as they may leave: named, protected, their values from what is shown.

A share is worked out anew from the rounded counts that are shown, so that it tells no more than
they do; those that do not count (``others``) are a count too, which must not be small. Of a
``sensitive`` indicator a group that is full or empty is hidden: it says something of each of its
children.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stelsel.disclosure import PROTECTED, declare, protect
from stelsel.monitor.indicators.definition import Indicator
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
    made_up, internal
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
    share = indicator.measure in SHARES
    guarded = _with_others(rows) if share else rows
    if not (made_up or internal):
        guarded = _full_or_empty(indicator, guarded)
    named = named_rows(guarded, known_on=known_on, made_up=made_up, lang=lang)
    label = declare(pa.field("indicator", pa.string()), "label")
    named = named.add_column(0, label, pa.array([indicator.id] * len(named), pa.string()))
    found = protect(named, made_up=made_up, internal=internal)
    if not (made_up or internal) and (share or indicator.measure in ("count", "days", "ratio")):
        found = _from_what_is_shown(indicator, found)
    return found.drop_columns(["others"]) if share else found


def _with_others(rows: pa.Table) -> pa.Table:
    """Put those that do not count beside those that do: together they are the denominator."""
    above, below = rows["numerator"].to_pylist(), rows["denominator"].to_pylist()
    others = [n - m for m, n in zip(above, below, strict=True)]
    field = declare(pa.field("others", pa.int64()), "count", behind="children")
    whole = declare(
        rows.schema.field("denominator"), "count", behind="children", parts=("numerator", "others")
    )
    place = rows.column_names.index("denominator")
    rows = rows.set_column(place, whole, rows["denominator"])
    return rows.append_column(field, pa.array(others, pa.int64()))


def _full_or_empty(indicator: Indicator, rows: pa.Table) -> pa.Table:
    """Take out of a sensitive indicator the groups in which all belong to it, or none."""
    if not indicator.sensitive or "others" not in rows.column_names:
        return rows
    full = [
        not (above and others)
        for above, others in zip(
            rows["numerator"].to_pylist(), rows["others"].to_pylist(), strict=True
        )
    ]
    return rows.filter(pa.array([not one for one in full]))


def _from_what_is_shown(indicator: Indicator, rows: pa.Table) -> pa.Table:
    """Work the value out anew from the counts that are shown."""
    made: dict[str, list[float | None]] = {name: [] for name in VALUES}
    hidden: list[list[str]] = []
    for row in rows.to_pylist():
        value, low, high = _value(indicator, row)
        for name, number in zip(VALUES, (value, low, high), strict=True):
            made[name].append(number)
        gone = [name for name in row[PROTECTED] if name not in (*VALUES, "others")]
        hidden.append([*(VALUES if value is None else ()), *gone])
    for name in VALUES:
        place = rows.column_names.index(name)
        rows = rows.set_column(place, rows.schema.field(name), pa.array(made[name], pa.float64()))
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
    if above is None or not below or ("others" in row and row["others"] is None):
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
