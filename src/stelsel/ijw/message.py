"""What is read and written: a message, and what was found in the file that held it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stelsel.ijw.envelopes.envelope import Envelope

Content = dict[str, Any]
"""Element name -> value; a group of elements is again such a dict, a repeated element a list."""


@dataclass(frozen=True, slots=True)
class Message:
    """One iJw message, as plain Python values.

    Parameters
    ----------
    type
        Name of the message, such as ``"JW305"``.
    content
        What stands inside ``Bericht``: element name -> value, in the order of the schema. A group
        is a dict, an element that may be repeated a list. Values are ``str``, ``int``,
        :class:`datetime.date` or :class:`datetime.time`, by the datatype of the element.

    Examples
    --------
    >>> message = Message("JW319", {"Header": {"BerichtCode": "488"}})
    >>> message.type, message.content["Header"]["BerichtCode"]
    ('JW319', '488')
    """

    type: str
    content: Content


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a file or message; never holds what the message says of a child.

    Parameters
    ----------
    level
        1: the file or its structure (the schemas); 2: inside one message (return code 0001); 3:
        against earlier messages; 4: against what is outside the traffic.
    rule
        The official rule (``"CS002"``), or our own name of a fault (``"value.date"``).
    return_code
        What the return message would say: ``"0001"`` at level 2, a code of the rule at levels 3
        and 4; None at level 1, where the standard knows no return message.
    path
        The element, as ``"Client/StartProducten/StartProduct[2]/Begindatum"``; empty for a whole
        file.
    line
        Line in the file, from 1; None where there is none (a whole file, a message in memory).
    message, remedy
        What is wrong and what to do, in the language asked for.

    Examples
    --------
    >>> print(Finding(2, "CS002", "0001", "Client/Bsn", 19, "Fails the eleven test.", "Check it."))
    line 19, Client/Bsn: Fails the eleven test. [CS002] Check it.
    """

    level: int
    rule: str
    return_code: str | None
    path: str
    line: int | None
    message: str
    remedy: str

    def __str__(self) -> str:
        places = [f"line {self.line}" if self.line is not None else "", self.path]
        where = ", ".join(place for place in places if place)
        return f"{where}{': ' if where else ''}{self.message} [{self.rule}] {self.remedy}"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file.

    Parameters
    ----------
    file
        Path of the file; for a member of an archive ``archive.zip/member.xml``.
    message
        The message, if its structure is right (level 1); None otherwise.
    findings
        All that is wrong with it; empty if the message is valid.
    type
        Name of the message as far as it could be known (``"JW315"``), also where it is refused;
        empty otherwise.
    envelope
        The envelope that the message came in, if it came in one.
    answered
        Whether the answer that its receiver gave is known already.

    Examples
    --------
    >>> Received("a.xml", Message("JW305", {}), ()).valid
    True
    """

    file: str
    message: Message | None
    findings: tuple[Finding, ...]
    type: str = ""
    envelope: Envelope | None = field(default=None, repr=False)
    answered: bool = field(default=False, repr=False)

    @property
    def valid(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
