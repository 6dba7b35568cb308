"""What the loop reads of a part that is off: nothing, in the same arrays."""

from __future__ import annotations

import numpy as np

from stelsel.twin.parts.continuity.compiling import Falls
from stelsel.twin.parts.foster.layout import Foster
from stelsel.twin.parts.secure.compiling import Secure
from stelsel.twin.parts.staff.layout import Staff


def no_falls() -> Falls:
    """No provider stops or falls."""
    none = np.zeros(0, np.int32)
    return Falls(none, none, none, np.zeros(0))


def no_families() -> Foster:
    """Foster care has places as other care has."""
    line, whole = np.zeros(0), np.zeros(0, np.int32)
    return Foster(
        network=line,
        search=line,
        choice=whole,
        leave=line,
        leave_after=line,
        broken=line,
        moving=line,
        kin=1.0,
        settled=0,
        places=line,
        quality=0.0,
        empty=0.0,
        asked=line,
        becomes=line,
        pipeline=line,
        idle=line,
        weight=line,
        number=whole,
        ahead=0,
    )


def no_staff() -> Staff:
    """Places do not follow from staff."""
    table = np.zeros((1, 0))
    return Staff(
        service=np.zeros(0, np.int32),
        usual=np.zeros(0),
        cases=np.zeros(0),
        balance=np.zeros((0, 4)),
        **dict.fromkeys(
            (
                *("leave", "load", "hire", "start", "trained", "ill", "ill_load", "caseload"),
                *("group", "hours", "posts", "steps", "former", "waiting", "follow"),
            ),
            table,
        ),
    )


def no_secure() -> Secure:
    """Nobody goes to a small-scale place instead."""
    return Secure(np.zeros(0), 0, np.zeros(0, np.int32), np.zeros((0, 0)))
