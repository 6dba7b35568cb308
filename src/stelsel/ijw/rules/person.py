"""Rules about the child and its relations: number, birth date, name, language."""

from __future__ import annotations

from datetime import date
from typing import Final

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule
from stelsel.system.numbers import passes_eleven_test

UNKNOWN_BIRTH_DATE: Final = date(1900, 1, 1)
OLDEST: Final = 120
"""Years that a birth date may lie before the date of the message (TR002)."""


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
