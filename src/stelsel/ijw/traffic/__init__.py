"""Made-up traffic: the messages that would have told the spells of a made-up region.

>>> from stelsel.ijw.traffic import messages_of, write_traffic
"""

from stelsel.ijw.traffic.folder import write_traffic
from stelsel.ijw.traffic.messages import messages_of

__all__ = ["messages_of", "write_traffic"]
