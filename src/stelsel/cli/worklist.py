"""``stelsel worklist``: which case is due or overdue on a day, at which desk, by which rule."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.looking import look
from stelsel.cli.options import KNOWN_ON, LANG, REGISTER, day_of, day_words
from stelsel.cli.output import print_json, print_table, say
from stelsel.errors import Fault, StelselError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("table", "csv", "json")
MOST = 40
"""Rows on the screen; csv and json give all."""


def worklist(
    norm: Annotated[
        str,
        typer.Argument(
            help="Norm, zoals board-start, of systeem uit de brieven, zoals Y22; zonder: alle."
        ),
    ] = "",
    *,
    register: REGISTER,
    on: Annotated[
        str, typer.Option(help="Dag jjjj-mm-dd; zonder: de laatste dag van het register.")
    ] = "",
    known_on: KNOWN_ON = "",
    organisation: Annotated[
        str, typer.Option(help="Alleen van deze organisatie, aanbieder of gemeente (code).")
    ] = "",
    format: Annotated[  # noqa: A002 (the name of the option)
        str, typer.Option("--format", help="table, csv of json.")
    ] = "table",
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Nodig bij echte kinderen: de lijst is voor wie dat mag zien; inzage wordt "
            "vastgelegd.",
        ),
    ] = False,
    ground: Annotated[str, typer.Option(help="Waarom u kijkt, voor het inzagelogboek.")] = "",
    lang: LANG = "nl",
) -> None:
    """Toon welke zaak op een dag aan de beurt of te laat is (which case is due or overdue)."""
    if on:
        day_of(on, "--on")
    looked = look(
        register, on, known_on, internal, lang, [] if format in FORMATS else [_no_format(format)]
    )
    words = _WORDS[looked.lang]

    from stelsel.monitor.clocks import chosen, running
    from stelsel.monitor.clocks import worklist as worklist_of
    from stelsel.register.access import log_access

    asked = [one.norm for one in chosen(norm)]
    kept, day = looked.register, looked.as_of
    if not looked.exact:
        raise StelselError(_not_internal())
    marks, births = kept.marks(looked.known_on), kept.births(looked.known_on)
    runs = running(looked.spells, day, marks, births, only=asked)
    rows = _of(worklist_of(runs, day, lang), organisation)
    if not looked.made_up:
        about = len(set(rows["case"].to_pylist()))
        question = {
            "norm": norm,
            "on": day,
            "known_on": looked.known_on,
            "organisation": organisation,
        }
        log_access(kept.folder, "worklist", about=about, ground=ground, asked=question)
    if format == "json":
        print_json(rows)
    elif format == "csv":
        _write(rows)
    else:
        _show(rows, words, day_words(day), looked.foot(), one_norm=len(asked) == 1)


def _of(rows: pa.Table, organisation: str) -> pa.Table:
    import pyarrow.compute as pc

    if not organisation:
        return rows
    return rows.filter(pc.fill_null(pc.equal(rows["organisation"], organisation), False))


def _write(rows: pa.Table) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(rows.column_names)
    for row in rows.to_pylist():
        writer.writerow("" if value is None else value for value in row.values())


def _show(
    rows: pa.Table,
    words: Mapping[str, str],
    day: str,
    foot: Sequence[str],
    *,
    one_norm: bool,
) -> None:
    """Print how many there are by norm, and the most pressing cases."""
    from stelsel.monitor.clocks.worklist import by_norm

    if not rows.num_rows:
        say(words["none"].format(day=day))
        return
    if not one_norm:
        heads = ("norm", "rule", "term", "kind", "desk_name", "overdue", "due")
        counted = [{**row, "kind": words[row["kind"]]} for row in by_norm(rows)]
        print_table(
            counted,
            [(name, words[name]) for name in heads],
            title=words["counts"].format(day=day),
            caption=words["choose"],
        )
    heads = ("state", "days_left", "last_day", "case", "desk_name", "organisation", "rule")
    found = rows.to_pylist()
    notes_of = {row["rule"]: row for row in found[:MOST]}
    more = words["more"].format(more=len(found) - MOST) if len(found) > MOST else ""
    print_table(
        [_told(row, words) for row in found[:MOST]],
        [(name, words[name]) for name in heads],
        title=words["title"].format(day=day),
        caption="\n".join(
            [
                *filter(None, [more]),
                *(_rule(row, words) for row in notes_of.values()),
                words["key"],
                *foot,
            ]
        ),
    )


def _told(row: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    return {
        **row,
        "state": words[row["state"]],
        "last_day": day_words(row["last_day"]),
        "case": row["case"][:16],
    }


def _rule(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    told = f"{row['rule']}: {row['term']}, {words[row['kind']]}. {row['source']}."
    return f"{told} {row['note']}" if row["note"] else told


def _no_format(text: str) -> Fault:
    return Fault(
        f"There is no {text}.",
        "--format",
        remedy=f"Choose {', '.join(FORMATS)}.",
        what_nl=f"{text} bestaat niet.",
        remedy_nl=f"Kies {', '.join(FORMATS)}.",
    )


def _not_internal() -> Fault:
    return Fault(
        "The register holds real children, and a worklist is about one case each.",
        "--internal",
        rule="What leaves is counted and protected; single cases stay inside.",
        remedy="Add --internal if you may see them; that is written in the access log. For "
        "numbers that may leave there is stelsel indicators.",
        what_nl="Het register gaat over echte jeugdigen, en een werklijst over één zaak per regel.",
        rule_nl="Wat naar buiten gaat is geteld en beschermd; losse zaken blijven binnen.",
        remedy_nl="Voeg --internal toe als u ze mag zien; dat komt in het inzagelogboek. Voor "
        "aantallen die naar buiten mogen is er stelsel indicators.",
    )


_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "counts": "Aan de beurt of te laat op {day}, per norm",
        "choose": "stelsel worklist NORM toont de zaken van één norm.",
        "title": "Welke zaak is aan de beurt, op {day}",
        "state": "Stand",
        "days_left": "Dagen over",
        "last_day": "Laatste dag",
        "case": "Zaak",
        "desk_name": "Aan zet",
        "organisation": "Organisatie",
        "rule": "Regel",
        "norm": "Norm",
        "term": "Termijn",
        "kind": "Soort",
        "overdue": "te laat",
        "due": "aan de beurt",
        "law": "wet",
        "agreement": "afspraak",
        "own-choice": "eigen keuze",
        "more": "En {more} meer: --format csv geeft alle regels.",
        "key": "De zaak is een pseudoniem; van een leeftijd dat van de jeugdige.",
        "none": "Geen zaak is aan de beurt of te laat op {day}.",
    },
    "en": {
        "counts": "Due or overdue on {day}, by norm",
        "choose": "stelsel worklist NORM shows the cases of one norm.",
        "title": "Which case is due, on {day}",
        "state": "State",
        "days_left": "Days left",
        "last_day": "Last day",
        "case": "Case",
        "desk_name": "Who must act",
        "organisation": "Organisation",
        "rule": "Rule",
        "norm": "Norm",
        "term": "Term",
        "kind": "Kind",
        "overdue": "overdue",
        "due": "due",
        "law": "law",
        "agreement": "agreement",
        "own-choice": "own choice",
        "more": "And {more} more: --format csv gives every row.",
        "key": "The case is a pseudonym; of an age that of the child.",
        "none": "No case is due or overdue on {day}.",
    },
}
