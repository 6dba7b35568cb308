"""Keep what came of each run as it comes, so that nothing is done twice.

A file per run: ``NAME-DIGEST/REPLICATION.parquet``, where the digest is that of the scenario and
of everything else the outcome follows from; the books of replication 0 stand beside it, as
``0000.families.parquet``. A file is there whole or not at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stelsel.twin.layout import MEASURES
from stelsel.twin.runs.results import Period, Summary, summary_names, weeks
from stelsel.twin.runs.run import length
from stelsel.twin.runs.task import Task
from stelsel.twin.series import Measured, series
from stelsel.twin.series import Period as Span

SCHEMA = pa.schema(
    [
        pa.field("table", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("name", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("measure", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("first", pa.date32(), nullable=False),
        pa.field("last", pa.date32(), nullable=False),
        pa.field("value", pa.float64()),
    ]
)
"""Columns of the file of a run: a number a row, of a service over a period or in a week, or of a
published figure, with its number in the table of series as ``measure``."""
BOOKS = b"books"
"""Where the file of a run names the books that stand beside it."""


class Keep:
    """A folder of outcomes.

    Parameters
    ----------
    folder
        Is made where it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, task: Task) -> Path:
        """Tell where the outcome of a task is kept."""
        return self.folder / world(task) / f"{task.replication:04d}.parquet"

    def read(self, task: Task) -> Summary | None:
        """Give the outcome of a task, if it is there and whole."""
        file = self.file(task)
        try:
            table = pq.read_table(file)
            named = (table.schema.metadata or {}).get(BOOKS, b"").decode().split()
            books = {name: pq.read_table(_beside(file, name)) for name in named}
            return replace(from_table(table), books=books)
        except (OSError, pa.ArrowException):
            return None

    def write(self, task: Task, summary: Summary) -> None:
        """Keep the outcome of a task."""
        file = self.file(task)
        file.parent.mkdir(parents=True, exist_ok=True)
        for name, book in summary.books.items():
            _write(book, _beside(file, name))
        table = to_table(summary, task.first, length(task.first, task.years))
        _write(table.replace_schema_metadata({BOOKS: " ".join(summary.books)}), file)


def _beside(file: Path, name: str) -> Path:
    """Name the file of a book of a run, beside that of the run."""
    return file.with_suffix(f".{name}{file.suffix}")


def _write(table: pa.Table, file: Path) -> None:
    """Write a file whole or not at all."""
    part = file.with_suffix(f".{os.getpid()}.part")
    pq.write_table(table, part)
    part.replace(file)


def world(task: Task) -> str:
    """Name the folder of all replications of a task: scenario, and digest of what it follows from.

    Examples
    --------
    >>> from stelsel.twin.plans.scenario import BASELINE
    >>> one = Task("JZ15", 1, date(2021, 1, 1), 7, BASELINE, 3)
    >>> name = world(one)
    >>> name.startswith("baseline-"), len(name)
    (True, 25)
    """
    return f"{plain(task.scenario.name)}-{task.of_all().digest()[:16]}"


def plain(name: str) -> str:
    """Turn the name of a scenario into one that a file can have.

    Examples
    --------
    >>> plain("own idea/2")
    'own_idea_2'
    """
    return re.sub(r"[^A-Za-z0-9.@+_-]", "_", name)[:80]


def to_table(summary: Summary, first: date, days: int) -> pa.Table:
    """Write a summary as a table of :data:`SCHEMA`."""
    names = summary_names()
    ends = weeks(first, days)
    begins = [first, *(date.fromordinal(day.toordinal() + 1) for day in ends[:-1])]
    week, service, measure = np.indices(summary.weekly.shape).reshape(3, -1)
    rows, told = summary.rows, summary.figures
    figures = told.rows if told else ()
    lines = series()
    columns = {
        "table": ["summary"] * len(rows) + ["weekly"] * len(week) + ["figures"] * len(figures),
        "name": [name for name, _, _ in rows]
        + [names[n] for n in service]
        + [lines[number].name for number, _ in figures],
        "measure": [name for _, name, _ in rows]
        + [MEASURES[n] for n in measure]
        + [str(number) for number, _ in figures],
        "first": [period.first for _, _, period in rows]
        + [begins[n] for n in week]
        + [period.first for _, period in figures],
        "last": [period.last for _, _, period in rows]
        + [ends[n] for n in week]
        + [period.last for _, period in figures],
    }
    arrays = {name: pa.array(values) for name, values in columns.items()}
    parts = [summary.values, summary.weekly.ravel(), *([told.values] if told else [])]
    values = np.concatenate(parts)
    arrays["value"] = pa.array(values, mask=np.isnan(values))
    return pa.table(arrays).cast(SCHEMA)


def from_table(table: pa.Table) -> Summary:
    """Read a summary that :func:`to_table` wrote."""
    which = table["table"].combine_chunks().to_pylist()
    values = table["value"].to_numpy(zero_copy_only=False).copy()
    size, until = which.count("summary"), len(which) - which.count("figures")
    rows = tuple(
        (name, measure, Period(begin, end))
        for name, measure, begin, end in _keys(table.slice(0, size))
    )
    weekly = values[size:until].reshape(-1, len(summary_names()), len(MEASURES))
    figures = None
    if until < len(which):
        told = tuple(
            (int(number), Span(begin, end)) for _, number, begin, end in _keys(table.slice(until))
        )
        figures = Measured(told, values[until:])
    return Summary(rows, values[:size], weekly, figures)


def _keys(table: pa.Table) -> Iterator[tuple[str, str, date, date]]:
    columns = (table[name].to_pylist() for name in ("name", "measure", "first", "last"))
    return zip(*columns, strict=True)
