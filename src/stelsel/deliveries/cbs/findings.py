"""From a broken rule to a finding in words.

``data/rules.csv`` holds every rule with its level, text and remedy in Dutch and English. *Wrong*
stops a file; *odd* is told in the mirror report and stops nothing. The texts name fields, rows and
codes of lists; there is no place in them for what a file says of a child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from stelsel.deliveries.cbs.tables import PACKAGE
from stelsel.deliveries.taken import Finding
from stelsel.errors import StelselError, did_you_mean
from stelsel.tables import packaged, read_table

LANGUAGES = ("nl", "en")
WRONG, ODD = "wrong", "odd"
MOST = 1_000
"""So many findings of one file are told at most, so that a hostile file cannot fill the memory."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, level (``wrong`` or ``odd``), texts and remedies by language, source."""

    name: str
    level: str
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
    line
        Line or row in the file; None for the file as a whole.
    column
        Name of the field as CBS has it; empty for a row as a whole.
    details
        What the text of the rule needs, by name.
    """

    rule: str
    line: int | None = None
    column: str = ""
    details: dict[str, str] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether the file is set aside for it."""
        return rules()[self.rule].level == WRONG


@cache
def rules() -> dict[str, Rule]:
    """Give every rule by its name.

    Examples
    --------
    >>> rules()["cbs.number"].level, rules()["cbs.overlap"].level
    ('wrong', 'odd')
    """
    columns = ["rule", "level", "text_nl", "text_en", "remedy_nl", "remedy_en"]
    return {
        row["rule"]: Rule(
            name=row["rule"],
            level=row["level"],
            texts={lang: row[f"text_{lang}"] for lang in LANGUAGES},
            remedies={lang: row[f"remedy_{lang}"] for lang in LANGUAGES},
            source=row["source"],
        )
        for row in read_table(packaged(PACKAGE, "rules.csv"), columns, key=("rule",))
    }


def findings(breaches: Iterable[Breach], lang: str) -> tuple[Finding, ...]:
    """Put breaches in words, in the order of the file.

    Parameters
    ----------
    breaches
        What was found.
    lang
        ``nl`` or ``en``.

    Raises
    ------
    StelselError
        If findings cannot be told in the language.

    Examples
    --------
    >>> print(*findings([Breach("cbs.day", 7, "datum aanvang")], "en"))
    line 7, datum aanvang: This is no existing day. [cbs.day] Write it as yyyymmdd.
    """
    if lang not in LANGUAGES:
        raise StelselError(
            f"Findings cannot be told in {lang!r}.",
            where="lang",
            remedy=did_you_mean(lang, LANGUAGES),
            what_nl=f"Bevindingen kunnen niet worden verteld in {lang!r}.",
            remedy_nl=did_you_mean(lang, LANGUAGES, "nl"),
        )
    told = []
    for breach in sorted(breaches, key=lambda one: (one.line or 0, one.column, one.rule))[:MOST]:
        rule = rules()[breach.rule]
        told.append(
            Finding(
                rule=rule.name,
                line=breach.line,
                column=breach.column,
                message=rule.texts[lang].format_map(breach.details),
                remedy=rule.remedies[lang].format_map(breach.details),
            )
        )
    return tuple(told)
