"""Rules about the child and its relations: number, birth date, name, language."""

from __future__ import annotations

from datetime import date
from typing import Final

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule

UNKNOWN_BIRTH_DATE: Final = date(1900, 1, 1)
OLDEST: Final = 120
"""Years that a birth date may lie before the date of the message (TR002)."""


def passes_eleven_test(number: str) -> bool:
    """Tell whether a citizen service number passes the eleven test (CS002).

    Nine digits, weighted 9, 8, ..., 2 and -1, add up to a multiple of eleven.

    Examples
    --------
    >>> passes_eleven_test("999990019"), passes_eleven_test("999990018")
    (True, False)
    """
    a, b, c, d, e, f, g, h, i = map(int, number)
    return (9 * a + 8 * b + 7 * c + 6 * d + 5 * e + 4 * f + 3 * g + 2 * h - i) % 11 == 0


@element_rule("CS002")
def _eleven_test(client: Content, element: str, _: Content, __: Content) -> bool:
    return not passes_eleven_test(client[element])


@element_rule("bsn.zero")
def _zeros(client: Content, element: str, _: Content, __: Content) -> bool:
    return bool(client[element] == "000000000")


@element_rule("CS139")
def _unknown_parts(birth: Content, element: str, _: Content, __: Content) -> bool:
    day: date = birth["Datum"]
    use: str | None = birth.get(element)
    if use == "3":
        return day != UNKNOWN_BIRTH_DATE
    if use == "2":
        return (day.month, day.day) != (1, 1)
    return use == "1" and day.day != 1


@element_rule("TR002")
def _too_old(birth: Content, element: str, _: Content, header: Content) -> bool:
    day: date = birth[element]
    told: date = header["BerichtIdentificatie"]["Dagtekening"]
    if told.year - day.year < OLDEST:
        return False
    if day == UNKNOWN_BIRTH_DATE and birth.get("DatumGebruik") == "3":
        return False
    return (told.year - OLDEST, told.month, told.day) > (day.year, day.month, day.day)


@element_rule("CS050")
def _use_of_names(name: Content, element: str, _: Content, __: Content) -> bool:
    return name[element] not in (("1", "2", "3", "4") if "Partnernaam" in name else ("1", "6"))


@element_rule("CS318")
def _organisation(client: Content, element: str, _: Content, __: Content) -> bool:
    return bool(client[element]["NaamGebruik"] == "6")


@element_rule("CD007")
def _language(communication: Content, element: str, _: Content, __: Content) -> bool:
    interpreted: bool = communication["Vorm"] == "1"
    return interpreted != (element in communication)
