"""From the content of a message to lines that a person can read.

The lines follow the grammar, so what holds for one message holds for all. What is not there is
skipped, and what could not be read says so: a message with faults is shown as far as it goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cache
from typing import Any, Final

from stelsel.errors import StelselError
from stelsel.ijw.grammar import Element, Group, SimpleType
from stelsel.ijw.message import Content, Finding
from stelsel.ijw.showing.words import day, label, money, name_of, number, period, volume
from stelsel.system.codes import product
from stelsel.system.regions import municipality

HIDDEN: Final = {"nl": "(verborgen)", "en": "(hidden)"}
"""Stands for what the message says of a person."""
UNREADABLE: Final = {"nl": "(niet te lezen)", "en": "(cannot be read)"}
"""Stands for a value that does not fit its datatype."""
_OWN_CODE: Final = {"nl": "eigen code", "en": "own code"}
_OF: Final = {"nl": "van", "en": "of"}
_BEFORE: Final = {"nl": "vorig", "en": "before"}
_UNKNOWN: Final = {"nl": "onbekend", "en": "unknown"}
_MONEY: Final = ("LDT_Bedrag", "LDT_TotaalBedrag", "LDT_Budget")
"""Datatypes of amounts, in eurocents (iJw 3.2, technical facts)."""
_OF_A_PERSON: Final = ("CDT_Geboortedatum", "Contact", "Relatie")
"""Groups that are of a person as a whole, also where a value in them is no secret by itself."""
_CODES: Final = "RetourCodes"
"""What the receiver says of a group: told, also where the group itself is hidden."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message in readable form.

    Parameters
    ----------
    depth
        How deep it stands, from 0.
    heading
        Name of the element in plain words.
    value
        What it holds; lines parted by line ends; empty for a group.
    path
        The element, as in a finding.
    hidden
        Whether the value stands in for one that is not shown.
    findings
        What is wrong with it.

    Examples
    --------
    >>> Line(1, "Begindatum", "4 maart 2026", "Client/StartProducten").hidden
    False
    """

    depth: int
    heading: str
    value: str
    path: str
    hidden: bool = False
    findings: tuple[Finding, ...] = ()


def lines_of(content: Content, group: Group, lang: str, *, personal: bool) -> Iterator[Line]:
    """Give the lines of a message.

    Parameters
    ----------
    content
        What is in it; elements may be missing, and a value may be None where it could not be read.
    group
        Its grammar.
    lang
        ``nl`` or ``en``.
    personal
        Whether what the message says of a person is shown.

    Examples
    --------
    >>> from stelsel.ijw.grammar import message_type
    >>> answer = {"Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "2"}}
    >>> for line in lines_of(answer, message_type("JW319").root, "nl", personal=False):
    ...     print("  " * line.depth, line.heading, line.value)
     Antwoord
       Referentie van de aanbieder R1
       Antwoord op het verzoek 2 Aanvraag in onderzoek
    """
    return _Telling(lang, personal).group(content, group, "", 0)


@dataclass(frozen=True, slots=True)
class _Telling:
    lang: str
    personal: bool

    def group(self, content: Content, group: Group, path: str, depth: int) -> Iterator[Line]:
        """Give the lines of what a group holds."""
        for element in group.elements:
            if element.name not in content:
                continue
            found = content[element.name]
            here = f"{path}/{element.name}" if path else element.name
            name = name_of(element.name, self.lang)
            if element.simple is not None:
                yield self.value(element, element.simple, content, Line(depth, name, "", here))
            elif element.group is not None and element.many:
                for place, item in enumerate(found, start=1):
                    count = f" {place} {_OF[self.lang]} {len(found)}" if len(found) > 1 else ""
                    line = Line(depth, name + count, "", f"{here}[{place}]")
                    yield from self.inside(element, element.group, item, line)
            elif element.group is not None:
                line = Line(depth, name, "", here)
                yield from self.inside(element, element.group, found, line)

    def value(self, element: Element, simple: SimpleType, content: Content, line: Line) -> Line:
        """Give the line of a value, or of a value that is repeated."""
        if simple.personal and not self.personal:
            return replace(line, value=HIDDEN[self.lang], hidden=True)
        found = content[element.name]
        values = found if element.many else [found]
        return replace(
            line, value="\n".join(said(simple, one, self.lang, content) for one in values)
        )

    def inside(
        self, element: Element, group: Group, content: Content, line: Line
    ) -> Iterator[Line]:
        """Give the lines of a group, the first with its heading."""
        if not self.personal and _is_hidden(element):
            yield replace(line, value=HIDDEN[self.lang], hidden=True)
            content = {_CODES: content[_CODES]} if _CODES in content else {}
        elif value := _in_short(element, group, content, self.lang):
            yield replace(line, value=value)
            return
        elif _holds_one_kind(group):
            yield from self.group(content, group, line.path, line.depth)
            return
        else:
            yield line
        yield from self.group(content, group, line.path, line.depth + 1)


def _holds_one_kind(group: Group) -> bool:
    """Tell a group that only holds repeated elements of one kind: it needs no line of its own."""
    return len(group.elements) == 1 and group.elements[0].many


@cache
def _is_hidden(element: Element) -> bool:
    """Tell whether all that an element holds is of a person."""
    if element.simple is not None:
        return element.simple.personal
    if element.type_name in _OF_A_PERSON or element.group is None:
        return True
    return all(_is_hidden(inside) for inside in element.group.elements)


def said(simple: SimpleType, value: Any, lang: str, around: Content) -> str:  # noqa: PLR0911
    """Give a value as a person reads it: codes with their label, amounts in euros, days in words.

    Parameters
    ----------
    simple
        Its datatype.
    value
        The value; None if it could not be read.
    lang
        ``nl`` or ``en``.
    around
        The group that holds it: a volume is told in the unit beside it.

    Examples
    --------
    >>> from stelsel.ijw.grammar import simple_types
    >>> said(simple_types()["LDT_RedenBeeindiging"], "31", "nl", {})
    '31 Levering is volgens plan beëindigd'
    >>> said(simple_types()["LDT_Volume"], 3, "nl", {"Eenheid": "04"})
    '3 uur'
    """
    if value is None:
        return UNREADABLE[lang]
    if simple.code_list:
        return f"{value} {label(simple.code_list, value, lang)}".rstrip()
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    if simple.name in _MONEY:
        return money(value, lang)
    if simple.name == "LDT_Volume":
        unit = around.get("Eenheid")
        return volume(value, unit, "", lang) if unit else number(value, lang)
    if simple.name == "LDT_Gemeente":
        return town(value)
    if simple.name == "LDT_ProductCode":
        return _code(value, lang)
    return printable(str(value))


def town(code: str) -> str:
    """Give the code of a municipality with its name, if it has one.

    Examples
    --------
    >>> town("0193"), town("0000")
    ('0193 Zwolle', '0000')
    """
    try:
        return f"{code} {municipality(code).name}"
    except StelselError:
        return code


def _code(code: str, lang: str) -> str:
    listed = product(code)
    return f"{printable(code)} {listed.description if listed else f'({_OWN_CODE[lang]})'}"


def printable(text: str) -> str:
    r"""Give a text without characters that would do something to a screen, save line ends.

    Examples
    --------
    >>> printable("a\x9b31mb\nc")
    'a?31mb\nc'
    """
    return "".join(mark if mark.isprintable() or mark == "\n" else "?" for mark in text)


def _in_short(element: Element, group: Group, content: Content, lang: str) -> str:
    """Give a group as one value, where there is a way to say it and nothing in it is amiss."""
    short = _SHORT.get(element.type_name)
    whole = all(
        content.get(inside.name) is not None for inside in group.elements if inside.required
    )
    if short is not None and whole and None not in content.values():
        return short(content, lang)
    (only, *more) = content or [""]
    inside = next((one for one in group.elements if one.name == only), None)
    if more or inside is None or inside.simple is None or not element.type_name.startswith("CDT_"):
        return ""
    return said(inside.simple, content[only], lang, content)


def _product(content: Content, lang: str) -> str:
    category = content["Categorie"]
    told = f"{category} {label('JZ020', category, lang)}"
    return f"{told}\n{_code(content['Code'], lang)}" if "Code" in content else told


def _reference(content: Content, lang: str) -> str:
    own, before = content["ReferentieNummer"], content.get("VorigReferentieNummer")
    told = f"{own} ({_BEFORE[lang]}: {before})" if before is not None else own
    return printable(told)


def _birth(content: Content, lang: str) -> str:
    """Give a date of birth as far as it is known (COD170)."""
    told = day(content["Datum"], lang)
    known = {"1": told.split(" ", 1)[1], "2": str(content["Datum"].year), "3": _UNKNOWN[lang]}
    return known.get(content.get("DatumGebruik", ""), told)


def _amount(content: Content, lang: str) -> str:
    cents = content["Bedrag"] if "Bedrag" in content else content["TotaalBedrag"]
    side = content["DebetCredit"]
    return f"{money(cents, lang)}  {side} {label('COD043', side, lang)}"


_SHORT: Final[dict[str, Callable[[Content, str], str]]] = {
    "CDT_Product": _product,
    "CDT_Omvang": lambda of, lang: volume(of["Volume"], of["Eenheid"], of["Frequentie"], lang),
    "CDT_GeslotenPeriode": lambda of, lang: period(of["Begindatum"], of["Einddatum"], lang),
    "CDT_OpenPeriode": lambda of, lang: period(of.get("Begindatum"), of.get("Einddatum"), lang),
    "CDT_BedragMetDC": _amount,
    "CDT_TotaalBedragMetDC": _amount,
    "CDT_Referentie": _reference,
    "CDT_Geboortedatum": _birth,
    "CDT_BerichtIdentificatie": lambda of, lang: (
        f"{printable(of['Identificatie'])}, {day(of['Dagtekening'], lang)}"
    ),
    "CDT_XsdVersie": lambda of, _: f"{of['BasisschemaXsdVersie']} / {of['BerichtXsdVersie']}",
}
"""How a group of each of these datatypes is told in one go."""


def without_people(content: Content, group: Group) -> Content:
    """Give the content of a group in which all that is of a person is None.

    Parameters
    ----------
    content
        The content; it is not changed.
    group
        Its grammar.

    Examples
    --------
    >>> from stelsel.ijw.grammar import message_type
    >>> root = message_type("JW305").root
    >>> without_people({"Client": {"Bsn": "999900006", "StartProducten": {}}}, root)
    {'Client': {'Bsn': None, 'StartProducten': {}}}
    """
    elements = {element.name: element for element in group.elements}
    return {name: _without(elements[name], value) for name, value in content.items()}


def _without(element: Element, value: Any) -> Any:
    if element.group is None:
        return None if _is_hidden(element) else value
    items = value if element.many else [value]
    kept = [_kept(element, element.group, item) for item in items]
    return kept if element.many else kept[0]


def _kept(element: Element, group: Group, item: Content) -> Content | None:
    if not _is_hidden(element):
        return without_people(item, group)
    return {_CODES: item[_CODES]} if _CODES in item else None
