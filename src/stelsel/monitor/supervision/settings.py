"""What the trend of supervision rests on that no law sets: own choices, with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.monitor.indicators import Indicator, named
from stelsel.tables import packaged, read_table

_PACKAGE = "stelsel.monitor.supervision"
_HEAD = ("valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Setting:
    """One number of ``data/settings.csv``; ``kind`` is law, agreement or own choice."""

    id: str
    value: float
    unit: str
    kind: str
    name_nl: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Count:
    """One of the two counts of children who wait, by the indicator that defines it."""

    id: str
    indicator: Indicator
    name_nl: str
    name_en: str
    source: str


@cache
def settings() -> dict[str, Setting]:
    """Give the numbers by id.

    Examples
    --------
    >>> settings()["alpha"].value, settings()["alpha"].kind
    (0.05, 'own choice')
    """
    columns = ["id", "value", "unit", "kind", "name_nl", "name_en", *_HEAD]
    rows = read_table(packaged(_PACKAGE, "settings.csv"), columns, key=["id"])
    return {
        row["id"]: Setting(
            row["id"],
            float(row["value"]),
            *(row[name] for name in ("unit", "kind", "name_nl", "name_en", "source")),
        )
        for row in rows
    }


@cache
def counts() -> tuple[Count, ...]:
    """Give the two counts.

    Raises
    ------
    StelselError
        When an indicator of them does not count children who are there on a day.

    Examples
    --------
    >>> [one.id for one in counts()]
    ['protection', 'help']
    """
    columns = ["id", "indicator", "name_nl", "name_en", *_HEAD]
    found = []
    for row in read_table(packaged(_PACKAGE, "counts.csv"), columns, key=["id"]):
        one = named(row["indicator"])
        if (one.measure, one.moment, one.counts) != ("count", "there", "children"):
            raise StelselError(
                Fault(
                    f"{one.id} does not count children who are there on a day.",
                    "counts.csv",
                    what_nl=f"{one.id} telt geen jeugdigen die er op een dag zijn.",
                )
            )
        found.append(Count(row["id"], one, row["name_nl"], row["name_en"], row["source"]))
    return tuple(found)
