"""The reference pages that are about all messages: the index, the code lists, the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stelsel.ijw.answers import answer_type, answered_type
from stelsel.ijw.grammar import SimpleType, message_types, simple_types
from stelsel.ijw.reference.markdown import made_note, table, wrapped
from stelsel.ijw.reference.pages import link, list_link, purpose
from stelsel.ijw.showing.rulebook import Entry, rulebook
from stelsel.ijw.showing.words import label

COUNTRIES: Final = "COD032"
"""The only list of which we have no words: the codes of ISO 3166-1."""
_ORDER: Final = """```
by the provider      315 -> 316 -> [319 code 2 -> 320] -> 301 -> 302
                     315 -> 316 ->  319 code 1 -> 320                  rejected
by the municipality                                       301 -> 302
delivery             305 -> 306 -> [307 code 20 -> 308 -> 305 -> 306] -> 307 -> 308
change               317 -> 318 -> [319 code 2 -> 320] -> 301 -> 302   the whole package
                     317 -> 318 ->  319 code 1 -> 320                  rejected
claim                323 -> 325, every month; credit and new debit in a later 323
```"""
_INDEX: Final = (
    "The fourteen messages of iJw 3.2, each with what it holds, the rules that it must keep, how "
    "it is answered and what it becomes in the register. How they are read and written is told in "
    "[messages](../messages.md)."
)
_ARRIVAL: Final = (
    "What stands between brackets may be left out. Messages may arrive in any order: a receiver "
    "may not refuse one because another, sent before it, has not come yet."
)
_CODES: Final = (
    "The code lists of iJw 3.2 (Zorginstituut Nederland). The Dutch is that of the standard, save "
    "for the [return codes](#wj001-retourcode), which are in our own words; the English is ours."
)
_RULES: Final = (
    "Every rule that messages are checked against. Numbers such as TR302 are those of the "
    "standard; a name with a point in it is our own. At the prompt `stelsel ijw rules TR302` tells "
    "the same, in Dutch too. In the texts, … stands for what differs per case."
)


def index_page() -> str:
    """Give the page that leads to all others.

    Examples
    --------
    >>> index_page().splitlines()[0]
    '# The messages of iJw 3.2'
    """
    rows = []
    for name, kind in message_types().items():
        answer, told = answer_type(name), answered_type(name)
        way = {"municipality": "municipality → provider", "provider": "provider → municipality"}
        travels = kind.receiver if told and name != "JW325" else kind.sender
        by = f"answered by {link(answer)}" if answer else f"answers {link(told or name)}"
        rows.append(
            (link(name), kind.name_nl, way[travels], purpose(name).split(". ")[0].rstrip("."), by)
        )
    return "\n".join(
        [
            "# The messages of iJw 3.2",
            "",
            wrapped(_INDEX),
            "",
            *table(("message", "in Dutch", "travels", "what for", ""), rows),
            "",
            "- [Code lists](codelists.md): every code with its meaning.",
            "- [Rules](rules.md): every rule with its level, return code and source.",
            "",
            "## In what order",
            "",
            _ORDER,
            "",
            wrapped(_ARRIVAL),
            "",
            made_note("messages.csv, pages.csv"),
            "",
        ]
    )


def codes_page() -> str:
    """Give the page of the code lists.

    Examples
    --------
    >>> "| `31` | Levering is volgens plan beëindigd | Delivery ended as planned |" in codes_page()
    True
    """
    types = [simple for simple in simple_types().values() if simple.code_list]
    return "\n".join(
        [
            "# Code lists",
            "",
            wrapped(_CODES),
            "",
            *(f"- {_contents(simple)}" for simple in types),
            "",
            *(line for simple in types for line in _code_list(simple)),
            made_note("codelists.csv"),
            "",
        ]
    )


def _contents(simple: SimpleType) -> str:
    target = list_link(simple.code_list, simple.name).partition("#")[2]
    return f"[{_heading(simple)}](#{target}"


def _heading(simple: SimpleType) -> str:
    return f"{simple.code_list} {simple.name.removeprefix('LDT_')}"


def _code_list(simple: SimpleType) -> list[str]:
    if simple.code_list == COUNTRIES:
        codes = " ".join(f"`{code}`" for code in simple.codes)
        lines = [f"The {len(simple.codes)} codes of ISO 3166-1 alpha-2: {codes}"]
    else:
        rows = [
            (f"`{code}`", *(label(simple.code_list, code, lang) for lang in ("nl", "en")))
            for code in simple.codes
        ]
        lines = table(("code", "in Dutch", "in English"), rows)
    return [f"## {_heading(simple)}", "", *lines, ""]


def rules_page() -> str:
    """Give the page of the rules.

    Examples
    --------
    >>> "### TR302" in rules_page()
    True
    """
    entries = rulebook("en")
    checked = {entry.level: entry.checked for entry in entries}
    rows = [
        (
            f"[{level}](#level-{level})",
            told,
            str(sum(entry.level == level for entry in entries)),
            _ON_FAILURE[level],
        )
        for level, told in checked.items()
    ]
    return "\n".join(
        [
            "# The rules",
            "",
            wrapped(_RULES),
            "",
            *table(("level", "what is checked", "rules", "what happens"), rows),
            "",
            *(line for level in checked for line in _level(level, entries)),
            made_note("rules.csv"),
            "",
        ]
    )


_ON_FAILURE: Final = {
    1: "a fault outside the standard; no return message",
    2: "return message with the header alone and code `0001`",
    3: "return message with the code of the rule; the whole message is refused",
    4: "as level 3",
}


def _level(level: int, entries: tuple[Entry, ...]) -> Iterator[str]:
    yield from (f"## Level {level}", "")
    for entry in entries:
        if entry.level == level:
            yield from _rule(entry)


def _rule(entry: Entry) -> list[str]:
    facts = []
    if entry.return_code and entry.level > 2:
        facts.append(f"- return code `{entry.return_code}`: {entry.meaning}")
    if entry.elements:
        facts.append(f"- about {_about(entry)}")
    facts.append(f"- source: {entry.source}")
    return [f"### {entry.rule}", "", wrapped(f"{entry.text} {entry.remedy}"), "", *facts, ""]


def _about(entry: Entry) -> str:
    """Give the elements of a rule, with the messages that have each."""
    found: dict[str, list[str]] = {}
    for about in entry.elements:
        message, _, path = about.partition("/")
        found.setdefault(path, []).append(link(message))
    return "; ".join(f"`{path}` in {' '.join(names)}" for path, names in found.items())
