"""What is made from the tables, so that it says what they say: typed records and reference pages.

``python -m stelsel.ijw.reference`` (or ``make reference``) writes them anew; a test holds that they
are what the tables give.
"""

from stelsel.ijw.reference.making import made, write_all

__all__ = ["made", "write_all"]
