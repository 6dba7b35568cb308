"""iJw 3.2: the messages by which municipalities and providers tell each other of care.

>>> from stelsel.ijw import check, read, write
"""

from stelsel.ijw.message import Content, Finding, Message, Received
from stelsel.ijw.reading import check, read_bytes
from stelsel.ijw.sources import read
from stelsel.ijw.writing import header, write

__all__ = [
    "Content",
    "Finding",
    "Message",
    "Received",
    "check",
    "header",
    "read",
    "read_bytes",
    "write",
]
