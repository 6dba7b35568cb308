"""What an answer says of itself, and the codes that end its classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stelsel.ijw.answers.kinds import CODES
from stelsel.ijw.message import Content


@dataclass(frozen=True, slots=True)
class Stamp:
    """Number, day and version of an answer.

    Parameters
    ----------
    number
        Its identification.
    day
        Its date (``Dagtekening``).
    version
        Version of the schemas used, the same for both.
    """

    number: str
    day: date
    version: str

    @property
    def versions(self) -> Content:
        """The version as the group that messages have for it."""
        return {"BasisschemaXsdVersie": self.version, "BerichtXsdVersie": self.version}


def coded(group: Content, codes: Iterable[str]) -> Content:
    """Give a group with its return codes as the last element.

    Examples
    --------
    >>> coded({"Bsn": "999990019"}, ["0200"])
    {'Bsn': '999990019', 'RetourCodes': {'RetourCode': ['0200']}}
    """
    return {**group, CODES: {"RetourCode": list(codes)}}
