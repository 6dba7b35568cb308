"""The services of the twin: each one thing that children wait for and then have.

The eight forms of care, triage at the access, an assessment by Veilig Thuis, a measure of the
court, a worker of a certified institution: to the loop they are all a wait and a stay. The table
``data/services.csv`` says which, and where they stand on the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.system import forms, stations
from stelsel.tables import packaged, read_table, to_date

STAYS = ("foster-care", "family-home", "secure-care", "residential", "small-scale")
"""Services where a child lives, as far as who has a measure may come there."""
POOLS = ("region", "pooled", "country")
"""Whose places: of the region, of a larger area of regions (``data/areas.csv``), of all."""
COLUMNS = (
    *("slug", "part", "wait", "stay", "form", "pool", "capped", "measure"),
    *("name_nl", "name_en", "source"),
)


@dataclass(frozen=True, slots=True)
class Service:
    """One thing that children wait for and then have.

    ``slug`` names it in the plan (``capacity[ambulatory]``), ``part`` is the part of the twin
    it belongs to, ``wait`` and ``stay`` are stations of the map (empty where the map has none),
    ``form`` the care form it counts as, ``pool`` whose places it has (:data:`POOLS`), ``capped``
    whether its places are limited, ``measure`` whether it is a measure of the court.
    """

    slug: str
    part: str
    wait: str
    stay: str
    form: str
    pool: str
    capped: bool
    measure: bool
    name_nl: str
    name_en: str
    source: str


@cache
def services() -> tuple[Service, ...]:
    """Give the services in the order in which the loop numbers them; the care forms come first.

    Raises
    ------
    StelselError
        When the table names a station, form, pool or answer that does not exist.

    Examples
    --------
    >>> [service.slug for service in services() if service.part == "care"][:2]
    ['local-team', 'ambulatory']
    >>> number("triage")
    10
    """
    file = packaged("stelsel.twin", "services.csv")
    rows = read_table(file, COLUMNS, key=("slug",))
    allowed = {
        "wait": {"", *(station.id for station in stations())},
        "stay": {"", *(station.id for station in stations())},
        "form": {"", *(form.slug for form in forms())},
        "pool": set(POOLS),
        "capped": {"yes", "no"},
        "measure": {"yes", "no"},
    }
    faults = [
        Fault(
            f"The column {column} says what is not known: {row[column]}.",
            f"services.csv, {row['slug']}",
            what_nl=f"De kolom {column} zegt wat niet bekend is: {row[column]}.",
        )
        for row in rows
        for column, known in allowed.items()
        if row[column] not in known
    ]
    if [row["slug"] for row in rows[: len(forms())]] != [form.slug for form in forms()]:
        faults.append(
            Fault(
                "The forms of care do not come first, in their order.",
                "services.csv",
                what_nl="De hulpvormen staan niet vooraan, in hun volgorde.",
            )
        )
    if faults:
        raise StelselError(faults)
    return tuple(
        Service(
            **{name: row[name] for name in COLUMNS if name not in ("capped", "measure")},
            capped=row["capped"] == "yes",
            measure=row["measure"] == "yes",
        )
        for row in rows
    )


@cache
def number(slug: str) -> int:
    """Give the number of a service in the loop.

    Raises
    ------
    ValueError
        When there is no such service.
    """
    return [service.slug for service in services()].index(slug)


@cache
def areas(on: date) -> dict[str, str]:
    """Give the larger area of each youth region on a day.

    Examples
    --------
    >>> areas(date(2021, 1, 1))["JZ01"]
    'north'
    """
    found = {}
    columns = ("region", "area", "valid_from", "valid_to")
    for row in read_table(packaged("stelsel.twin", "areas.csv"), columns):
        since, until = to_date(row["valid_from"]), to_date(row["valid_to"])
        if (since is None or since <= on) and (until is None or on <= until):
            found[row["region"]] = row["area"]
    return found


@cache
def area_changes() -> tuple[date, ...]:
    """Give the days on which a region comes to belong to another area."""
    columns = ("region", "area", "valid_from", "valid_to")
    rows = read_table(packaged("stelsel.twin", "areas.csv"), columns)
    return tuple(sorted({day for row in rows if (day := to_date(row["valid_from"]))}))
