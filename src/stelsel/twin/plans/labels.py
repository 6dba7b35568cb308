"""A plan for a reader: each parameter with its label, unit and source in Dutch and English."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal

from stelsel.system import exits, forms, referrers
from stelsel.tables import packaged, read_table
from stelsel.twin.plans.plan import Parameter, Plan

Language = Literal["nl", "en"]

COLUMNS = ("parameter", "since", "value", "low", "high", "kind")
TOLD = ("label", "unit", "source")
"""Columns of a written plan; the last three each in Dutch (``label_nl``) and in English."""


@cache
def _families() -> dict[str, dict[str, str]]:
    file = packaged("stelsel.twin", "parameters.csv")
    columns = ("family", "label_nl", "label_en", "unit_nl", "unit_en", "why_nl")
    return {row["family"]: row for row in read_table(file, columns, key=("family",))}


@cache
def _members(family: str, lang: Language) -> dict[str, str]:
    """Names of what stands between the brackets: referrers, exits, else forms of care."""
    dutch = lang == "nl"
    if family in ("referrer", "return.sent", "longest.sent"):
        named = {r.slug: r.name_nl if dutch else r.name_en for r in referrers()}
    elif family == "exit":
        named = {e.id: e.name_nl if dutch else e.name_en for e in exits("care")}
    else:
        named = {f.slug: f.name_nl if dutch else f.name_en for f in forms()}
    return {name: text[:1].lower() + text[1:] for name, text in named.items()}


def told(parameter: Parameter, lang: Language) -> tuple[str, str, str]:
    """Give the label, unit and source of a parameter in a language.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> plan = baseline()
    >>> told(plan["crisis[day-help]"], "nl")[:2]
    ('begint als crisis, daghulp op locatie', 'aandeel')
    >>> told(plan["transfer[foster-care>residential]"], "en")[0]
    'moves on: from foster care to other residential care'
    """
    family, _, inside = parameter.name.partition("[")
    row = _families().get(family)
    if row is None:  # a parameter of someone's own
        return parameter.name, parameter.unit, parameter.source
    members = _members(family, lang)
    parts = [members.get(part, part) for part in inside.rstrip("]").split(">")]
    dutch = parameter.source_nl or row["why_nl"] or parameter.source
    return (
        row[f"label_{lang}"].format(*parts),
        row[f"unit_{lang}"],
        dutch if lang == "nl" else parameter.source,
    )


def write_plan(plan: Plan, file: Path) -> None:
    """Write a plan as a CSV table that a person can read and dispute."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        table.writerow([*COLUMNS, *(f"{name}_{lang}" for lang in ("nl", "en") for name in TOLD)])
        for p in plan:
            words = [*told(p, "nl"), *told(p, "en")]
            first = p.since.isoformat() if p.since else ""
            rows = [(first, p.value), *((day.isoformat(), value) for day, value in p.dated)]
            low = "" if p.low is None else f"{p.low:.6g}"
            high = "" if p.high is None else f"{p.high:.6g}"
            for since, value in rows:
                table.writerow([p.name, since, f"{value:.6g}", low, high, p.kind, *words])
