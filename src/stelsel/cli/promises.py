"""``stelsel promises``: what the letters promise, how that stands, and what tries it out."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from stelsel.cli.options import JSON, LANG, day_of, day_words, language
from stelsel.cli.output import print_json, print_table

_WORDS: Final[dict[str, dict[str, str]]] = {
    "nl": {
        "id": "Nr",
        "name": "Maatregel",
        "letters": "Brief",
        "status": "Stand",
        "told_on": "Gemeld",
        "planned_end": "Gepland klaar",
        "scenarios": "Scenario",
        "title": "Toezeggingen uit de brieven",
        "caption": "Stand zoals gemeld op die dag; bronnen en toelichting in --json. Reken een "
        "scenario door met: stelsel simulate --scenario NAAM.",
        "announced": "aangekondigd",
        "running": "loopt",
        "in-force": "geldt",
        "done": "klaar",
        "not-reached": "niet gehaald",
        "late": "te laat",
    },
    "en": {
        "id": "No",
        "name": "Measure",
        "letters": "Letter",
        "status": "Status",
        "told_on": "Told",
        "planned_end": "Planned end",
        "scenarios": "Scenario",
        "title": "Promises of the letters",
        "caption": "Status as told on that day; sources and notes in --json. Try a scenario with: "
        "stelsel simulate --scenario NAME.",
        "announced": "announced",
        "running": "running",
        "in-force": "in force",
        "done": "done",
        "not-reached": "not reached",
        "late": "late",
    },
}


def promises(
    on: Annotated[
        str | None, typer.Option(help="Dag waarop iets te laat is, jjjj-mm-dd; zonder: vandaag.")
    ] = None,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Toon wat de brieven toezeggen, hoe het ermee staat, en met welk scenario het te proberen is.

    (Show what the letters promise, how that stands, and which scenarios try it out.)
    """
    from dataclasses import asdict

    from stelsel.system.promises import promises as every
    from stelsel.twin.plans.library import load, shipped

    words, day = _WORDS[language(lang)], day_of(on, "--on")
    tries: dict[str, list[str]] = {}
    for one in map(load, shipped()):
        tries.setdefault(one.measure, []).append(one.name)
    rows = [
        {
            **asdict(one),
            "letters": list(one.letters),
            "late": one.late(day),
            "scenarios": tries.get(one.id, []),
        }
        for one in every()
    ]
    if json:
        print_json(rows)
        return
    shown = [
        {
            "id": row["id"],
            "name": row[f"name_{lang}"],
            "letters": " ".join(row["letters"]),
            "status": words["late" if row["late"] else row["status"]],
            "told_on": day_words(row["told_on"]),
            "planned_end": day_words(row["planned_end"]) if row["planned_end"] else None,
            "scenarios": " ".join(row["scenarios"]),
        }
        for row in rows
    ]
    heads = ("id", "name", "letters", "status", "told_on", "planned_end", "scenarios")
    print_table(
        shown,
        [(name, words[name]) for name in heads],
        title=words["title"],
        caption=words["caption"],
    )
