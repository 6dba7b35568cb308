"""The mark: one thing that happened in one case on one day.

What the clocks of the norms run between. Steps of processes and what messages and deliveries tell
are marks; a spell gives two of them, its beginning and its end. Marks hold no name of a child.
"""

from __future__ import annotations

import pyarrow as pa

SCHEMA = pa.schema(
    [
        pa.field("mark", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("case", pa.string(), nullable=False),
        pa.field("child", pa.string()),
        pa.field("organisation", pa.string()),
        pa.field("addressed", pa.string()),
        pa.field("municipality", pa.string()),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("known", pa.date32(), nullable=False),
        pa.field("last_day", pa.date32()),
        pa.field("reference", pa.string()),
        pa.field("place", pa.int64(), nullable=False),
        pa.field("implied", pa.bool_(), nullable=False),
    ],
    metadata={"schema": "stelsel marks 1"},
)
"""Columns of a table of marks.

============  ==========================================================================
mark          id of a step (``system/data/steps.csv``) or of another moment (``moments.csv``)
reason        how it ended, why it was answered so, or the priority with which it was asked
case          pseudonym of the case: unique over organisations
child         pseudonym; null where the case is that of a family, a provider or a message
organisation  code of who told it
addressed     code of whom it was sent to; null for steps
municipality  responsible municipality, four digits
day           when it happened
known         when it became known
last_day      last day of the term that a court set
reference     pseudonym of what it refers to
place         order among marks of one day: that of the map
implied       whether it was read off a spell, not told as a step
============  ==========================================================================
"""
