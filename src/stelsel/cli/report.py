"""``stelsel report``: one page that holds everything, to read, send and print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.options import AS_OF, REGISTER, looking
from stelsel.cli.output import notes, screen
from stelsel.errors import StelselError, refused


def report(
    *,
    register: REGISTER,
    out: Annotated[Path, typer.Option(help="Bestand om te schrijven, zoals rapport.html.")],
    run: Annotated[
        Path | None,
        typer.Option(help="Map van een simulatie, voor de wat-als; zonder: geen wat-als."),
    ] = None,
    as_of: AS_OF = "",
    lang: Annotated[
        str,
        typer.Option(
            envvar="STELSEL_LANG",
            help="Taal waarin de pagina opent: nl of en; beide staan erin.",
        ),
    ] = "nl",
) -> None:
    """Schrijf een pagina over wie er wacht en wat een maatregel doet (write the page)."""
    page = rendered(register, run, as_of=as_of, lang=lang)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise StelselError(
            f"The page cannot be written: {refused(error)}.",
            where=str(out),
            remedy="Choose with --out a file in a folder in which you may write.",
            what_nl=f"De pagina kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Kies met --out een bestand in een map waarin u mag schrijven.",
        ) from error
    screen.print(str(out), highlight=False, soft_wrap=True)


def rendered(register: Path, run: Path | None, *, as_of: str = "", lang: str = "nl") -> str:
    """Give the page as HTML, from what the options say.

    Raises
    ------
    StelselError
        With the faults of the options, else those of the register or the run.
    """
    day, _, first = looking(as_of=as_of, lang=lang)

    from stelsel.web.page import render
    from stelsel.web.report import gather

    with notes.status("De pagina wordt gemaakt ..."):
        return render(gather(register, run, day), first)
