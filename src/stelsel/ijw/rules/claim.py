"""Rules about a claim and the answer to it: lines, periods, amounts and their sums."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from stelsel.ijw.message import Content
from stelsel.ijw.rules.registry import element_rule, message_rule
from stelsel.ijw.values import BLANKS

EUROS: Final = "83"
"""Unit of a line whose volume is an amount (CD087, CS339)."""
FIRST_DAY: Final = date(2021, 1, 1)
"""First day that can be claimed by this message (CS100)."""
YEARS: Final = 5
"""Years, of twelve months each, after which a line is too old to be claimed (TR335)."""
APPROVED: Final = frozenset({"0200", "8001"})
"""Return codes of what is granted: no remark, and the claim granted as a whole."""


@element_rule("CD060")
def _previous(reference: Content, element: str, line: Content, _: Content) -> bool:
    credit: bool = line["IngediendBedrag"]["DebetCredit"] == "C"
    return credit != (element in reference)


@element_rule("CD087")
def _tariff(line: Content, element: str, _: Content, __: Content) -> bool:
    amounts: bool = line["Eenheid"] == EUROS
    return amounts == (element in line)


@element_rule("CS100")
def _too_early(holder: Content, element: str, _: Content, __: Content) -> bool:
    period = holder[element]
    return bool(period["Begindatum"] < FIRST_DAY or period["Einddatum"] < FIRST_DAY)


@element_rule("CS325")
def _nothing(amount: Content, element: str, _: Content, __: Content) -> bool:
    return amount[element] == "C" and _signed(amount) == 0


@element_rule("CS337")
def _two_months(line: Content, element: str, _: Content, __: Content) -> bool:
    begin, end = line[element]["Begindatum"], line[element]["Einddatum"]
    return (begin.year, begin.month) != (end.year, end.month)


@element_rule("CS339")
def _amount_is_volume(line: Content, element: str, _: Content, __: Content) -> bool:
    amounts: bool = line["Eenheid"] == EUROS
    return amounts and line[element]["Bedrag"] != line["GeleverdVolume"]


@element_rule("CS340")
def _one_month(claim: Content, element: str, _: Content, __: Content) -> bool:
    begin: date = claim[element]["Begindatum"]
    last = begin.replace(day=monthrange(begin.year, begin.month)[1])
    return begin.day != 1 or claim[element]["Einddatum"] != last


@element_rule("TR137")
def _ends_wrong(period: Content, element: str, _: Content, header: Content) -> bool:
    told: date = header["BerichtIdentificatie"]["Dagtekening"]
    return not period["Begindatum"] <= period[element] <= told


@element_rule("reference.blank")
def _blank(holder: Content, element: str, _: Content, __: Content) -> bool:
    return element in holder and not holder[element].strip(BLANKS)


@message_rule("TR319")
def _later_than_claimed(
    lines: list[Content], content: Content
) -> Iterator[tuple[int, dict[str, str]]]:
    last: date = content["Declaratie"]["DeclaratiePeriode"]["Einddatum"]
    for place, line in enumerate(lines):
        if line["ProductPeriode"]["Einddatum"] > last:
            yield place, {}


@message_rule("TR335")
def _too_long_ago(lines: list[Content], content: Content) -> Iterator[tuple[int, dict[str, str]]]:
    told: date = content["Declaratie"]["DeclaratieDagtekening"]
    if told.year <= YEARS:
        return
    # Sixty months before 29 February is the last day of a February of 28 days.
    day = 28 if (told.month, told.day) == (2, 29) else told.day
    first = date(told.year - YEARS, told.month, day)
    for place, line in enumerate(lines):
        if line["ProductPeriode"]["Einddatum"] < first:
            yield place, {}


def _signed(amount: Content) -> int:
    """Give an amount in eurocents, debit above and credit below zero."""
    cents: int = amount["Bedrag"] if "Bedrag" in amount else amount["TotaalBedrag"]
    return cents if amount["DebetCredit"] == "D" else -cents


def _lines(holder: Content) -> Iterator[Content]:
    """Give the lines of a claim, or of the answer to it."""
    for client in holder.get("Clienten", {}).get("Client", ()):
        yield from client["Prestaties"]["Prestatie"]


def _sum(lines: Iterable[Content]) -> int:
    return sum(_signed(line["IngediendBedrag"]) for line in lines)


@element_rule("TR358")
def _total(claim: Content, element: str, _: Content, __: Content) -> bool:
    return _signed(claim[element]) != _sum(_lines(claim))


@element_rule("TR342")
def _refusals(answer: Content, _: str, __: Content, ___: Content) -> bool:
    """Tell whether the totals of an answer are not those of the lines that were refused.

    Only refused lines are listed, and what is not granted is their sum. If the claim was refused as
    a whole nothing is granted, and then no line need be listed.
    """
    granted = _signed(answer["TotaalToegekendBedrag"])
    refused = not APPROVED.issuperset(answer["RetourCodes"]["RetourCode"])
    if refused and granted:
        return True
    lines = list(_lines(answer))
    if any(APPROVED.issuperset(line["RetourCodes"]["RetourCode"]) for line in lines):
        return True
    if refused and not lines:
        return False
    return _signed(answer["TotaalIngediendBedrag"]) - granted != _sum(lines)
