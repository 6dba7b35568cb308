"""The command ``spells``: the spells of a register as they are, in a file for internal use."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stelsel.cli.options import KNOWN_ON, LANG, REGISTER, looking
from stelsel.cli.output import print_json, print_table, say
from stelsel.errors import Fault, StelselError, did_you_mean, refused

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS: Final = (".parquet", ".csv")
"""What the name of the file may end with."""
_WORDS: Final = {
    "nl": {
        "station": "Station",
        "rows": "Verblijven",
        "children": "Jeugdigen",
        "all": "Samen",
        "written": "Geschreven: {file}.",
        "secret": "INTERN: verblijven van echte jeugdigen, elk met een pseudoniem. Alleen u kunt "
        "het bestand lezen; deze inzage is vastgelegd.",
    },
    "en": {
        "station": "Station",
        "rows": "Spells",
        "children": "Children",
        "all": "Together",
        "written": "Written: {file}.",
        "secret": "INTERNAL: spells of real children, each with a pseudonym. Only you can read "
        "the file; this look has been logged.",
    },
}


def spells(
    *,
    register: REGISTER,
    out: Annotated[Path, typer.Option(help="Bestand dat wordt geschreven: .parquet of .csv.")],
    station: Annotated[
        list[str] | None,
        typer.Option(
            help="Alleen dit station van de kaart, zoals wait-ambulatory; mag vaker.",
            show_default=False,
        ),
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="Alleen wie er op jjjj-mm-dd was; zonder: alle verblijven.")
    ] = "",
    known_on: KNOWN_ON = "",
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Nodig bij echte kinderen: het bestand is voor wie dat mag zien; inzage wordt "
            "vastgelegd.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Eén JSON-object: file, rows, children, stations.")
    ] = False,
    lang: LANG = "nl",
) -> None:
    """Schrijf de verblijven van een register in een bestand (write the spells of a register).

    Een regel is een verblijf van een jeugdige op een station: een wachttijd, hulp, een maatregel.
    """
    wanted = station or []
    looked, known, lang = looking(
        as_of=as_of, known_on=known_on, lang=lang, faults=_faults(wanted, out)
    )

    from stelsel.register import Register
    from stelsel.register.access import log_access

    kept = Register.open(register)
    real = not kept.made_up
    if real and not internal:
        raise StelselError(_not_internal())
    found = _those(kept.spells(known_on=known), wanted, looked)
    if real:
        asked = {"station": wanted, "as_of": looked, "known_on": known, "rows": found.num_rows}
        log_access(register, "spells", about=_counts(found)["children"], asked=asked)
    _write(found, out, private=real)
    told = {
        "file": str(out),
        **_counts(found),
        "as_of": looked,
        "known_on": known,
        "made_up": not real,
        "stations": {name: _counts(part) for name, part in _by_station(found)},
    }
    if as_json:
        print_json(told)
        return
    _show(told, _WORDS[lang])
    if real:
        say(_WORDS[lang]["secret"])


def _faults(wanted: Sequence[str], out: Path) -> list[Fault]:
    """Tell what is wrong with the stations and the file."""
    from stelsel.system import stations

    known = [one.id for one in stations()]
    faults = [
        Fault(
            f"There is no station {name}.",
            "--station",
            remedy=did_you_mean(name, known),
            what_nl=f"Er is geen station {name}.",
            remedy_nl=did_you_mean(name, known, "nl"),
        )
        for name in wanted
        if name not in known
    ]
    if out.suffix.lower() not in ENDINGS:
        faults.append(
            Fault(
                f"A file {out.name} cannot be written.",
                "--out",
                remedy=f"Let its name end with {' or '.join(ENDINGS)}.",
                what_nl=f"Een bestand {out.name} kan niet worden geschreven.",
                remedy_nl=f"Laat de naam eindigen op {' of '.join(ENDINGS)}.",
            )
        )
    return faults


def _not_internal() -> Fault:
    return Fault(
        "The register holds real children, and spells are about one child each.",
        "--internal",
        rule="What leaves is counted and protected; single rows stay inside.",
        remedy="Add --internal if you may see them; that is written in the access log. For "
        "numbers that may leave there is stelsel indicators.",
        what_nl="Het register gaat over echte jeugdigen, en een verblijf over één van hen.",
        rule_nl="Wat naar buiten gaat is geteld en beschermd; losse regels blijven binnen.",
        remedy_nl="Voeg --internal toe als u ze mag zien; dat komt in het inzagelogboek. Voor "
        "aantallen die naar buiten mogen is er stelsel indicators.",
    )


def _those(spells: pa.Table, wanted: Sequence[str], looked: date | None) -> pa.Table:
    """Keep the spells at the stations that are asked for, and those that cover the day."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if wanted:
        spells = spells.filter(pc.is_in(spells["station"], pa.array(wanted, pa.string())))
    if looked is not None:
        day = pa.scalar(looked, pa.date32())
        there = pc.or_kleene(pc.is_null(spells["end"]), pc.greater(spells["end"], day))
        spells = spells.filter(pc.and_(pc.less_equal(spells["start"], day), there))
    return spells


def _write(spells: pa.Table, out: Path, *, private: bool) -> None:
    """Write the file in one go, readable for its owner only where the children are real."""
    import pyarrow.parquet as pq
    from pyarrow import csv

    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    mode = 0o600 if private else 0o666
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            if out.suffix.lower() == ".csv":
                csv.write_csv(spells, file, csv.WriteOptions(quoting_style="needed"))
            else:
                pq.write_table(spells, file, compression="zstd")
        beside.replace(out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StelselError(
            f"The file cannot be written: {refused(error)}.",
            where=str(out),
            remedy="Name a file in a folder that exists and that you may write in.",
            what_nl=f"Het bestand kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Noem een bestand in een map die bestaat en waarin u mag schrijven.",
        ) from error


def _by_station(spells: pa.Table) -> list[tuple[str, pa.Table]]:
    import pyarrow.compute as pc

    names = sorted(set(spells["station"].to_pylist()))
    return [(name, spells.filter(pc.equal(spells["station"], name))) for name in names]


def _counts(spells: pa.Table) -> dict[str, int]:
    return {"rows": spells.num_rows, "children": len(set(spells["child"].to_pylist()))}


def _show(told: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Print how many spells there are at each station."""
    rows = [{"station": name, **counts} for name, counts in told["stations"].items()]
    rows.append({"station": words["all"], "rows": told["rows"], "children": told["children"]})
    print_table(rows, [(name, words[name]) for name in ("station", "rows", "children")])
    say(words["written"].format(file=told["file"]))
