"""What a run of a clock is: one term of one case, and its state on a day."""

from __future__ import annotations

from typing import Literal

import pyarrow as pa

State = Literal["met", "missed", "dropped", "running", "due", "overdue"]

RUNS = pa.schema(
    [
        pa.field("norm", pa.string(), nullable=False),
        pa.field("case", pa.string(), nullable=False),
        pa.field("child", pa.string()),
        pa.field("organisation", pa.string()),
        pa.field("municipality", pa.string()),
        pa.field("start", pa.date32(), nullable=False),
        pa.field("last_day", pa.date32(), nullable=False),
        pa.field("stop", pa.date32()),
        pa.field("decided", pa.date32()),
        pa.field("state", pa.string(), nullable=False),
    ]
)
"""Columns of the runs of clocks.

============  ==========================================================================
norm          whose term it is
case          pseudonym of the case; of an age the pseudonym of the child
child         pseudonym; null where the case is no child's
organisation  code of who must act: it tells the moments at which the term is kept; null where
              it never told anything about this case or child
municipality  responsible municipality
start         the day from which the term is counted; the first day is not counted
last_day      the last day on which it is kept; of an ``at-least`` the first on which it is
stop          when it stopped; null while it runs
decided       the day on which its state came to be what it is: met, missed, overdue or dropped;
              null while it is not
state         ``met`` in time; ``missed`` stopped too late; ``dropped`` the case went another
              way within the term, or a right lapsed; ``running``; ``due`` soon; ``overdue``
============  ==========================================================================
"""

OPEN: tuple[State, ...] = ("running", "due", "overdue")
"""States of what still runs."""
PRESSING: tuple[State, ...] = ("due", "overdue")
"""States of what stands in a worklist."""
