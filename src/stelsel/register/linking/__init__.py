"""One child, several lists: waiting lists without BSN, linked by Splink on keyed digests.

``link`` reads lists, links them with each other, with earlier ones and with a register, and tells
how many children wait. Names, birth dates and postcodes become digests at the door and are not
kept. How it works and what it cannot know: ``docs/explanation/linking.md``.
"""

from stelsel.register.linking.clusters import clusters
from stelsel.register.linking.explain import explained, reasons
from stelsel.register.linking.linked import Linked, link
from stelsel.register.linking.lists import headings, read_lists
from stelsel.register.linking.places import Place, linking_place, write_linked

__all__ = [
    "Linked",
    "Place",
    "clusters",
    "explained",
    "headings",
    "link",
    "linking_place",
    "read_lists",
    "reasons",
    "write_linked",
]
