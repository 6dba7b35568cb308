"""``stelsel scenario``: which scenarios come with Stelsel, and what each of them changes."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

import typer
from rich.text import Text

from stelsel.cli.options import JSON, LANG, language
from stelsel.cli.output import print_json, print_table, screen
from stelsel.cli.plan import OUT, write_schema

scenario = typer.Typer(
    help="Bekijk de scenario's die bij Stelsel horen, en wat elk verandert. (The scenarios that "
    "come with Stelsel, and what each of them changes.)",
    no_args_is_help=True,
)

_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "name": "Naam",
        "measure": "Maatregel",
        "letter": "Brief",
        "title_nl": "Titel",
        "changes": "Wijzigingen",
        "all": "Scenario's",
        "run": "Draai er een met: stelsel simulate --scenario NAAM",
        "origin": "Maatregel en brief",
        "source": "Bron",
        "falls": "Valt uit",
        "target": "Wil bereiken",
        "shows": "Laat zien",
        "cannot": "Kan niet laten zien",
        "multiply": "maal",
        "add": "plus",
        "set": "wordt",
        "measured": "gemeten",
        "derived": "afgeleid",
        "assumed": "aangenomen",
        "to": "tot",
        "since": "vanaf",
        "fully_by": "geheel op",
    },
    "en": {
        "name": "Name",
        "measure": "Measure",
        "letter": "Letter",
        "title_en": "Title",
        "changes": "Changes",
        "all": "Scenarios",
        "run": "Run one with: stelsel simulate --scenario NAME",
        "origin": "Measure and letter",
        "source": "Source",
        "falls": "Falls",
        "target": "Wants to reach",
        "shows": "Shows",
        "cannot": "Cannot show",
        "multiply": "times",
        "add": "plus",
        "set": "becomes",
        "measured": "measured",
        "derived": "derived",
        "assumed": "assumed",
        "to": "to",
        "since": "from",
        "fully_by": "in full on",
    },
}


@scenario.command("list")
def list_(lang: LANG = "nl", json: JSON = False) -> None:
    """Noem alle scenario's, met hun maatregel en brief (name all scenarios)."""
    from stelsel.twin import load
    from stelsel.twin.plans.library import shipped

    chosen = language(lang)
    words = _WORDS[chosen]
    every = [load(name) for name in shipped()]
    rows = [
        {
            "name": one.name,
            "measure": one.measure or None,
            "letter": one.letter or None,
            "title_nl": one.title_nl,
            "title_en": one.title_en,
            "changes": len(one.changes) + len(one.falls),
        }
        for one in every
    ]
    if json:
        print_json(rows)
        return
    print_table(
        rows,
        [
            (name, words[name])
            for name in ("name", "measure", "letter", f"title_{chosen}", "changes")
        ],
        title=words["all"],
        caption=words["run"],
        lang=chosen,
    )


@scenario.command()
def show(
    name: Annotated[str, typer.Argument(help="Naam, bestand, NAAM@DATUM of NAAM+NAAM.")],
    lang: LANG = "nl",
    json: JSON = False,
) -> None:
    """Toon wat een scenario verandert, met bron, en wat het laat zien en niet kan laten zien.

    Show what a scenario changes, with sources, and what it shows and cannot show.
    """
    from stelsel.twin import load
    from stelsel.twin.plans.plan_file import NOTHING
    from stelsel.twin.runs.manifest import described
    from stelsel.twin.runs.task import given_plan

    chosen = language(lang)
    words, place = _WORDS[chosen], 0 if chosen == "nl" else 1
    one = load(name)
    one.applied(given_plan(NOTHING))
    told = described(one)
    if json:
        print_json(told)
        return
    screen.print(Text(f"{one.name}: {(one.title_nl, one.title_en)[place]}", "bold"))
    origin = ", ".join(part for part in (one.measure, one.letter) if part)
    if origin:
        screen.print(f"{words['origin']}: {origin}")
    for text, changes in groupby(told["changes"], key=lambda one: str(one[f"text_{chosen}"])):
        alike = list(changes)
        screen.print(Text(f"- {text}"))
        screen.print(
            Text(f"  {', '.join(change['parameter'] for change in alike)}: {_how(alike[0], words)}")
        )
        source = alike[0][f"source_{chosen}"]
        screen.print(Text(f"  {words['source']}: {source}", "dim"))
    for fall in told["falls"]:
        screen.print(Text(f"{words['falls']}: " + ", ".join(str(value) for value in fall.values())))
    for heading, text in (
        ("target", one.target),
        ("shows", one.shows[place]),
        ("cannot", one.cannot[place]),
    ):
        if text:
            screen.print(Text.assemble((f"{words[heading]}: ", "bold"), text))


def _how(change: dict[str, Any], words: dict[str, str]) -> str:
    """Tell what happens to a parameter, from when, and how sure that is."""
    hows = ("multiply", "add", "set")
    done = next(f"{words[how]} {change[how]:g}" for how in hows if how in change)
    until = f", {words['fully_by']} {change['fully_by']}" if change["fully_by"] else ""
    known = words[change["kind"]]
    if change["low"] is not None:
        known += f", {change['low']:g} {words['to']} {change['high']:g}"
    return f"{done} {words['since']} {change['since']}{until} ({known})"


@scenario.command()
def schema(
    out: OUT = None,
    lang: LANG = "nl",
) -> None:
    """Geef het JSON-schema van een scenariobestand (the JSON schema of a scenario file)."""
    from stelsel.twin.plans.schemas import scenario_schema

    write_schema(scenario_schema(), out, lang)
