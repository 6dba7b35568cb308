"""From bytes to a message that is checked, or to everything that is wrong with it."""

from __future__ import annotations

from stelsel.ijw import unparsed
from stelsel.ijw.findings import MOST, Breach, checked_language, findings, rules
from stelsel.ijw.grammar import message_type
from stelsel.ijw.lines import lines_of, with_lines
from stelsel.ijw.message import Finding, Message, Received
from stelsel.ijw.opening import identify, only_known_names, parse
from stelsel.ijw.rules import check_rules
from stelsel.ijw.structure import content_of
from stelsel.ijw.writing import text_of_content


def read_bytes(data: bytes, name: str = "", lang: str = "nl") -> Received:
    """Read and check one message.

    Parameters
    ----------
    data
        The bytes of the file.
    name
        What the file is called in the result.
    lang
        Language of the findings, ``nl`` or ``en``.

    Returns
    -------
    Received
        The message if its structure is right (level 1), and all that was found at levels 1 and 2.
        Level 2 is looked at only if level 1 has passed.

    Raises
    ------
    StelselError
        If the language is not known.

    Examples
    --------
    >>> received = read_bytes(b"<Bericht/>", "a.xml", lang="en")
    >>> received.valid, received.findings[0].rule
    (False, 'message.foreign')
    """
    checked_language(lang)
    known = unparsed.read(data)
    if known is None:
        return parsed(data, name, lang)
    kind, content = known
    breaches = check_rules(content, kind)
    if not breaches:
        return Received(name, Message(kind.name, content), (), kind.name)
    breaches = sorted(with_lines(breaches, data, content), key=lambda breach: breach.line or 0)
    told = findings(breaches, kind.name, lang)
    return Received(name, Message(kind.name, content), told, kind.name)


def parsed(data: bytes, name: str = "", lang: str = "nl") -> Received:
    """Read and check one message the ordinary way, with an XML parser.

    It says the same as :func:`read_bytes`, which is quicker.

    Parameters
    ----------
    data, name, lang
        As for :func:`read_bytes`.

    Returns
    -------
    Received
        As from :func:`read_bytes`.

    Examples
    --------
    >>> parsed(b"<Bericht/>") == read_bytes(b"<Bericht/>")
    True
    """
    root, breaches = parse(data)
    if root is None:
        return Received(name, None, findings(breaches, "", lang))
    type_name, found = identify(root)
    if isinstance(found, Breach):
        return Received(name, None, findings([*breaches, found], type_name, lang), type_name)
    # Attributes have an equals sign. If there is none after the first tag end that follows the
    # name of the root, then no element below the root has any.
    end = data.find(b">", data.find(b"Bericht"))
    content, wrong = content_of(root, found, attributes=data.find(b"=", end) >= 0)
    breaches += wrong
    message = None
    if not breaches or not any(_stops(breach) for breach in breaches):
        message = Message(type_name, content)
        only_known_names(data)
        breaches += lines_of(check_rules(content, found), root)
        if len(breaches) > MOST:
            more = Breach("file.more", details={"limit": str(MOST - 1)})
            breaches = [*breaches[: MOST - 1], more]
    breaches.sort(key=lambda breach: breach.line or 0)
    return Received(name, message, findings(breaches, type_name, lang), type_name)


def _stops(breach: Breach) -> bool:
    """Tell whether there is no message to look further at: its structure or a date is wrong."""
    return rules()[breach.rule].level == 1 or breach.rule == "value.calendar"


def check(message: Message, lang: str = "nl") -> tuple[Finding, ...]:
    """Check a message in memory at levels 1 and 2.

    Parameters
    ----------
    message
        The message; it may come from anywhere.
    lang
        Language of the findings, ``nl`` or ``en``.

    Returns
    -------
    tuple of Finding
        Everything that is wrong, without line numbers; empty if the message is valid.

    Raises
    ------
    StelselError
        If the type of the message or the language is not known.

    Examples
    --------
    >>> [finding.path for finding in check(Message("JW319", {"Header": {}}))][-1]
    'Antwoord'
    """
    checked_language(lang)
    kind = message_type(message.type)
    _, breaches = text_of_content(message.content, kind)
    if not breaches:
        breaches = check_rules(message.content, kind)[:MOST]
    return findings(breaches, message.type, lang)
