"""The command ``ingest``: take messages into the register."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.output import print_json, print_table, progress, say


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(help="Bestanden, mappen en zip-archieven met berichten.")
    ],
    register: Annotated[
        Path, typer.Option(help="Map van het register; een nieuwe of lege map wordt er een.")
    ],
    json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object: read, new, known, set_aside.")
    ] = False,
) -> None:
    """Neem berichten op in het register (take messages into the register).

    Een bericht dat er al is verandert niets. Een bericht met fouten gaat naar de map quarantine in
    het register, met de redenen ernaast; dan eindigt de opdracht met code 1.
    """
    from stelsel.register import Register

    is_new = not register.exists() or (register.is_dir() and not any(register.iterdir()))
    opened = Register.create(register) if is_new else Register.open(register)
    with progress() as bar:
        task = bar.add_task("Berichten opnemen", total=None)
        outcome = opened.ingest(paths, progress=lambda more: bar.advance(task, more))
    if json:
        print_json(asdict(outcome))
    else:
        print_table(
            [asdict(outcome)],
            [
                ("read", "Gelezen"),
                ("new", "Nieuw"),
                ("known", "Al bekend"),
                ("set_aside", "Apart gezet"),
            ],
            title=f"Register {register}",
        )
    if outcome.set_aside:
        say(f"Apart gezette berichten staan met hun redenen in {register / 'quarantine'}.")
        raise typer.Exit(1)
