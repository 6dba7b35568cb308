"""The definitions of indicators: those that come with the package, and those of a user's file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from stelsel import system
from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.marked import Marked, both, is_day, read_marked
from stelsel.monitor.fields import BY
from stelsel.monitor.indicators.definition import (
    DIRECTIONS,
    LEVELS,
    MEASURES,
    MOMENTS,
    READS,
    Break,
    Indicator,
    Selection,
)
from stelsel.system.questions import answers, questions

GROUPS = (*BY, "station", "exit")
SYSTEMS = tuple(f"Y{number:02d}" for number in range(1, 33))
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "measure": MEASURES,
    "moment": MOMENTS,
    "per_moment": MOMENTS,
    "counts": ("spells", "children"),
    "direction": DIRECTIONS,
    "reads": READS,
}
_LISTS: Mapping[str, tuple[str, ...]] = {"systems": SYSTEMS, "by": GROUPS, "levels": LEVELS}
_NUMBERS = ("days", "years", "gap", "least")
_SELECTIONS = ("of", "part", "per")
_YES = ("other", "sensitive")
_TEXTS = ("id", "source")
_BOTH = ("name", "question")
KEYS = (
    *("id", "name", "question", "systems", "measure", "moment", "of", "part", "per"),
    *("per_moment", "counts", "by", "direction", "norm", "exits", *_NUMBERS),
    *("other", "sensitive", "levels", "source", "caveats", "breaks", "reads", "companions"),
)
NEEDED = ("id", "name", "question", "systems", "measure", "of", "source")
SELECTION_KEYS = ("kinds", "stations", "questions", "forms", "exits", "referrers", "priorities")
_NEEDS = {"share": "part", "ratio": "per", "within": "norm"}
"""What a measure cannot do without."""


@cache
def known() -> tuple[Indicator, ...]:
    """Give the indicators that come with the package, in the order of their files.

    Raises
    ------
    StelselError
        With every fault of every file.

    Examples
    --------
    >>> len(known()) >= 60, known()[0].id
    (True, 'care-begun-by-referrer')
    """
    folder = files("stelsel.monitor.indicators") / "definitions"
    found: list[Indicator] = []
    faults: list[Fault] = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        try:
            found += parse(read_marked(file))
        except StelselError as error:
            faults += error.faults
    _doubled([one.id for one in found], faults)
    if faults:
        raise StelselError(faults)
    return tuple(found)


def named(name: str, among: Iterable[Indicator] | None = None) -> Indicator:
    """Give an indicator by its id.

    Raises
    ------
    StelselError
        When there is none of that name.

    Examples
    --------
    >>> named("waiting-children").systems
    ('Y03', 'Y18')
    """
    every = {one.id: one for one in (known() if among is None else among)}
    if name not in every:
        raise StelselError(
            f"There is no indicator {name}.",
            remedy=did_you_mean(name, list(every)),
            what_nl=f"Er is geen indicator {name}.",
            remedy_nl=did_you_mean(name, list(every), "nl"),
        )
    return every[name]


def read(file: Path) -> tuple[Indicator, ...]:
    """Read indicators of one's own from a YAML file: a list, each item as in the package.

    Raises
    ------
    StelselError
        With every fault of the file, each with its line; also when an id is taken.
    """
    found = parse(read_marked(file))
    faults: list[Fault] = []
    _doubled([*(one.id for one in known()), *(one.id for one in found)], faults)
    if faults:
        raise StelselError(faults)
    return found


def _doubled(names: Sequence[str], faults: list[Fault]) -> None:
    faults += [
        Fault(
            f"The indicator {name} is defined more than once.",
            remedy="Give it another id.",
            what_nl=f"De indicator {name} is meer dan eens gedefinieerd.",
            remedy_nl="Geef hem een andere id.",
        )
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def parse(file: Marked) -> tuple[Indicator, ...]:
    """Check the content of a file of indicators and make them.

    Raises
    ------
    StelselError
        With every fault, each with its line.

    Examples
    --------
    >>> from stelsel.marked import marked
    >>> one, = parse(marked('''
    ... - id: own
    ...   name: {nl: Eigen, en: Own}
    ...   question: {nl: Hoeveel jeugdigen, en: How many children}
    ...   systems: [Y02]
    ...   measure: count
    ...   of: {kinds: [care], forms: ["11"]}
    ...   source: own choice
    ... ''', "own.yaml"))
    >>> one.of.forms, len(one.of.stations)
    (('11',), 8)
    """
    if not isinstance(file.content, list):
        raise StelselError(
            "Is not a list of indicators.",
            where=file.name,
            remedy="Begin each indicator with '- id: NAME'.",
            what_nl="Is geen lijst van indicatoren.",
            remedy_nl="Begin elke indicator met '- id: NAAM'.",
        )
    faults: list[Fault] = []
    made = [_indicator(file, number, item, faults) for number, item in enumerate(file.content)]
    _doubled([one.id for one in made if one], faults)
    if faults:
        raise StelselError(faults)
    return tuple(one for one in made if one)


class _Reader:
    """Reads the keys of one indicator, and notes what is wrong with each."""

    def __init__(
        self, file: Marked, number: int, item: Mapping[str, Any], faults: list[Fault]
    ) -> None:
        self.file, self.number, self.item, self.faults = file, number, item, faults

    def fault(self, key: str, en: str, nl: str, remedy: str = "", remedy_nl: str = "") -> None:
        """Note what is wrong, with its line."""
        where, where_nl = self.file.at(self.number, *key.split("."))
        self.faults.append(
            Fault(
                en,
                where,
                remedy=remedy,
                what_nl=nl,
                where_nl=where_nl,
                remedy_nl=remedy_nl,
            )
        )

    def one_of(self, key: str, value: Any, among: Sequence[Any]) -> None:
        """Check that a value is one of those there are."""
        if value not in among:
            self.fault(
                key,
                f"There is no {value} for {key}.",
                f"{value} bestaat niet voor {key}.",
                did_you_mean(str(value), [str(one) for one in among]),
                did_you_mean(str(value), [str(one) for one in among], "nl"),
            )

    def listed(self, key: str, value: Any, among: Sequence[str]) -> tuple[str, ...]:
        """Read a list of which each item is one of those there are."""
        if not isinstance(value, list):
            self.fault(key, f"{key} is not a list.", f"{key} is geen lijst.")
            return ()
        for one in value:
            self.one_of(key, one, among)
        return tuple(str(one) for one in value)

    def selection(self, key: str) -> Selection | None:
        """Read a selection: kinds of stations or stations, and what narrows them down."""
        value = self.item[key]
        if not isinstance(value, dict) or not value.keys() & {"kinds", "stations", "questions"}:
            self.fault(
                key,
                f"{key} does not say at which kinds of stations or at which stations.",
                f"{key} zegt niet bij welke soorten haltes of welke haltes.",
                f"It has kinds or stations, and {', '.join(SELECTION_KEYS[3:])} if need be.",
                f"Noem kinds of stations, en zo nodig {', '.join(SELECTION_KEYS[3:])}.",
            )
            return None
        for name in value:
            self.one_of(key, name, SELECTION_KEYS)
        found = {
            name: self.listed(f"{key}.{name}", value[name], _among()[name])
            for name in SELECTION_KEYS
            if name in value
        }
        of_kinds = tuple(
            station.id for kind in found.get("kinds", ()) for station in system.stations(kind)
        )
        return Selection(
            (*of_kinds, *found.get("stations", ()), *found.get("questions", ())),
            *(found.get(name, ()) for name in SELECTION_KEYS[3:]),
        )


@cache
def _among() -> Mapping[str, tuple[str, ...]]:
    """Give by key of a selection what it may name."""
    every = system.stations()
    return {
        "kinds": tuple(dict.fromkeys(one.kind for one in every)),
        "stations": tuple(one.id for one in every),
        "forms": tuple(one.code for one in system.forms()),
        "questions": tuple(one.id for one in questions()),
        "exits": tuple(
            dict.fromkeys(
                [*(one.id for one in system.exits()), *(one.id for one in answers())],
            )
        ),
        "referrers": tuple(one.code for one in system.referrers()),
        "priorities": tuple(one.id for one in system.priorities()),
    }


def _indicator(file: Marked, number: int, item: Any, faults: list[Fault]) -> Indicator | None:
    """Make one indicator, or note every fault of it."""
    if not isinstance(item, dict):
        en, nl = file.at(number)
        faults.append(Fault("Is not an indicator.", en, what_nl="Is geen indicator.", where_nl=nl))
        return None
    before = len(faults)
    reader = _Reader(file, number, item, faults)
    for key in item:
        reader.one_of(str(key), key, KEYS)
    for key in NEEDED:
        if not item.get(key):
            reader.fault(key, f"It has no {key}.", f"{key} ontbreekt.")
    made = _plain(reader, item)
    for key in _BOTH:
        made[f"{key}_nl"], made[f"{key}_en"] = both(item.get(key, ""))
    pairs = [both(one) for one in item.get("caveats", [])]
    made["caveats_nl"], made["caveats_en"] = (tuple(pair[n] for pair in pairs) for n in (0, 1))
    made["breaks"] = _breaks(reader, item.get("breaks", []))
    for key in _SELECTIONS:
        if key in item:
            made[key] = reader.selection(key)
    _whole_question(reader, item)
    return Indicator(**made) if len(faults) == before else None


def _plain(reader: _Reader, item: Mapping[str, Any]) -> dict[str, Any]:
    """Read the keys that hold one value or a list of them."""
    made: dict[str, Any] = {key: str(item[key]) for key in (*_TEXTS, "norm") if key in item}
    lists = {**_LISTS, "exits": _among()["exits"]}
    for key in (one for one in item if one in lists):
        made[key] = reader.listed(key, item[key], lists[key])
    choices = {**_ONE_OF, **dict.fromkeys(_YES, (True, False))}
    for key in (one for one in item if one in choices):
        reader.one_of(key, item[key], choices[key])
        made[key] = item[key]
    for key in (one for one in _NUMBERS if one in item):
        _whole(reader, key, made)
    if "norm" in item:
        reader.one_of("norm", item["norm"], [norm.id for norm in system.norms()])
    if "companions" in item:
        made["companions"] = tuple(map(str, item["companions"]))
    return made


def _whole(reader: _Reader, key: str, made: dict[str, Any]) -> None:
    value = reader.item[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        reader.fault(
            key,
            f"{key} is not a whole number of 1 or more.",
            f"{key} is geen heel getal van 1 of meer.",
        )
    else:
        made[key] = value


def _breaks(reader: _Reader, listed: Any) -> tuple[Break, ...]:
    found = []
    for one in cast(Sequence[Any], listed):
        if not isinstance(one, dict) or not is_day(one.get("day")) or not one.get("why"):
            reader.fault(
                "breaks",
                "A break has a day (yyyy-mm-dd) and a why.",
                "Een breuk heeft een day (jjjj-mm-dd) en een why.",
            )
            continue
        found.append(Break(one["day"], *both(one["why"])))
    return tuple(found)


def _whole_question(reader: _Reader, item: Mapping[str, Any]) -> None:
    """Check that a measure has what it cannot do without."""
    needs: Callable[[str], str | None] = _NEEDS.get
    key = needs(str(item.get("measure")))
    if key and key not in item:
        reader.fault(
            "measure",
            f"The measure {item['measure']} needs {key}.",
            f"De maat {item['measure']} kan niet zonder {key}.",
        )
    of_answers = item.get("reads") == "answers"
    for key in _SELECTIONS:
        about = item.get(key)
        if isinstance(about, dict) and ("questions" in about) != of_answers:
            reader.fault(
                key,
                f"{key} does not fit what is read: answers have questions, spells have stations.",
                f"{key} past niet bij wat wordt gelezen: antwoorden horen bij vragen (questions), "
                "verblijven bij haltes.",
            )
    norm = item.get("norm")
    known_norm = norm in [one.id for one in system.norms()]
    if item.get("measure") == "within" and known_norm and system.norm(str(norm)).unit == "hours":
        reader.fault(
            "norm",
            f"The norm {norm} counts hours; spells count days.",
            f"De norm {norm} telt uren; verblijven tellen dagen.",
        )
