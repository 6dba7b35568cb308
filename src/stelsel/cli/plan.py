"""``stelsel plan``: check a plan file, show the plan, give the schema of a plan file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from stelsel.cli.options import JSON, LANG, language
from stelsel.cli.output import print_json, print_table, say

plan = typer.Typer(
    help="Bekijk het plan waarop het model draait, of controleer een eigen planbestand. (Show the "
    "plan that the model runs on, or check a plan file.)",
    no_args_is_help=True,
)
FILE = Annotated[
    Path | None, typer.Option("--plan", help="Eigen planbestand, in plaats van alleen de basis.")
]
OUT = Annotated[Path | None, typer.Option(help="Bestand om in te schrijven.")]
_WORDS = {
    "nl": {
        "checked": "{file}: {number} waarden, geen fouten",
        "plan": "Het plan",
        "assumed": "Aannames, de breedste eerst",
        "kinds": "Soort: measured gemeten, derived afgeleid, assumed aangenomen.",
        "to": "tot",
        "written": "Geschreven in {file}",
        "label": "Parameter",
        "baseline": "Basis",
        "file": "Bestand",
        "parameter": "Naam",
        "since": "Vanaf",
        "value": "Waarde",
        "band": "Bereik",
        "unit": "Eenheid",
        "kind": "Soort",
        "source": "Bron",
    },
    "en": {
        "checked": "{file}: {number} values, no faults",
        "plan": "The plan",
        "assumed": "Assumptions, the widest first",
        "kinds": "A range is that of an assumption: runs draw from it.",
        "to": "to",
        "written": "Written in {file}",
        "label": "Parameter",
        "baseline": "Baseline",
        "file": "File",
        "parameter": "Name",
        "since": "From",
        "value": "Value",
        "band": "Range",
        "unit": "Unit",
        "kind": "Kind",
        "source": "Source",
    },
}


@plan.command()
def check(
    file: Annotated[Path, typer.Argument(help="Planbestand: YAML of CSV.")],
    lang: LANG = "nl",
    json: JSON = False,
) -> None:
    """Lees een planbestand na: fouten, of waarin het verschilt (check a plan file)."""
    from stelsel.twin import baseline
    from stelsel.twin.plans.labels import told
    from stelsel.twin.plans.plan_file import read_plan

    chosen = language(lang)
    words = _WORDS[chosen]
    base = baseline()
    given = read_plan(file, base)
    rows = []
    for parameter in given.parameters:
        label, unit, source = told(parameter, chosen)
        old = base.parameters.get(parameter.name)
        rows.append(
            {
                "parameter": parameter.name,
                "label": label,
                "baseline": old.value if old else None,
                "value": parameter.value,
                "later": len(parameter.dated),
                "unit": unit,
                "kind": parameter.kind,
                "low": parameter.low,
                "high": parameter.high,
                "source": source,
            }
        )
    if json:
        print_json(rows)
        return
    print_table(
        rows,
        [
            ("label", words["label"]),
            ("baseline", words["baseline"]),
            ("value", words["file"]),
            *((name, words[name]) for name in ("unit", "kind", "source")),
        ],
        title=words["checked"].format(file=file.name, number=len(rows)),
        lang=chosen,
    )


@plan.command()
def show(
    assumed: Annotated[
        bool, typer.Option("--assumed", help="Alleen de aannames, de breedste eerst.")
    ] = False,
    file: FILE = None,
    lang: LANG = "nl",
    json: JSON = False,
) -> None:
    """Toon elke parameter van het plan met eenheid, soort, bereik en bron.

    Show every parameter of the plan with its unit, kind, range and source.
    """
    from stelsel.twin import baseline
    from stelsel.twin.plans.labels import told
    from stelsel.twin.plans.plan_file import read_plan

    chosen = language(lang)
    words = _WORDS[chosen]
    base = baseline()
    whole = read_plan(file, base).applied(base) if file else base
    rows: list[dict[str, Any]] = []
    for parameter in whole.assumed() if assumed else whole:
        label, unit, source = told(parameter, chosen)
        anchors = [(parameter.since, parameter.value), *parameter.dated]
        rows += [
            {
                "parameter": parameter.name,
                "label": label,
                "since": since,
                "value": value,
                "unit": unit,
                "kind": parameter.kind,
                "low": parameter.low,
                "high": parameter.high,
                "source": source,
            }
            for since, value in anchors
        ]
    if json:
        print_json(rows)
        return
    print_table(
        [{**row, "value": f"{row['value']:.4g}", "band": _band(row, words["to"])} for row in rows],
        [
            (name, words[name])
            for name in ("parameter", "since", "value", "band", "unit", "kind", "source")
        ],
        title=words["assumed" if assumed else "plan"],
        caption=words["kinds"],
    )


def _band(row: dict[str, Any], to: str) -> str | None:
    return None if row["low"] is None else f"{row['low']:.4g} {to} {row['high']:.4g}"


@plan.command()
def schema(
    out: OUT = None,
    lang: LANG = "nl",
) -> None:
    """Geef het JSON-schema van een planbestand (give the JSON schema of a plan file)."""
    from stelsel.twin.plans.schemas import plan_schema

    write_schema(plan_schema(), out, lang)


def write_schema(made: dict[str, Any], out: Path | None, lang: str) -> None:
    """Print a schema, or write it in a file."""
    import json

    from stelsel.twin.runs.output import writing

    words = _WORDS[language(lang)]
    if out is None:
        print_json(made)
        return
    with writing(out.parent):
        out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    say(words["written"].format(file=out))
