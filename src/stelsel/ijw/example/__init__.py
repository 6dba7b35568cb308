"""Made-up messages of every type, valid by themselves, to try a program out on.

>>> from stelsel.ijw.example import example
"""

from stelsel.ijw.example.making import example

__all__ = ["example"]
