r"""What a fault looks like to the person who has to mend it.

Every error that a user can cause is a :class:`StelselError` with one or more :class:`Fault`\ s:
what is wrong, where, by which rule (with its source) and what to do. All faults of an input are
reported at once. A fault never holds personal data: only files, lines, columns and paths.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    what
        What is wrong, in one sentence.
    where
        File, line, column, element or parameter. Never a value that could name a person.
    rule
        The rule that is broken, with its source. Empty where it is no more than a wrong name.
    remedy
        What to do about it.
    what_nl, remedy_nl, where_nl, rule_nl
        The same in Dutch, for the screen; a place or rule that is a mere name needs none. Who
        calls from Python reads English.

    Examples
    --------
    >>> fault = Fault(
    ...     "Region JZ99 does not exist.", "--region", remedy="Choose JZ01 to JZ43.",
    ...     what_nl="Regio JZ99 bestaat niet.", remedy_nl="Kies JZ01 tot en met JZ43.")
    >>> print(fault)
    --region: Region JZ99 does not exist. Choose JZ01 to JZ43.
    >>> fault.told("nl")
    '--region: Regio JZ99 bestaat niet. Kies JZ01 tot en met JZ43.'
    """

    what: str
    where: str = ""
    rule: str = ""
    remedy: str = ""
    what_nl: str = ""
    remedy_nl: str = ""
    where_nl: str = ""
    rule_nl: str = ""

    def __str__(self) -> str:
        return self.told("en")

    def told(self, lang: Literal["nl", "en"]) -> str:
        """Tell the fault in a language; what has no Dutch is told in English."""
        what, where, rule, remedy = self.what, self.where, self.rule, self.remedy
        if lang == "nl":
            what, where = self.what_nl or what, self.where_nl or where
            rule, remedy = self.rule_nl or rule, self.remedy_nl or remedy
        place = f"{where}: " if where else ""
        return f"{place}{what}{f' [{rule}]' if rule else ''} {remedy}".strip()


class StelselError(Exception):
    """An input that cannot be used as it is; holds every fault found in it.

    Examples
    --------
    >>> error = StelselError([Fault("No such file.", "plan.yaml"), Fault("No seed given.")])
    >>> len(error.faults)
    2
    """

    def __init__(self, faults: Fault | str | Iterable[Fault], **details: str) -> None:
        if isinstance(faults, str):
            faults = Fault(faults, **details)
        if isinstance(faults, Fault):
            faults = [faults]
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


_REFUSED_NL = {
    errno.EACCES: "geen toegang",
    errno.EEXIST: "er staat al een bestand met deze naam",
    errno.EISDIR: "dit is een map",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.ENOENT: "dit bestaat niet",
    errno.ENOSPC: "de schijf is vol",
    errno.ENOTDIR: "een deel van het pad is geen map",
    errno.EPERM: "dit is niet toegestaan",
    errno.EROFS: "van deze schijf kan alleen worden gelezen",
}


def refused(error: OSError, lang: Literal["nl", "en"] = "en") -> str:
    """Say why the operating system did not do something with a file.

    In Dutch where the reason is a usual one; else in the words of the system itself.

    Examples
    --------
    >>> error = PermissionError(errno.EACCES, "Permission denied")
    >>> refused(error), refused(error, "nl")
    ('Permission denied', 'geen toegang')
    """
    english = error.strerror or type(error).__name__
    return _REFUSED_NL.get(error.errno or 0, english) if lang == "nl" else english


def did_you_mean(name: str, names: Iterable[str], lang: Literal["nl", "en"] = "en") -> str:
    """Name the nearest known names, as the remedy of a misspelling.

    Examples
    --------
    >>> did_you_mean("ambulatry", ["ambulatory", "foster-care"])
    'Did you mean ambulatory?'
    >>> did_you_mean("x", ["a", "b"])
    'Known: a, b.'
    >>> did_you_mean("ambulatry", ["ambulatory", "foster-care"], "nl")
    'Bedoelt u ambulatory?'
    """
    known = list(names)
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if lang == "nl":
        return f"Bedoelt u {' of '.join(near)}?" if near else f"Bekend: {', '.join(known)}."
    return f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(known)}."
