"""``stelsel chains``: from report to first help, where the time goes, and through whose hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.looking import Look, look
from stelsel.cli.options import (
    AS_OF,
    DAYS,
    INTERNAL,
    JSON,
    KNOWN_ON,
    LANG,
    REGISTER_OR_RUN,
    RUN,
    day_words,
)
from stelsel.cli.output import notes, print_json, print_table, shown

if TYPE_CHECKING:
    import pyarrow as pa


def chains(
    *,
    register: REGISTER_OR_RUN = None,
    run: RUN = None,
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    days: DAYS = 365,
    follow: Annotated[int, typer.Option(help="Aantal dagen dat elke keten wordt gevolgd.")] = 180,
    internal: INTERNAL = False,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Toon waar de tijd blijft van melding tot eerste hulp (where the time goes until help)."""
    looked = look(register, as_of, known_on, internal, lang, run=run)

    from stelsel.monitor.chains import by_stage, chains_of, in_total, workers

    asked = {
        "as_of": looked.as_of,
        "known_on": looked.known_on,
        "days": days,
        "follow": follow,
    }
    found = chains_of(looked.spells, looked.as_of, days, follow)
    tables = {
        "stages": by_stage(found, looked.as_of, days, follow),
        "totals": in_total(found, looked.as_of, days, follow),
    }
    if not looked.is_run:  # a run tells no workers
        marks = looked.register.marks(looked.known_on)
        tables["workers"] = workers(marks, looked.as_of, days)
    looked.log_access("chains", asked)
    leaving = {name: looked.leaving(rows, f"chains {name}") for name, rows in tables.items()}
    for name, rows in leaving.items():
        looked.log_release(f"chains {name}", rows, asked)
    if json:
        print_json({name: rows.to_pylist() for name, rows in leaving.items()})
        return
    words = _WORDS[looked.lang]
    if not leaving["totals"].num_rows:
        notes.print(words["none"])
        return
    _stages(leaving["stages"], looked, follow)
    _show("totals", leaving["totals"], looked, words["outcomes"])
    if "workers" in leaving and leaving["workers"].num_rows:
        _show("workers", leaving["workers"], looked, words["of_workers"])


def _stages(rows: pa.Table, looked: Look, follow: int) -> None:
    """Print where the time goes, in the order of the chain."""
    from stelsel.monitor.chains import BETWEEN, stages

    words, nl = _WORDS[looked.lang], looked.lang == "nl"
    order = {one.id: one for one in stages()}
    found = sorted(
        rows.to_pylist(),
        key=lambda row: (row["region"] or "", row["stage"] == BETWEEN, -order[row["stage"]].rank),
    )
    for row in found:
        one = order[row["stage"]]
        row["stage_name"] = one.name_nl if nl else one.name_en
    caption = words["each"].format(days=follow)
    _print("stages", found, looked, ("region_name", "stage_name"), caption)


def _show(what: str, rows: pa.Table, looked: Look, caption: str) -> None:
    names = ("region_name",) if "region" in rows.column_names else ()
    _print(what, rows.to_pylist(), looked, names, caption)


def _print(
    what: str, found: list[dict[str, Any]], looked: Look, names: tuple[str, ...], caption: str
) -> None:
    words = _WORDS[looked.lang]
    decimals = {"days_mean": 1, "share": 1, "handovers_mean": 2, "intakes_mean": 2}
    decimals["workers_mean"] = 2
    columns = [name for name in _COLUMNS if name in found[0]] if found else []
    print_table(
        [
            {name: row[name] or words["unknown"] for name in names}
            | {
                name: shown(row, name, looked.lang, decimals=decimals.get(name, 0))
                for name in columns
            }
            for row in found
        ],
        [(name, words.get(f"{what}.{name}", words.get(name, name))) for name in (*names, *columns)],
        title=words[what].format(
            first=day_words(found[0]["period_start"]), last=day_words(found[0]["period_end"])
        ),
        caption="\n".join([caption, *looked.foot()]),
    )


_COLUMNS = (
    *("chains", "helped", "left", "still", "many"),
    *("days_mean", "share", "handovers_mean", "intakes_mean", "workers_mean"),
)
_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "stages": "Waar de tijd blijft: ketens begonnen {first} tot en met {last}",
        "totals": "Van melding tot eerste hulp: ketens begonnen {first} tot en met {last}",
        "workers": "Vaste werkers per zaak, {first} tot en met {last}",
        "region_name": "Jeugdregio",
        "stage_name": "Stap",
        "stages.chains": "Ketens die er waren",
        "workers.chains": "Zaken",
        "chains": "Ketens",
        "helped": "Hulp gevonden",
        "left": "Zonder hulp klaar",
        "still": "Nog onderweg",
        "many": "Meer dan vier",
        "days_mean": "Dagen (gemiddeld)",
        "share": "Deel van de tijd (%)",
        "handovers_mean": "Overdrachten",
        "intakes_mean": "Organisaties",
        "workers_mean": "Werkers (gemiddeld)",
        "unknown": "Onbekend",
        "each": "Elke keten is {days} dagen gevolgd, of tot de eerste hulp; wie nog onderweg is "
        "telt mee. Gemiddelden over alle ketens. Wie op meer plekken tegelijk is, telt bij de "
        "verste. De minimale variant staat apart.",
        "outcomes": "Overdrachten en organisaties zijn gemiddelden per keten; een keten zonder "
        "vervolg binnen 60 dagen is klaar.",
        "of_workers": "Een zaak is die van één jeugdige; gezinnen worden niet geleverd.",
        "none": "Geen ketens in deze periode: die eindigt voor het volgen begint.",
    },
    "en": {
        "stages": "Where the time goes: chains begun {first} to {last}",
        "totals": "From report to first help: chains begun {first} to {last}",
        "workers": "Named workers per case, {first} to {last}",
        "region_name": "Youth region",
        "stage_name": "Stage",
        "stages.chains": "Chains that were there",
        "workers.chains": "Cases",
        "chains": "Chains",
        "helped": "Found help",
        "left": "Done without help",
        "still": "Still under way",
        "many": "More than four",
        "days_mean": "Days (mean)",
        "share": "Share of the time (%)",
        "handovers_mean": "Handovers",
        "intakes_mean": "Organisations",
        "workers_mean": "Workers (mean)",
        "unknown": "Unknown",
        "each": "Each chain was followed for {days} days, or until the first help; those still "
        "under way count. Means over all chains. Who is at several places counts at the furthest. "
        "The minimal variant stands apart.",
        "outcomes": "Handovers and organisations are means per chain; a chain that nothing "
        "follows within 60 days is done.",
        "of_workers": "A case is that of one child; families are not delivered.",
        "none": "No chains in this period: it ends before the following begins.",
    },
}
