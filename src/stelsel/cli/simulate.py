"""``stelsel simulate``: run a region or the country forward, alone or beside scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from stelsel.cli.options import LANG, Language, language, no_date
from stelsel.cli.output import band, counting, print_json, print_table, say, screen
from stelsel.errors import StelselError

if TYPE_CHECKING:
    from stelsel.twin import Ensemble, Run
    from stelsel.twin.first_day.from_spells import Begun


_SAID = {
    "nl": {"waiting": "wachtende kinderen", "wait_days": "wachttijd in dagen"},
    "en": {"waiting": "children waiting", "wait_days": "wait in days"},
}
"""The measures that a comparison on the screen shows, and what they are called."""
_WORDS = {
    "nl": {
        "running": "Doorrekenen",
        "written": "Geschreven in {out}",
        "title": "Doorgerekend: {region}, {since} tot en met {last}",
        "caption": "Simulatie op CBS-cijfers tot en met 2021 en aannames; {first} t/m {last}, "
        "{times} keer, toevalsgetal {seed}. Wachttijden zijn aannames: er is geen landelijke "
        "wachttijd.",
        "own": "eigen scenario",
        "form_name": "Hulpvorm",
        "started": "Begonnen",
        "in_care": "In hulp",
        "waiting": "Wachtend",
        "wait_days": "Wachttijd (dagen)",
        "withdrawn": "Afgezien",
        "said": "Maat",
        "baseline": "Zoals het gaat",
        "value": "Met maatregel",
        "difference": "Verschil",
        "band": "80 %-band",
    },
    "en": {
        "running": "Running",
        "written": "Written in {out}",
        "title": "Run: {region}, {since} to {last}",
        "caption": "Simulation on figures of CBS up to 2021 and assumptions; {first} to {last}, "
        "{times} times, seed {seed}. Waits are assumptions: there is no national waiting time.",
        "own": "own scenario",
        "form_name": "Form of care",
        "started": "Started",
        "in_care": "In care",
        "waiting": "Waiting",
        "wait_days": "Wait (days)",
        "withdrawn": "Withdrawn",
        "said": "Measure",
        "baseline": "As things are",
        "value": "With the measure",
        "difference": "Difference",
        "band": "80 % band",
    },
}
_FORMS = ("01", "02", "03", "04", "11", "12", "13", "14", "all")
"""CBS codes of the forms of care, and all of them together."""


def simulate(
    region: Annotated[
        str, typer.Option(help="Jeugdregio, zoals JZ07, of all voor heel Nederland.")
    ] = "all",
    years: Annotated[float, typer.Option(help="Aantal jaren, ook gebroken (0.5).")] = 1,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help="Scenariobestand, of de naam van een meegeleverd scenario; mag herhaald."
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(help="Aantal herhalingen; met één is er geen 80 %-band.")
    ] = 1,
    seed: Annotated[
        int, typer.Option(help="Toevalsgetal: hetzelfde getal geeft dezelfde uitkomst.")
    ] = 2021,
    start: Annotated[str, typer.Option(help="Eerste dag, jjjj-mm-dd.")] = "2021-01-01",
    workers: Annotated[
        str,
        typer.Option(help="Aantal processen, of dask://HOST:POORT; de uitkomst blijft gelijk."),
    ] = "1",
    plan: Annotated[
        Path | None, typer.Option(help="Eigen planbestand, dat van de basis verschilt.")
    ] = None,
    from_register: Annotated[
        Path | None,
        typer.Option(help="Begin met wie er volgens dit register wacht en hulp heeft, op --on."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(
            help="Dag van het register, jjjj-mm-dd, zoals toen bekend; dan begint de run."
        ),
    ] = None,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Nodig bij een register van echte kinderen: de uitkomst is voor wie dat mag zien.",
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Map voor de uitkomsten.")] = None,
    spells: Annotated[
        bool,
        typer.Option(
            "--spells",
            help="Schrijf in --out ook elk verblijf en elk kind.",
        ),
    ] = False,
    lang: LANG = "nl",
    json: Annotated[
        bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")
    ] = False,
) -> None:
    """Reken een regio of het hele land door, met of zonder maatregel.

    Run a youth region or the country forward, alone or beside scenarios, on the same chance.
    """
    from stelsel.twin import baseline, ensemble, load, run
    from stelsel.twin.plans.plan_file import NOTHING, read_plan
    from stelsel.twin.runs.output import (
        RUNS,
        compare_table,
        fall_rows,
        summary_table,
        write,
        writing,
    )
    from stelsel.twin.runs.pool import workers_of
    from stelsel.twin.runs.task import plan_of

    chosen = language(lang)
    if spells and not out:
        raise StelselError(
            "--spells needs a folder to write in.",
            where="--spells",
            remedy="Give one with --out.",
            what_nl="--spells heeft een map nodig om in te schrijven.",
            remedy_nl="Geef die met --out.",
        )
    if out:
        with writing(out):  # say so before the work, not after it
            pass
    scenarios = [load(name) for name in scenario or []]
    given = read_plan(plan, baseline()) if plan else NOTHING
    day = first_day(start)
    begun = None
    if from_register or on:
        day, begun = begun_of(from_register, on, region, internal=internal)
    where = (region, years, replications, seed, day, workers_of(workers))
    keep = out / RUNS if out else None
    with counting(_WORDS[chosen]["running"]) as counted:
        told = bool(out) or (json and any(one.falls for one in scenarios))
        result = ensemble(scenarios, *where, counted, given, keep, told, begun)
    if out:
        write(result, out)
        if spells:
            plan_ = plan_of(result.task(0))
            write_spells(run(plan_, region, years, seed, result.first, begun), out)
        say(_WORDS[chosen]["written"].format(out=out))
    if json:
        rows = summary_table(result).to_pylist() + compare_table(result).to_pylist()
        print_json(rows + fall_rows(result))
    else:
        show(result, chosen)


def first_day(text: str) -> date:
    """Read the first day of a run."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StelselError(no_date(text, "--start")) from None


