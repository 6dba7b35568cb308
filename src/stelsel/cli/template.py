"""The command ``template``: the table in which an organisation tells its steps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.options import LANG, language
from stelsel.cli.output import say


def template(
    organisation: Annotated[
        str,
        typer.Argument(help="Soort organisatie, zoals veilig-thuis of foster-care."),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", help="Bestand dat gemaakt wordt: .csv of .xlsx.")],
    lang: LANG = "nl",
) -> None:
    """Maak het sjabloon waarin een organisatie haar stappen levert.

    (Make the template in which an organisation tells its steps.)
    """
    lang = language(lang)
    from stelsel.deliveries.process import template as write_template

    write_template(organisation, out, lang)
    say({"nl": f"Sjabloon gemaakt: {out}", "en": f"Template made: {out}"}[lang])
