"""The event: one fact as it was told, with the day it is about and the day it became known.

Events are only ever added. A correction, a withdrawal or a changed allocation is a new event; the
register works out what holds (``stelsel.register``). Readers of message formats (``stelsel.ijw``)
make events; names of message elements stop at their door.
"""

from __future__ import annotations

import pyarrow as pa

SCHEMA = pa.schema(
    [
        pa.field("event", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("about", pa.date32(), nullable=False),
        pa.field("known", pa.date32(), nullable=False),
        pa.field("child", pa.string()),
        pa.field("birth_month", pa.string()),
        pa.field("sex", pa.string()),
        pa.field("municipality", pa.string(), nullable=False),
        pa.field("provider", pa.string(), nullable=False),
        pa.field("allocation", pa.int64()),
        pa.field("reference", pa.string()),
        pa.field("category", pa.string()),
        pa.field("code", pa.string()),
        pa.field("form", pa.string()),
        pa.field("referrer", pa.string()),
        pa.field("decided", pa.timestamp("ms")),
        pa.field("from_day", pa.date32()),
        pa.field("last_day", pa.date32()),
        pa.field("status", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("made_up", pa.bool_(), nullable=False),
    ],
    metadata={"schema": "stelsel events 1"},
)
"""Columns of a table of events.

============  ===========================================================================
event         id of this fact: ``message`` and its place in the message
message       id of the message: digest of sender, type and identification
content       digest of the whole content, to tell the same message from another with its number
kind          ``requested``, ``answered``, ``allocated``, ``started`` or ``stopped``
about         day the fact is about: date of the request or the answer, day of the decision,
              first day of delivery, last day of delivery
known         day it became known: the date of the message (Dagtekening)
child         pseudonym; null for an answer, which names no child
birth_month   ``2010-05``, or ``2010`` or null as far as known
sex           ``0``, ``1``, ``2`` as in code list COD046
municipality  responsible municipality, four digits
provider      AGB code, eight digits
allocation    number of the allocation, unique within the municipality
reference     pseudonym of the provider's own reference of a request, which is free text
category      product category (JZ020); null for a generic allocation
code          product code
form          CBS care form that the product belongs to; null where unmapped
referrer      COD327, from a request
decided       moment of the decision on an allocation, to tell its latest version
from_day      intended first day of an allocation or request; first day of delivery
last_day      intended last day of an allocation or request; last day of delivery
status        ``1`` first delivery of this fact, ``3`` withdraws it; null for other kinds
reason        why: code of change (allocated), of ending (stopped), of the answer (answered:
              ``1`` and the reason of rejection as ``1/8``, or ``2`` under investigation)
made_up       the child's number lies in the range for made-up people
============  ===========================================================================
"""
