"""Questions to the twin: ``compare``, ``seek``, ``explain-change`` and ``sensitivity``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from stelsel.cli.asking import Asked, day, question
from stelsel.cli.options import JSON, LANG, language
from stelsel.cli.output import band, cell, counting, print_json, print_table, say
from stelsel.cli.question_words import CAUSES, SAID, WORDS
from stelsel.errors import StelselError

YEAR = Annotated[int | None, typer.Option(help="Van welk jaar; anders van het laatste.")]


def compare(
    first: Annotated[Path, typer.Argument(help="Map van stelsel simulate --out.")],
    second: Annotated[Path, typer.Argument(help="Map van stelsel simulate --out.")],
    lang: LANG = "nl",
    json: JSON = False,
) -> None:
    """Vergelijk twee mappen met runs, gepaard en met band (compare two folders of runs)."""
    from stelsel.twin.questions.comparing import compare as compared
    from stelsel.twin.questions.comparing import last_of
    from stelsel.twin.runs.output import english_names, service_names

    chosen = language(lang)
    words, said = WORDS[chosen], SAID[chosen]
    rows = compared(first, second)
    if json:
        print_json(rows)
        return
    named = dict(service_names().values())
    if chosen == "en":
        english = english_names()
        named = {slug: english[form] for form, (slug, _) in service_names().items()}
    shown = [r for r in last_of(rows) if r["measure"] in said and _differs(r)]
    for name in dict.fromkeys(row["second"] for row in rows):
        mine = [row for row in shown if row["second"] == name]
        print_table(
            [
                {
                    **row,
                    "service_name": named.get(row["service"], row["service_name"]),
                    "said": said[row["measure"]],
                    "band": band(row["low"], row["high"], chosen),
                    "carried": row["carried_by"],
                }
                for row in mine
            ],
            [
                ("service_name", words["service"]),
                ("said", words["measure"]),
                ("value_first", rows[0]["first"]),
                ("value_second", name),
                ("difference", words["difference"]),
                ("band", words["band"]),
                ("carried", words["carried"]),
            ],
            title=words["beside"].format(
                second=name, first=rows[0]["first"], times=rows[-1]["replications"]
            ),
            caption=words["paired"],
            lang=chosen,
        )


@question()
def seek(
    *,
    by: Annotated[list[str], typer.Option(help="Parameter die mee mag bewegen; mag herhaald.")],
    target: Annotated[
        str | None,
        typer.Option(help=r"Wat het moet worden: 'wait\[ambulatory] p80 <= 70 days'."),
    ] = None,
    low: Annotated[float, typer.Option(help="Kleinste factor.")] = 0.5,
    high: Annotated[float, typer.Option(help="Grootste factor.")] = 3.0,
    since: Annotated[str | None, typer.Option(help="Vanaf welke dag; anders de eerste.")] = None,
    year: YEAR = None,
    asked: Asked,
    json: JSON = False,
) -> None:
    """Zoek hoeveel er nodig is om een doel te halen (how much does it take to meet a target)."""
    from stelsel.twin.questions import seek as sought
    from stelsel.twin.questions import target as wanted

    chosen = language(asked.lang)
    words = WORDS[chosen]
    with counting(words["seeking"]) as counted:
        asking = asked.asking(counted)
        aim = target or asking.scenario.target
        if not aim:
            raise StelselError(
                "There is no target.",
                where="--target",
                remedy="Give one, such as 'wait[ambulatory] p80 <= 70 days'.",
                what_nl="Er is geen doel.",
                remedy_nl="Geef er een, zoals 'wait[ambulatory] p80 <= 70 days'.",
            )
        begin = day(since, "--since") if since else None
        found = sought(wanted(aim), by, asking, low, high, begin, year)
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
        "target": aim,
        "reached": found.reached,
        "replications": asked.replications,
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
        [{**row, "band": band(row["low"], row["high"], chosen)} for row in levers],
        [(name, words[name]) for name in ("parameter", "now", "needed", "band")],
        title=words["needed for"].format(aim=aim),
        caption=words["reached"].format(
            reached=found.reached,
            times=asked.replications,
            high=f"{high:g}",
            now=cell(answer["now"], chosen),
            then=cell(answer["then"], chosen),
        ),
        lang=chosen,
    )


@question()
def explain_change(
    *,
    of: Annotated[str, typer.Option(help=r"Waarvan: 'wait\[ambulatory] mean'.")],
    to: Annotated[
        str | None, typer.Option(help="Andere wereld: naam of bestand van een scenario.")
    ] = None,
    years_between: Annotated[
        str | None, typer.Option("--between", help="Twee jaren van één wereld: 2021,2023.")
    ] = None,
    asked: Asked,
    json: JSON = False,
) -> None:
    """Verklaar een verschil tussen twee werelden of jaren (why did it change)."""
    from stelsel.twin import load
    from stelsel.twin.questions import between_worlds, between_years, quantity

    chosen = language(asked.lang)
    words, causes = WORDS[chosen], CAUSES[chosen]
    if (to is None) == (years_between is None):
        raise StelselError(
            "Name either another world or two years.",
            where="explain-change",
            remedy="Give --to SCENARIO, or --between 2021,2023.",
            what_nl="Noem óf een andere wereld óf twee jaren.",
            remedy_nl="Geef --to SCENARIO, of --between 2021,2023.",
        )
    with counting(words["explaining"]) as counted:
        asking = asked.asking(counted)
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
                "cause": causes[str(row["cause"])],
                "part": row["value"],
                "band": band(row["low"], row["high"], chosen),
            }
            for row in rows
        ],
        [(name, words[name]) for name in ("cause", "part", "band")],
        title=words["changed"].format(
            of=of,
            before=cell(_mean(found.before), chosen),
            after=cell(_mean(found.after), chosen),
        ),
        caption=words["parts"].format(whole=cell(_mean(whole), chosen)),
        lang=chosen,
    )


@question(without=("replications",))
def sensitivity(
    *,
    of: Annotated[str, typer.Option(help=r"Waarvan: 'wait\[ambulatory] p80'.")],
    method: Annotated[
        Literal["morris", "sobol"], typer.Option(help="morris rangschikt, sobol verdeelt.")
    ] = "morris",
    rounds: Annotated[int, typer.Option(help="Trajecten (morris) of grootte (sobol).")] = 6,
    parameter: Annotated[
        list[str] | None, typer.Option(help="Alleen deze aanname of familie; mag herhaald.")
    ] = None,
    top: Annotated[int, typer.Option(help="Hoeveel aannames op het scherm.")] = 15,
    year: YEAR = None,
    asked: Asked,
    json: JSON = False,
) -> None:
    """Zeg welke aanname het meest uitmaakt (which assumption matters most)."""
    from dataclasses import replace

    from stelsel.twin.questions import quantity
    from stelsel.twin.questions import sensitivity as sensed
    from stelsel.twin.questions.sensing import assumptions, runs_needed

    chosen = language(asked.lang)
    words = WORDS[chosen]
    only = parameter or []
    with counting(words["moving"]) as counted:
        asking = replace(asked, replications=1).asking(counted)
        number = len(assumptions(asking, only))
        runs = runs_needed(number, method, rounds) * (2 if asked.scenario else 1)
        say(words["runs"].format(number=number, runs=runs))
        found = sensed(quantity(of), asking, method, rounds, only, year)
    if json:
        print_json({"of": of, "method": method, "runs": runs, "assumptions": list(found.rows)})
        return
    columns = {"morris": ("effect", "spread", "error"), "sobol": ("alone", "together", "error")}
    print_table(
        [
            {k: v if k == "assumption" else f"{v:.3g}" for k, v in row.items()}
            for row in found.rows[:top]
        ],
        [(name, words[name]) for name in ("assumption", *columns[method])],
        title=words["most"].format(of=of),
        caption=words["effects"],
    )


def _differs(row: dict[str, Any]) -> bool:
    """Whether a difference is more than chance: its band does not hold nothing."""
    if row["low"] is None:
        return bool(row["difference"])
    return bool(row["low"] > 0 or row["high"] < 0)


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
