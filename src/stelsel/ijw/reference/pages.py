"""The reference page of a message type, from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from stelsel.ijw.answers import answer_type, answered_type
from stelsel.ijw.answers.kinds import is_return
from stelsel.ijw.grammar import PACKAGE, Element, Group, MessageType
from stelsel.ijw.reference.forms import form
from stelsel.ijw.reference.markdown import anchor, made_note, table, wrapped
from stelsel.ijw.showing.rulebook import Entry, rulebook
from stelsel.ijw.showing.words import name_of
from stelsel.system.entries import norms
from stelsel.tables import packaged, read_table

HEADER: Final = "Header"
_DEEPER: Final = "· "
_PARTIES: Final = {
    "municipality": "municipality (CBS code, four digits)",
    "provider": "provider (AGB code, eight digits)",
}
_RETURN: Final = (
    "Nothing wrong: the header alone, without return codes. A rule of level 2 broken: the header "
    "alone, with `0001`. A rule of level 3 or 4 broken in the header: the header alone, with the "
    "code of the rule. Broken elsewhere: `0200` in the header, and all classes with a code each: "
    "that of the rule, `0200` (fine) or `0233` (not looked at). Whatever is wrong, the message as "
    "a whole counts as never sent: the sender mends it and sends another with another number."
)
_OF_A_RETURN: Final = (
    "`Afzender`, `Ontvanger` and `BerichtIdentificatie` are copied from it; the number and day of "
    "the return itself are `IdentificatieRetour` and `DagtekeningRetour`. Without return codes the "
    "message is accepted. The body is there only where a class in it is refused; then it is that "
    "of the message, with `RetourCodes` as the last element of each class."
)
_OF_A_CLAIM: Final = (
    "All granted: `8001`, and no clients. A rule of level 2 broken: the header alone, with `0001`. "
    "Refused as a whole: the code stands at DeclaratieAntwoord, and nothing is granted. Else each "
    "client and line that is refused is listed with its code, and what is granted is what was "
    "claimed less those lines."
)
_ORDER: Final = (
    "Elements stand in this order. *Times* is how often: `1` always, `0..1` at most once, `1..*` "
    "at least once. A dot is one group deeper."
)
_KEYS: Final = (
    "No two of a class in one message have the same key ([TR101](rules.md#tr101)), together with "
    "the keys of the classes around it."
)
_FOR_ALL: Final = (
    "Beside these, the [rules on files, structure and values](rules.md#level-1) hold for every "
    "message."
)
_CODES_PAGE: Final = "codelists.md"
RULES_PAGE: Final = "rules.md"


@cache
def _notes() -> dict[str, dict[str, str]]:
    columns = ["message", "purpose", "then", "register", "norms"]
    rows = read_table(packaged(PACKAGE, "pages.csv"), columns, key=("message",))
    return {row["message"]: row for row in rows}


@cache
def _keys() -> dict[str, str]:
    rows = read_table(packaged(PACKAGE, "keys.csv"), ["class", "key"], key=("class",))
    return {row["class"]: row["key"] for row in rows}


def purpose(name: str) -> str:
    """Say what a message type is for.

    Examples
    --------
    >>> purpose("JW305")
    'The provider reports that delivery has begun.'
    """
    return _notes()[name]["purpose"]


def link(name: str) -> str:
    """Give a link to the page of a message type.

    Examples
    --------
    >>> link("JW305")
    '[JW305](jw305.md)'
    """
    return f"[{name}]({name.lower()}.md)"


def rule_link(name: str) -> str:
    """Give a link to a rule.

    Examples
    --------
    >>> rule_link("TR101"), rule_link("bsn.zero")
    ('[TR101](rules.md#tr101)', '[bsn.zero](rules.md#bsnzero)')
    """
    return f"[{name}]({RULES_PAGE}#{anchor(name)})"


def list_link(code_list: str, type_name: str) -> str:
    """Give a link to a code list.

    Examples
    --------
    >>> list_link("WJ756", "LDT_Eenheid")
    '[WJ756](codelists.md#wj756-eenheid)'
    """
    heading = f"{code_list} {type_name.removeprefix('LDT_')}"
    return f"[{code_list}]({_CODES_PAGE}#{anchor(heading)})"


def message_page(kind: MessageType) -> str:
    """Give the page of a message type, as Markdown.

    Examples
    --------
    >>> from stelsel.ijw.grammar import message_type
    >>> message_page(message_type("JW305")).splitlines()[0]
    '# JW305 Start'
    """
    entries = rulebook("en", kind.name)
    head = next(each.group for each in kind.root.elements if each.name == HEADER and each.group)
    body = Group("", tuple(each for each in kind.root.elements if each.name != HEADER))
    columns = ("element", "times", "holds", "in Dutch", "rules")
    return "\n".join(
        [
            f"# {kind.name} {kind.name_nl}",
            "",
            wrapped(purpose(kind.name)),
            "",
            *_facts(kind),
            "",
            "## Answer",
            "",
            *_answer(kind.name),
            "",
            "## What it holds",
            "",
            wrapped(_ORDER),
            "",
            *table(columns, _rows(body, kind.name, entries)),
            "",
            "## Header",
            "",
            *table(columns, _rows(head, kind.name, entries, (HEADER,))),
            "",
            *_key_lines(body),
            *_rule_lines(entries),
            "## In the register",
            "",
            wrapped(_notes()[kind.name]["register"]),
            "",
            made_note("pages.csv, elements.csv, rules.csv"),
            "",
        ]
    )


def _facts(kind: MessageType) -> list[str]:
    ends = [_PARTIES[kind.sender], _PARTIES[kind.receiver]]
    if is_return(kind.name):
        ends = [
            f"{ends[0]}, copied: who receives this return",
            f"{ends[1]}, copied: who sends this return",
        ]
    rows = [
        ("in English", kind.name_en),
        ("`Afzender`", ends[0]),
        ("`Ontvanger`", ends[1]),
        ("`BerichtCode`", f"`{kind.code}`"),
        ("namespace", f"`{kind.namespace}`"),
        ("types", f"`stelsel.ijw.records.{kind.name}`"),
        ("made up", f"`stelsel ijw example {kind.name}`"),
    ]
    return table(("", ""), rows)


def _answer(name: str) -> list[str]:
    """Tell how a message is answered, or what it answers, and within which terms."""
    answer, told = answer_type(name), answered_type(name)
    if told is not None:
        text = f"Answers a {link(told)}; is not answered itself. "
        text += _OF_A_RETURN if is_return(name) else _OF_A_CLAIM
    elif answer is not None and is_return(answer):
        text = f"The receiver owes a {link(answer)}. {_RETURN}"
    else:
        text = (
            f"The receiver owes a {link(answer or name)}, which lists the lines that are refused."
        )
    then = _notes()[name]["then"]
    known = {norm.id: norm for norm in norms()}
    own, of_answer = _notes()[name]["norms"], _notes()[answer]["norms"] if answer else ""
    terms = [known[each] for each in f"{own} {of_answer}".split()]
    rows = [
        (norm.name_en, f"{norm.limit} {norm.unit.replace('_', ' ')}", norm.source) for norm in terms
    ]
    return [
        wrapped(text),
        *(["", wrapped(then)] if then else []),
        *(["", *table(("term", "limit", "source"), rows)] if rows else []),
    ]


def _rows(
    group: Group, name: str, entries: tuple[Entry, ...], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Give a row for every element below a group."""
    for element in group.elements:
        here = (*path, element.name)
        depth = len(here) - 1 - (here[0] == HEADER)
        bound = [
            entry.rule
            for entry in entries
            for about in entry.elements
            if _is_about(tuple(about.split("/")), name, here)
        ]
        yield (
            f"{_DEEPER * depth}{element.name}",
            f"{int(element.required)}..*" if element.many else "1" if element.required else "0..1",
            _holds(element),
            name_of(element.name, "nl"),
            " ".join(rule_link(rule) for rule in dict.fromkeys(bound)),
        )
        if element.group is not None:
            yield from _rows(element.group, name, entries, here)


