"""``stelsel report``: one page that holds everything, to read, send and print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stelsel.cli.options import no_date, no_language
from stelsel.cli.output import notes, screen
from stelsel.errors import StelselError, refused

if TYPE_CHECKING:
    from stelsel.web.words import Language


def report(
    *,
    register: Annotated[Path, typer.Option(help="Map van het register.")],
    out: Annotated[Path, typer.Option(help="Bestand om te schrijven, zoals rapport.html.")],
    run: Annotated[
        Path | None,
        typer.Option(help="Map van een simulatie, voor de wat-als; zonder: geen wat-als."),
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="Peildatum jjjj-mm-dd; zonder: de laatste dag van het register.")
    ] = "",
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
    day, first = _options(as_of, lang)

    from stelsel.web.page import render
    from stelsel.web.report import gather

    with notes.status("De pagina wordt gemaakt ..."):
        return render(gather(register, run, day), first)


def _options(as_of: str, lang: str) -> tuple[date | None, Language]:
    faults = []
    day = None
    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        faults.append(no_date(as_of, "--as-of"))
    if lang not in ("nl", "en"):
        faults.append(no_language(lang))
    if faults:
        raise StelselError(faults)
    return day, "en" if lang == "en" else "nl"
