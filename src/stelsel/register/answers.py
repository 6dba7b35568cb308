"""What was answered about care that ended, from the deliveries of policy information.

An answer has the columns of a spell, so that indicators count answers as they count spells: the
station is the question (``system/data/questions.csv``), start and end are the last day of the care,
the exit is the answer. The question ``asked`` is there once for all care that ended and was
delivered, and ends ``answered`` or ``not-answered``: that is the response.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends import BaseBackend

from stelsel import spells as spell_table
from stelsel.deliveries.cbs.events import details_of
from stelsel.register import stays
from stelsel.system.questions import Question, answered, questions

YOUTH_CARE = "cbs-youth-care"
FIELDS = (
    ("informant", "satisfaction", "further_help"),
    ("informant_2", "satisfaction_2", "further_help_2"),
)
"""Fields of a record: who answered, the mark, and what help is needed; of each informant."""
_SCALES = ("mark", "further-help")


def answers(con: BaseBackend, events: ir.Table) -> pa.Table:
    """Work out what was answered.

    Parameters
    ----------
    con
        A fresh connection of Ibis to the engine that does the work.
    events
        Table with the columns of :data:`stelsel.events.SCHEMA`. What is known later has to be
        filtered out before.

    Returns
    -------
    pa.Table
        Columns of :data:`stelsel.spells.SCHEMA`.

    Examples
    --------
    >>> import ibis
    >>> from stelsel.events import SCHEMA
    >>> answers(ibis.duckdb.connect(), ibis.memtable(SCHEMA.empty_table())).num_rows
    0
    """
    records = stays.records(con, events.filter(_.source == "cbs"))
    of_care = records.filter(_.station.startswith(spell_table.CARE), _.last_day.notnull())
    found = con.to_pyarrow(stays.in_spell_columns(of_care, "details", "last_day"))
    rows = [row for one in found.to_pylist() for row in _of_record(one)]
    rows.sort(key=lambda row: (row["child"], row["start"], row["station"], row["episode"]))
    return pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)


def _of_record(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the answers of one record, and whether there was any."""
    told = details_of(record["details"], YOUTH_CARE)
    found: list[dict[str, Any]] = []
    for who, *fields in FIELDS:
        for scale, name in zip(_SCALES, fields, strict=True):
            one = _question(scale, told.get(who), record["last_day"])
            code = told.get(name)
            said = None if one is None or code is None else answered(scale, str(code))
            if one is not None and said is not None:
                found.append(_row(record, one.id, said.id))
    yield _row(record, "asked", "answered" if _any(told) else "not-answered")
    yield from found


def _any(told: Mapping[str, Any]) -> bool:
    return any(told.get(name) is not None for _, *fields in FIELDS for name in fields)


def _question(scale: str, informant: Any, day: date) -> Question | None:
    """Give the question that an informant answered about care that ended on a day."""
    return next(
        (
            one
            for one in questions()
            if (one.scale, one.informant) == (scale, informant)
            and (one.valid_from is None or one.valid_from <= day)
        ),
        None,
    )


def _row(record: Mapping[str, Any], question: str, answer: str) -> dict[str, Any]:
    own = {"station": question, "exit": answer}
    own |= {"start": record["last_day"], "end": record["last_day"]}
    return {name: record[name] for name in spell_table.SCHEMA.names} | own
