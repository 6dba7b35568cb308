"""Made-up truths: children with waits and care, as a twin would give them, and stranger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from stelsel import spells as spell_table
from stelsel.system import exits, form, forms

DAY = timedelta(days=1)
FIRST, UNTIL = date(2021, 1, 1), date(2022, 12, 31)
REFERRERS = ("01", "02", "03", "04", "05", "06", "08", None)
THROUGH_PROVIDER = {"02", "03", "04", "05", "08"}
WAIT_EXITS = [one.id for one in exits("wait") if one.id != "served"]
CARE_EXITS = [one.id for one in exits("care")]
Row = dict[str, Any]
Told = tuple[Any, ...]


@dataclass(frozen=True)
class Truth:
    """Spells and people."""

    spells: pa.Table
    people: pa.Table


def truth(seed: int, children: int) -> Truth:
    """Children with one to four episodes, often of one form at one provider, many on the edge."""
    random = Random(seed)
    rows: list[Row] = []
    people = []
    for number in range(children):
        child = f"c{number}"
        municipality = random.choice(["0193", "0150", "0363"])
        birth = date(2005, 1, 1) + random.randrange(5000) * DAY
        sex = random.choice("12")
        people.append({"child": child, "birth": birth, "sex": sex, "municipality": municipality})
        usual = random.choice(forms()).code
        for place in range(random.choice([0, 1, 1, 2, 4])):
            code = usual if random.random() < 0.6 else random.choice(forms()).code
            rows += episode(random, child, f"{child}-{place}", code, municipality)
    table = pa.Table.from_pylist(rows, schema=spell_table.SCHEMA)
    return Truth(spell_table.check(table), pa.Table.from_pylist(people))


def episode(random: Random, child: str, name: str, code: str, municipality: str) -> list[Row]:
    start = FIRST + random.randrange((UNTIL - FIRST).days + 1) * DAY
    end = start + random.choice([0, 0, 1, 2, 5, 30, 90, 400]) * DAY
    served = random.random() < 0.75
    shared = dict.fromkeys(spell_table.SCHEMA.names) | {
        "child": child,
        "episode": name,
        "form": code,
        "municipality": municipality,
        "provider": f"9807{code}0{random.randint(1, 2)}",
        "referrer": random.choice(REFERRERS),
        "priority": random.choice(["crisis", "protection", "complex", "regular"]),
        "known": start,
        "source": "twin",
    }
    wait = shared | {"station": f"wait-{form(code).slug}", "start": start}
    if end > UNTIL:
        return [wait]
    if not served:
        return [wait | {"end": end, "exit": random.choice(WAIT_EXITS)}]
    care = shared | {"station": f"care-{form(code).slug}", "start": end}
    stop = end + random.choice([0, 1, 3, 40, 200, 700]) * DAY
    if stop <= UNTIL:
        care |= {"end": stop, "exit": random.choice(CARE_EXITS)}
    return [wait | {"end": end, "exit": "served"}, care]


def as_told(row: Row) -> Row:
    """A spell of the truth as messages can tell it (the limits that messages_of names)."""
    told = dict(row)
    if row["station"].startswith("care-"):
        if row["end"] == row["start"]:
            told["end"] = row["end"] + DAY
        if row["exit"] in {"aged-out", "unknown"}:
            told["exit"] = "planned"
    elif row["exit"] in {"worse", "aged-out"} or (
        row["exit"] == "rejected" and row["referrer"] not in THROUGH_PROVIDER
    ):
        told["exit"] = "lapsed"
    return told


def in_arrears(row: Row) -> bool:
    """Whether a wait may show as negative: crisis help that began at once."""
    return bool(row["priority"] == "crisis" and row["start"] == row["end"])


def bundles(rows: list[Row], names: tuple[str, ...]) -> Counter[Told]:
    """How often each episode occurs: its child and its spells, without its own name."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        spell = str([row[name] for name in names])
        found.setdefault((row["child"], row["episode"]), []).append(spell)
    return Counter((child, *sorted(spells)) for (child, _), spells in found.items())


COMPARED = ("station", "form", "start", "end", "exit", "municipality", "provider", "region")


def differences(expected: list[Row], found: list[Row]) -> tuple[Counter[Told], Counter[Told]]:
    """Episodes of the truth that were not found, and found ones that are not in the truth.

    A wait that may be negative is compared without its first day where it is negative.
    """
    possible = {(r["child"], r["station"], r["end"]) for r in expected if in_arrears(r)}
    negative = {
        (r["child"], r["station"], r["end"], r["provider"])
        for r in found
        if r["end"] and r["end"] < r["start"]
    }
    assert {key[:3] for key in negative} <= possible

    def without(row: Row) -> Row:
        key = (row["child"], row["station"], row["end"], row["provider"])
        hidden = key in negative and row["station"].startswith("wait-")
        return row | {"start": None} if hidden else row

    one = bundles([without(row) for row in expected], COMPARED)
    other = bundles([without(row) for row in found], COMPARED)
    return one - other, other - one
