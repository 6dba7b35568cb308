"""Statements of providers to the health authority: the quarterly statement and the extract.

The quarterly statement is asked by article 8g of the Regeling Jeugdwet, the extract by article 8f.
"""

from stelsel.deliveries.statements.checking import COLUMNS
from stelsel.deliveries.statements.items import Item, Named, item_of, items, measures, units
from stelsel.deliveries.statements.periods import Period, period
from stelsel.deliveries.statements.reading import KIND, Reading, read_statement, recognise
from stelsel.deliveries.statements.statement import Line, Statement, Value
from stelsel.deliveries.statements.writing import write_statement

__all__ = [
    "COLUMNS",
    "KIND",
    "Item",
    "Line",
    "Named",
    "Period",
    "Reading",
    "Statement",
    "Value",
    "item_of",
    "items",
    "measures",
    "period",
    "read_statement",
    "recognise",
    "units",
    "write_statement",
]
