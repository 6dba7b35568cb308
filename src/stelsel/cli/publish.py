"""``stelsel publish``: a folder that a region can put online as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stelsel.cli.options import AS_OF, LANG, REGISTER, looking
from stelsel.cli.output import notes, progress, screen

if TYPE_CHECKING:
    from stelsel.web.publish.gathering import Publication

_STEPS = {
    "nl": {
        "work": "Indicatoren uitwerken",
        "protect": "Kleine getallen beschermen",
        "draw": "Pagina tekenen",
        "attack": "De aanvaller rekent ...",
    },
    "en": {
        "work": "Working out indicators",
        "protect": "Protecting small numbers",
        "draw": "Drawing the page",
        "attack": "The attacker computes ...",
    },
}
_WORDS = {
    "nl": {
        "kept": "{tables} tabellen, {told} getallen, {hidden} verborgen ({share} %); wie bij één "
        "verborgen getal de hele kolom weglaat, verbergt er {simple}.",
        "exact": "{tables} tabellen over verzonnen jeugdigen: niets is verborgen of afgerond.",
        "left": "Let op: {n} getallen zijn door eerdere uitgaven verder in te perken dan de regel "
        "toelaat; zie stelsel disclosure audit.",
        "safe": "De aanvaller vindt niets in de map.",
        "leaks": "De aanvaller vindt {n} in de map: zet haar niet online.",
    },
    "en": {
        "kept": "{tables} tables, {told} numbers, {hidden} hidden ({share} %); leaving out the "
        "whole column for one hidden number would hide {simple}.",
        "exact": "{tables} tables about made-up children: nothing is hidden or rounded.",
        "left": "Mind: earlier releases let {n} numbers be narrowed down more than the rule "
        "allows; see stelsel disclosure audit.",
        "safe": "The attacker finds nothing in the folder.",
        "leaks": "The attacker finds {n} in the folder: do not put it online.",
    },
}


def publish(
    *,
    register: REGISTER,
    out: Annotated[Path, typer.Option(help="Map voor de publicatie.")],
    as_of: AS_OF = "",
    days: Annotated[
        int, typer.Option(help="Lengte van de periode in dagen, tot en met de peildatum.")
    ] = 365,
    publisher: Annotated[
        str, typer.Option(help="Wie publiceert; zonder: de naam van de map van het register.")
    ] = "",
    contact: Annotated[str, typer.Option(help="Mailadres voor vragen over de cijfers.")] = "",
    lang: LANG = "nl",
) -> None:
    """Maak een map om online te zetten (make a folder to put online).

    Tabellen (CSV), een toegankelijke pagina, metadata (DCAT-AP) en een logboek van wat naar buiten
    ging; alle indicatoren waarover het register iets weet, door de openbaarmakingscontrole.
    """
    day, _, language = looking(as_of=as_of, lang=lang)

    from stelsel.system.calendar import today
    from stelsel.web.publish.catalogue import catalogue
    from stelsel.web.publish.files import unwritable, write_tables
    from stelsel.web.publish.gathering import gather
    from stelsel.web.publish.page import CATALOGUE, render, title_of
    from stelsel.web.texts import Texts

    steps = _STEPS[language]
    name = publisher or register.resolve().name
    with progress() as bar:
        tasks = {
            step: bar.add_task(steps[step], total=None) for step in ("work", "protect", "draw")
        }
        found = gather(
            register,
            as_of=day,
            days=days,
            lang=language,
            say=lambda step, done, total: bar.update(tasks[step], completed=done, total=total),
        )
        page = render(
            found,
            publisher=name,
            lang=language,
            say=lambda done, total: bar.update(tasks["draw"], completed=done, total=total),
        )
    described = catalogue(
        found,
        title=title_of(found, Texts("nl")),
        publisher=name,
        contact=contact,
        today=today(),
    )
    write_tables(found, out)
    try:
        (out / "index.html").write_text(page, encoding="utf-8")
        (out / CATALOGUE).write_text(
            json.dumps(described, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise unwritable(out, error) from error
    screen.print(str(out / "index.html"), highlight=False, soft_wrap=True)
    _tell(found, out, language)


def _tell(found: Publication, out: Path, lang: str) -> None:
    """Say what was kept, and let the attacker look at the folder as it is."""
    words = _WORDS[lang]
    if found.made_up:
        screen.print(words["exact"].format(tables=len(found.tables)))
        return

    from stelsel.disclosure.publications import read_publications
    from stelsel.disclosure.reader import audit

    cost = found.cost
    share = round(100 * cost["hidden"] / max(cost["told"], 1))
    screen.print(words["kept"].format(tables=len(found.tables), share=share, **cost))
    if cost["left"]:
        screen.print(words["left"].format(n=cost["left"]))
    with notes.status(_STEPS[lang]["attack"]):
        looked = audit(read_publications([out]))
    found_some = len(looked.leaks) + looked.unjudged
    screen.print(words["leaks"].format(n=found_some) if found_some else words["safe"])
    if found_some:
        raise typer.Exit(1)
