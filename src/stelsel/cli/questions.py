"""Questions to the twin: ``compare``, ``seek``, ``explain-change`` and ``sensitivity``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from stelsel.cli.options import no_date
from stelsel.cli.output import cell, counting, print_json, print_table, say
from stelsel.errors import StelselError

if TYPE_CHECKING:
    from stelsel.twin.questions import Asking

REGION = Annotated[str, typer.Option(help="Jeugdregio, zoals JZ07, of all voor heel Nederland.")]
YEARS = Annotated[float, typer.Option(help="Aantal jaren, ook gebroken (0.5).")]
REPLICATIONS = Annotated[int, typer.Option(help="Aantal herhalingen; met één is er geen band.")]
SEED = Annotated[int, typer.Option(help="Toevalsgetal: hetzelfde getal geeft dezelfde uitkomst.")]
START = Annotated[str, typer.Option(help="Eerste dag, jjjj-mm-dd.")]
SCENARIO = Annotated[
    str | None, typer.Option(help="Wereld waarin de vraag wordt gesteld: naam of bestand.")
]
PLAN = Annotated[Path | None, typer.Option(help="Eigen planbestand.")]
WORKERS = Annotated[str, typer.Option(help="Aantal processen, of dask://HOST:POORT.")]
YEAR = Annotated[int | None, typer.Option(help="Van welk jaar; anders van het laatste.")]
KEEP = Annotated[
    Path | None, typer.Option(help="Map waarin runs worden bewaard, zodat niets dubbel gebeurt.")
]
JSON = Annotated[bool, typer.Option("--json", help="Regels als JSON, met vaste veldnamen.")]
SAID = {
    "waiting": "wachtend",
    "wait_days": "wachttijd (dagen)",
    "wait_p80": "80 % wacht hooguit (dagen)",
    "in_care": "in hulp",
    "cost": "kosten (euro)",
}
"""The measures that a comparison on the screen shows, and their Dutch."""
CAUSES = {
    "under way": "was al onderweg",
    "demand": "vraag",
    "capacity": "plekken",
    "duration": "duur",
    "priority": "voorrang en lijsten",
    "other": "het overige",
}


def compare(
    first: Annotated[Path, typer.Argument(help="Map van stelsel simulate --out.")],
    second: Annotated[Path, typer.Argument(help="Map van stelsel simulate --out.")],
    json: JSON = False,
) -> None:
    """Vergelijk twee mappen met runs, gepaard en met band (compare two folders of runs)."""
    from stelsel.twin.questions.comparing import compare as compared
    from stelsel.twin.questions.comparing import last_of

    rows = compared(first, second)
    if json:
        print_json(rows)
        return
    shown = [r for r in last_of(rows) if r["measure"] in SAID and _differs(r)]
    for name in dict.fromkeys(row["second"] for row in rows):
        mine = [row for row in shown if row["second"] == name]
        print_table(
            [
                {
                    **row,
                    "said": SAID[row["measure"]],
                    "band": _band(row["low"], row["high"]),
                    "carried": row["carried_by"],
                }
                for row in mine
            ],
            [
                ("service_name", "Dienst"),
                ("said", "Maat"),
                ("value_first", rows[0]["first"]),
                ("value_second", name),
                ("difference", "Verschil"),
                ("band", "80 %-band"),
                ("carried", "Band vooral door"),
            ],
            title=f"{name} naast {rows[0]['first']}, {rows[-1]['replications']} herhalingen",
            caption="Gepaard: dezelfde kinderen, dezelfde kans. Alleen wat buiten toeval verschilt "
            "staat er; --json heeft alles. "
            "'Band vooral door' noemt een aanname die meer dan toevallig meebeweegt.",
        )


def seek(
    by: Annotated[list[str], typer.Option(help="Parameter die mee mag bewegen; mag herhaald.")],
    target: Annotated[
        str | None,
        typer.Option(help="Wat het moet worden: 'wait[ambulatory] p80 <= 70 days'."),
    ] = None,
    low: Annotated[float, typer.Option(help="Kleinste factor.")] = 0.5,
    high: Annotated[float, typer.Option(help="Grootste factor.")] = 3.0,
    since: Annotated[str | None, typer.Option(help="Vanaf welke dag; anders de eerste.")] = None,
    year: YEAR = None,
    scenario: SCENARIO = None,
    plan: PLAN = None,
    region: REGION = "all",
    years: YEARS = 3,
    replications: REPLICATIONS = 10,
    seed: SEED = 2021,
    start: START = "2021-01-01",
    workers: WORKERS = "1",
    keep: KEEP = None,
    json: JSON = False,
) -> None:
    """Zoek hoeveel er nodig is om een doel te halen (how much does it take to meet a target)."""
    from stelsel.twin.questions import seek as sought
    from stelsel.twin.questions import target as wanted

    with counting("Zoeken") as counted:
        asking = _asking(
            region, years, replications, seed, start, scenario, plan, workers, keep, counted
        )
        words = target or asking.scenario.target
        if not words:
            raise StelselError(
                "There is no target.",
                where="--target",
                remedy="Give one, such as 'wait[ambulatory] p80 <= 70 days'.",
                what_nl="Er is geen doel.",
                remedy_nl="Geef er een, zoals 'wait[ambulatory] p80 <= 70 days'.",
            )
        begin = _day(since, "--since") if since else None
        found = sought(wanted(words), by, asking, low, high, begin, year)
    lowest, highest = found.band
    factor = found.factor if found.reached else None
    levers = [
        {
            "parameter": name,
            "now": value,
            "needed": factor and value * factor,
            "low": lowest and value * lowest,
            "high": highest and value * highest,
        }
        for name, value in found.levers.items()
    ]
    answer = {
        "target": words,
        "reached": found.reached,
        "replications": replications,
        "factor": factor,
        "low": lowest,
        "high": highest,
        "now": _mean(found.now),
        "then": _mean(found.then),
        "levers": levers,
    }
    if json:
        print_json(answer)
        return
    print_table(
        [{**row, "band": _band(row["low"], row["high"])} for row in levers],
        [("parameter", "Parameter"), ("now", "Nu"), ("needed", "Nodig"), ("band", "80 %-band")],
        title=f"Nodig voor {words}",
        caption=f"Haalbaar in {found.reached} van {replications} herhalingen, met ten hoogste "
        f"maal {high:g}. Nu {cell(answer['now'])}, dan {cell(answer['then'])}. "
        "De band is die van werelden met andere aannames en ander toeval.",
    )


def explain_change(
    of: Annotated[str, typer.Option(help="Waarvan: 'wait[ambulatory] mean'.")],
    to: Annotated[
        str | None, typer.Option(help="Andere wereld: naam of bestand van een scenario.")
    ] = None,
    years_between: Annotated[
        str | None, typer.Option("--between", help="Twee jaren van één wereld: 2021,2023.")
    ] = None,
    scenario: SCENARIO = None,
    plan: PLAN = None,
    region: REGION = "all",
    years: YEARS = 3,
    replications: REPLICATIONS = 10,
    seed: SEED = 2021,
    start: START = "2021-01-01",
    workers: WORKERS = "1",
    keep: KEEP = None,
    json: JSON = False,
) -> None:
    """Verklaar een verschil tussen twee werelden of jaren (why did it change)."""
    from stelsel.twin import load
    from stelsel.twin.questions import between_worlds, between_years, quantity

    if (to is None) == (years_between is None):
        raise StelselError(
            "Name either another world or two years.",
            where="explain-change",
            remedy="Give --to SCENARIO, or --between 2021,2023.",
            what_nl="Noem óf een andere wereld óf twee jaren.",
            remedy_nl="Geef --to SCENARIO, of --between 2021,2023.",
        )
    with counting("Verklaren") as counted:
        asking = _asking(
            region, years, replications, seed, start, scenario, plan, workers, keep, counted
        )
        if to is not None:
            found = between_worlds(quantity(of), asking, load(to))
        else:
            found = between_years(quantity(of), asking, *_two_years(years_between or ""))
    whole = found.after - found.before
    rows = found.rows()
    if json:
        print_json(
            {
                "of": of,
                "before": _mean(found.before),
                "after": _mean(found.after),
                "change": _mean(whole),
                "causes": rows,
            }
        )
        return
    print_table(
        [
            {
                "said": CAUSES[str(row["cause"])],
                "value": row["value"],
                "band": _band(row["low"], row["high"]),
            }
            for row in [*rows]
        ],
        [("said", "Oorzaak"), ("value", "Deel van de verandering"), ("band", "80 %-band")],
        title=f"{of}: van {cell(_mean(found.before))} naar {cell(_mean(found.after))}",
        caption=f"De delen tellen op tot {cell(_mean(whole))} (Shapley, gepaarde runs).",
    )


def sensitivity(
    of: Annotated[str, typer.Option(help="Waarvan: 'wait[ambulatory] p80'.")],
    method: Annotated[
        Literal["morris", "sobol"], typer.Option(help="morris rangschikt, sobol verdeelt.")
    ] = "morris",
    rounds: Annotated[int, typer.Option(help="Trajecten (morris) of grootte (sobol).")] = 6,
    parameter: Annotated[
        list[str] | None, typer.Option(help="Alleen deze aanname of familie; mag herhaald.")
    ] = None,
    top: Annotated[int, typer.Option(help="Hoeveel aannames op het scherm.")] = 15,
    year: YEAR = None,
    scenario: SCENARIO = None,
    plan: PLAN = None,
    region: REGION = "all",
    years: YEARS = 3,
    seed: SEED = 2021,
    start: START = "2021-01-01",
    workers: WORKERS = "1",
    keep: KEEP = None,
    json: JSON = False,
) -> None:
    """Zeg welke aanname het meest uitmaakt (which assumption matters most)."""
    from stelsel.twin.questions import quantity
    from stelsel.twin.questions import sensitivity as sensed
    from stelsel.twin.questions.sensing import assumptions, runs_needed

    chosen = parameter or []
    with counting("Aannames verschuiven") as counted:
        asking = _asking(region, years, 1, seed, start, scenario, plan, workers, keep, counted)
        number = len(assumptions(asking, chosen))
        runs = runs_needed(number, method, rounds) * (2 if scenario else 1)
        say(f"{number} aannames, {runs} runs")
        found = sensed(quantity(of), asking, method, rounds, chosen, year)
    if json:
        print_json({"of": of, "method": method, "runs": runs, "assumptions": list(found.rows)})
        return
    columns = {
        "morris": [("effect", "Effect"), ("spread", "Spreiding"), ("error", "±")],
        "sobol": [("alone", "Alleen"), ("together", "Met andere"), ("error", "±")],
    }[method]
    print_table(
        [
            {k: v if k == "assumption" else f"{v:.3g}" for k, v in row.items()}
            for row in found.rows[:top]
        ],
        [("assumption", "Aanname"), *columns],
        title=f"{of}: welke aanname maakt het meest uit",
        caption="Effect: gemiddelde verandering over het hele bereik, in de eenheid van de maat. "
        "Alleen, met andere: deel van de spreiding.",
    )


def _differs(row: dict[str, Any]) -> bool:
    """Whether a difference is more than chance: its band does not hold nothing."""
    if row["low"] is None:
        return bool(row["difference"])
    return bool(row["low"] > 0 or row["high"] < 0)


def _asking(
    region: str,
    years: float,
    replications: int,
    seed: int,
    start: str,
    scenario: str | None,
    plan: Path | None,
    workers: str,
    keep: Path | None,
    counted: Any,
) -> Asking:
    """Gather what a question needs."""
    from stelsel.twin import baseline, load
    from stelsel.twin.plans.plan_file import NOTHING, read_plan
    from stelsel.twin.plans.scenario import BASELINE
    from stelsel.twin.questions import Asking
    from stelsel.twin.runs.pool import workers_of

    return Asking(
        region,
        years,
        replications,
        _day(start, "--start"),
        seed,
        load(scenario) if scenario else BASELINE,
        read_plan(plan, baseline()) if plan else NOTHING,
        workers_of(workers),
        keep,
        counted,
    )


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StelselError(no_date(text, option)) from None


def _two_years(text: str) -> tuple[int, int]:
    try:
        before, after = (int(part) for part in text.split(","))
    except ValueError:
        raise StelselError(
            f"{text} are no two years.",
            where="--between",
            remedy="Write 2021,2023.",
            what_nl=f"{text} zijn geen twee jaren.",
            remedy_nl="Schrijf 2021,2023.",
        ) from None
    return before, after


def _mean(values: Any) -> float | None:
    """Mean of the values that are known."""
    known = [float(value) for value in values if value == value]  # noqa: PLR0124  # not a number
    return sum(known) / len(known) if known else None


def _band(low: Any, high: Any) -> str | None:
    return None if low is None or high is None else f"{cell(low)} tot {cell(high)}"
