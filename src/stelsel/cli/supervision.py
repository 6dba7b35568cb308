"""``stelsel supervision``: do the numbers of waiting children fall, per region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stelsel.cli.looking import Look, look
from stelsel.cli.options import (
    AS_OF,
    INTERNAL,
    JSON,
    KNOWN_ON,
    LANG,
    REGISTER_OR_RUN,
    RUN,
    day_of,
    day_words,
)
from stelsel.cli.output import cell, notes, print_json, print_table
from stelsel.cli.supervision_words import WORDS

if TYPE_CHECKING:
    from stelsel.monitor.supervision.settings import Count


def supervision(
    *,
    register: REGISTER_OR_RUN = None,
    run: RUN = None,
    as_of: AS_OF = "",
    known_on: KNOWN_ON = "",
    every: Annotated[
        int, typer.Option(help="Maanden tussen twee meetmomenten: 1, 3, 6 of 12.")
    ] = 3,
    moments: Annotated[
        int | None, typer.Option(help="Hoogstens zoveel meetmomenten; zonder: 12.")
    ] = None,
    since: Annotated[
        str,
        typer.Option(
            help="Geen meetmoment vóór jjjj-mm-dd; zonder: een half jaar na het begin van het "
            "register."
        ),
    ] = "",
    internal: INTERNAL = False,
    json: JSON = False,
    lang: LANG = "nl",
) -> None:
    """Toets of er steeds minder jeugdigen wachten, per jeugdregio (do the waiting numbers fall).

    Twee aantallen apart, voor interbestuurlijk toezicht: wie wacht op bescherming en wie wacht op
    hulp, met een toets die eerlijk is over weinig meetmomenten en veel regio's.
    """
    from dataclasses import asdict

    from stelsel.monitor.supervision import counts, judge, settings, watch

    began = day_of(since, "--since") if since else None
    looked = look(register, as_of, known_on, internal, lang, run=run)
    asked = {"as_of": looked.as_of, "known_on": looked.known_on, "every": every, "since": began}
    found = watch(looked.spells, looked.as_of, every=every, since=began, most=moments)
    looked.log_access("supervision", asked)
    rows = looked.leaving(found.rows, "supervision")
    looked.log_release("supervision", rows, asked)
    judged = judge(rows.to_pylist(), found.overlaps)
    if json:
        print_json(
            {
                "counts": [_told(one) for one in counts()],
                "series": rows.to_pylist(),
                "trends": judged,
                "without_region": found.without_region if looked.exact else None,
                "settings": [asdict(one) for one in settings().values()],
            }
        )
        return
    words = WORDS[looked.lang]
    if not found.moments:
        notes.print(words["no-moments"].format(as_of=day_words(looked.as_of)))
        return
    for one in counts():
        name = one.name_nl if looked.lang == "nl" else one.name_en
        of_count = [row for row in judged if row["count"] == one.id]
        if of_count:
            _show(name, of_count, looked)
        else:
            notes.print(words["no-count"].format(name=name))
    if found.without_region and looked.exact:
        notes.print(words["without"].format(count=found.without_region))


def _told(one: Count) -> dict[str, str]:
    return {
        "id": one.id,
        "indicator": one.indicator.id,
        "name_nl": one.name_nl,
        "name_en": one.name_en,
        "source": one.source,
    }


def _show(name: str, rows: Sequence[Mapping[str, Any]], looked: Look) -> None:
    """Print one of the two counts: a row a region, with the trend and what to mind."""
    from stelsel.monitor.supervision import settings

    words, lang = WORDS[looked.lang], looked.lang
    wanted = settings()
    shown = [
        {
            "region": row["region_name"] or row["region"],
            "went": f"{_whole(row['first'], lang)} → {_whole(row['last'], lang)}",
            "slope": _slope(row),
            "q": _chance(row, lang),
            "power": _percent(row["power"], lang),
            "verdict": words[row["verdict"]],
        }
        for row in rows
    ]
    method = words["method"].format(fall=_percent(wanted["fall"].value, lang))
    own = words["own"].format(
        alpha=cell(str(wanted["alpha"].value).replace(".", "," if lang == "nl" else ".")),
        least=int(wanted["least-moments"].value),
        power=_percent(wanted["power"].value, lang),
    )
    turned = [
        words["turned"].format(
            region=row["region_name"] or row["region"], share=_percent(row["last_change"], lang)
        )
        for row in rows
        if (row["last_change"] or 0.0) > wanted["last-rise"].value
    ]
    print_table(
        shown,
        [(column, words[column]) for column in shown[0]],
        title=words["title"].format(
            name=name,
            moments=rows[0]["moments"],
            first=day_words(rows[0]["first_moment"]),
            last=day_words(rows[0]["last_moment"]),
        ),
        caption="\n".join([*turned, method, own, *looked.foot()]),
        lang=lang,
        right=("went", "slope", "q", "power"),
    )


def _whole(number: float | None, lang: str) -> str:
    return "." if number is None else cell(round(number), lang)


def _chance(row: Mapping[str, Any], lang: str) -> str:
    """Write the rate of false alarms of the direction in which the numbers go."""
    if not row["s"]:
        return "–"
    number = row["q_fall"] if row["s"] < 0 else row["q_rise"]
    text = "<0.001" if number < 0.001 else f"{number:.3f}"
    return text if lang == "en" else text.replace(".", ",")


def _percent(share: float | None, lang: str) -> str:
    if share is None:
        return "–"
    return f"{100 * share:.0f} %" if lang == "en" else f"{100 * share:.0f}%"


def _slope(row: Mapping[str, Any]) -> str:
    if row["slope"] is None:
        return "–"
    text = f"{row['slope']:+.0f}"
    if row["slope_low"] is None:
        return f"{text} (–)"
    return f"{text} ({row['slope_low']:+.0f} … {row['slope_high']:+.0f})"
