"""Level 2: the rules that can be checked inside one message.

A rule is a small function with its official number; ``data/rules.csv`` says of which elements of
which messages it holds. So a rule for another message is a row in that table. There are three
kinds:

- a rule of one element looks at the group that holds it (and, where it must, at the class around
  it and at the header) and tells whether the rule is broken;
- a rule of a class looks at all the occurrences of a class in one place and tells which of them
  break it;
- a rule of a message looks at all the occurrences of a class wherever they stand, and at the rest
  of the message.
"""

from __future__ import annotations

from stelsel.ijw.rules import (
    answer,
    claim,
    contact,
    delivery,
    doubles,
    overlaps,
    person,
    product,
)
from stelsel.ijw.rules.registry import check_rules

__all__ = [
    "answer",
    "check_rules",
    "claim",
    "contact",
    "delivery",
    "doubles",
    "overlaps",
    "person",
    "product",
]
