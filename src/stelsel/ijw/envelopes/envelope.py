"""An envelope in plain names: who sends what to whom, through the hub of the municipalities."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or receives.

    Parameters
    ----------
    organisation
        Four-digit CBS code of the municipality or eight-digit AGB code of the provider; may be
        left out in an error message only.
    application
        Name of the software that sends or receives; what a party sends goes to ``"GGk"``.
    administration, user
        Where in the organisation, and for whom; usually left out.

    Examples
    --------
    >>> Party("0193", "GGk").organisation
    '0193'
    """

    organisation: str | None
    application: str
    administration: str | None = None
    user: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error message (Fo01) says.

    Parameters
    ----------
    code
        Code of the fault, at most 7 characters, such as ``"StUF055"``.
    place
        Whose fault it is: ``"client"`` (who sent the message) or ``"server"`` (who received it).
    description, details
        In words, at most 200 and 1000 characters. They may repeat what a message says of a child:
        do not print or log them.
    """

    code: str
    place: str
    description: str = field(repr=False)
    details: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One StUF-GGk envelope.

    Parameters
    ----------
    kind
        ``"Di01"``: a message; ``"Du01"``: the return for one; ``"Fo01"``: an error message.
    sender, receiver
        The parties.
    reference
        Number of the envelope: a UUID of version 4 in lower case (in an error message at most 40
        characters).
    moment
        When it was sent, in Dutch time, without a zone; to the millisecond.
    cross_reference
        Number of the envelope that this one answers; not in a Di01.
    function
        Type of the message inside, such as ``"JW301"``; not in an error message.
    application_version
        Version and subversion of the application that sends, from 0 to 9999; not in an error
        message.
    function_version
        Version and subversion of the message inside: ``(3, 2)`` for iJw 3.2.
    payload
        The file inside, decoded; None if there is none or it could not be had.
    file_name
        Name of the file if it is a text file (``tekstBestand``); None for a message
        (``xmlBestand``).
    failure
        What an error message says; None otherwise.

    Examples
    --------
    >>> envelope = Envelope("Di01", Party("0193", "Voorbeeld"), Party("12345678", "GGk"),
    ...     "9c0f7b90-5c69-41e5-a837-0800200c9a66", datetime(2026, 11, 21, 12), function="JW301",
    ...     application_version=(1, 0), function_version=(3, 2), payload=b"<Bericht/>")
    >>> envelope.kind, envelope.function, "Bericht" in repr(envelope)
    ('Di01', 'JW301', False)
    """

    kind: str
    sender: Party
    receiver: Party
    reference: str
    moment: datetime
    cross_reference: str | None = None
    function: str | None = None
    application_version: tuple[int, int] | None = None
    function_version: tuple[int, int] | None = None
    payload: bytes | None = field(default=None, repr=False)
    file_name: str | None = None
    failure: Failure | None = None
