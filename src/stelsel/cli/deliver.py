"""The command ``deliver``: write what the law asks an organisation to deliver, from a register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.deliver_order import Order
from stelsel.cli.options import day_of, no_language
from stelsel.errors import Fault, StelselError, did_you_mean


def _cbs(order: Order) -> bool:
    from stelsel.cli.deliver_cbs import deliver_cbs

    return deliver_cbs(order)


def _quarter(order: Order) -> bool:
    from stelsel.cli.deliver_nza import deliver_quarter

    return deliver_quarter(order)


def _extract(order: Order) -> bool:
    from stelsel.cli.deliver_nza import deliver_extract

    return deliver_extract(order)


MAKERS: dict[str, Callable[[Order], bool]] = {
    "cbs-youth-care": _cbs,
    "cbs-protection": _cbs,
    "cbs-placement": _cbs,
    "cbs-probation": _cbs,
    "nza-quarter": _quarter,
    "nza-extract": _extract,
}
"""What writes each kind of delivery; it tells whether the delivery is complete."""


def deliver(
    kind: Annotated[
        str, typer.Argument(help=f"Welke levering: {', '.join(MAKERS)}.", show_default=False)
    ],
    *,
    period: Annotated[str, typer.Option(help="Periode, zoals 2024-H1 of 2024-Q3.")],
    register: Annotated[Path, typer.Option(help="Map van het register.")],
    out: Annotated[Path, typer.Option(help="Bestand dat wordt geschreven.")],
    provider: Annotated[
        str,
        typer.Option(
            help="AGB-code van wie levert; nodig als het register over meer aanbieders gaat."
        ),
    ] = "",
    keys: Annotated[
        Path | None,
        typer.Option(
            help="CBS: eigen tabel (CSV: child, number, birth, place) die pseudoniemen in nummers "
            "vertaalt; zonder wordt het een bestand met pseudoniemen.",
            show_default=False,
        ),
    ] = None,
    layout: Annotated[
        str | None,
        typer.Option(
            help="CBS: indeling fixed, csv, xlsx of pseudonymised, of een eigen YAML-bestand.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="CBS: schrijf het spiegelrapport in dit bestand.", show_default=False),
    ] = None,
    own: Annotated[
        Path | None,
        typer.Option(
            help="nza-quarter: eigen bestand (CSV of XLSX) met wat alleen de aanbieder weet.",
            show_default=False,
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(help="Dag van levering, jjjj-mm-dd; zonder: vandaag.", show_default=False),
    ] = None,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Nodig bij echte kinderen: het bestand gaat over elk van hen; dat wordt "
            "vastgelegd.",
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object met wat er is geschreven.")
    ] = False,
    lang: Annotated[
        str, typer.Option(envvar="STELSEL_LANG", help="Taal van de uitvoer: nl of en.")
    ] = "nl",
) -> None:
    """Schrijf een wettelijke levering uit het register (write a delivery that the law asks).

    Ontbreekt er iets dat het register niet weet, dan wordt het bestand wel geschreven en eindigt
    de opdracht met code 1.
    """
    faults = []
    if kind not in MAKERS:
        faults.append(
            Fault(
                f"There is no delivery {kind}.",
                "deliver",
                remedy=did_you_mean(kind, MAKERS),
                what_nl=f"Er is geen levering {kind}.",
                remedy_nl=did_you_mean(kind, MAKERS, "nl"),
            )
        )
    if lang not in {"nl", "en"}:
        faults.append(no_language(lang))
    if faults:
        raise StelselError(faults)
    order = Order(
        kind=kind,
        period=period,
        register=register,
        out=out,
        provider=provider,
        keys=keys,
        layout=layout,
        report=report,
        own=own,
        day=day_of(day, "--day"),
        internal=internal,
        json=json,
        lang=lang,
    )
    if not MAKERS[kind](order):
        raise typer.Exit(1)
