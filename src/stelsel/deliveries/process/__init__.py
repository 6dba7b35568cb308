"""Steps of processes that have no national message: one table, read, checked, written.

>>> from stelsel.deliveries.process import StepRow, read, recognise, template, write
"""

from stelsel.deliveries.process.files import KIND, read, read_rows, recognise, write
from stelsel.deliveries.process.rows import StepRow
from stelsel.deliveries.process.templates import template

__all__ = ["KIND", "StepRow", "read", "read_rows", "recognise", "template", "write"]
