"""Up to which day the figures count as known: to the end of 2021, or earlier for a hindcast.

Nothing is fitted on figures about days after :data:`FIT_UNTIL`. A hindcast asks what the twin would
have said in an earlier year: then everything that rests on figures stops at :data:`KNOWN_UNTIL`,
which the environment sets (``STELSEL_KNOWN_UNTIL=2019``) for a whole process and those it starts.
"""

from __future__ import annotations

import os
from datetime import date

from stelsel.errors import StelselError

FIT_UNTIL = date(2021, 12, 31)
"""Last day that a figure used for fitting may be about: a rule of this project."""
SETTING = "STELSEL_KNOWN_UNTIL"
FIRST_ORIGIN = 2018
"""Before it too few years are published to go on from."""


def known_until(setting: str | None) -> date:
    """Give the last day that figures are known of.

    Parameters
    ----------
    setting
        A year as text, or nothing for :data:`FIT_UNTIL`.

    Raises
    ------
    StelselError
        When it is no year from :data:`FIRST_ORIGIN` to that of :data:`FIT_UNTIL`.

    Examples
    --------
    >>> known_until("2019"), known_until(None)
    (datetime.date(2019, 12, 31), datetime.date(2021, 12, 31))
    """
    years = [str(year) for year in range(FIRST_ORIGIN, FIT_UNTIL.year + 1)]
    if not setting:
        return FIT_UNTIL
    if setting not in years:
        raise StelselError(
            f"Figures cannot be taken as known up to {setting}.",
            where=SETTING,
            remedy=f"One of {', '.join(years)}: nothing is fitted on later years, and of earlier "
            "ones too little is published.",
            what_nl=f"De cijfers kunnen niet bekend zijn tot en met {setting}.",
            remedy_nl=f"Eén van {', '.join(years)}: aan latere jaren wordt niets aangepast, en "
            "over eerdere is te weinig gepubliceerd.",
        )
    return date(int(setting), 12, 31)


KNOWN_UNTIL = known_until(os.environ.get(SETTING))
"""Last day that figures are known of in this process."""
