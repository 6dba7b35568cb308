"""Layouts: where the fields of a file stand, as configuration.

Four layouts are shipped (``data/layout-*.yaml``); a user may give another. A layout of fixed width
maps each field to its width; one of CSV or XLSX lists the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from stelsel.deliveries.cbs.tables import PACKAGE, fields, sorts
from stelsel.errors import Fault, StelselError, did_you_mean, refused
from stelsel.tables import packaged

NAMES = ("fixed", "csv", "xlsx", "pseudonymised")
"""The shipped layouts."""
FORMATS = ("fixed", "csv", "xlsx")
HEADING = ("title", "sort", "deliverer", "period", "day")
"""What a heading may tell: a fixed text, the letters of the sort, the AGB code, the period and
the day of delivery."""
_KEYS = {"name", "format", "title", "children", "heading", "records"}
_OPTIONAL = {"separator", "encoding", "names"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    Parameters
    ----------
    name
        Its name.
    format
        ``fixed``, ``csv`` or ``xlsx``.
    title
        Text that a heading begins with, by which a file is recognised.
    keyed
        Whether children are named by pseudonyms.
    heading
        Parts of the heading with their widths, in order; empty where the file has none, and then
        who reads it has to tell. A width is 0 where the format has none.
    records
        For each sort the fields with their widths, in order.
    separator
        What stands between cells of CSV.
    encoding
        Character set of fixed width and CSV.
    names
        Whether a line with the names of CBS precedes the records (CSV and XLSX).
    """

    name: str
    format: str
    title: str
    keyed: bool
    heading: dict[str, int]
    records: dict[str, dict[str, int]]
    separator: str
    encoding: str
    names: bool


@cache
def shipped(name: str) -> Layout:
    """Give a shipped layout.

    Examples
    --------
    >>> shipped("fixed").records["cbs-placement"]["order"]
    2
    """
    return _read(packaged(PACKAGE, f"layout-{name}.yaml"))


def layout_of(name: str | Path) -> Layout:
    """Give a layout by its name, or read one from a YAML file.

    Raises
    ------
    StelselError
        When there is no such layout, or with everything that is wrong with the file.

    Examples
    --------
    >>> layout_of("csv").separator
    ';'
    """
    if str(name) in NAMES:
        return shipped(str(name))
    file = Path(name)
    if not file.is_file():
        raise StelselError(
            f"There is no layout {name}.",
            where="layout",
            remedy=f"{did_you_mean(str(name), NAMES)} Or name a YAML file.",
            what_nl=f"Er is geen indeling {name}.",
            remedy_nl=f"{did_you_mean(str(name), NAMES, 'nl')} Of noem een YAML-bestand.",
        )
    return _read(file)


def _read(file: Traversable | Path) -> Layout:
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise StelselError(
            f"The layout cannot be read: {refused(error)}.",
            where=file.name,
            what_nl=f"De indeling is niet te lezen: {refused(error, 'nl')}.",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StelselError(
            "The layout is no YAML.",
            where=file.name,
            remedy="Begin from one of the layouts that are shipped.",
            what_nl="De indeling is geen YAML.",
            remedy_nl="Begin met een van de meegeleverde indelingen.",
        ) from error
    if faults := list(_faults(found, file.name)):
        raise StelselError(faults)
    return Layout(
        name=str(found["name"]),
        format=found["format"],
        title=str(found["title"]),
        keyed=found["children"] == "pseudonym",
        heading=_widths(found["heading"]),
        records={sort: _widths(part) for sort, part in found["records"].items()},
        separator=found.get("separator", ";"),
        encoding=found.get("encoding", "ascii" if found["format"] == "fixed" else "utf-8"),
        names=found.get("names", found["format"] != "fixed"),
    )


def _widths(part: Any) -> dict[str, int]:
    return dict(part) if isinstance(part, dict) else dict.fromkeys(part or (), 0)


def _fault(file: str, what: str, what_nl: str) -> Fault:
    return Fault(
        what,
        file,
        remedy="See docs/reference/cbs.md for what a layout holds.",
        what_nl=what_nl,
        remedy_nl="Zie docs/reference/cbs.md voor wat een indeling bevat.",
    )


def _faults(found: Any, file: str) -> list[Fault]:
    """Give everything that is wrong with what a YAML file holds."""
    keys = set(found) if isinstance(found, dict) else set()
    if not keys >= _KEYS or keys - _KEYS - _OPTIONAL:
        expected = ", ".join(sorted(_KEYS))
        return [
            _fault(file, f"A layout has exactly {expected}, and if need be "
                   f"{', '.join(sorted(_OPTIONAL))}.", f"Een indeling heeft precies {expected}, "
                   f"en zo nodig {', '.join(sorted(_OPTIONAL))}.")
        ]  # fmt: skip
    faults = []
    if found["format"] not in FORMATS:
        known = ", ".join(FORMATS)
        faults.append(_fault(file, f"format is one of {known}.", f"format is een van {known}."))
    if found["children"] not in {"number", "pseudonym"}:
        faults.append(
            _fault(
                file,
                "children is number or pseudonym.",
                "children is number (nummer) of pseudonym (pseudoniem).",
            )
        )
    if found.get("names") not in {None, True, False} or (
        len(str(found.get("separator", ";"))) != 1
    ):
        faults.append(
            _fault(
                file,
                "names is true or false, separator is one character.",
                "names is true of false, separator is één teken.",
            )
        )
    parts: dict[str, tuple[Any, set[str], set[str]]] = {
        "heading": (
            found["heading"] or {},
            set(HEADING),
            set(HEADING) if found["heading"] else set(),
        )
    }
    records = found["records"] if isinstance(found["records"], dict) else {"records": None}
    for sort, part in records.items():
        if sort not in sorts():
            faults.append(_fault(file, f"There is no sort {sort}.", f"Er is geen soort {sort}."))
            continue
        known_fields = fields(sort)
        needed = {name for name, field in known_fields.items() if field.needed}
        parts[sort] = (part, set(known_fields), needed)
    for name, (part, allowed, needed) in parts.items():
        faults += _part_faults(file, name, part, allowed, needed, found["format"] == "fixed")
    return faults


def _part_faults(
    file: str, name: str, part: Any, allowed: set[str], needed: set[str], fixed: bool
) -> list[Fault]:
    widths = isinstance(part, dict) and all(
        isinstance(width, int) and not isinstance(width, bool) and width > 0
        for width in part.values()
    )
    if not (widths if fixed else isinstance(part, list | dict)):
        return [
            _fault(
                file,
                f"{name} maps each field to its width (fixed), or lists the fields.",
                f"{name} geeft elk veld zijn breedte (fixed), of somt de velden op.",
            )
        ]
    given = [str(field) for field in part]
    faults = []
    if unknown := sorted(set(given) - allowed):
        told = ", ".join(unknown)
        faults.append(
            _fault(file, f"{name} has unknown fields: {told}.",
                   f"{name} heeft onbekende velden: {told}.")
        )  # fmt: skip
    if lacking := sorted(needed - set(given)):
        told = ", ".join(lacking)
        faults.append(_fault(file, f"{name} lacks {told}.", f"{name} mist {told}."))
    if len(given) != len(set(given)):
        faults.append(_fault(file, f"{name} has a field twice.", f"{name} heeft een veld dubbel."))
    return faults
