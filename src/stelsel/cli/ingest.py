"""The command ``ingest``: take messages into the register."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from stelsel.cli.options import LANG, language
from stelsel.cli.output import print_json, print_table, progress, say

_WORDS: Final = {
    "nl": {
        "doing": "Opnemen",
        "read": "Gelezen",
        "new": "Nieuw",
        "known": "Al bekend",
        "set_aside": "Apart gezet",
        "title": "Register {register}",
        "aside": "Apart gezette bestanden staan met hun redenen in {folder}; er staan "
        "persoonsgegevens in.",
    },
    "en": {
        "doing": "Taking in",
        "read": "Read",
        "new": "New",
        "known": "Known",
        "set_aside": "Set aside",
        "title": "Register {register}",
        "aside": "Files that were set aside are in {folder} with their reasons; they hold personal "
        "data.",
    },
}


def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Bestanden, mappen en zip-archieven met berichten en aanleveringen."),
    ],
    register: Annotated[
        Path, typer.Option(help="Map van het register; een nieuwe of lege map wordt er een.")
    ],
    json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object: read, new, known, set_aside.")
    ] = False,
    lang: LANG = "nl",
) -> None:
    """Neem berichten en aanleveringen op (take messages and deliveries into the register).

    Wat er al is verandert niets. Een bestand met fouten gaat naar de map quarantine in het
    register, met de redenen ernaast; dan eindigt de opdracht met code 1. Dat er iets is opgenomen
    komt in het inzagelogboek.
    """
    lang = language(lang)
    words = _WORDS[lang]
    from stelsel.register import Register

    is_new = not register.exists() or (register.is_dir() and not any(register.iterdir()))
    opened = Register.create(register) if is_new else Register.open(register)
    with progress() as bar:
        task = bar.add_task(words["doing"], total=None)
        outcome = opened.ingest(paths, progress=lambda more: bar.advance(task, more), lang=lang)
    if json:
        print_json(asdict(outcome))
    else:
        columns = [(name, words[name]) for name in ("read", "new", "known", "set_aside")]
        print_table([asdict(outcome)], columns, title=words["title"].format(register=register))
    if outcome.set_aside:
        say(words["aside"].format(folder=register / "quarantine"))
        raise typer.Exit(1)
