"""Secure care that closes, the small-scale places meant to replace it, and who finds no place."""

from stelsel.twin.parts.secure.compiling import Secure, compiled_secure, places_of

__all__ = ["Secure", "compiled_secure", "places_of"]
