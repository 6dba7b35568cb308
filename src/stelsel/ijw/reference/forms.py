"""What a datatype may hold, in words; and codes worth naming one by one."""

from __future__ import annotations

from typing import Final

from stelsel.ijw.grammar import SimpleType

MOST_CODES: Final = 30
"""A list with more codes is not written out where it is used."""
_MONEY: Final = ("LDT_Bedrag", "LDT_Budget", "LDT_TotaalBedrag")


def fixed(simple: SimpleType) -> str:
    """Give the one value that an element may have in a message, or empty.

    Examples
    --------
    >>> from stelsel.ijw.grammar import message_type
    >>> (header, *_) = message_type("JW305").root.elements
    >>> [fixed(element.simple) for element in header.group.elements[:4]]
    ['438', '3', '2', '']
    """
    return simple.pattern if simple.pattern.isdigit() else ""


def form(simple: SimpleType) -> str:
    """Say what a datatype may hold, codes aside.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> types = simple_types()
    >>> form(types["LDT_Naam"]), form(types["LDT_Volume"]), form(types["LDT_Bedrag"])
    ('one line, 1 to 200 characters', 'number, 0 to 99999999', 'eurocents, 0 to 99999999')
    >>> form(types["LDT_AgbCode"]), form(types["LDT_Commentaar"]), form(types["LDT_Datum"])
    ('eight digits', 'text', 'day')
    """
    if simple.code_list:
        return f"code of {simple.code_list}"
    if fixed(simple):
        return f"always {fixed(simple)}"
    return _text(simple) if simple.base == "string" else _other(simple)


def _text(simple: SimpleType) -> str:
    if simple.shape_en:
        return simple.shape_en
    if simple.max_length == 1:
        return "one character"
    kind = "one line" if simple.form == "filled line" else "text"
    if simple.pattern:
        kind = "letters and digits"  # the only pattern that is an element's own
    return f"{kind}, 1 to {simple.max_length} characters" if simple.max_length else kind


def _other(simple: SimpleType) -> str:
    if simple.base == "integer":
        kind = "eurocents" if simple.name in _MONEY else "number"
        return f"{kind}, {simple.low} to {simple.high}"
    return {"date": "day", "time": "time"}[simple.base]


def listed(simple: SimpleType) -> tuple[str, ...]:
    """Give the codes of a datatype if they are few enough to be written out.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> listed(simple_types()["LDT_Geslacht"]), listed(simple_types()["LDT_LandCode"])
    (('0', '1', '2'), ())
    """
    return simple.codes if len(simple.codes) <= MOST_CODES else ()
