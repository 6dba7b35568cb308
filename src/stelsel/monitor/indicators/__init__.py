"""Indicators as data: each a definition in a file, worked out over spells by two engines.

``known()`` gives the definitions that come with the package, ``read()`` those of a file of one's
own, ``work_out()`` the rows of one of them: on DuckDB or Spark through Ibis, or slowly and
obviously by :mod:`stelsel.monitor.indicators.oracle`.
"""

from stelsel.monitor.indicators.definition import Break, Indicator, Selection
from stelsel.monitor.indicators.leaving import all_together, for_readers, ready, write_rows
from stelsel.monitor.indicators.library import known, named, read
from stelsel.monitor.indicators.workbook import write_workbook
from stelsel.monitor.indicators.working import work_out, work_out_all

__all__ = [
    "Break",
    "Indicator",
    "Selection",
    "all_together",
    "for_readers",
    "known",
    "named",
    "read",
    "ready",
    "work_out",
    "work_out_all",
    "write_rows",
    "write_workbook",
]
