"""The ledger: what was told before, and level 3, which judges a message against it.

A message becomes events (:mod:`stelsel.ijw.events`); the ledger keeps what holds of all events and
finds which rules a message breaks against that.
"""

from stelsel.ijw.ledger.judging import Flaw, Judged, Verdict, judge
from stelsel.ijw.ledger.told import Told, messages

__all__ = ["Flaw", "Judged", "Told", "Verdict", "judge", "messages"]
