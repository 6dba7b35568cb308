"""A scenario: a difference from the baseline plan, in a file that a policy officer can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.twin.labels import told
from stelsel.twin.plan import SHARE, Kind, Parameter, Plan, Step

KEYS = ("name", "title", "measure", "letter", "changes")
CHANGE_KEYS = (
    *("parameter", "multiply", "add", "set", "since", "fully_by"),
    *("kind", "source", "text"),
)
HOWS = ("multiply", "add", "set")
GRADUAL = ("capacity", "demand")
"""Families of parameters that the twin follows day by day, so that a change may grow."""
FOLLOWED = (
    *GRADUAL,
    *("growth", "access.solved", "referrer", "duration"),
    *("withdrawn", "crisis", "complex", "transfer"),
)
"""Families that a change can reach during a run. The others only tell how a run begins or what
the plan is worked out from: to change them would do nothing, or not what it says."""
MOST = 1e9
"""Nothing in a plan comes near it, and whole numbers of the kernel reach twice as far."""


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter and what happens to it, with its source and a sentence for the reader."""

    parameter: str
    step: Step
    kind: Kind
    source_nl: str
    source_en: str
    text_nl: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of changes to the plan; the baseline has none.

    ``measure`` is the key of the measure (M01 to M25) and ``letter`` that of the letter to
    parliament that announces it, where there is one.
    """

    name: str
    title_nl: str
    title_en: str
    measure: str = ""
    letter: str = ""
    changes: tuple[Change, ...] = ()

    def applied(self, plan: Plan) -> Plan:
        """Give the plan under this scenario.

        Raises
        ------
        StelselError
            With every unknown parameter (and the nearest known) and every impossible outcome.
        """
        faults: list[Fault] = []
        known: list[Change] = []
        for change in self.changes:
            where = f"{self.name}: {change.parameter}"
            if change.parameter not in plan.parameters:
                faults.append(
                    Fault(
                        "The plan has no such parameter.",
                        where,
                        remedy=did_you_mean(change.parameter, plan.parameters),
                        what_nl="Het plan heeft deze parameter niet.",
                        remedy_nl=did_you_mean(change.parameter, plan.parameters, "nl"),
                    )
                )
                continue
            if change.step.fully_by and change.parameter.split("[")[0] not in GRADUAL:
                faults.append(
                    Fault(
                        "Can change at once only.",
                        where,
                        remedy=f"Leave out fully_by; it is for {' and '.join(GRADUAL)}.",
                        what_nl="Kan alleen in één keer veranderen.",
                        remedy_nl=f"Laat fully_by weg; dat is voor {' en '.join(GRADUAL)}.",
                    )
                )
            if change.parameter.split("[")[0] not in FOLLOWED:
                faults.append(
                    Fault(
                        "Cannot be changed by a scenario.",
                        where,
                        remedy=f"What can be changed: {', '.join(FOLLOWED)}.",
                        what_nl="Kan niet door een scenario worden veranderd.",
                        remedy_nl=f"Wat wel kan: {', '.join(FOLLOWED)}.",
                    )
                )
                continue
            known.append(change)
        after = self.on(plan, known)
        for name in dict.fromkeys(change.parameter for change in known):
            faults.extend(_outcome(plan[name], after[name], f"{self.name}: {name}"))
        if faults:
            raise StelselError(faults)
        return after

    def on(self, plan: Plan, changes: Sequence[Change] | None = None) -> Plan:
        """Give the plan under this scenario (or some changes of it) without checking it again.

        For a plan with drawn assumptions: what fits the plan may go over its limit in a draw, and
        then stays at the limit (:meth:`stelsel.twin.plan.Parameter.series`).
        """
        chosen = self.changes if changes is None else changes
        return plan.changed((change.parameter, change.step) for change in chosen)


BASELINE = Scenario("baseline", "Zoals het gaat", "As things are")
"""Nothing changes."""


def shipped() -> dict[str, Traversable]:
    """Give the scenario files that come with the package, by name.

    Examples
    --------
    >>> sorted(shipped())
    ['more-ambulatory-places', 'stronger-local-teams']
    """
    folder = files("stelsel.twin") / "data"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): folder / name for name in names}


def load(name_or_file: str | Path) -> Scenario:
    """Read a scenario: the name of a shipped one, or a YAML file.

    Raises
    ------
    StelselError
        With every fault of the file: unknown keys, missing parts, a change that does not say how
        or since when.

    Examples
    --------
    >>> load("more-ambulatory-places").changes[0].parameter
    'capacity[ambulatory]'
    """
    if str(name_or_file) == BASELINE.name:
        return BASELINE
    known = shipped()
    source: Traversable | Path = known.get(str(name_or_file)) or Path(name_or_file)
    try:
        found = source.is_file()
    except OSError:  # a name that no file can have
        found = False
    if not found:
        raise StelselError(
            "Is neither a scenario file nor the name of a scenario that comes with Stelsel.",
            where=str(name_or_file),
            remedy=f"Give a YAML file, or one of: {', '.join(known)}.",
            what_nl="Is geen scenariobestand en ook niet de naam van een scenario dat bij Stelsel "
            "hoort.",
            remedy_nl=f"Geef een YAML-bestand, of één van: {', '.join(known)}.",
        )
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: not UTF-8, or a date such as 2022-02-30; RecursionError: thousands deep.
        mark = getattr(error, "problem_mark", None)
        line, line_nl = (
            (f", line {mark.line + 1}", f", regel {mark.line + 1}") if mark else ("", "")
        )
        raise StelselError(
            "Is not valid YAML.",
            where=f"{source.name}{line}",
            what_nl="Is geen geldige YAML.",
            where_nl=f"{source.name}{line_nl}",
        ) from error
    return parse(content, source.name)


def parse(content: Any, where: str) -> Scenario:
    """Check the content of a scenario file and make the scenario.

    Raises
    ------
    StelselError
        See :func:`load`.
    """
    if not isinstance(content, dict):
        raise StelselError(
            "Is not a scenario.",
            where=where,
            remedy=f"It has the keys {', '.join(KEYS)}.",
            what_nl="Is geen scenario.",
            remedy_nl=f"Een scenario heeft de sleutels {', '.join(KEYS)}.",
        )
    faults = [_unknown(key, KEYS, where) for key in content if key not in KEYS]
    faults += [_missing(key, where) for key in ("name", "title") if key not in content]
    listed = content.get("changes", [])
    if not isinstance(listed, list):
        faults.append(Fault("changes is not a list.", where, what_nl="changes is geen lijst."))
        listed = []
    changes = []
    for number, item in enumerate(listed, start=1):
        found = _change(item)
        if isinstance(found, Change):
            changes.append(found)
        else:
            faults.extend(
                replace(
                    fault,
                    where=f"{where}, change {number}{fault.where}",
                    where_nl=f"{where}, wijziging {number}{fault.where}",
                )
                for fault in found
            )
    if faults:
        raise StelselError(faults)
    nl, en = _both(content["title"])
    return Scenario(
        str(content["name"]),
        nl,
        en,
        str(content.get("measure", "")),
        str(content.get("letter", "")),
        tuple(changes),
    )


def _change(item: Any) -> Change | list[Fault]:
    """Make a change of its part of the file, or say what is wrong; the caller knows where."""
    if not isinstance(item, dict):
        return [
            Fault(
                "Is not a change.",
                remedy=f"It has {', '.join(CHANGE_KEYS)}.",
                what_nl="Is geen wijziging.",
                remedy_nl=f"Een wijziging heeft {', '.join(CHANGE_KEYS)}.",
            )
        ]
    faults = [_unknown(key, CHANGE_KEYS) for key in item if key not in CHANGE_KEYS]
    hows = [how for how in HOWS if how in item]
    if "parameter" not in item:
        faults.append(_missing("parameter"))
    if len(hows) != 1:
        faults.append(
            Fault(
                "Must say exactly one of multiply, add and set.",
                what_nl="Moet precies één van multiply, add en set noemen.",
            )
        )
    elif not isinstance(item[hows[0]], int | float) or isinstance(item[hows[0]], bool):
        faults.append(Fault(f"{hows[0]} is not a number.", what_nl=f"{hows[0]} is geen getal."))
    elif not -MOST <= item[hows[0]] <= MOST:
        faults.append(
            Fault(
                f"{hows[0]} is too large, or infinite.",
                remedy=f"Keep it between -{MOST:g} and {MOST:g}.",
                what_nl=f"{hows[0]} is te groot, of oneindig.",
                remedy_nl=f"Houd het tussen -{MOST:g} en {MOST:g}.",
            )
        )
    if not _is_day(item.get("since")):
        faults.append(
            Fault(
                "since is not a date.",
                remedy="Write 2022-01-01.",
                what_nl="since is geen datum.",
                remedy_nl="Schrijf 2022-01-01.",
            )
        )
    fully_by = item.get("fully_by")
    if fully_by is not None and not (
        _is_day(fully_by) and _is_day(item.get("since")) and fully_by > item["since"]
    ):
        faults.append(
            Fault(
                "fully_by is not a date after since.",
                remedy="Leave it out for a change at once.",
                what_nl="fully_by is geen datum na since.",
                remedy_nl="Laat het weg voor een wijziging in één keer.",
            )
        )
    kind = item.get("kind", "assumed")
    if kind not in ("measured", "derived", "assumed"):
        faults.append(_unknown(str(kind), ("measured", "derived", "assumed"), ", kind"))
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
    nl, en = _both(item.get("text", item["parameter"]))
    step = Step(item["since"], hows[0], float(item[hows[0]]), fully_by)  # type: ignore[arg-type]
    return Change(str(item["parameter"]), step, kind, *_both(item["source"]), nl, en)


def _is_day(value: Any) -> bool:
    """Tell a day from a moment: YAML reads 2022-01-01 10:00:00 as one."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _unknown(key: str, known: tuple[str, ...], where: str = "") -> Fault:
    return Fault(
        f"{key} is not known here.",
        where,
        remedy=did_you_mean(str(key), known),
        what_nl=f"{key} is hier niet bekend.",
        remedy_nl=did_you_mean(str(key), known, "nl"),
    )


