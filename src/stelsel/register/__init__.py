"""The one place where what happened is kept: events taken in, spells given out.

>>> from stelsel.register import Register
"""

from stelsel.register.ingest import Outcome
from stelsel.register.register import Register

__all__ = ["Outcome", "Register"]
