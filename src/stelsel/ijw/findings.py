"""From a broken rule to a finding in words.

``data/rules.csv`` holds every rule with its level, return code, the elements it is about, its text
and remedy in Dutch and English, and its source. The texts may name the element and what is
allowed; there is no place in them for what the message says of a child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.ijw.grammar import PACKAGE
from stelsel.ijw.message import Finding
from stelsel.tables import packaged, read_table

LANGUAGES = ("nl", "en")
MOST = 1_000
"""So many faults of one file are told at most, so that a hostile file cannot fill the memory."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    name
        Official number (``TR302``) or our own name (``structure.missing``).
    level
        1 (file and structure), 2 (inside the message), 3 (against earlier messages) or 4 (against
        what is outside the traffic: the clock, official lists).
    return_code
        Code of the return message; None at level 1, and where the standard has none.
    elements
        What it is about: pairs of message and path, the path from the nearest repeated group or
        group that the rule looks at as a whole.
    texts, remedies
        By language, with names in braces for what differs per case.
    source
        Where the rule comes from.
    """

    name: str
    level: int
    return_code: str | None
    elements: tuple[tuple[str, Path], ...]
    texts: dict[str, str]
    remedies: dict[str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken somewhere, not yet in words.

    Parameters
    ----------
    rule
        Name of the rule.
    path
        Steps from the root, such as ``("Client", "StartProducten", "StartProduct[2]")``.
    line
        Line in the file, or None.
    details
        What the text of the rule needs, by name.
    """

    rule: str
    path: Path = ()
    line: int | None = None
    details: dict[str, str] = field(default_factory=dict)


@cache
def rules() -> dict[str, Rule]:
    """Give every rule by its name.

    Examples
    --------
    >>> rules()["CS002"].level, rules()["CS002"].return_code
    (2, '0001')
    """
    columns = ["rule", "level", "return_code", "elements"]
    texts = ["text_nl", "text_en", "remedy_nl", "remedy_en"]
    return {
        row["rule"]: Rule(
            name=row["rule"],
            level=int(row["level"]),
            return_code=row["return_code"] or None,
            elements=tuple(_binding(text) for text in row["elements"].split()),
            texts={language: row[f"text_{language}"] for language in LANGUAGES},
            remedies={language: row[f"remedy_{language}"] for language in LANGUAGES},
            source=row["source"],
        )
        for row in read_table(packaged(PACKAGE, "rules.csv"), columns + texts, key=("rule",))
    }


def _binding(text: str) -> tuple[str, Path]:
    message, *path = text.split("/")
    return message, tuple(path)


def checked_language(language: str) -> str:
    """Give the language back if findings can be told in it.

    Raises
    ------
    StelselError
        If they cannot.

    Examples
    --------
    >>> checked_language("nl")
    'nl'
    """
    if language not in LANGUAGES:
        raise StelselError(
            f"Findings cannot be told in {language!r}.",
            where="lang",
            remedy=did_you_mean(language, LANGUAGES),
            what_nl=f"Bevindingen kunnen niet worden verteld in {language!r}.",
            remedy_nl=did_you_mean(language, LANGUAGES, "nl"),
        )
    return language


def findings(breaches: Iterable[Breach], message: str, language: str) -> tuple[Finding, ...]:
    """Put breaches in words.

    Parameters
    ----------
    breaches
        What was found.
    message
        Name of the message type, or empty if it is not known.
    language
        ``nl`` or ``en``.

    Examples
    --------
    >>> breach = Breach("structure.missing", ("Client", "Bsn"), 17, place_details(""))
    >>> print(*findings([breach], "JW305", "nl"))
    line 17, Client/Bsn: Bsn ontbreekt. [structure.missing] Voeg Bsn toe als eerste element.
    """
    return tuple([_finding(breach, message, language) for breach in breaches])


def _finding(breach: Breach, message: str, language: str) -> Finding:
    rule = rules()[breach.rule]
    element = breach.path[-1].partition("[")[0] if breach.path else "Bericht"
    details = {"element": element, "message": message, **breach.details}
    return Finding(
        level=rule.level,
        rule=rule.name,
        return_code=rule.return_code,
        path="/".join(breach.path),
        line=breach.line,
        message=rule.texts[language].format_map(details),
        remedy=rule.remedies[language].format_map(details),
    )


def faults(breaches: Iterable[Breach], message: str) -> list[Fault]:
    """Put breaches in words as faults of an input.

    Examples
    --------
    >>> print(*faults([Breach("value.empty", ("Client", "Bsn"))], "JW305"))
    JW305, Client/Bsn: Bsn is empty. [value.empty] Fill Bsn, or leave it out if it is not required.
    """
    breaches = list(breaches)
    return [
        Fault(
            finding.message,
            ", ".join(filter(None, (message, finding.path))),
            finding.rule,
            finding.remedy,
            what_nl=dutch.message,
            remedy_nl=dutch.remedy,
        )
        for finding, dutch in zip(
            findings(breaches, message, "en"), findings(breaches, message, "nl"), strict=True
        )
    ]


def place_details(before: str) -> dict[str, str]:
    """Give the words for a place in a sequence, right after the element ``before`` (or first).

    Examples
    --------
    >>> place_details("Bsn")["place_nl"], place_details("")["place_en"]
    (' na Bsn', ' as the first element')
    """
    if not before:
        return {"place_nl": " als eerste element", "place_en": " as the first element"}
    return {"place_nl": f" na {before}", "place_en": f" after {before}"}


def shown(name: str) -> str:
    """Give an element name as it may be shown: an odd one might be made to hold anything.

    Examples
    --------
    >>> shown("Bsn"), shown("J.de.Vries"), shown("x999990019")
    ('Bsn', '(element)', '(element)')
    """
    return name if len(name) <= 40 and name.isascii() and name.isalpha() else "(element)"
