"""``stelsel disclosure``: play the attacker on tables that are, or will be, public."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.options import JSON, LANG, language
from stelsel.cli.output import notes, print_json, print_table, screen

if TYPE_CHECKING:
    from stelsel.disclosure.reader import Audit, Leak
    from stelsel.disclosure.sheets import Sheet

disclosure = typer.Typer(
    help="Openbaarmakingscontrole van tabellen die naar buiten gaan. (Disclosure control of tables "
    "that leave.)",
    no_args_is_help=True,
)

_WORDS = {
    "nl": {
        "title": "Getallen die verder zijn in te perken dan de regel toelaat",
        "what": "Wat",
        "of": "Groep",
        "over": "Periode",
        "where": "Staat verborgen in",
        "nowhere": "nergens (volgt door aftrekken)",
        "low": "Minstens",
        "high": "Hoogstens",
        "all": "alles",
        "rule": "Regel: bij elk verborgen getal passen minstens {n} gehele getallen.",
        "kept": "{told} getallen in {tables} tabellen; {hidden} verborgen ({share}). Wie bij één "
        "verborgen getal de hele kolom weglaat, verbergt er {simple}.",
        "safe": "De aanvaller vindt niets.",
        "leaks": "De aanvaller vindt {n}.",
        "unjudged": "{n} getallen zijn niet te beoordelen: de tabellen die ze noemen kunnen niet "
        "allemaal kloppen.",
        "doubted": "Let op: {n} verbanden gaan niet op en zijn weggelaten.",
        "busy": "De aanvaller rekent ...",
    },
    "en": {
        "title": "Numbers that can be narrowed down more than the rule allows",
        "what": "What",
        "of": "Group",
        "over": "Period",
        "where": "Hidden in",
        "nowhere": "nowhere (follows by subtraction)",
        "low": "At least",
        "high": "At most",
        "all": "all",
        "rule": "Rule: at least {n} whole numbers fit every hidden number.",
        "kept": "{told} numbers in {tables} tables; {hidden} hidden ({share}). Who leaves out the "
        "whole column for one hidden number hides {simple}.",
        "safe": "The attacker finds nothing.",
        "leaks": "The attacker finds {n}.",
        "unjudged": "{n} numbers cannot be judged: the tables that tell them cannot all be true.",
        "doubted": "Mind: {n} equations do not hold and were left out.",
        "busy": "The attacker computes ...",
    },
}


@disclosure.command()
def audit(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Gepubliceerde tabellen (CSV met JSON ernaast, of JSON) of mappen ermee; noem "
            "opeenvolgende uitgaven in hun volgorde."
        ),
    ],
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Speel de aanvaller op gepubliceerde tabellen (play the attacker on published tables).

    Rekent met lineaire programma's uit hoe ver elk verborgen getal is in te perken met alles wat
    er staat. Eindigt met code 1 als er één verder is in te perken dan de regel toelaat.
    """
    words = _WORDS[language(lang)]

    from stelsel.disclosure.limits import limits
    from stelsel.disclosure.publications import read_publications
    from stelsel.disclosure.reader import audit as attacked

    sheets = read_publications(files)
    with notes.status(words["busy"]):
        found = attacked(sheets)
    rows = [_row(leak, sheets, words) for leak in found.leaks]
    if json:
        print_json({"leaks": rows, **kept(found), "least_range": limits().least_range})
    else:
        if rows:
            heads = ("what", "of", "over", "where", "low", "high")
            print_table(rows, [(name, words[name]) for name in heads], title=words["title"])
        screen.print(words["rule"].format(n=limits().least_range))
        share = f"{found.share_hidden:.0%}".replace("%", " %")
        screen.print(words["kept"].format(tables=len(sheets), **kept(found) | {"share": share}))
        if found.doubted:
            screen.print(words["doubted"].format(n=found.doubted))
        if found.unjudged:
            screen.print(words["unjudged"].format(n=found.unjudged))
        screen.print(words["leaks"].format(n=len(rows)) if rows else words["safe"])
    if rows or found.unjudged:
        raise typer.Exit(1)


def kept(found: Audit) -> dict[str, Any]:
    """Give what an audit says of the information that is kept, as plain data."""
    return {
        "told": found.told,
        "hidden": found.hidden,
        "share_hidden": round(found.share_hidden, 4),
        "simple": found.simple,
        "differences": found.differences,
        "unjudged": found.unjudged,
        "doubted": found.doubted,
    }


def _row(leak: Leak, sheets: list[Sheet], words: dict[str, str]) -> dict[str, Any]:
    first, last = leak.name.over
    dated = first.year > 1
    hidden = [
        f"{sheets[number].structure.subject}: {column}, {row + 1}"
        for number, column, row in leak.places
        if (column, row) in sheets[number].hidden
    ]
    return {
        "what": leak.name.what,
        "of": ", ".join(f"{tree} {code}" for tree, code in leak.name.of) or words["all"],
        "over": f"{first}/{last}" if dated else None,
        "where": "; ".join(hidden) or words["nowhere"],
        "low": leak.low,
        "high": leak.high,
    }
