"""``stelsel scenario``: which scenarios come with Stelsel, and what each of them changes."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from stelsel.cli.output import print_json, print_table, screen
from stelsel.cli.plan import JSON, write_schema

scenario = typer.Typer(
    help="Bekijk de scenario's die bij Stelsel horen, en wat elk verandert. (The scenarios that "
    "come with Stelsel, and what each of them changes.)",
    no_args_is_help=True,
)


@scenario.command("list")
def list_(json: JSON = False) -> None:
    """Noem alle scenario's, met hun maatregel en brief (name all scenarios)."""
    from stelsel.twin import load
    from stelsel.twin.plans.library import shipped

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
            ("name", "Naam"),
            ("measure", "Maatregel"),
            ("letter", "Brief"),
            ("title_nl", "Titel"),
            ("changes", "Wijzigingen"),
        ],
        title="Scenario's",
        caption="Draai er een met: stelsel simulate --scenario NAAM",
    )


@scenario.command()
def show(
    name: Annotated[str, typer.Argument(help="Naam, bestand, NAAM@DATUM of NAAM+NAAM.")],
    json: JSON = False,
) -> None:
    """Toon wat een scenario verandert, met bron, en wat het laat zien en niet kan laten zien.

    Show what a scenario changes, with sources, and what it shows and cannot show.
    """
    from stelsel.twin import load
    from stelsel.twin.plans.plan_file import NOTHING
    from stelsel.twin.runs.manifest import described
    from stelsel.twin.runs.task import given_plan

    one = load(name)
    one.applied(given_plan(NOTHING))
    told = described(one)
    if json:
        print_json(told)
        return
    screen.print(Text(f"{one.name}: {one.title_nl}", "bold"))
    origin = ", ".join(part for part in (one.measure, one.letter) if part)
    if origin:
        screen.print(f"Maatregel en brief: {origin}")
    for text, changes in groupby(told["changes"], key=lambda change: str(change["text_nl"])):
        alike = list(changes)
        screen.print(Text(f"- {text}"))
        screen.print(
            Text(f"  {', '.join(change['parameter'] for change in alike)}: {_how(alike[0])}")
        )
        screen.print(Text(f"  Bron: {alike[0]['source_nl']}", "dim"))
    for fall in told["falls"]:
        screen.print(Text("Valt uit: " + ", ".join(str(value) for value in fall.values())))
    for words, text in (
        ("Wil bereiken", one.target),
        ("Laat zien", one.shows[0]),
        ("Kan niet laten zien", one.cannot[0]),
    ):
        if text:
            screen.print(Text.assemble((f"{words}: ", "bold"), text))


def _how(change: dict[str, Any]) -> str:
    """Tell what happens to a parameter, from when, and how sure that is."""
    words = {"multiply": "maal", "add": "plus", "set": "wordt"}
    kinds = {"measured": "gemeten", "derived": "afgeleid", "assumed": "aangenomen"}
    done = next(f"{word} {change[how]:g}" for how, word in words.items() if how in change)
    until = f", geheel op {change['fully_by']}" if change["fully_by"] else ""
    known = kinds[change["kind"]]
    if change["low"] is not None:
        known += f", {change['low']:g} tot {change['high']:g}"
    return f"{done} vanaf {change['since']}{until} ({known})"


@scenario.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Bestand om in te schrijven.")] = None,
) -> None:
    """Geef het JSON-schema van een scenariobestand (the JSON schema of a scenario file)."""
    from stelsel.twin.plans.schemas import scenario_schema

    write_schema(scenario_schema(), out)
