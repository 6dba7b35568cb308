"""Foster care: families that are asked, found, matched with a child, and that stop."""

from stelsel.twin.parts.foster.compiling import compiled_foster
from stelsel.twin.parts.foster.layout import Foster, Homes, homes
from stelsel.twin.parts.foster.results import families

__all__ = ["Foster", "Homes", "compiled_foster", "families", "homes"]
