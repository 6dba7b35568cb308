"""The command ``link``: waiting lists without BSN, with each other and with a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.options import no_language
from stelsel.cli.output import cell, print_json, print_table, say, screen
from stelsel.errors import Fault, StelselError

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES: Final = (".csv", ".parquet")

_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "nl": {
        "title": "Wie er wacht, zonder dubbelen",
        "columns": ("Aanbieder", "Hulpvorm"),
        "numbers": ("Inschrijvingen", "Jeugdigen", "Opnieuw vragen"),
        "all": "Samen, elke jeugdige één keer",
        "taken": "Inschrijvingen: {new} nieuw, {known} al bekend.",
        "trained": "Model getraind op {trained} inschrijvingen; het blijft gelden tot --train.",
        "tables": "Te weinig inschrijvingen om het model te trainen; de tabellen gelden.",
        "register": "In het register: {linked} gekoppeld, {doubtful} twijfelachtig, {none} niet "
        "gevonden.",
        "interval": "Tussen haakjes het 95%-interval van wat het koppelen mis kan hebben, zoals "
        "het model het weegt.",
        "old": "Opnieuw vragen: langer dan {days} dagen op de lijst.",
        "made_up": "Verzonnen jeugdigen: exacte aantallen.",
        "exact": "INTERN: exacte aantallen van echte jeugdigen; deze inzage is vastgelegd.",
        "counts_only": "Alleen aantallen geschreven: inschrijvingen en koppelingen gaan elk over "
        "één jeugdige. Mag u die zien, geef dan --internal.",
        "protected": "Aantallen afgerond op 5; een punt is een verborgen getal: minder dan 10, of "
        "een getal dat dat zou verraden.",
        "none": "Er zijn geen inschrijvingen.",
    },
    "en": {
        "title": "Who waits, without doubles",
        "columns": ("Provider", "Care form"),
        "numbers": ("Entries", "Children", "Ask again"),
        "all": "Together, each child once",
        "taken": "Entries: {new} new, {known} known already.",
        "trained": "Model trained on {trained} entries; it holds until --train.",
        "tables": "Too few entries to train the model; the tables hold.",
        "register": "In the register: {linked} linked, {doubtful} doubtful, {none} not found.",
        "interval": "In brackets the 95 % interval of what linking may have wrong, as the model "
        "weighs it.",
        "old": "Ask again: on the list for more than {days} days.",
        "made_up": "Made-up children: exact numbers.",
        "exact": "INTERNAL: exact numbers of real children; this look has been logged.",
        "counts_only": "Only counts written: entries and matches are about one child each. If you "
        "may see those, add --internal.",
        "protected": "Counts rounded to 5; a point is a hidden number: under 10, or one that "
        "would give such a number away.",
        "none": "There are no entries.",
    },
}
_Words = Mapping[str, Any]


def link(
    lists: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Wachtlijsten: CSV, werkboek (.xlsx) of Parquet; zonder: wat er al is."
        ),
    ] = None,
    *,
    out: Annotated[
        Path,
        typer.Option(
            help="Bestand (.csv of .parquet): ernaast komen de aantallen; met --internal erin de "
            "inschrijvingen en ernaast de koppelingen."
        ),
    ],
    register: Annotated[
        Path | None,
        typer.Option(
            help="Map van het register waarmee wordt gekoppeld en waarin de lijsten worden "
            "bewaard; zonder: een map naast --out."
        ),
    ] = None,
    train: Annotated[
        bool, typer.Option("--train", help="Train het model opnieuw op alle inschrijvingen.")
    ] = False,
    forget: Annotated[
        list[str] | None,
        typer.Option(
            help="Nummer van een inschrijving (kolom entry) die eruit gaat en eruit blijft; mag "
            "vaker."
        ),
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="Dagen op de lijst waarna er opnieuw gevraagd wordt.")
    ] = None,
    made_up: Annotated[
        bool, typer.Option("--made-up", help="De lijsten gaan over verzonnen jeugdigen.")
    ] = False,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Ook de inschrijvingen, de koppelingen en exacte aantallen van echte kinderen, "
            "voor wie dat mag; inzage wordt vastgelegd.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object: counts, new, known, trained.")
    ] = False,
    lang: Annotated[
        str, typer.Option(envvar="STELSEL_LANG", help="Taal van tabel en redenen: nl of en.")
    ] = "nl",
) -> None:
    """Koppel wachtlijsten zonder BSN: één kind op drie lijsten is één kind.

    (Link waiting lists without BSN: one child on three lists is one child.)
    """
    _check_options(out, days, lang)

    from stelsel.disclosure import log_release, protect
    from stelsel.register.access import log_access
    from stelsel.register.linking import link as linked
    from stelsel.register.linking import linking_place, write_linked

    words = _WORDS[lang]
    place = linking_place(out, register)
    kept = place.register
    if made_up and kept is not None and kept.version and not kept.made_up:
        raise StelselError(_not_made_up())
    found = linked(
        lists or [],
        place.folder,
        place.pseudonyms,
        register=place.register,
        train_again=train,
        forget=forget or [],
        ask_again_days=days,
        lang=lang,
    )
    # Linking looks at single children, whoever gets to see the rows about them.
    log = place.folder if register is None else register
    log_access(
        log,
        "link",
        about=len(set(found.entries["child"].to_pylist())),
        asked={
            "lists": len(lists or []),
            "days": found.days,
            "forgotten": len(forget or []),
            "entries": made_up or internal,
        },
    )
    leaves = protect(found.counts, made_up=made_up, internal=internal)
    log_release(log, "link", leaves, asked={"days": found.days}, made_up=made_up, internal=internal)
    for file in write_linked(found, leaves, out, entries=made_up or internal):
        say(str(file))
    if as_json:
        names = ("new", "known", "trained", "days")
        told: dict[str, Any] = {name: getattr(found, name) for name in names}
        print_json({"counts": leaves.to_pylist(), **told})
        return
    exactness = "made_up" if made_up else "exact" if internal else "protected"
    if not (made_up or internal):
        say(words["counts_only"])
    say(words["taken"].format(new=cell(found.new), known=cell(found.known)))
    say(words["trained" if found.trained else "tables"].format(trained=cell(found.trained)))
    if register is not None and (made_up or internal):
        verdicts = found.in_register["register"].to_pylist()
        numbers = {name: verdicts.count(name) for name in ("linked", "doubtful", "none")}
        say(words["register"].format(**numbers))
    _show(leaves, words, [words["old"].format(days=found.days), words[exactness]])


def _check_options(out: Path, days: int | None, lang: str) -> None:
    faults = []
    if out.suffix not in SUFFIXES:
        faults.append(
            Fault(
                f"A file cannot be written as {out.suffix or 'it is named'}.",
                "--out",
                remedy="End its name on .csv or .parquet.",
                what_nl=f"Zo'n bestand kan niet worden geschreven: {out.suffix or out.name}.",
                remedy_nl="Laat de naam eindigen op .csv of .parquet.",
            )
        )
    if days is not None and days < 1:
        faults.append(
            Fault(
                "This is no number of days.",
                "--days",
                remedy="Give one day or more.",
                what_nl="Dit is geen aantal dagen.",
                remedy_nl="Geef één dag of meer.",
            )
        )
    if lang not in ("nl", "en"):
        faults.append(no_language(lang))
    if faults:
        raise StelselError(faults)


def _not_made_up() -> Fault:
    return Fault(
        "The register holds real children, so the lists are not about made-up ones.",
        "--made-up",
        remedy="Leave it out; who may see exact numbers and entries adds --internal.",
        what_nl="Het register gaat over echte jeugdigen, dus de lijsten niet over verzonnen.",
        remedy_nl="Laat dit weg; wie exacte aantallen en inschrijvingen mag zien geeft --internal.",
    )


def _show(counts: pa.Table, words: _Words, remarks: Sequence[str]) -> None:
    rows = counts.to_pylist()
    if not rows:
        say(words["none"])
        return
    texts = [
        [
            row["provider"] or words["all"],
            row["form"] or "",
            _number(row, "entries"),
            _children(row),
            _number(row, "ask_again"),
        ]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    headings = (*words["columns"], *words["numbers"])
    lines = [
        [
            text if place < 2 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in texts
    ]
    print_table(
        [dict(zip(headings, line, strict=True)) for line in lines],
        [(one, one) for one in headings],
        title=words["title"],
    )
    for remark in (words["interval"], *remarks):
        screen.print(remark, soft_wrap=True, highlight=False)


def _number(row: Mapping[str, Any], name: str) -> str:
    """Write a number; a point where it is hidden."""
    return "." if name in row["protected"] else cell(row[name])


def _children(row: Mapping[str, Any]) -> str:
    number = _number(row, "children")
    hidden = {"children", "children_low", "children_high"} & set(row["protected"])
    if hidden or row["children_low"] == row["children_high"]:
        return number
    return f"{number} ({_number(row, 'children_low')}–{_number(row, 'children_high')})"