def _is_about(about: tuple[str, ...], name: str, path: tuple[str, ...]) -> bool:
    """Tell whether a rule names an element, by its path from the nearest class down."""
    message, *steps = about
    return message == name and path[-len(steps) :] == tuple(steps)


def _holds(element: Element) -> str:
    if element.simple is None:
        return f"`{element.type_name}`" if element.type_name.startswith("CDT_") else ""
    code_list = element.simple.code_list
    if code_list:
        return f"code of {list_link(code_list, element.type_name)}"
    return form(element.simple)


def _key_lines(group: Group) -> list[str]:
    """Tell the logical keys of the classes in a message."""
    keys = {each: key for each, key in _keys().items() if each in _names(group)}
    if not keys:
        return []
    rows = [
        (f"`{each}`", ", ".join(f"`{one}`" for one in key.split())) for each, key in keys.items()
    ]
    return ["## Logical keys", "", wrapped(_KEYS), "", *table(("class", "key"), rows), ""]


def _names(group: Group) -> set[str]:
    """Give the names of all groups below a group."""
    found = {each.name for each in group.elements if each.group is not None}
    return found.union(*(_names(each.group) for each in group.elements if each.group is not None))


def _rule_lines(entries: tuple[Entry, ...]) -> list[str]:
    if not entries:
        return ["## Rules", "", wrapped(f"None of its own. {_FOR_ALL}"), ""]
    rows = [
        (rule_link(each.rule), str(each.level), each.return_code or "", each.text)
        for each in entries
    ]
    return [
        "## Rules",
        "",
        _FOR_ALL,
        "",
        *table(("rule", "level", "code", "what is told"), rows),
        "",
    ]
