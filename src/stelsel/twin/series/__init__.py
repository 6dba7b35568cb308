"""A run told in the terms of the published figures.

:func:`series` gives every published national series that the twin makes and how, :func:`cannot`
the others with the reason, :func:`measure` the values of a run for every period,
:func:`figures_table` the table ``figures.csv`` of many runs.
"""

from stelsel.twin.series.figures import figures_table
from stelsel.twin.series.measuring import Measured, measure, measured_of, rows_of
from stelsel.twin.series.periods import Period
from stelsel.twin.series.table import Cannot, Series, cannot, series

__all__ = [
    "Cannot",
    "Measured",
    "Period",
    "Series",
    "cannot",
    "figures_table",
    "measure",
    "measured_of",
    "rows_of",
    "series",
]
