"""Deliveries: files other than messages in which the sector tells what happened.

>>> from stelsel.deliveries import Finding, Taken
"""

from stelsel.deliveries.taken import SUFFIXES, Finding, Taken

__all__ = ["SUFFIXES", "Finding", "Taken"]
