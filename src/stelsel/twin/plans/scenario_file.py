"""The scenario file: what it may say, and every fault of it with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.marked import Marked, Where, both, is_day
from stelsel.twin.plans.plan import Fall, Step
from stelsel.twin.plans.scenario import MOST, Change, Scenario

KEYS = (
    *("name", "title", "measure", "letter", "changes"),
    *("falls", "target", "shows", "cannot"),
)
CHANGE_KEYS = (
    *("parameter", "multiply", "add", "set", "since", "fully_by"),
    *("kind", "low", "high", "effect", "source", "text"),
)
FALL_KEYS = ("region", "service", "provider", "day", "how")
HOWS = ("multiply", "add", "set")
KINDS = ("measured", "derived", "assumed")
FALLS = ("stops-admitting", "falls")
Part = TypeVar("Part", Change, Fall)


def parse(content: Any, where: str, lines: Mapping[Where, int] | None = None) -> Scenario:
    """Check the content of a scenario file and make the scenario.

    Parameters
    ----------
    content
        What the file says.
    where
        Name of the file.
    lines
        Line of each part of it, where it is known (:func:`stelsel.marked.read_marked`).

    Raises
    ------
    StelselError
        See :func:`stelsel.twin.plans.library.load`.
    """
    file = Marked(where, content, lines or {})
    if not isinstance(content, dict):
        raise StelselError(
            "Is not a scenario.",
            where=where,
            remedy=f"It has the keys {', '.join(KEYS)}.",
            what_nl="Is geen scenario.",
            remedy_nl=f"Een scenario heeft de sleutels {', '.join(KEYS)}.",
        )
    faults = [
        _placed(_unknown(str(key), KEYS), file.at(str(key)))
        for key in content
        if str(key) not in KEYS
    ]
    faults += [_placed(_missing(key), file.at()) for key in ("name", "title") if key not in content]
    name = str(content.get("name", ""))
    changes = _listed(file, "changes", ("change", "wijziging"), _change, faults)
    falls = _listed(file, "falls", ("fall", "uitval"), _fall, faults)
    if faults:
        raise StelselError(faults)
    nl, en = both(content["title"])
    return Scenario(
        name,
        nl,
        en,
        str(content.get("measure", "")),
        str(content.get("letter", "")),
        tuple(replace(change, origin=name) for change in changes),
        tuple(falls),
        str(content.get("target", "")),
        both(content.get("shows", "")),
        both(content.get("cannot", "")),
    )


def _listed(
    file: Marked,
    key: str,
    words: tuple[str, str],
    make: Callable[[Any], tuple[Part, ...] | list[Fault]],
    faults: list[Fault],
) -> list[Part]:
    """Make the parts of a list, or add what is wrong with them to the faults."""
    listed = file.content.get(key, [])
    if not isinstance(listed, list):
        fault = Fault(f"{key} is not a list.", what_nl=f"{key} is geen lijst.")
        faults.append(_placed(fault, file.at(key)))
        return []
    made: list[Part] = []
    for number, item in enumerate(listed):
        part = make(item)
        if not isinstance(part, list):
            made.extend(part)
            continue
        for fault in part:
            en, nl = file.at(key, number, fault.where)
            place = f"{en}, {words[0]} {number + 1}", f"{nl}, {words[1]} {number + 1}"
            faults.append(_placed(fault, place))
    return made


def _placed(fault: Fault, place: tuple[str, str]) -> Fault:
    return replace(fault, where=place[0], where_nl=place[1])


def _change(item: Any) -> tuple[Change, ...] | list[Fault]:
    """Make the changes of one part of the file, one for each parameter that it names.

    Or say what is wrong; the fault's place is the key.
    """
    if not isinstance(item, dict):
        return [
            Fault(
                "Is not a change.",
                remedy=f"It has {', '.join(CHANGE_KEYS)}.",
                what_nl="Is geen wijziging.",
                remedy_nl=f"Een wijziging heeft {', '.join(CHANGE_KEYS)}.",
            )
        ]
    faults = [_unknown(str(key), CHANGE_KEYS) for key in item if key not in CHANGE_KEYS]
    names = item.get("parameter")
    if not names or not isinstance(names, str | list):
        faults.append(_missing("parameter"))
    hows = [how for how in HOWS if how in item]
    if len(hows) != 1:
        faults.append(
            Fault(
                "Must say exactly one of multiply, add and set.",
                what_nl="Moet precies één van multiply, add en set noemen.",
            )
        )
    faults += [
        fault for key in (*hows, "low", "high") if key in item for fault in _number(item, key)
    ]
    if not is_day(item.get("since")):
        faults.append(_no_day("since"))
    fully_by = item.get("fully_by")
    if fully_by is not None and not (
        is_day(fully_by) and is_day(item.get("since")) and fully_by > item["since"]
    ):
        faults.append(
            Fault(
                "fully_by is not a date after since.",
                "fully_by",
                remedy="Leave it out for a change at once.",
                what_nl="fully_by is geen datum na since.",
                remedy_nl="Laat het weg voor een wijziging in één keer.",
            )
        )
    kind = item.get("kind", "assumed")
    if kind not in KINDS:
        faults.append(replace(_unknown(str(kind), KINDS), where="kind"))
    if not item.get("source"):
        faults.append(
            replace(
                _missing("source"),
                remedy="Say why this size.",
                remedy_nl="Vertel waarom het zo groot is.",
            )
        )
    if faults:
        return faults
    number, low, high = float(item[hows[0]]), item.get("low"), item.get("high")
    if low is not None or high is not None:
        if low is None or high is None or not low <= number <= high:
            return [_no_range(hows[0])]
        low, high = float(low), float(high)
    listed = [str(name) for name in names] if isinstance(names, list) else [str(names)]
    nl, en = both(item.get("text", ", ".join(listed)))
    step = Step(item["since"], hows[0], number, fully_by)  # type: ignore[arg-type]
    source = both(item["source"])
    effect = str(item.get("effect", "")) or listed[0]
    return tuple(Change(name, step, kind, *source, nl, en, low, high, effect) for name in listed)


def _number(item: dict[Any, Any], key: str) -> list[Fault]:
    """Say why what a key says is no number that can be."""
    value = item[key]
    if not isinstance(value, int | float) or isinstance(value, bool):
        return [Fault(f"{key} is not a number.", key, what_nl=f"{key} is geen getal.")]
    if not -MOST <= value <= MOST:
        return [
            Fault(
                f"{key} is too large, or infinite.",
                key,
                remedy=f"Keep it between -{MOST:g} and {MOST:g}.",
                what_nl=f"{key} is te groot, of oneindig.",
                remedy_nl=f"Houd het tussen -{MOST:g} en {MOST:g}.",
            )
        ]
    return []


def _fall(item: Any) -> tuple[Fall] | list[Fault]:
    """Make a fall of its part of the file, or say what is wrong."""
    if not isinstance(item, dict):
        return [
            Fault(
                "Is not a fall of a provider.",
                remedy=f"It has {', '.join(FALL_KEYS)}.",
                what_nl="Is geen uitval van een aanbieder.",
                remedy_nl=f"Een uitval heeft {', '.join(FALL_KEYS)}.",
            )
        ]
    faults = [_unknown(str(key), FALL_KEYS) for key in item if key not in FALL_KEYS]
    faults += [_missing(key) for key in ("region", "service") if not item.get(key)]
    provider = item.get("provider", 1)
    if not isinstance(provider, int) or isinstance(provider, bool) or provider < 1:
        faults.append(
            Fault(
                "provider is not a number from 1.",
                "provider",
                remedy="1 is the largest provider of the service in the region.",
                what_nl="provider is geen getal vanaf 1.",
                remedy_nl="1 is de grootste aanbieder van de dienst in de regio.",
            )
        )
    if not is_day(item.get("day")):
        faults.append(_no_day("day"))
    how = item.get("how", "falls")
    if how not in FALLS:
        faults.append(replace(_unknown(str(how), FALLS), where="how"))
    if faults:
        return faults
    return (Fall(str(item["region"]), str(item["service"]), provider, item["day"], how),)


def _no_range(how: str) -> Fault:
    return Fault(
        f"The range does not hold {how}.",
        how,
        remedy=f"Give low and high with low <= {how} <= high, or neither.",
        what_nl=f"Het bereik bevat {how} niet.",
        remedy_nl=f"Geef low en high met low <= {how} <= high, of geen van beide.",
    )


def _no_day(key: str) -> Fault:
    return Fault(
        f"{key} is not a date.",
        key,
        remedy="Write 2022-01-01.",
        what_nl=f"{key} is geen datum.",
        remedy_nl="Schrijf 2022-01-01.",
    )


def _unknown(key: str, known: tuple[str, ...]) -> Fault:
    return Fault(
        f"{key} is not known here.",
        key,
        remedy=did_you_mean(key, known),
        what_nl=f"{key} is hier niet bekend.",
        remedy_nl=did_you_mean(key, known, "nl"),
    )


def _missing(key: str) -> Fault:
    return Fault(f"{key} is missing.", key, what_nl=f"{key} ontbreekt.")