def begun_of(
    folder: Path | None, on: str | None, region: str, *, internal: bool
) -> tuple[date, Begun]:
    """Read from a register who is where on a day, as known then."""
    from stelsel.register import Register
    from stelsel.register.access import log_access
    from stelsel.twin.first_day.from_spells import Begun

    if folder is None or on is None:
        raise StelselError(
            "--from-register and --on go together.",
            where="--from-register, --on",
            remedy="Give both, or neither.",
            what_nl="--from-register en --on horen bij elkaar.",
            remedy_nl="Geef beide, of geen van beide.",
        )
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise StelselError(no_date(on, "--on")) from None
    register = Register.open(folder)
    if not register.made_up and not internal:
        raise StelselError(
            "The register holds real children, and a run that begins with them tells their exact "
            "numbers.",
            where="--internal",
            rule="What leaves is counted and protected.",
            remedy="Add --internal if you may see them; that is written in the access log.",
            what_nl="Het register gaat over echte jeugdigen, en een run die met hen begint noemt "
            "hun exacte aantallen.",
            rule_nl="Wat naar buiten gaat is geteld en beschermd.",
            remedy_nl="Voeg --internal toe als u ze mag zien; dat komt in het inzagelogboek.",
        )
    begun = Begun.of(register.spells(known_on=day), day, region)
    if not register.made_up:
        asked = {"on": day, "region": region, "rows": begun.spells.num_rows}
        log_access(folder, "simulate", asked=asked)
    return day, begun


def write_spells(once: Run, folder: Path) -> None:
    """Write every spell and child of a run."""
    import pyarrow.parquet as pq

    from stelsel.twin.runs.output import writing

    with writing(folder):
        pq.write_table(once.spells(), folder / "spells.parquet")
        pq.write_table(once.people(), folder / "people.parquet")


def show(result: Ensemble, lang: Language = "nl") -> None:
    """Print the baseline's last calendar year per form, and what each scenario changes."""
    from stelsel.twin.runs.output import compare_table, english_names, summary_table

    words = _WORDS[lang]
    named = english_names() if lang == "en" else {}

    def name(row: Mapping[str, Any]) -> str:
        return named.get(row["form"], str(row["form_name"]))

    table = summary_table(result).to_pylist()
    rows = [row for row in table if row["scenario"] == "baseline" and row["form"] in _FORMS]
    last = max(row["period_end"] for row in rows)
    # The last calendar year, or as much of it as was run.
    since = min(row["period_start"] for row in rows if row["period_end"] == last)
    wide: dict[str, dict[str, object]] = {}
    for row in rows:
        whole = row["kind"] == "stock" or row["period_start"] == since
        if row["period_end"] == last and whole:
            form = wide.setdefault(row["form"], {"form_name": name(row)})
            value = row["value"]
            is_count = row["kind"] != "duration" and value is not None
            form[row["measure"]] = round(value) if is_count else value
    shown = ("form_name", "started", "in_care", "waiting", "wait_days", "withdrawn")
    print_table(
        wide.values(),
        [(column, words[column]) for column in shown],
        title=words["title"].format(region=result.region, since=since, last=last),
        caption=words["caption"].format(
            first=result.first, last=last, times=result.replications, seed=result.seed
        ),
        lang=lang,
    )
    compared = compare_table(result).to_pylist()
    said = _SAID[lang]
    for chosen in result.scenarios[1:]:
        screen.print()
        title = chosen.title_en if lang == "en" else chosen.title_nl
        screen.print(Text(f"{title} ({chosen.measure or words['own']})", "bold"))
        compares = ("form_name", "said", "baseline", "value", "difference", "band")
        print_table(
            [
                {
                    **row,
                    "form_name": name(row),
                    "band": band(row["low"], row["high"], lang),
                    "said": said[row["measure"]],
                }
                for row in compared
                if row["scenario"] == chosen.name
                and row["measure"] in said
                and (row["form"] in _FORMS or _moves(row))
            ],
            [(column, words[column]) for column in compares],
            lang=lang,
        )


def _moves(row: Mapping[str, Any]) -> bool:
    """Whether a service that is no form of care is worth a line: something changes there."""
    return bool(row["difference"])
