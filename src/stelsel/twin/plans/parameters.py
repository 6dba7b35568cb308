"""Read the parameters that each part of the twin brings along: ``parts/<part>/parameters.csv``.

A parameter has one row, or several with rising ``since`` (dated anchors). Of an assumed one the
range of the first row holds for the whole: drawn at twice its first value, all anchors double.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby

from stelsel.errors import Fault, StelselError
from stelsel.tables import read_table
from stelsel.twin.plans.plan import Parameter

COLUMNS = ("name", "value", "low", "high", "unit", "kind", "since", "source", "source_nl")
KINDS = ("measured", "derived", "assumed")


@cache
def of_parts() -> dict[str, Parameter]:
    """Give the parameters of all parts by name.

    Raises
    ------
    StelselError
        When a table is wrong, or two parts bring the same parameter.

    Examples
    --------
    >>> of_parts()["wait[ambulatory]"].value
    69.0
    """
    found: dict[str, Parameter] = {}
    faults = []
    parts = files("stelsel.twin") / "parts"
    for part in sorted(parts.iterdir(), key=lambda one: one.name):
        file = part / "parameters.csv"
        if not file.is_file():
            continue
        for parameter in read_parameters(file):
            if parameter.name in found:
                faults.append(
                    Fault(
                        "Two parts bring this parameter.",
                        parameter.name,
                        what_nl="Twee onderdelen brengen deze parameter mee.",
                    )
                )
            found[parameter.name] = parameter
    if faults:
        raise StelselError(faults)
    return found


def read_parameters(file: Traversable) -> list[Parameter]:
    """Read a table of parameters; rows of one name stand together, in order of ``since``.

    Raises
    ------
    StelselError
        With every fault: an unknown kind, a number or day that is none, anchors out of order.
    """
    rows = read_table(file, COLUMNS, key=("name", "since"))
    made, faults = [], []
    for name, group in groupby(rows, key=lambda row: row["name"]):
        try:
            made.append(_parameter(name, list(group)))
        except ValueError as error:
            faults.append(
                Fault(
                    f"Is no parameter: {error}.",
                    f"{file.name}, {name}",
                    what_nl=f"Is geen parameter: {error}.",
                )
            )
    if faults:
        raise StelselError(faults)
    return made


def _parameter(name: str, rows: Iterable[dict[str, str]]) -> Parameter:
    first, *later = rows
    anchors = [(date.fromisoformat(row["since"]), float(row["value"])) for row in later]
    if first["kind"] not in KINDS:
        raise ValueError(first["kind"])
    days = [day for day, _ in anchors]
    since = date.fromisoformat(first["since"]) if first["since"] else None
    if anchors and (since is None or days != sorted(set(days)) or days[0] <= since):
        raise ValueError("since")
    return Parameter(
        name=name,
        value=float(first["value"]),
        unit=first["unit"],
        kind=first["kind"],  # type: ignore[arg-type]  # checked above
        source=first["source"],
        low=float(first["low"]) if first["low"] else None,
        high=float(first["high"]) if first["high"] else None,
        source_nl=first["source_nl"],
        since=since,
        dated=tuple(anchors),
    )
