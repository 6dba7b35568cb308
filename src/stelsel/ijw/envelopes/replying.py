"""Answers in kind: a message that came in an envelope is answered in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from stelsel.errors import StelselError
from stelsel.ijw.answers.kinds import answer_type, is_return
from stelsel.ijw.envelopes.envelope import Envelope, Failure, Party
from stelsel.ijw.envelopes.grammar import constants
from stelsel.ijw.envelopes.receiving import version
from stelsel.ijw.envelopes.writing import wrapped
from stelsel.ijw.message import Finding, Message
from stelsel.ijw.writing import write

OWN_NAME: Final = "Stelsel"
"""Name of the application that sends, if none is given."""
_LONGEST: Final = 1000
_UNREADABLE: Final = "value.calendar"
"""A date that the schemas allow and no calendar has: it too leaves no message to answer."""


def enclosed(
    message: Message,
    sender: Party,
    receiver: Party,
    reference: str,
    moment: datetime,
    *,
    kind: str | None = None,
    cross_reference: str | None = None,
    application_version: tuple[int, int] = (1, 0),
) -> Envelope:
    """Put a message in an envelope.

    Parameters
    ----------
    message
        The message.
    sender, receiver, reference, moment, cross_reference, application_version
        As in :class:`Envelope`.
    kind
        ``"Di01"`` or ``"Du01"``. If left out a return goes in a Du01 and all else in a Di01, a
        JW325 too.

    Raises
    ------
    StelselError
        With all faults, if the message does not fit its grammar.

    Examples
    --------
    >>> from datetime import date
    >>> from stelsel.ijw import header
    >>> message = Message("JW319", {
    ...     "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
    ...     "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"}})
    >>> envelope = enclosed(message, Party("0193", "Voorbeeld"), Party("12345678", "GGk"),
    ...     "9c0f7b90-5c69-41e5-a837-0800200c9a66", datetime(2026, 4, 10, 9))
    >>> envelope.kind, envelope.function, envelope.function_version
    ('Di01', 'JW319', (3, 2))
    """
    return Envelope(
        kind=kind or ("Du01" if is_return(message.type) else "Di01"),
        sender=sender,
        receiver=receiver,
        reference=reference,
        moment=moment,
        cross_reference=cross_reference,
        function=message.type,
        application_version=application_version,
        function_version=version(message.type),
        payload=write(message),
    )


def reply(
    envelope: Envelope,
    answer: Message | Sequence[Finding],
    moment: datetime,
    reference: str,
    *,
    application: str = OWN_NAME,
    application_version: tuple[int, int] = (1, 0),
    claim_answer_as: str = "Di01",
) -> bytes:
    """Answer an envelope with an envelope.

    Parameters
    ----------
    envelope
        The envelope that came: a Di01, or any that holds what breaks its schema.
    answer
        The answer that is owed for the message inside (:func:`stelsel.ijw.answers.answer`), or all
        findings, one or more of which at level 1 (or ``value.calendar``), so that there is no
        message: then it becomes an error message (Fo01) with code StUF055.
    moment
        When it is sent, in Dutch time, without a zone.
    reference
        Number of the new envelope: a UUID of version 4 in lower case.
    application, application_version
        Name and version of the application that sends.
    claim_answer_as
        How a JW325 travels: ``"Di01"``, as a message of its own, or ``"Du01"``, as the answer to
        the envelope of the claim. What is published on the hub does not say which; that it is a
        message with a number and a header of its own speaks for a Di01, which is the default.

    Returns
    -------
    bytes
        The file. It goes back to who sent the envelope, through the hub. An error message names
        in its details the rule and the place of the findings, and nothing of what was found there.

    Raises
    ------
    StelselError
        If the envelope is an error message or holds an answer itself, if the answer is not that of
        the message inside, if no finding asks for an error message, or if something does not fit.

    Examples
    --------
    >>> from stelsel.ijw.envelopes import opened
    >>> envelope = Envelope("Di01", Party("0193", "Voorbeeld"), Party("12345678", "GGk"),
    ...     "9c0f7b90-5c69-41e5-a837-0800200c9a66", datetime(2026, 11, 21, 12), function="JW301",
    ...     application_version=(1, 0), function_version=(3, 2), payload=b"<Bericht/>")
    >>> wrong = Finding(1, "structure.missing", None, "xmlBestand/Client/Bsn", 19, "?", "?")
    >>> error = opened(reply(envelope, [wrong], datetime(2026, 11, 21, 13),
    ...     "b6e9f182-bc44-4f27-9863-9a5ccc1e1cf0")).envelope
    >>> error.kind, error.failure.code, error.failure.details
    ('Fo01', 'StUF055', 'structure.missing xmlBestand/Client/Bsn (19)')
    >>> error.receiver.organisation, error.cross_reference == envelope.reference
    ('0193', True)
    """
    sender = Party(envelope.receiver.organisation, application)
    receiver = replace(envelope.sender, application=constants()["hub"])
    if envelope.failure is not None:
        raise StelselError(
            "An error message is not answered.",
            where="envelope",
            remedy="Answer an envelope that holds a message.",
            what_nl="Een foutbericht wordt niet beantwoord.",
            remedy_nl="Beantwoord een envelop met een bericht.",
        )
    if not isinstance(answer, Message):
        failure = _failure(answer)
        return wrapped(
            Envelope(
                kind="Fo01",
                sender=sender,
                receiver=receiver,
                reference=reference,
                moment=moment,
                cross_reference=envelope.reference,
                failure=failure,
            )
        )
    owed = answer_type(envelope.function or "")
    if answer.type != owed:
        found = envelope.function or "-"
        raise StelselError(
            f"{answer.type} does not answer the {found} in the envelope.",
            where="answer",
            remedy=f"Give a {owed}." if owed else "Give none: it is not answered.",
            what_nl=f"{answer.type} is niet het antwoord op de {found} in de envelop.",
            remedy_nl=f"Geef een {owed}." if owed else "Geef er geen: dit wordt niet beantwoord.",
        )
    kind = "Du01" if is_return(answer.type) else claim_answer_as
    return wrapped(
        enclosed(
            answer,
            sender,
            receiver,
            reference,
            moment,
            kind=kind,
            cross_reference=envelope.reference if kind == "Du01" else None,
            application_version=application_version,
        )
    )


def _failure(findings: Sequence[Finding]) -> Failure:
    """Say that a message breaks its schema, and where."""
    wrong = [each for each in findings if each.level == 1 or each.rule == _UNREADABLE]
    if not wrong:
        raise StelselError(
            "Nothing was found for which an error message is owed.",
            where="findings",
            remedy="Give the answer to the message.",
            what_nl="Er is niets gevonden waarvoor een foutbericht nodig is.",
            remedy_nl="Geef het antwoord op het bericht.",
        )
    details = ""
    for finding in wrong:
        line = f"({finding.line})" if finding.line is not None else ""
        place = " ".join(filter(None, (finding.rule, finding.path, line)))
        longer = f"{details}; {place}" if details else place
        if len(longer) > _LONGEST:
            break
        details = longer
    return Failure(
        constants()["schema_fault"],
        constants()["fault_place"],
        "Het bericht voldoet niet aan zijn schema.",
        details or None,
    )
