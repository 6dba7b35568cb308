"""One area beside those like it: standardised for age, with intervals, in a funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stelsel.monitor.benchmark.areas import Area
from stelsel.monitor.benchmark.funnel import LEVELS, Funnel, Place, funnel, limits, place
from stelsel.monitor.benchmark.settings import settings
from stelsel.monitor.benchmark.standard import Ages, Told, direct, expected, merged, ratio


@dataclass(frozen=True, slots=True)
class Pattern:
    """How use differs by age: what a standard counts by age band, and who lives there.

    Parameters
    ----------
    groups
        The bands, those that are taken together in one tuple.
    by_ages, living
        What the standard counts by band, and its young people; not yet taken together.
    """

    groups: tuple[tuple[str, ...], ...]
    by_ages: Mapping[str, float]
    living: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """An area and those like it.

    Parameters
    ----------
    rows
        One an area, in the order of the codes, the area that is asked about first; never in the
        order of what is counted.
    of
        The funnel; None where there are too few areas for one.
    standardised
        Whether use by age is known, so that ages could be allowed for.
    """

    rows: list[dict[str, Any]]
    of: Funnel | None
    standardised: bool


def compare(
    asked: Area,
    far: Mapping[str, float],
    counted: Mapping[str, float | None],
    living: Mapping[str, Ages],
    pattern: Pattern | None,
    cells: Mapping[str, Ages] | None = None,
    names: Mapping[str, str] | None = None,
) -> Compared:
    """Lay an area beside those like it.

    Parameters
    ----------
    asked
        The area that is asked about.
    far
        The areas beside it, with how far each is from it (:func:`stelsel.monitor.benchmark.like`).
    counted
        What is counted in each, as it may leave; None or not there where it is hidden.
    living
        The young people of each by age band.
    pattern
        How use differs by age; None where nobody knows.
    cells
        What is counted by area and age band, if exact numbers may be seen; then rates are also
        standardised directly, to the young people of all these areas together.
    names
        Names of areas by code.

    Returns
    -------
    Compared
        Of each area ``counted``, ``expected`` by age, their ``ratio`` with its interval, the
        ``rate`` per 1,000 young people that goes with it (indirectly standardised) and ``direct``,
        the limits ``low95`` to ``high998`` of the ratio, and the ``place`` in the funnel.

    Examples
    --------
    >>> from stelsel.monitor.benchmark.areas import area
    >>> towns = {"0193": {"0-9": 900}, "0150": {"0-9": 800}}
    >>> found = compare(area("0193"), {"0150": 0.2}, {"0193": 100, "0150": 70}, towns, None)
    >>> [(row["area"], round(row["ratio"], 2), row["place"]) for row in found.rows]
    [('0193', 1.11, None), ('0150', 0.88, None)]
    """
    everyone = [asked.code, *sorted(far)]
    shown = [code for code in everyone if counted.get(code) is not None]
    numbers = {code: counted[code] or 0.0 for code in shown}
    together = _summed([living[code] for code in everyone])
    # Without a pattern all ages are one band, so that what is expected says nothing of ages.
    use = pattern or Pattern((tuple(together),), together, together)
    grouped = {code: merged(living[code], use.groups) for code in everyone}
    raw = expected(grouped, merged(use.by_ages, use.groups), merged(use.living, use.groups))
    scale = sum(numbers.values()) / sum(raw[code] for code in shown) if shown else 0.0
    awaited = {code: scale * number for code, number in raw.items()}
    wanted = settings()
    of = None
    usable = [code for code in shown if awaited[code] > 0]
    if len(usable) >= wanted["least-areas"].value:
        of = funnel(
            [numbers[code] for code in usable],
            [awaited[code] for code in usable],
            wanted["winsor"].value,
        )
    per = wanted["per"].value
    mean = per * sum(numbers.values()) / max(sum(sum(living[code].values()) for code in shown), 1)
    rows = []
    for code in everyone:
        found = ratio(numbers[code], awaited[code]) if code in usable else None
        rate = Told(mean * found.value, mean * found.low, mean * found.high) if found else None
        straight = None
        if cells is not None and pattern is not None and code in usable:
            straight = direct(
                merged(cells.get(code, {}), use.groups),
                grouped[code],
                merged(together, use.groups),
                per,
            )
        rows.append(
            {
                "area": code,
                "area_name": (names or {}).get(code, code),
                "asked": code == asked.code,
                "distance": far.get(code, 0.0),
                "young_people": sum(living[code].values()),
                "counted": counted.get(code),
                "expected": awaited[code] if shown else None,
                **_parts("ratio", found),
                **_parts("rate", rate),
                **_parts("direct", straight),
                **_limits(awaited[code], of or (Funnel(0, 1.0, 0.0) if shown else None)),
                "place": _place(counted.get(code), awaited[code], of),
            }
        )
    return Compared(rows, of, pattern is not None)


def _summed(every: Sequence[Ages]) -> dict[str, float]:
    found: dict[str, float] = {}
    for ages in every:
        for band, number in ages.items():
            found[band] = found.get(band, 0) + number
    return found


def _parts(name: str, told: Told | None) -> dict[str, float | None]:
    if told is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: told.value, f"{name}_low": told.low, f"{name}_high": told.high}


def _limits(awaited: float, of: Funnel | None) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for level in LEVELS:
        low, high = limits(awaited, of, level) if of and awaited > 0 else (None, None)
        found |= {f"low{level}": low, f"high{level}": high}
    return found


def _place(counted: float | None, awaited: float, of: Funnel | None) -> Place | None:
    return None if of is None or counted is None or awaited <= 0 else place(counted, awaited, of)
