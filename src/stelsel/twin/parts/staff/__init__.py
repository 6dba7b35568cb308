"""Staff: posts, workers who leave and are hired, and the places that follow from them."""

from stelsel.twin.parts.staff.compiling import compiled_staff, equilibrium, staffed, tipping_load
from stelsel.twin.parts.staff.layout import Crew, Staff, crew
from stelsel.twin.parts.staff.results import shares, workforce

__all__ = [
    "Crew",
    "Staff",
    "compiled_staff",
    "crew",
    "equilibrium",
    "shares",
    "staffed",
    "tipping_load",
    "workforce",
]
