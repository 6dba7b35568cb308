"""``stelsel indicators queue``: how long a list may be, and what would shorten it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from stelsel.cli.looking import look
from stelsel.cli.options import (
    AS_OF,
    DAYS,
    INTERNAL,
    JSON,
    KNOWN_ON,
    LANG,
    REGISTER_OR_RUN,
    RUN,
    grouping_of,
)
from stelsel.cli.output import number, print_json, print_table

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "title": "Hoe lang de lijst mag zijn, bij een streeftijd van {target} dagen",
        "total": "Totaal",
        "demand": "Erbij per week",
        "served": "Eraf per week",
        "load": "Belasting",
        "waiting": "Wachtend",
        "target_list": "Streeflijst",
        "relief_capacity": "Nodig per week",
        "pressure": "Druk",
        "expected_days": "Wie nu komt (dagen)",
        "note": "Streeflijst: zoveel mogen er wachten als bijna niemand langer dan de streeftijd "
        "mag wachten. Nodig: hulp per week om daar in {within} weken te komen. Druk boven 1: velen "
        "wachten te lang. Geldt voor een lijst die op volgorde gaat. Fong e.a. (2022); Little "
        "(1961).",
    },
    "en": {
        "title": "How long the list may be, with a target of {target} days",
        "total": "Total",
        "demand": "In a week",
        "served": "Out a week",
        "load": "Load",
        "waiting": "Waiting",
        "target_list": "Target list",
        "relief_capacity": "Needed a week",
        "pressure": "Pressure",
        "expected_days": "Who joins now (days)",
        "note": "Target list: so many may wait if hardly anyone is to wait longer than the target. "
        "Needed: help a week to get there in {within} weeks. Pressure above 1: many wait too long. "
        "Holds for a list that is served in turn. Fong and others (2022); Little (1961).",
    },
}
_DECIMALS: Final = {"demand": 1, "served": 1, "load": 2, "relief_capacity": 1, "pressure": 2}


def queue(
    *,
    register: REGISTER_OR_RUN = None,
    run: RUN = None,
    target: Annotated[int, typer.Option(help="Streeftijd in dagen: zo lang mag het duren.")] = 98,
    within: Annotated[
        int, typer.Option(help="Aantal weken waarin de lijst op haar streeflengte moet zijn.")
    ] = 26,
    by: Annotated[
        str,
        typer.Option(
            help="Regels per region, municipality, provider, form, referrer of priority, met "
            "komma's; total voor één regel."
        ),
    ] = "form",
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    days: DAYS = 365,
    internal: INTERNAL = False,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Reken uit hoe lang een wachtlijst mag zijn, en wat haar korter maakt.

    (Work out how long a waiting list may be, and what would make it shorter.)
    """
    looked = look(register, as_of, known_on, internal, lang, run=run)

    from stelsel.monitor import waiting
    from stelsel.monitor.queueing import FIELDS, queues

    grouping = grouping_of(by)
    asked = {"as_of": looked.as_of, "known_on": looked.known_on, "by": grouping, "days": days}
    found = waiting(looked.spells, looked.as_of, grouping, days)
    looked.log_access("waiting", asked)
    rows = looked.leaving(found)
    told = queues(rows, target, within)
    looked.log_release("waiting", rows, asked)
    if json:
        print_json(told)
        return
    words = _WORDS[looked.lang]
    groups = [(name, name) for name in grouping] or [("total", "")]
    lines = [
        {
            "total": words["total"],
            **{name: row.get(f"{name}_name") or row[name] for name in grouping},
            **{name: _text(row, name, looked.lang) for name in FIELDS},
        }
        for row in told
    ]
    # Two tables, so that they fit on a narrow screen.
    foot = "\n".join([words["note"].format(within=within), *looked.foot()])
    for names, caption in ((FIELDS[:4], ""), (FIELDS[4:], foot)):
        print_table(
            lines,
            [*_headed(groups, looked.lang), *((name, words[name]) for name in names)],
            title="" if caption else words["title"].format(target=target),
            caption=caption,
        )


def _headed(groups: list[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    from stelsel.monitor import field

    return [
        (name, head and (field(name).label_en if lang == "en" else field(name).label_nl))
        for name, head in groups
    ]


def _text(row: Mapping[str, Any], name: str, lang: str) -> str:
    """Write a number; a point where it rests on a hidden one, a dash where there is none."""
    value = row[name]
    if value is not None:
        return number(value, _DECIMALS.get(name, 0), lang).rjust(6)
    return ("." if row["protected"] else "–").rjust(6)
