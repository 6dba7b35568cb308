"""Statements of providers to the health authority: the quarterly statement and the extract.

The quarterly statement is asked by article 8g of the Regeling Jeugdwet, the extract by article 8f.
"""

from stelsel.deliveries.periods import Period
from stelsel.deliveries.statements.checking import COLUMNS
from stelsel.deliveries.statements.extract import (
    PURPOSE,
    extract,
    extract_schema,
    fields,
    heading,
    terms,
    write_extract,
)
from stelsel.deliveries.statements.filling import (
    FromRegister,
    Known,
    care_days,
    fill_in,
    from_register,
)
from stelsel.deliveries.statements.items import Item, Unit, item_of, items, measures, units
from stelsel.deliveries.statements.periods import period
from stelsel.deliveries.statements.reading import KIND, Reading, read_statement, recognise
from stelsel.deliveries.statements.statement import Line, Statement, Value
from stelsel.deliveries.statements.writing import write_statement

__all__ = [
    "COLUMNS",
    "KIND",
    "PURPOSE",
    "FromRegister",
    "Item",
    "Known",
    "Line",
    "Period",
    "Reading",
    "Statement",
    "Unit",
    "Value",
    "care_days",
    "extract",
    "extract_schema",
    "fields",
    "fill_in",
    "from_register",
    "heading",
    "item_of",
    "items",
    "measures",
    "period",
    "read_statement",
    "recognise",
    "terms",
    "units",
    "write_extract",
    "write_statement",
]
