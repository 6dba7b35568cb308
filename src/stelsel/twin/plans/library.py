"""The scenarios that come with the package, and how a scenario is named on the command line.

A name is a scenario that comes with Stelsel (``M15``) or a YAML file. ``NAME@2026-01-01`` moves
it to begin on that day, and ``NAME+NAME`` is one world with the changes of both.
"""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from stelsel.errors import StelselError
from stelsel.marked import read_marked
from stelsel.twin.plans.scenario import BASELINE, Scenario, composed
from stelsel.twin.plans.scenario_file import parse


def shipped() -> dict[str, Traversable]:
    """Give the scenario files that come with the package, by name.

    Examples
    --------
    >>> "more-ambulatory-places" in shipped()
    True
    """
    folder = files("stelsel.twin") / "scenarios"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): folder / name for name in names}


def load(name_or_file: str | Path) -> Scenario:
    """Read a scenario: a name or a file, ``NAME@DAY``, or several of these with ``+`` between.

    Raises
    ------
    StelselError
        With every fault of the file: unknown keys, missing parts, a change that does not say how
        or since when.

    Examples
    --------
    >>> load("more-ambulatory-places").changes[0].parameter
    'capacity[ambulatory]'
    >>> load("more-ambulatory-places@2026-01-01+stronger-local-teams").name
    'more-ambulatory-places@2026-01-01+stronger-local-teams'
    """
    text = str(name_or_file)
    if isinstance(name_or_file, Path) or text == BASELINE.name or _found(text):
        return _one(text)
    return composed([_moved(part) for part in text.split("+")])


def _moved(text: str) -> Scenario:
    """Read one scenario, moved in time where a day stands behind it."""
    name, mark, day = text.rpartition("@")
    if not mark or _found(text):
        return _one(text)
    try:
        since = date.fromisoformat(day)
    except ValueError:
        raise StelselError(
            f"{day} is no date.",
            where=text,
            remedy="Write the day on which it begins behind the @, such as 2026-01-01.",
            what_nl=f"{day} is geen datum.",
            remedy_nl="Schrijf achter de @ de dag waarop het begint, zoals 2026-01-01.",
        ) from None
    return _one(name).beginning(since)


def _found(text: str) -> Traversable | Path | None:
    """Give the file of a name, if there is one."""
    source: Traversable | Path = shipped().get(text) or Path(text)
    try:
        return source if source.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def _one(text: str) -> Scenario:
    if text == BASELINE.name:
        return BASELINE
    source = _found(text)
    if source is None:
        known = ", ".join(shipped())
        raise StelselError(
            "Is neither a scenario file nor the name of a scenario that comes with Stelsel.",
            where=text,
            remedy=f"Give a YAML file, or one of: {known}.",
            what_nl="Is geen scenariobestand en ook niet de naam van een scenario dat bij Stelsel "
            "hoort.",
            remedy_nl=f"Geef een YAML-bestand, of één van: {known}.",
        )
    read = read_marked(source)
    return parse(read.content, source.name, read.lines)
