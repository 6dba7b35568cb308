"""Continuity: providers that stop admitting or fall, who takes over, and where children go."""

from stelsel.twin.parts.continuity.compiling import Falls, compiled_falls
from stelsel.twin.parts.continuity.results import after_falls

__all__ = ["Falls", "after_falls", "compiled_falls"]
