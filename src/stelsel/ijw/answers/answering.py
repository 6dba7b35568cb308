"""The one way in: from a message and what was found to the answer that is owed."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Sequence
from datetime import date
from typing import Final

from stelsel.errors import StelselError
from stelsel.ijw.answers.claims import CLAIM, claim_answer
from stelsel.ijw.answers.kinds import answer_type, classes, codes, is_return
from stelsel.ijw.answers.places import HEADER, refusals
from stelsel.ijw.answers.returns import return_message
from stelsel.ijw.answers.stamps import Stamp
from stelsel.ijw.findings import faults
from stelsel.ijw.grammar import message_type
from stelsel.ijw.message import Content, Finding, Message
from stelsel.ijw.writing import text_of_content

LENGTH: Final = 12
"""Most characters in the number of a message."""


def answer(
    message: Message,
    findings: Sequence[Finding],
    on: date,
    *,
    identification: str | None = None,
    xsd_version: str = "1.0.0",
) -> Message | None:
    """Build the answer that the receiver of a message owes its sender.

    Parameters
    ----------
    message
        The message as it was received; its structure is right (level 1).
    findings
        All that was found in it at levels 2, 3 and 4.
    on
        Day of the answer.
    identification
        Number of the answer, at most 12 characters. If left out it is made from the answer itself
        (whatever its day): the same message with the same findings always gets the same number,
        and two different answers in practice never do.
    xsd_version
        Version of the schemas used for the answer, given for both.

    Returns
    -------
    Message or None
        The return message, or for a JW323 the JW325. None if no answer is owed: the message is an
        answer itself, or its structure is wrong (a finding of level 1; then an envelope gets an
        error message).

    Raises
    ------
    StelselError
        If the type of the message is not known, its content does not fit the grammar, or the
        identification or version cannot stand in the answer.

    Notes
    -----
    How a return says what was found (iJw 3.2, IV028; SAP):

    - Nothing: the header alone, without codes.
    - A rule inside the message (level 2): the header alone, with 0001. ``XsltVersie`` stays out,
      for it is about the official check.
    - Something in the header (level 3 or 4): the header alone, with its codes.
    - Something in a class: the header with 0200, and all classes copied unchanged with a code each.

    A message is assessed from the outside in. What is inside a class that is refused was *not
    assessed* and gets 0233, whatever was found there: the sender mends the outer class first. What
    is around or beside it was assessed, and gets 0200 if nothing was found: with an error on one
    StartProduct, Client and the other StartProducten have 0200; with an error on Client, every
    StartProduct has 0233. An error in the header hides all classes in the same way.

    A JW325 (IV087, IV088) differs. It refuses lines, not the message: only what is refused is
    listed, and what is granted is what was claimed less the refused lines. A JW323 that is granted
    whole has 8001 and no clients, one that is refused on the class Declaratie a total of 0.

    A finding without a return code refuses nothing: the standard has no ground for it.

    Examples
    --------
    >>> from stelsel.ijw import header
    >>> content = {
    ...     "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
    ...     "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"}}
    >>> message = Message("JW319", content)
    >>> fine = answer(message, [], date(2026, 4, 11))
    >>> fine.type, "RetourCodes" in fine.content["Header"], "Antwoord" in fine.content
    ('JW320', False, False)
    >>> place = "Antwoord/ReferentieAanbieder"
    >>> unknown = Finding(3, "TR355", "9355", place, None, "Not known.", "Look it up.")
    >>> refused = answer(message, [unknown], date(2026, 4, 11))
    >>> refused.content["Header"]["RetourCodes"], refused.content["Antwoord"]["RetourCodes"]
    ({'RetourCode': ['0200']}, {'RetourCode': ['9355']})
    """
    kind = message_type(message.type)
    name = answer_type(message.type)
    if name is None or any(finding.level == 1 for finding in findings):
        return None
    _checked(message.content, kind.name)
    refused = refusals(findings, message.content, classes(name) | {CLAIM})
    if any(finding.level == 2 for finding in findings):
        refused = {HEADER: [codes().technical]}
    build = return_message if is_return(name) else claim_answer

    def built(number: str, day: date) -> Content:
        return build(message.content, name, refused, Stamp(number, day, xsd_version))

    if identification is None:
        # The day stays out of the number: the same answer given a day later is the same answer.
        neutral = message.content[HEADER]["BerichtIdentificatie"]["Dagtekening"]
        identification = _number(_checked(built("0", neutral), name))
    else:
        _checked(built(identification, on), name)
    return Message(name, built(identification, on))


def _checked(content: Content, name: str) -> str:
    """Give the text of a message, if its content fits the grammar."""
    text, breaches = text_of_content(content, message_type(name))
    if breaches:
        raise StelselError(faults(breaches, name))
    return text


def _number(text: str) -> str:
    """Make a number out of the text of an answer: 60 bits, as letters and digits."""
    return b32encode(hashlib.sha256(text.encode()).digest())[:LENGTH].decode()
