"""The command ``quality``: what is missing, late, loose, unlikely or refused in a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.options import INTERNAL, KNOWN_ON, LANG, REGISTER, looking
from stelsel.cli.origin import origin
from stelsel.cli.output import cell, print_json, print_table, screen, shown
from stelsel.cli.quality_words import KINDS, STATIONS, WORDS

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN: Final = 3
"""So many parties are named with each measure on the screen; ``--json`` has them all."""
SILENT_SHOWN: Final = 10
"""So many providers with silent months are shown on the screen."""


def quality(
    *,
    register: REGISTER,
    known_on: KNOWN_ON = "",
    internal: INTERNAL = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Eén JSON-object: measures, parties, lateness, ..."),
    ] = False,
    lang: LANG = "nl",
) -> None:
    """Toon hoe volledig, op tijd en aannemelijk is wat het register vertelt.

    (Show how complete, timely and likely is what the register tells.)
    """
    _, known, lang = looking(known_on=known_on, lang=lang)

    from stelsel.disclosure import log_release
    from stelsel.register import Register
    from stelsel.register.access import log_access
    from stelsel.register.quality import as_it_may_leave

    kept = Register.open(register)
    made_up = kept.made_up
    asked = {"known_on": known}
    if internal:
        log_access(register, "quality", asked=asked)
    found = {}
    for name, table in kept.quality(known).tables().items():
        found[name] = as_it_may_leave(table, made_up=made_up, internal=internal)
        log_release(
            *(register, f"quality, {name}", found[name]),
            asked=asked,
            made_up=made_up,
            internal=internal,
        )
    if as_json:
        print_json(_as_json(found, lang))
        return
    words = WORDS[lang]
    _show_measures(found, lang)
    _show_lateness(found["lateness"].to_pylist(), lang)
    _show_silences(found["silences"].to_pylist(), words)
    _show_rules(found["rules"].to_pylist(), lang)
    _show_revisions(found["revisions"].to_pylist(), lang)
    for sentence in origin(register.name, known, made_up=made_up, internal=internal, lang=lang):
        screen.print(sentence, soft_wrap=True, highlight=False)


def _as_json(found: Mapping[str, pa.Table], lang: str) -> dict[str, Any]:
    """Give the tables as lists; a measure with its name, question, unit, norm and remedy."""
    from stelsel.register.quality_measures import measures

    told = {
        one.id: {
            "name": getattr(one, f"name_{lang}"),
            "question": getattr(one, f"question_{lang}"),
            "remedy": getattr(one, f"remedy_{lang}"),
            "unit": getattr(one, f"unit_{lang}"),
            "subject": one.subject,
            "direction": one.direction,
            "norm": one.norm or None,
            "source": one.source,
        }
        for one in measures()
    }
    tables: dict[str, Any] = {name: table.to_pylist() for name, table in found.items()}
    tables["measures"] = [{**row, **told[row["measure"]]} for row in tables["measures"]]
    return tables


def _show_measures(found: Mapping[str, pa.Table], lang: str) -> None:
    """Print the measures, and below them what to do about those that found something."""
    from stelsel.register.quality_measures import measures

    words = WORDS[lang]
    rows = {row["measure"]: row for row in found["measures"].to_pylist()}
    parties = found["parties"].to_pylist()
    names = _names()
    lines, remedies = [], []
    for one in measures():
        row = rows[one.id]
        name = getattr(one, f"name_{lang}")
        unit = getattr(one, f"unit_{lang}")
        counted = f"{shown(row, 'found')} {words['of']} {shown(row, 'looked_at')} {unit}"
        lines.append([name, counted, _percent(row)])
        # Hidden is not none: where it is hidden there may be something to do.
        if row["found"] != 0:
            most = [party for party in parties if party["measure"] == one.id][:SHOWN]
            with_most = ", ".join(
                f"{names.get(party['party'], party['party'] or '–')} ({shown(party, 'found')})"
                for party in most
            )
            remedies.append((name, getattr(one, f"remedy_{lang}"), with_most))
    headings = (words["measure"], words["found"], words["share"])
    _print(lines, headings, words["measures"], words["measures_note"])
    if remedies:
        screen.print(words["todo"], style="bold", highlight=False)
    for name, remedy, with_most in remedies:
        most_said = f" {words['most'].format(parties=with_most)}" if with_most else ""
        screen.print(f"- {name}. {remedy}{most_said}", soft_wrap=True, highlight=False)
    screen.print()


def _show_lateness(rows: Sequence[Mapping[str, Any]], lang: str) -> None:
    words = WORDS[lang]
    lines = [
        [KINDS[lang].get(row["kind"], row["kind"])]
        + [shown(row, name) for name in ("facts", "median_days", "p90_days")]
        for row in rows
    ]
    headings = (words["kind"], words["facts"], words["median"], words["p90"])
    _print(lines, headings, words["lateness"], words["lateness_note"])


def _show_silences(rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> None:
    regular = [row for row in rows if row["regular"]]
    lines = [
        [
            *(row["provider"], cell(row["silent"]), cell(row["months"]), row["last_told"]),
            ", ".join(row["silent_months"][-SHOWN:]),
        ]
        for row in regular[:SILENT_SHOWN]
    ]
    names = ("provider", "silent", "months", "last_told", "which")
    more = len(regular) - len(lines)
    notes = [words["silences_note"], *([words["more"].format(more=more)] if more else [])]
    _print(lines, [words[name] for name in names], words["silences"], "\n".join(notes))


def _show_rules(rows: Sequence[Mapping[str, Any]], lang: str) -> None:
    """Print the rules that messages break."""
    from stelsel.ijw.findings import rules

    words = WORDS[lang]
    texts = {name: one.texts[lang].format_map(_AnyElement()) for name, one in rules().items()}
    lines = [[row["rule"], texts[row["rule"]], shown(row, "broken")] for row in rows]
    headings = (words["rule"], words["meaning"], words["broken"])
    _print(lines, headings, words["rules"], words["rules_note"])


class _AnyElement(dict[str, str]):
    """Stands in for what the text of a rule fills in: here it is about any message."""

    def __missing__(self, name: str) -> str:
        return "…"


def _show_revisions(rows: Sequence[Mapping[str, Any]], lang: str) -> None:
    """Print of each half-year the first count beside the last, of waits and of care."""
    words = WORDS[lang]
    cells: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        key = (row["source"], row["kind"], row["count"], row["period"])
        cells.setdefault(key, []).append(row)
    lines = []
    for (source, kind, count, period), looks in cells.items():
        first, last = looks[0], looks[-1]
        more = None
        if first["spells"] and last["spells"] is not None:
            more = (last["spells"] - first["spells"]) * 100 / first["spells"]
        what = f"{STATIONS[lang].get(kind, kind)}, {words[count]}"
        share = "–" if more is None else f"{more:+.1f}".replace(".", "," if lang == "nl" else ".")
        numbers = [shown(first, "spells"), shown(last, "spells")]
        lines.append([source, what, period, *numbers, share])
    names = ("told_by", "what", "period", "first_count", "last_count", "change")
    _print(lines, [words[name] for name in names], words["revisions"], words["revisions_note"])


def _print(lines: list[list[str]], headings: Sequence[str], title: str, caption: str) -> None:
    """Print cells as a table, if there are any, with what to mind below it."""
    if not lines:
        return
    rows = [dict(zip(headings, line, strict=True)) for line in lines]
    print_table(rows, [(one, one) for one in headings], title=title)
    # Below and not in the table: a caption is cut to the width of its table.
    for sentence in caption.split("\n"):
        screen.print(sentence, soft_wrap=True, highlight=False, style="dim")
    screen.print()


def _percent(row: Mapping[str, Any]) -> str:
    return "." if "found" in row["protected"] else cell(row["percent"])


def _names() -> dict[str, str]:
    from stelsel.system.municipalities import all_municipalities

    return {one.code: one.name for one in all_municipalities()}
