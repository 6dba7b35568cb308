# ruff: noqa: SIM905 names are easier to read as text
"""Made-up dirty waiting lists: children of made-up families, written down by busy people."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

GIRLS = (
    "Noor Emma Julia Mila Sophie Tess Zoë Lotte Eva Saar Fenna Roos Liv Yara Nora Isa Evi Fleur "
    "Lieke Sanne Maud Floor Sara Anna Lisa Femke Iris Jasmijn Elin Lynn Esmée Naomi Amira Aya "
    "Hanna Elif Zeynep Salma Marit Bente Veerle Pien Suze Loïs Nina Rosa Ella Puck Jade Cato "
    "Johanna Wilhelmina Catharina Geertje Hiske Famke Nynke Sietske Tjitske Marieke Annelies "
    "Charlotte Josephine Madelief Quinty Britt Chloë Danique Fatima Imane Kim Lana Merel Romy"
).split()
BOYS = (
    "Noah Daan Sem Lucas Levi Finn Luuk Milan Bram Mees Thijs Jesse Sam Lars Jan Piet Kees Teun "
    "Gijs Hugo Stijn Jurre Floris Ruben Thomas Tijn Olivier Adam Mohamed Yusuf Emir Ali Omar "
    "Bilal Jens Koen Niels Sven Tobias Wouter Xander Hendrik Johannes Cornelis Gerrit Klaas "
    "Sjoerd Wybe Tjeerd Hidde Jelle Douwe Sietse Bas Rik Joost Pepijn Quinten Casper Maarten "
    "Sebastiaan Willem Dirk Pim Boaz Elias Gabriël Isaac Julian Kai Leon Matthijs Rayan Siem"
).split()
STEMS = (
    "berg dijk bos meer veld broek horst kamp brink wal donk laar vliet beek hof huis weg linde "
    "eik berk haar schoot stee tuin molen kerk poort haven zand klei veen duin heide ploeg sluis"
).split()
HEADS = "Groot Klein Oud Nieuw Hoog Laag Noord Zuid Ooster Wester Wit Zwart Roo Lang Kort".split()
COMMON = (
    "Jong Vries Boer Bakker Visser Smit Meijer Mulder Jansen Janssen Hendriks Dekker Brouwer "
    "Peters Willems Kuiper Postma Hoekstra Dijkstra Yılmaz Kaya Bouzid Amrani Pietersma Özdemir"
).split()
PREFIXES = ("", "", "", "", "de ", "van ", "van der ", "van den ", "ter ", "van de ")
PROVIDERS = ("98070201", "98070202", "98070203", "98070204")
FORMS = ("02", "03", "04", "11")
REPORTED = date(2026, 3, 31)
COLUMNS = (
    "aanbieder",
    "hulpvorm",
    "opgemaakt_op",
    "op_lijst_sinds",
    "voornaam",
    "achternaam",
    "geboortedatum",
    "geslacht",
    "postcode",
)


@dataclass(frozen=True)
class Written:
    """An entry as a list has it, and the child that it is about (which the list does not tell)."""

    child: int
    provider: str
    form: str
    reported: date
    since: date
    first: str
    last: str
    born: date | None
    sex: str
    postcode: str

    def cells(self) -> list[str]:
        return [
            *(self.provider, self.form, self.reported.isoformat(), self.since.isoformat()),
            *(self.first, self.last, self.born.isoformat() if self.born else ""),
            *(self.sex, self.postcode),
        ]


def surnames(chance: random.Random) -> list[str]:
    made = [f"{head}{stem}" for head in HEADS for stem in STEMS]
    made += [stem.title() + end for stem in STEMS for end in ("", "sma", "mans", "stra", "ing")]
    return [chance.choice(PREFIXES) + name for name in [*COMMON * 4, *chance.sample(made, 420)]]


def postcode_of(chance: random.Random) -> str:
    letters = "".join(chance.choice("ABCDEGHJKLNPRSTVWXZ") for _ in range(2))
    return f"{chance.randrange(7000, 7200)} {letters}"


def children(number: int, chance: random.Random) -> list[Written]:
    """Children on a list each; one in fourteen has a twin, one in ten a brother or sister there."""
    names = surnames(chance)
    made: list[Written] = []
    while len(made) < number:
        born = date(2008, 1, 1) + timedelta(chance.randrange(16 * 365))
        sex = chance.choice("mv")
        one = Written(
            *(len(made), chance.choice(PROVIDERS), chance.choice(FORMS), REPORTED),
            REPORTED - timedelta(chance.randrange(400)),
            *(chance.choice(BOYS if sex == "m" else GIRLS), chance.choice(names), born, sex),
            postcode_of(chance),
        )
        made.append(one)
        family = chance.random()
        if family < 0.17 and len(made) < number:
            sex = chance.choice("mv")
            others = [name for name in (BOYS if sex == "m" else GIRLS) if name != one.first]
            apart = 0 if family < 0.07 else -chance.randrange(300, 2500)
            made.append(
                replace(
                    one,
                    child=len(made),
                    sex=sex,
                    first=chance.choice(others),
                    born=born + timedelta(apart),
                    provider=chance.choice((one.provider, chance.choice(PROVIDERS))),
                )
            )
    return made


def mistyped(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    letter = chance.choice("aeinorst")
    return chance.choice(
        (
            text[:place] + letter + text[place + 1 :],
            text[:place] + letter + text[place:],
            text[:place] + text[place + 1 :] if len(text) > 3 else text + letter,
            text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
        )
    )


def a_day_mistyped(day: date, chance: random.Random) -> date:
    while True:
        part = chance.choice(("year", "month", "day"))
        number = {"year": 2005 + chance.randrange(19), "month": 1 + chance.randrange(12)}.get(
            part, 1 + chance.randrange(28)
        )
        other = day.replace(day=min(day.day, 28)).replace(**{part: number})
        if other != day:
            return other


def written_again(one: Written, chance: random.Random) -> Written:  # noqa: PLR0912
    """The same child on another list, or on the same again: with what goes wrong there."""

    def happens(share: float) -> bool:
        return chance.random() < share

    other = replace(
        one,
        provider=chance.choice(PROVIDERS) if happens(0.7) else one.provider,
        since=one.since + timedelta(chance.randrange(0, 1 + (REPORTED - one.since).days)),
    )
    if happens(0.08):
        other = replace(other, first=mistyped(other.first, chance))
    elif happens(0.04):
        other = replace(other, first=other.first[0] + ".")
    elif happens(0.05):
        other = replace(other, first=f"{other.first} {chance.choice(BOYS + GIRLS)}")
    if happens(0.08):
        other = replace(other, last=mistyped(other.last, chance))
    elif happens(0.05):
        other = replace(other, last=f"{other.last}-{chance.choice(COMMON)}")
    elif happens(0.1):
        other = replace(other, last=other.last.split()[-1])
    if happens(0.02):
        other = replace(other, first=other.last, last=other.first)
    elif happens(0.02):
        other = replace(other, first="")
    assert one.born is not None
    if happens(0.02) and one.born.day <= 12:
        other = replace(other, born=one.born.replace(month=one.born.day, day=one.born.month))
    elif happens(0.04):
        other = replace(other, born=a_day_mistyped(one.born, chance))
    elif happens(0.02):
        other = replace(other, born=None)
    if happens(0.1):
        other = replace(other, postcode=postcode_of(chance))
    elif happens(0.05):
        other = replace(other, postcode=chance.choice(("", other.postcode[:4])))
    if happens(0.03):
        other = replace(other, sex=chance.choice(("", "x", "m", "v")))
    if happens(0.3):
        other = replace(other, last=other.last.upper(), first=other.first.lower())
    return other


def dirty(number: int, seed: int, doubles: float = 0.3) -> list[Written]:
    """So many entries, of which this share is a child that is on a list already."""
    chance = random.Random(seed)
    singles = children(round(number * (1 - doubles)), chance)
    again = [written_again(chance.choice(singles), chance) for _ in range(number - len(singles))]
    mixed = [*singles, *again]
    chance.shuffle(mixed)
    return mixed


def write(file: Path, entries: Sequence[Written]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";")
        writer.writerow(COLUMNS)
        writer.writerows(entry.cells() for entry in entries)
    return file
