"""The one door out: numbers about people leave only through here.

``protect`` hides and rounds what real people stand behind; ``log_release`` writes down what left.
See :mod:`stelsel.disclosure.roles` for how a table says what its columns are.
"""

from stelsel.disclosure.limits import Limits, limits
from stelsel.disclosure.logs import log_release
from stelsel.disclosure.memory import earlier
from stelsel.disclosure.protect import PROTECTED, protect, protect_together
from stelsel.disclosure.roles import Role, RoleName, declare, role_of

__all__ = [
    "PROTECTED",
    "Limits",
    "Role",
    "RoleName",
    "declare",
    "earlier",
    "limits",
    "log_release",
    "protect",
    "protect_together",
    "role_of",
]
