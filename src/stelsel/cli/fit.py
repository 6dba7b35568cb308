"""``stelsel fit``: fit the twin to the figures of the country, or to the register of a region."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.options import LANG, language, no_date
from stelsel.cli.output import counting, print_json, print_table, say
from stelsel.errors import StelselError

_LAST = 2021
_WORDS = {
    "nl": ("Parameter", "Waarde", "Standaardfout", "Gezien", "Geschreven in {file}."),
    "en": ("Parameter", "Value", "Standard error", "Seen", "Written in {file}."),
}
_NEAR = {
    "nl": "{near} van {all} gepubliceerde aantallen binnen 5 procent; alle staan in {file}.",
    "en": "{near} of {all} published counts within 5 percent; all of them are in {file}.",
}

_KEPT = {
    "nl": "Wat bestanden niet vertellen, blijft zoals in het land: {families}.",
    "en": "What files do not tell stays as in the country: {families}.",
}


def fit(
    *,
    out: Annotated[Path, typer.Option(help="Bestand dat wordt geschreven (.csv).")],
    until: Annotated[
        int, typer.Option(help="Laatste jaar van de cijfers; later dan 2021 mag niet.")
    ] = _LAST,
    rounds: Annotated[
        int, typer.Option(help="Aantal keren dat het land wordt doorgerekend.", min=1, max=50)
    ] = 10,
    register: Annotated[
        Path | None, typer.Option(help="Map van een register: schat een regio in plaats daarvan.")
    ] = None,
    region: Annotated[str, typer.Option(help="Jeugdregio bij --register, zoals JZ07.")] = "",
    first: Annotated[str, typer.Option("--from", help="Eerste dag, jjjj-mm-dd.")] = "",
    last: Annotated[str, typer.Option("--to", help="Laatste dag, jjjj-mm-dd.")] = "",
    lang: LANG = "nl",
    json: Annotated[bool, typer.Option("--json", help="Als JSON, met vaste veldnamen.")] = False,
) -> None:
    """Pas de tweeling aan de cijfers tot en met 2021 aan, of aan het register van een regio.

    Fit the twin to the figures up to 2021, or to the register of a region.
    """
    lang = language(lang)
    if register is not None:
        _region(out, register, region, _day(first, "--from"), _day(last, "--to"), lang, json)
        return
    if until != _LAST:
        raise StelselError(
            f"The twin is fitted on figures up to {_LAST}, not {until}.",
            where="--until",
            remedy="Later years are the examination; of earlier ones too little is published.",
            what_nl=f"De tweeling wordt aan cijfers tot en met {_LAST} aangepast, niet {until}.",
            remedy_nl="Latere jaren zijn het examen; over eerdere is te weinig gepubliceerd.",
        )
    _country(out, rounds, lang, json)


def _country(out: Path, rounds: int, lang: str, json: bool) -> None:
    from stelsel.twin.country.against import beside
    from stelsel.twin.country.baseline import closed_form
    from stelsel.twin.fitting.country import anchored, changed, fit_country
    from stelsel.twin.fitting.report import sureness, write_report
    from stelsel.twin.fitting.written import write_factors

    plan = closed_form()
    missed: list[float] = []
    with counting("Aanpassen" if lang == "nl" else "Fitting") as counted:

        def after(done: int, number: int, miss: float) -> None:
            missed.append(miss)
            counted(done, number)

        levers = fit_country(plan, rounds, after)
    write_factors(anchored(levers), sureness(plan, levers), out, f"stelsel fit --until {_LAST}")
    rows = beside(changed(plan, levers))
    report = out.with_suffix(".report.csv")
    write_report(rows, report)
    near = sum(abs(row.error) < 0.05 for row in rows)
    if json:
        print_json(
            {
                "file": str(out),
                "report": str(report),
                "rounds": rounds,
                "missed": missed,
                "counts": len(rows),
                "within_5_percent": near,
            }
        )
        return
    say(_WORDS[lang][4].format(file=out))
    say(_NEAR[lang].format(near=near, all=len(rows), file=report))


def _region(
    out: Path, folder: Path, region: str, first: date, last: date, lang: str, json: bool
) -> None:
    from stelsel.register import Register
    from stelsel.register.access import log_access
    from stelsel.register.births import births_of
    from stelsel.twin.country.baseline import baseline
    from stelsel.twin.fitting.region import fit_region, unseen
    from stelsel.twin.fitting.written import path_of, write_plan_file
    from stelsel.twin.world.people import places

    places(region)  # refuses what is no region
    kept = Register.open(folder)
    table = kept.spells()
    if not kept.made_up:
        asked = {"region": region, "from": first, "to": last, "rows": table.num_rows}
        log_access(folder, "fit", asked=asked)
    plan = baseline()
    with counting("Schatten" if lang == "nl" else "Estimating") as counted:
        births = births_of(kept.events())
        found = fit_region(table, region, first, last, plan, births, counted)
    source = f"stelsel fit --register: {region}, {first} to {last}"
    write_plan_file(found, out, source, path_of(plan, first, last))
    if json:
        print_json(
            {
                "file": str(out),
                "estimates": [
                    {"name": e.name, "value": e.value, "error": e.error, "seen": e.seen}
                    for e in found
                ],
                "unseen": unseen(lang),
            }
        )
        return
    words = _WORDS[lang]
    print_table(
        [
            {"name": e.name, "value": f"{e.value:.4g}", "error": f"{e.error:.2g}", "seen": e.seen}
            for e in found
        ],
        list(zip(("name", "value", "error", "seen"), words[:4], strict=True)),
    )
    say(words[4].format(file=out))
    say(_KEPT[lang].format(families=", ".join(unseen(lang))))


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise StelselError([no_date(text, option)]) from error
