"""What the trend of supervision rests on that no law sets: own choices, with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.errors import Fault, StelselError
from stelsel.monitor.indicators import Indicator, named
from stelsel.monitor.settings import Setting, read_settings
from stelsel.tables import packaged, read_table

_PACKAGE = "stelsel.monitor.supervision"


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
    return read_settings(_PACKAGE)


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
    columns = ["id", "indicator", "name_nl", "name_en", "valid_from", "valid_to"]
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
