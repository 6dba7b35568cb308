"""Types for the content of messages, so that a program that uses it can be checked.

A :class:`~stelsel.ijw.Message` holds plain dicts; these say what is in them, and are nothing more:
no copy, no other form. The modules are made from the tables (:mod:`stelsel.ijw.reference`).

>>> from stelsel.ijw.example import example
>>> from stelsel.ijw.records import JW305, record
>>> start = record(example("JW305", seed=1), JW305)
>>> start["Client"]["StartProducten"]["StartProduct"][0]["StatusAanlevering"]
'1'
"""

from stelsel.ijw.records.jw301 import JW301
from stelsel.ijw.records.jw302 import JW302
from stelsel.ijw.records.jw305 import JW305
from stelsel.ijw.records.jw306 import JW306
from stelsel.ijw.records.jw307 import JW307
from stelsel.ijw.records.jw308 import JW308
from stelsel.ijw.records.jw315 import JW315
from stelsel.ijw.records.jw316 import JW316
from stelsel.ijw.records.jw317 import JW317
from stelsel.ijw.records.jw318 import JW318
from stelsel.ijw.records.jw319 import JW319
from stelsel.ijw.records.jw320 import JW320
from stelsel.ijw.records.jw323 import JW323
from stelsel.ijw.records.jw325 import JW325
from stelsel.ijw.records.typed import message_of, record

__all__ = [
    "JW301",
    "JW302",
    "JW305",
    "JW306",
    "JW307",
    "JW308",
    "JW315",
    "JW316",
    "JW317",
    "JW318",
    "JW319",
    "JW320",
    "JW323",
    "JW325",
    "message_of",
    "record",
]
