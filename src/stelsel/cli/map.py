"""``stelsel map``: the map of the system as a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.options import LANG, language
from stelsel.cli.output import screen
from stelsel.errors import StelselError, refused


def map_(
    *,
    out: Annotated[
        Path | None, typer.Option(help="SVG-bestand; zonder: naar de standaarduitvoer.")
    ] = None,
    lang: LANG = "nl",
) -> None:
    """Teken de kaart van het jeugdstelsel als SVG (draw the map of the youth-care system)."""
    lang = language(lang)

    from stelsel.system.drawing import draw

    drawing = draw(lang)
    if out is None:
        typer.echo(drawing, nl=False)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise StelselError(
            f"The map cannot be written: {refused(error)}.",
            where=str(out),
            remedy="Choose with --out a file in a folder in which you may write.",
            what_nl=f"De kaart kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Kies met --out een bestand in een map waarin u mag schrijven.",
        ) from error
    screen.print(str(out), highlight=False, soft_wrap=True)
