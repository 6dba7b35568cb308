"""What may be wrong with a statement, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from stelsel.deliveries.taken import Finding


class Rule(NamedTuple):
    """What is wrong and what to do, in Dutch and English; ``{...}`` is filled in."""

    what_nl: str
    remedy_nl: str
    what_en: str
    remedy_en: str


RULES = {
    "unreadable": Rule(
        "Het bestand is niet te lezen.",
        "Bewaar het als CSV in UTF-8 of als XLSX.",
        "The file cannot be read.",
        "Save it as CSV in UTF-8 or as XLSX.",
    ),
    "too-large": Rule(
        "Het bestand is te groot voor een opgave.",
        "Geef het bestand met de opgave van één aanbieder over één periode.",
        "The file is too large for a statement.",
        "Give the file with the statement of one provider about one period.",
    ),
    "columns": Rule(
        "De kolommen zijn niet die van een opgave.",
        "De kolommen zijn: {columns}.",
        "The columns are not those of a statement.",
        "The columns are: {columns}.",
    ),
    "length": Rule(
        "De regel heeft te veel of te weinig kolommen.",
        "Geef elke regel evenveel kolommen als de kop.",
        "The line has too many or too few columns.",
        "Give each line as many columns as the heading.",
    ),
    "empty": Rule(
        "De opgave heeft geen regels.",
        "Vul de regels van de opgave in.",
        "The statement has no lines.",
        "Fill in the lines of the statement.",
    ),
    "provider": Rule(
        "Dit is geen AGB-code.",
        "Geef de acht cijfers van de AGB-code; in een rekenblad als tekst.",
        "This is no AGB code.",
        "Give the eight digits of the AGB code; as text in a spreadsheet.",
    ),
    "period": Rule(
        "Dit is geen kwartaal en geen jaar.",
        "Schrijf een kwartaal als 2026-Q1, of een jaar als 2026.",
        "This is no quarter and no year.",
        "Write a quarter as 2026-Q1, or a year as 2026.",
    ),
    "several": Rule(
        "De opgave noemt meer dan één aanbieder of periode.",
        "Geef elke opgave een eigen bestand.",
        "The statement names more than one provider or period.",
        "Give each statement a file of its own.",
    ),
    "item": Rule(
        "Dit onderdeel bestaat niet.",
        "Kies een onderdeel uit de lijst van onderdelen.",
        "This item does not exist.",
        "Choose an item of the list of items.",
    ),
    "rhythm": Rule(
        "Dit onderdeel hoort niet bij deze periode.",
        "Jaarbegroting: een jaar; al het andere: een kwartaal.",
        "This item does not belong to this period.",
        "The budget of a year: a year; all else: a quarter.",
    ),
    "form": Rule(
        "Bij dit onderdeel past deze hulpvorm niet.",
        "Geef een hulpvorm van het CBS (01 tot en met 14) waar het onderdeel erom vraagt, en "
        "anders geen.",
        "This care form does not go with the item.",
        "Give a care form of CBS (01 to 14) where the item asks for one, and else none.",
    ),
    "measure": Rule(
        "Bij dit onderdeel past dit type maatregel niet.",
        "Geef een type uit de lijst van maatregelen waar het onderdeel erom vraagt, en anders "
        "geen.",
        "This type of measure does not go with the item.",
        "Give a type of the list of measures where the item asks for one, and else none.",
    ),
    "region": Rule(
        "Bij dit onderdeel past deze jeugdregio niet.",
        "Geef een regio die in de periode bestaat, zoals JZ07, waar het onderdeel erom vraagt, en "
        "anders geen.",
        "This youth region does not go with the item.",
        "Give a region that exists in the period, such as JZ07, where the item asks for one, and "
        "else none.",
    ),
    "unit": Rule(
        "Dit is niet de eenheid van het onderdeel.",
        "De eenheid is: {unit}.",
        "This is not the unit of the item.",
        "The unit is: {unit}.",
    ),
    "value": Rule(
        "Deze waarde past niet bij het onderdeel.",
        "Geef {kind}.",
        "This value does not fit the item.",
        "Give {kind}.",
    ),
    "source": Rule(
        "Deze bron bestaat niet.",
        "Kies register, provider of open.",
        "This source does not exist.",
        "Choose register, provider or open.",
    ),
    "double": Rule(
        "Deze regel vertelt hetzelfde als regel {other}.",
        "Laat één van beide weg.",
        "This line tells the same as line {other}.",
        "Leave one of the two out.",
    ),
    "missing": Rule(
        "Het onderdeel {item} ontbreekt of is niet ingevuld.",
        "Vul het in.",
        "The item {item} is missing or not filled in.",
        "Fill it in.",
    ),
    "open": Rule(
        "Deze regel is niet ingevuld.",
        "Vul de waarde in, of laat de regel weg waar het onderdeel niet verplicht is.",
        "This line is not filled in.",
        "Fill in the value, or leave the line out where the item is not required.",
    ),
    "nothing-offered": Rule(
        "De opgave noemt geen vorm van hulp en geen maatregel.",
        "Geef offered-form of offered-measure voor alles wat wordt aangeboden.",
        "The statement names no form of help and no measure.",
        "Give offered-form or offered-measure for all that is offered.",
    ),
    "no-waits": Rule(
        "Bij {what} ontbreekt {item}.",
        "Geef aantal wachtenden en wachttijd per regio voor alles wat wordt aangeboden.",
        "With {what} goes {item}, which is missing.",
        "Give the number waiting and the waiting time per region for all that is offered.",
    ),
    "too-early": Rule(
        "De opgave is gedateerd voor het einde van het kwartaal.",
        "Geef de dag waarop de opgave is gemaakt.",
        "The statement is dated before the end of the quarter.",
        "Give the day on which the statement was made.",
    ),
}
"""What may be wrong, by the name of the rule after ``statement.``"""

KINDS = {
    "day": ("een dag als jjjj-mm-dd", "a day as yyyy-mm-dd"),
    "text": (
        "een tekst van hoogstens 200 tekens op één regel, die met een letter of cijfer begint",
        "a text of at most 200 characters on one line that begins with a letter or digit",
    ),
    "kvk": ("de acht cijfers van het KvK-nummer", "the eight digits of the KvK number"),
    "kvk-name": (
        "de acht cijfers van het KvK-nummer, een spatie en de naam",
        "the eight digits of the KvK number, a space and the name",
    ),
    "yes-no": ("ja of nee", "yes or no"),
    "money": (
        "een bedrag met hoogstens twee decimalen en zonder punten tussen de duizenden",
        "an amount with at most two decimals and nothing between the thousands",
    ),
    "ratio": (
        "een getal met hoogstens twee decimalen",
        "a number with at most two decimals",
    ),
    "count": ("een geheel getal van 0 of meer", "a whole number of 0 or more"),
    "days": (
        "een aantal dagen van 0 of meer, met hoogstens twee decimalen",
        "a number of days of 0 or more, with at most two decimals",
    ),
    "volume": (
        "een getal met hoogstens twee decimalen",
        "a number with at most two decimals",
    ),
}
"""What the value of an item is, by its kind: Dutch, English."""


def finding(
    rule: str, line: int | None, column: str, lang: str, **words: str | tuple[str, str]
) -> Finding:
    """Tell one thing that is wrong.

    Parameters
    ----------
    rule
        Name in :data:`RULES`.
    line, column
        Where; None and empty for the file as a whole.
    lang
        ``nl`` or ``en``.
    **words
        What is filled in; a pair is Dutch and English.

    Examples
    --------
    >>> print(finding("value", 7, "value", "en", kind=KINDS["yes-no"]))
    line 7, value: This value does not fit the item. [statement.value] Give yes or no.
    """
    told, english = RULES[rule], lang == "en"
    filled = {
        name: word if isinstance(word, str) else word[english] for name, word in words.items()
    }
    what, remedy = (told.what_en, told.remedy_en) if english else (told.what_nl, told.remedy_nl)
    return Finding(
        f"statement.{rule}", line, column, what.format(**filled), remedy.format(**filled)
    )
