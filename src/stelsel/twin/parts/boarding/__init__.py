"""Boarding for children of travelling parents: a small stay that costs more as it empties."""

from stelsel.twin.parts.boarding.results import per_head

__all__ = ["per_head"]
