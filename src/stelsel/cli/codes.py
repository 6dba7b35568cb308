"""The command ``codes``: how many product codes are used, for how little care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.options import INTERNAL, LANG, day_words, language
from stelsel.cli.origin import origin
from stelsel.cli.output import cell, print_json, print_table, say, screen, shown

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN: Final = 40
"""So many unmapped codes are shown on the screen; ``--json`` has them all."""

_WORDS: Final = {
    "nl": {
        "kept": "Tabel bewaard in {register}, regels: {rows}. Deze codes tellen vanaf nu mee als "
        "de hulp waar ze voor staan.",
        "title": "Productcodes in gebruik",
        "all": "Alle gemeenten",
        "columns": ("Codes", "Landelijk", "Eigen, vertaald", "Eigen, onvertaald"),
        "care": "Hulp onder die codes",
        "use": ("Toewijzingen", "Jeugdigen", "Dagen hulp"),
        "counts": "Productcodes in gebruik van {first} tot en met {last}: {codes}. Van de "
        "landelijke lijst: {national}; eigen en vertaald: {mapped}; eigen en onvertaald: "
        "{unmapped}.",
        "most": "De {most} grootste dragen samen ten minste 80 procent van de dagen hulp.",
        "one": "De grootste draagt alleen al ten minste 80 procent van de dagen hulp.",
        "little": "Hooguit 1 procent van de dagen hulp dragen samen de kleinste codes, in getal: "
        "{little}.",
        "few": "Hoeveel codes de meeste hulp dragen is niet te zeggen: te weinig jeugdigen of te "
        "weinig hulp.",
        "without": "Zonder productcode: {days} dagen hulp.",
        "unmapped": "Eigen codes zonder vertaling",
        "names": ("Gemeente", "Categorie", "Code"),
        "more": "En nog {more}; --json geeft ze allemaal.",
        "how": "Deze hulp telt onder de hulpvorm van haar categorie. Vertaal de codes met --map.",
        "none": "Geen productcodes in dit register.",
    },
    "en": {
        "kept": "Table kept in {register}, rows: {rows}. From now on these codes count as the "
        "care that they stand for.",
        "title": "Product codes in use",
        "all": "All municipalities",
        "columns": ("Codes", "National", "Own, mapped", "Own, unmapped"),
        "care": "Care under these codes",
        "use": ("Allocations", "Children", "Care days"),
        "counts": "Product codes in use from {first} to {last}: {codes}. Of the national list: "
        "{national}; own and mapped: {mapped}; own and unmapped: {unmapped}.",
        "most": "The {most} largest together carry at least 80 percent of the care days.",
        "one": "The largest alone carries at least 80 percent of the care days.",
        "little": "At most 1 percent of the care days is carried by the smallest codes together, "
        "numbering: {little}.",
        "few": "How many codes carry most of the care cannot be said: too few children or too "
        "little care.",
        "without": "Without product code: {days} care days.",
        "unmapped": "Own codes that are not mapped",
        "names": ("Municipality", "Category", "Code"),
        "more": "And {more} more; --json gives them all.",
        "how": "This care counts under the form of its category. Map the codes with --map.",
        "none": "No product codes in this register.",
    },
}


def codes(
    register: Annotated[Path, typer.Argument(help="Map van het register.", show_default=False)],
    *,
    table: Annotated[
        Path | None,
        typer.Option(
            "--map",
            help="CSV die zegt waar eigen codes voor staan; wordt in het register bewaard.",
        ),
    ] = None,
    internal: INTERNAL = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object: total, towns, codes.")
    ] = False,
    lang: LANG = "nl",
) -> None:
    """Toon hoeveel productcodes er in gebruik zijn, en voor hoe weinig hulp.

    (Show how many product codes are used, and for how little care.)
    """
    lang = language(lang)

    from stelsel.disclosure import log_release, protect
    from stelsel.register import Register
    from stelsel.register.access import log_access

    words = _WORDS[lang]
    kept = Register.open(register)
    if table is not None:
        rows = len(kept.keep_own_codes(table).rows)
        say(str(words["kept"]).format(rows=rows, register=register))
    if internal:
        log_access(register, "codes", asked={})
    use, made_up = kept.code_use(), kept.made_up
    leaves: dict[str, pa.Table] = {}
    for name, found in (("total", use.total), ("towns", use.towns), ("codes", use.codes)):
        leaves[name] = protect(found, made_up=made_up, internal=internal)
        log_release(
            register, f"codes, {name}", leaves[name], asked={}, made_up=made_up, internal=internal
        )
    if as_json:
        total = leaves["total"].to_pylist()[0]
        print_json({**{name: part.to_pylist() for name, part in leaves.items()}, "total": total})
        return
    if not leaves["codes"].num_rows:
        say(str(words["none"]))
        return
    source = origin(register.name, made_up=made_up, internal=internal, lang=lang)
    _show_towns(leaves["total"].to_pylist()[0], leaves["towns"].to_pylist(), words, source)
    _show_unmapped(leaves["codes"].to_pylist(), words)


_Words = Mapping[str, Any]
_KINDS: Final = ("codes", "national", "mapped", "unmapped")
_USE: Final = ("allocations", "children", "care_days")


def _show_towns(
    total: Mapping[str, Any],
    towns: Sequence[Mapping[str, Any]],
    words: _Words,
    source: tuple[str, str],
) -> None:
    """Print the sums of each municipality and of all, and say what they come to."""
    names = _names_of_towns()
    labels = [names.get(row["municipality"], row["municipality"]) for row in towns]
    rows = [*towns]
    if len(towns) > 1:
        labels, rows = [*labels, words["all"]], [*rows, total]
    for title, measures, headings in (
        (words["title"], _KINDS, words["columns"]),
        (words["care"], _USE, words["use"]),
    ):
        lines = [[label, *_cells(row, measures)] for label, row in zip(labels, rows, strict=True)]
        _print(lines, words["names"][:1], headings, title, "")
    for sentence in (*_sentences(total, words), *source):
        screen.print(sentence, soft_wrap=True, highlight=False)


def _sentences(total: Mapping[str, Any], words: _Words) -> Iterable[str]:
    yield words["counts"].format(
        first=day_words(total["first_day"]),
        last=day_words(total["last_day"]),
        **{name: cell(total[name]) for name in _KINDS},
    )
    most, little = total["codes_with_80_percent"], total["codes_with_1_percent"]
    if most is None or little is None:
        yield words["few"]
    else:
        yield words["one"] if most == 1 else words["most"].format(most=cell(most))
        yield words["little"].format(little=cell(little))
    if total["care_days_without_code"] != 0:
        yield words["without"].format(days=shown(total, "care_days_without_code"))


def _show_unmapped(codes: Sequence[Mapping[str, Any]], words: _Words) -> None:
    """Print the own codes that nobody has said the meaning of, those with most care first."""
    names = _names_of_towns()
    found = [row for row in codes if row["kind"] == "unmapped"]
    if not found:
        return
    lines = [
        [
            names.get(row["municipality"], row["municipality"]),
            row["category"] or "–",
            row["code"],
            *_cells(row, _USE),
        ]
        for row in found[:SHOWN]
    ]
    more = [words["more"].format(more=len(found) - SHOWN)] if len(found) > SHOWN else []
    caption = "\n".join([*more, words["how"]])
    screen.print()
    _print(lines, words["names"], words["use"], words["unmapped"], caption)


def _print(
    lines: list[list[str]], names: Sequence[str], numbers: Sequence[str], title: str, caption: str
) -> None:
    """Print cells as a table: names to the left, numbers to the right."""
    headings = (*names, *numbers)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = []
    for line in lines:
        texts = [
            text if place < len(names) else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        rows.append(dict(zip(headings, texts, strict=True)))
    print_table(rows, [(one, one) for one in headings], title=title, caption=caption)


def _cells(row: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    return [shown(row, name) for name in names]


def _names_of_towns() -> dict[str, str]:
    from stelsel.system.municipalities import all_municipalities

    return {one.code: one.name for one in all_municipalities()}
