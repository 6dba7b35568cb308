"""What an answer says: of which message, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stelsel.errors import StelselError
from stelsel.ijw.answers.kinds import CODES, answered_type, codes, is_return
from stelsel.ijw.answers.places import HEADER, groups
from stelsel.ijw.grammar import message_type
from stelsel.ijw.message import Content, Message

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer says.

    Parameters
    ----------
    type, sender, receiver, identification, day
        The message that is answered, as it named itself: its type, who sent it to whom, its number
        (unique for sender and type) and its date.
    accepted
        Whether nothing was refused: the message counts as sent, the claim is granted whole.
    whole
        Whether the message was refused as a whole: every return that is not accepted, and the
        JW325 that refuses the message or the class Declaratie.
    codes
        Return codes by the path of their class. In a return the paths are those of the message;
        a JW325 lists refused lines only, and numbers them by itself.
    lines
        In a JW325 the refused lines: reference number of the line (of its own, unique for the
        provider) -> return codes. Empty where all are refused because the claim is.

    Examples
    --------
    >>> verdict = Verdict("JW305", "12345678", "0193", "A1", date(2026, 4, 10), False, True,
    ...                   {"Header": ("0200",), "Client": ("0233",)}, {})
    >>> verdict.accepted, verdict.codes["Header"]
    (False, ('0200',))
    """

    type: str
    sender: str
    receiver: str
    identification: str
    day: date
    accepted: bool
    whole: bool
    codes: dict[str, Codes]
    lines: dict[str, Codes]


def verdict(answer: Message) -> Verdict:
    """Read a return message or a JW325.

    Parameters
    ----------
    answer
        The answer; its structure is right (level 1). The message it answers is not needed.

    Raises
    ------
    StelselError
        If the message answers nothing.

    Examples
    --------
    >>> from stelsel.ijw import header
    >>> from stelsel.ijw.answers import answer
    >>> content = {
    ...     "Header": header("JW319", "0193", "12345678", "A1", date(2026, 4, 10)),
    ...     "Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"}}
    >>> found = verdict(answer(Message("JW319", content), [], date(2026, 4, 11)))
    >>> found.type, found.identification, found.accepted, found.codes
    ('JW319', 'A1', True, {})
    """
    name = message_type(answer.type).name
    about = answered_type(name)
    if about is None:
        raise StelselError(
            f"{name} answers no message.",
            remedy="Give a return message or a JW325.",
            what_nl=f"{name} is geen antwoord op een bericht.",
            remedy_nl="Geef een retourbericht of een JW325.",
        )
    header = answer.content[HEADER]
    found = {
        path: tuple(group[CODES]["RetourCode"])
        for path, group in groups(answer.content)
        if CODES in group
    }
    refused = {path for path, said in found.items() if not _fine(said)}
    sender, receiver = header["Afzender"], header["Ontvanger"]
    if is_return(name):
        identity, whole, lines = header["BerichtIdentificatie"], bool(refused), {}
    else:
        sender, receiver = receiver, sender
        identity = header["DeclaratieIdentificatie"]
        whole = bool(refused & {HEADER, "DeclaratieAntwoord"})
        lines = _lines(answer.content)
    return Verdict(
        type=about,
        sender=sender,
        receiver=receiver,
        identification=identity["Identificatie"],
        day=identity["Dagtekening"],
        accepted=not refused and not lines,
        whole=whole,
        codes=found,
        lines=lines,
    )


def _fine(said: Codes) -> bool:
    return set(said) <= {codes().fine, codes().granted}


def _lines(content: Content) -> dict[str, Codes]:
    """Give the lines of a JW325, all of which are refused (TR342), by their reference number."""
    return {
        group["ProductReferentie"]["ReferentieNummer"]: tuple(group[CODES]["RetourCode"])
        for path, group in groups(content)
        if path.rpartition("/")[2].startswith("Prestatie[")
    }