def _missing(key: str, where: str = "") -> Fault:
    return Fault(f"{key} is missing.", where, what_nl=f"{key} ontbreekt.")


def _both(text: Any) -> tuple[str, str]:
    """Give the Dutch and the English of a text: one string serves for both."""
    if isinstance(text, dict):
        nl = str(text.get("nl") or text.get("en", ""))
        return nl, str(text.get("en") or nl)
    return str(text), str(text)


def _outcome(before: Parameter, after: Parameter, where: str) -> Iterator[Fault]:
    """Say where a changed parameter becomes impossible, on any day on which it turns."""
    turns = {day for step in after.steps for day in (step.since, step.fully_by) if day}
    turns |= {day for day, _ in after.dated}
    values = [after.unlimited(day, 1)[0] for day in sorted(turns)]
    share = after.unit == SHARE
    value = next((v for v in values if not 0 <= v <= (1 if share else MOST)), None)
    if value is not None:
        limit = "between 0 and 1" if share else f"between 0 and {MOST:g}"
        limit_nl = "tussen 0 en 1" if share else f"tussen 0 en {MOST:g}"
        yield Fault(
            f"Would become {value:g} {after.unit}.",
            where,
            remedy=f"Keep it {limit}; now it is {before.value:g}.",
            what_nl=f"Zou uitkomen op {value:g} ({told(after, 'nl')[1]}).",
            remedy_nl=f"Houd het {limit_nl}; nu is het {before.value:g}.",
        )
