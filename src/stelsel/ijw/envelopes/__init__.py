"""Envelopes: messages as they travel through the hub of the municipalities (GGk), StUF-GGk 2.1.

>>> from stelsel.ijw.envelopes import Envelope, opened, reply, wrapped
"""

from stelsel.ijw.envelopes.envelope import Envelope, Failure, Party
from stelsel.ijw.envelopes.opening import LARGEST_ENVELOPE, Opened, opened
from stelsel.ijw.envelopes.receiving import receive
from stelsel.ijw.envelopes.replying import enclosed, reply
from stelsel.ijw.envelopes.writing import wrapped

__all__ = [
    "LARGEST_ENVELOPE",
    "Envelope",
    "Failure",
    "Opened",
    "Party",
    "enclosed",
    "opened",
    "receive",
    "reply",
    "wrapped",
]
