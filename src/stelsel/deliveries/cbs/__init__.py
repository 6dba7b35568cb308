"""Policy information for CBS: deliveries of youth care, protection, placement and probation.

>>> from stelsel.deliveries.cbs import mirror, read, write
"""

from stelsel.deliveries.cbs.deriving import of_spells, people_of, read_keys, with_numbers
from stelsel.deliveries.cbs.events import NOWHERE, current, delivery_id, events_of, read
from stelsel.deliveries.cbs.findings import findings
from stelsel.deliveries.cbs.layouts import Layout, layout_of
from stelsel.deliveries.cbs.merging import merge
from stelsel.deliveries.cbs.mirror import Mirror, mirror, mirror_of, text_of
from stelsel.deliveries.cbs.reading import recognise
from stelsel.deliveries.cbs.records import (
    CLASSES,
    UNBORN,
    UNKNOWN,
    Delivery,
    Placement,
    Probation,
    Protection,
    Record,
    YouthCare,
)
from stelsel.deliveries.cbs.tables import sorts
from stelsel.deliveries.cbs.writing import write, written
from stelsel.deliveries.periods import Period

__all__ = [
    "CLASSES",
    "NOWHERE",
    "UNBORN",
    "UNKNOWN",
    "Delivery",
    "Layout",
    "Mirror",
    "Period",
    "Placement",
    "Probation",
    "Protection",
    "Record",
    "YouthCare",
    "current",
    "delivery_id",
    "events_of",
    "findings",
    "layout_of",
    "merge",
    "mirror",
    "mirror_of",
    "of_spells",
    "people_of",
    "read",
    "read_keys",
    "recognise",
    "sorts",
    "text_of",
    "with_numbers",
    "write",
    "written",
]
