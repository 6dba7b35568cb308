"""``stelsel plan``: check a plan file, show the plan, give the schema of a plan file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from stelsel.cli.output import print_json, print_table, say

plan = typer.Typer(
    help="Bekijk het plan waarop het model draait, of controleer een eigen planbestand. (Show the "
    "plan that the model runs on, or check a plan file.)",
    no_args_is_help=True,
)
FILE = Annotated[
    Path | None, typer.Option("--plan", help="Eigen planbestand, in plaats van alleen de basis.")
]
JSON = Annotated[bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")]


@plan.command()
def check(
    file: Annotated[Path, typer.Argument(help="Planbestand: YAML of CSV.")],
    json: JSON = False,
) -> None:
    """Lees een planbestand na: fouten, of waarin het verschilt (check a plan file)."""
    from stelsel.twin import baseline
    from stelsel.twin.plans.labels import told
    from stelsel.twin.plans.plan_file import read_plan

    base = baseline()
    given = read_plan(file, base)
    rows = []
    for parameter in given.parameters:
        label, unit, source = told(parameter, "nl")
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
            ("label", "Parameter"),
            ("baseline", "Basis"),
            ("value", "Bestand"),
            ("unit", "Eenheid"),
            ("kind", "Soort"),
            ("source", "Bron"),
        ],
        title=f"{file.name}: {len(rows)} waarden, geen fouten",
    )


@plan.command()
def show(
    assumed: Annotated[
        bool, typer.Option("--assumed", help="Alleen de aannames, de breedste eerst.")
    ] = False,
    file: FILE = None,
    json: JSON = False,
) -> None:
    """Toon elke parameter van het plan met eenheid, soort, bereik en bron.

    Show every parameter of the plan with its unit, kind, range and source.
    """
    from stelsel.twin import baseline
    from stelsel.twin.plans.labels import told
    from stelsel.twin.plans.plan_file import read_plan

    base = baseline()
    whole = read_plan(file, base).applied(base) if file else base
    rows: list[dict[str, Any]] = []
    for parameter in whole.assumed() if assumed else whole:
        label, unit, source = told(parameter, "nl")
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
        [{**row, "value": f"{row['value']:.4g}", "band": _band(row)} for row in rows],
        [
            ("parameter", "Naam"),
            ("since", "Vanaf"),
            ("value", "Waarde"),
            ("band", "Bereik"),
            ("unit", "Eenheid"),
            ("kind", "Soort"),
            ("source", "Bron"),
        ],
        title="Aannames, de breedste eerst" if assumed else "Het plan",
        caption="Soort: measured gemeten, derived afgeleid, assumed aangenomen.",
    )


def _band(row: dict[str, Any]) -> str | None:
    return None if row["low"] is None else f"{row['low']:.4g} tot {row['high']:.4g}"


@plan.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="Bestand om in te schrijven.")] = None,
) -> None:
    """Geef het JSON-schema van een planbestand (give the JSON schema of a plan file)."""
    from stelsel.twin.plans.schemas import plan_schema

    write_schema(plan_schema(), out)


def write_schema(made: dict[str, Any], out: Path | None) -> None:
    """Print a schema, or write it in a file."""
    import json as words

    from stelsel.twin.runs.output import writing

    if out is None:
        print_json(made)
        return
    with writing(out.parent):
        out.write_text(words.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    say(f"Geschreven in {out}")
