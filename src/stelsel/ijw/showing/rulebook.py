"""The rules as a person looks them up: in words, with the elements they are about by message."""

from __future__ import annotations

import string
from dataclasses import dataclass, replace
from typing import Final

from stelsel.errors import StelselError, did_you_mean
from stelsel.ijw.findings import Rule, rules
from stelsel.ijw.grammar import message_types
from stelsel.ijw.showing.words import label

RETURN_CODES: Final = "WJ001"
"""Code list of the return codes."""
_OPEN: Final = "…"
"""Stands for what differs per case."""
_SAID: Final = {
    "nl": {
        "element": "dit element",
        "message": "bericht",
        "key": "de sleutel",
        "is_nl": "is",
        "place_nl": " op zijn plaats",
    },
    "en": {
        "element": "this element",
        "message": "message",
        "key": "the key",
        "is_en": "is",
        "place_en": " in its place",
    },
}
"""What a text that leaves these open says of any case."""
_OR: Final = {"nl": "of", "en": "or"}
_MOST_NAMED: Final = 3
"""So many elements are named in a text; more are *this element*."""
_LEVELS: Final = {
    1: {"nl": "het bestand en zijn structuur", "en": "the file and its structure"},
    2: {"nl": "binnen het bericht", "en": "inside the message"},
    3: {"nl": "tegen eerdere berichten", "en": "against earlier messages"},
    4: {"nl": "tegen lijsten van buiten", "en": "against outside lists"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, to be looked up.

    Parameters
    ----------
    rule
        Official number, or our own name.
    level
        1 to 4.
    checked
        What the level stands for, in words.
    return_code, meaning
        Code of the return message and what it stands for; None and empty at level 1.
    messages
        Types of message it holds for.
    elements
        What it is about: message and path from the nearest class, ``JW305/StartProduct``.
    text, remedy
        What is told when it is broken, and what to do.
    source
        Where it comes from.
    """

    rule: str
    level: int
    checked: str
    return_code: str | None
    meaning: str
    messages: tuple[str, ...]
    elements: tuple[str, ...]
    text: str
    remedy: str
    source: str


def rulebook(lang: str = "nl", message: str = "") -> tuple[Entry, ...]:
    """Give all rules, in the order of level and number.

    Parameters
    ----------
    lang
        ``nl`` or ``en``.
    message
        Only the rules that are about elements of this type of message, told of those elements.

    Examples
    --------
    >>> [entry.messages for entry in rulebook() if entry.rule == "TR377"]
    [('JW319',)]
    >>> [entry.text for entry in rulebook("en", "JW305") if entry.rule == "TR101"]
    ['StartProduct occurs twice: the key is the same as earlier in the message.']
    """
    found = sorted(rules().values(), key=lambda rule: (rule.level, rule.name))
    if message:
        about = [
            replace(rule, elements=tuple(pair for pair in rule.elements if pair[0] == message))
            for rule in found
        ]
        found = [rule for rule in about if rule.elements]
    return tuple(_entry(rule, lang) for rule in found)


def look_up(name: str, lang: str = "nl") -> Entry:
    """Give one rule.

    Parameters
    ----------
    name
        Its number or name, in capitals or not.
    lang
        ``nl`` or ``en``.

    Raises
    ------
    StelselError
        If there is none of that name.

    Examples
    --------
    >>> look_up("cd078", "en").text
    'Budget should be left out if Omvang is filled.'
    """
    known = {each.lower(): rule for each, rule in rules().items()}
    rule = known.get(name.lower())
    if rule is None:
        raise StelselError(
            f"There is no rule {name}.",
            remedy=_near(name, "en"),
            what_nl=f"Er is geen regel {name}.",
            remedy_nl=_near(name, "nl"),
        )
    return _entry(rule, lang)


def _near(name: str, lang: str) -> str:
    """Name the rules that look alike; all of them would fill the screen."""
    told = did_you_mean(name.upper() if name.isalnum() else name, rules(), lang)  # type: ignore[arg-type]
    all_rules = {
        "nl": "Alle regels: stelsel ijw rules.",
        "en": "All rules: stelsel ijw rules.",
    }
    return told if len(told) < 100 else all_rules[lang]


def _entry(rule: Rule, lang: str) -> Entry:
    bound = {message for message, _ in rule.elements}
    return Entry(
        rule=rule.name,
        level=rule.level,
        checked=_LEVELS[rule.level][lang],
        return_code=rule.return_code,
        meaning=label(RETURN_CODES, rule.return_code, lang) if rule.return_code else "",
        messages=tuple(name for name in message_types() if name in bound),
        elements=tuple("/".join((message, *path)) for message, path in rule.elements),
        text=_told(rule.texts[lang], rule, lang),
        remedy=_told(rule.remedies[lang], rule, lang),
        source=rule.source,
    )


def _told(text: str, rule: Rule, lang: str) -> str:
    """Tell a text of a rule for no case in particular."""
    said = _SAID[lang] | _elements(rule, lang)
    parts = []
    for before, name, _, _ in string.Formatter().parse(text):
        parts.append(before)
        if name:
            # What was found follows on a word without a blank where it can be left out.
            is_more = name.startswith("found") and not before.endswith(" ")
            parts.append(said.get(name, "" if is_more else _OPEN))
    told = "".join(parts).replace(f"{_OPEN}.", _OPEN)
    return ". ".join(_begun(sentence) for sentence in told.split(". "))


def _elements(rule: Rule, lang: str) -> dict[str, str]:
    names = list(dict.fromkeys(path[-1] for _, path in rule.elements if path))
    if not 0 < len(names) <= _MOST_NAMED:
        return {}
    return {"element": f" {_OR[lang]} ".join(filter(None, (", ".join(names[:-1]), names[-1])))}


def _begun(sentence: str) -> str:
    """Begin a sentence with a capital, for what was filled in may stand first."""
    return sentence if sentence.startswith("iJw") else sentence[:1].upper() + sentence[1:]
