"""Pairs of entries that may be of one child, each with its weight and the level of each field."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.register.linking.choices import choices
from stelsel.register.linking.model import Model, comparisons, linking

SCHEMA = pa.schema(
    [
        pa.field("one", pa.string(), nullable=False),
        pa.field("other", pa.string(), nullable=False),
        pa.field("weight", pa.float64(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        *(pa.field(name, pa.int8(), nullable=False) for name in comparisons()),
    ],
    metadata={"schema": "stelsel list pairs 1"},
)
"""Columns of the kept pairs: two entries (``one`` before ``other``), log2 of the odds that they are
of one child, the same as a probability, and per field the number of its level."""


def score(new: pa.Table, old: pa.Table, model: Model) -> pa.Table:
    """Compare new entries with each other and with those that are there.

    Parameters
    ----------
    new, old
        Entries; none in both.
    model
        The model.

    Returns
    -------
    pa.Table
        Columns of :data:`SCHEMA`: the pairs with at least one new entry that a blocking rule finds
        and that are not surely of two children. What a pair scores depends on its two entries and
        the model alone.
    """
    found = []
    if new.num_rows:
        job = linking(new, model)
        least = choices().least_kept
        with job as linker:
            fresh = job.table(new)
            asked: dict[str, Any] = {"threshold_match_probability": least, "warning_mode": "never"}
            found.append(_pairs(linker.inference.predict_within(fresh, **asked)))
            if old.num_rows:
                known = job.table(old)
                found.append(_pairs(linker.inference.predict_between(fresh, known, **asked)))
    return in_order(pa.concat_tables([SCHEMA.empty_table(), *found]))


def in_order(pairs: pa.Table) -> pa.Table:
    """Give the pairs by weight, the heaviest first, each once."""
    ids = pc.binary_join_element_wise(pairs["one"], pairs["other"], " ")
    places = pa.table({"ids": ids, "place": range(pairs.num_rows)})
    firsts = places.group_by("ids").aggregate([("place", "min")])["place_min"]
    return pairs.take(firsts).sort_by(
        [("weight", "descending"), ("one", "ascending"), ("other", "ascending")]
    )


def _pairs(told: Any) -> pa.Table:
    """Give what Splink tells of pairs in our own columns, and none of the digests."""
    levels = [f"gamma_{name}" for name in comparisons()]
    names = ["entry_l", "entry_r", "match_weight", "match_probability", *levels]
    table = told.as_duckdbpyrelation().select(*names).to_arrow_table()
    left, right = table["entry_l"], table["entry_r"]
    first = pc.less(left, right)
    columns = {
        "one": pc.if_else(first, left, right),
        "other": pc.if_else(first, right, left),
        "weight": pc.round(table["match_weight"], 6),
        "probability": table["match_probability"],
    } | {name: table[f"gamma_{name}"] for name in comparisons()}
    return pa.table(columns).cast(SCHEMA)
