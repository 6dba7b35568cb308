"""The plan file: values of one's own that differ from the baseline plan or add to it.

A YAML file with ``values``, or a CSV table with one line a value; :data:`COLUMNS` are its columns.
Both say of each number its unit, its kind and its source, and of an assumption its range. A value
of an assumed parameter goes in where the baseline is worked out, so that what is derived from it
follows; every other value takes the place of the one that was worked out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.marked import Marked, is_day, read_marked
from stelsel.tables import read_given
from stelsel.twin.plans.draws import at
from stelsel.twin.plans.labels import told
from stelsel.twin.plans.plan import Parameter, Plan, faults_of, nearest
from stelsel.twin.plans.scenario import MOST
from stelsel.twin.plans.scenario_file import KINDS

KEYS = ("name", "title", "values")
VALUE_KEYS = ("name", "value", "dated", "unit", "kind", "low", "high", "source", "source_nl")
COLUMNS = ("name", "since", "value", "unit", "kind", "low", "high", "source")
"""Columns of a plan file in CSV. Lines with one name and later days are its later values."""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Values that take the place of those of the baseline plan, or are added to it."""

    name: str = ""
    parameters: tuple[Parameter, ...] = ()

    def applied(self, plan: Plan) -> Plan:
        """Give a plan with these values."""
        return replace(
            plan, parameters=dict(plan.parameters) | {p.name: p for p in self.parameters}
        )

    def values(self) -> dict[str, float]:
        """Give the first value of each, by name: what the baseline is worked out with."""
        return {p.name: p.value for p in self.parameters}

    def at(self, draws: Mapping[str, float]) -> PlanFile:
        """Give these values as drawn, where they are."""
        moved = (at(p, draws[p.name]) if p.name in draws else p for p in self.parameters)
        return replace(self, parameters=tuple(moved))


NOTHING = PlanFile()
"""No values of one's own: the baseline plan."""


@dataclass(slots=True)
class _Row:
    """What a file says about one parameter, as it stands there, and where."""

    place: tuple[str, str]
    said: dict[str, Any]
    dated: list[tuple[Any, Any]] = field(default_factory=list)


def read_plan(file: Path, plan: Plan) -> PlanFile:
    """Read a plan file and check it against a plan.

    Parameters
    ----------
    file
        YAML, or CSV where the name ends in ``.csv``.
    plan
        The baseline plan, whose names and units it must have.

    Raises
    ------
    StelselError
        With every fault of the file and its line: what it does not know, a name that the plan
        does not know, a wrong unit, a value that cannot be, a missing source or range.
    """
    faults: list[Fault] = []
    rows = _from_csv(file) if file.suffix == ".csv" else _from_yaml(file, faults)
    made: dict[str, Parameter] = {}
    for row in rows:
        wrong = list(_faults(row, plan))
        parameter = None if wrong else _parameter(row)
        if parameter:
            wrong = [_at(fault, row) for fault in faults_of(parameter)]
            if parameter.name in made:
                wrong.append(_at(_twice(parameter.name), row))
            made[parameter.name] = parameter
        faults.extend(wrong)
    if not faults:
        faults = list(_leaving(PlanFile("", tuple(made.values())).applied(plan), file.name))
    if faults:
        raise StelselError(faults)
    return PlanFile(file.stem, tuple(made.values()))


def _from_yaml(file: Path, faults: list[Fault]) -> list[_Row]:
    read = read_marked(file)
    content = read.content
    if not isinstance(content, dict) or not isinstance(content.get("values"), list):
        raise StelselError(
            "Is not a plan file: it has no list of values.",
            where=file.name,
            remedy=f"It has the keys {', '.join(KEYS)}.",
            what_nl="Is geen planbestand: het heeft geen lijst values.",
            remedy_nl=f"Een planbestand heeft de sleutels {', '.join(KEYS)}.",
        )
    faults.extend(_unknown(read, str(key), KEYS, str(key)) for key in content if key not in KEYS)
    rows = []
    for number, item in enumerate(content["values"]):
        place = read.at("values", number)
        if not isinstance(item, dict):
            faults.append(
                Fault(
                    "Is not a value with its name, unit, kind and source.",
                    place[0],
                    what_nl="Is geen waarde met naam, eenheid, soort en bron.",
                    where_nl=place[1],
                )
            )
            continue
        faults.extend(
            _unknown(read, str(key), VALUE_KEYS, "values", number, str(key))
            for key in item
            if key not in VALUE_KEYS
        )
        dated = item.get("dated")
        listed = list(dated.items()) if isinstance(dated, dict) else []
        if ("value" in item) == bool(listed):
            faults.append(
                Fault(
                    "Must say either value or dated.",
                    place[0],
                    remedy="Write value: 55, or dated: {2021-07-01: 55, 2022-07-01: 60}.",
                    what_nl="Moet óf value óf dated noemen.",
                    where_nl=place[1],
                    remedy_nl="Schrijf value: 55, of dated: {2021-07-01: 55, 2022-07-01: 60}.",
                )
            )
            continue
        rows.append(_Row(place, item, listed or [(None, item["value"])]))
    return rows


def _from_csv(file: Path) -> list[_Row]:
    given = read_given(file, COLUMNS)
    given.refuse()
    rows: dict[str, _Row] = {}
    for line, cells in given.rows:
        anchor = (_day(cells["since"]), _value(cells["value"]))
        name = cells["name"]
        if name in rows and cells["since"]:
            rows[name].dated.append(anchor)
            continue
        said: dict[str, Any] = {key: text for key, text in cells.items() if text}
        said |= {key: _value(said[key]) for key in ("low", "high") if key in said}
        place = f"{file.name}, line {line}", f"{file.name}, regel {line}"
        key = name if name not in rows else f"{name}, line {line}"
        rows[key] = _Row(place, said, [anchor])
    return list(rows.values())


def _value(text: str) -> float | str:
    """Turn a cell into a number, with a point or, as Dutch spreadsheets write it, a comma."""
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        return text


def _day(text: str) -> date | str | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _faults(row: _Row, plan: Plan) -> Iterator[Fault]:
    """Say what is wrong with what a file says of one parameter, before it is made."""
    said = row.said
    name = str(said.get("name", ""))
    missing = [key for key in ("name", "unit", "kind", "source") if not said.get(key)]
    for key in missing:
        yield _at(Fault(f"{key} is missing.", what_nl=f"{key} ontbreekt."), row)
    if name and not known(name, plan):
        yield _at(
            Fault(
                f"The plan has no parameter {name}.",
                remedy=nearest(name, plan, "en"),
                what_nl=f"Het plan heeft geen parameter {name}.",
                remedy_nl=nearest(name, plan, "nl"),
            ),
            row,
        )
    elif name and "unit" in said and str(said["unit"]) not in (units := _units(name, plan)):
        yield _at(
            Fault(
                f"{name} is not in {said['unit']}.",
                remedy=f"Its unit is {units[0]}.",
                what_nl=f"{name} is niet in {said['unit']}.",
                remedy_nl=f"De eenheid is {units[-1]}.",
            ),
            row,
        )
    if "kind" in said and said["kind"] not in KINDS:
        yield _at(
            Fault(
                f"{said['kind']} is not a kind.",
                remedy=did_you_mean(str(said["kind"]), KINDS),
                what_nl=f"{said['kind']} is geen soort.",
                remedy_nl=did_you_mean(str(said["kind"]), KINDS, "nl"),
            ),
            row,
        )
    numbers = [("value", value) for _, value in row.dated]
    numbers += [(key, said[key]) for key in ("low", "high") if said.get(key) is not None]
    for key, number in numbers:
        if not _is_number(number):
            yield _at(Fault(f"{key} is not a number.", what_nl=f"{key} is geen getal."), row)
    days = [day for day, _ in row.dated]
    if any(not is_day(day) for day in days if len(days) > 1 or day is not None):
        yield _at(
            Fault(
                "Not every value has a day from which it holds.",
                remedy="Write days as 2022-07-01.",
                what_nl="Niet elke waarde heeft een dag vanaf wanneer zij geldt.",
                remedy_nl="Schrijf dagen als 2022-07-01.",
            ),
            row,
        )
    elif len(days) > 1 and days != sorted(set(days)):
        yield _at(
            Fault(
                "The days do not follow one another.",
                remedy="Write the earliest first, and each once.",
                what_nl="De dagen volgen niet op elkaar.",
                remedy_nl="Schrijf de vroegste eerst, en elke één keer.",
            ),
            row,
        )


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= MOST


def _parameter(row: _Row) -> Parameter:
    said = row.said
    (since, value), *later = row.dated
    low, high = said.get("low"), said.get("high")
    return Parameter(
        str(said["name"]),
        float(value),
        str(said["unit"]),
        said["kind"],
        str(said["source"]),
        None if low is None else float(low),
        None if high is None else float(high),
        str(said.get("source_nl", "")),
        since,
        tuple((day, float(number)) for day, number in later),
    )


def known(name: str, plan: Plan) -> bool:
    """Tell whether a plan has a parameter, or could have it: a known family of known members.

    Examples
    --------
    >>> from stelsel.twin import baseline
    >>> plan = baseline()
    >>> known("transfer[day-help>foster-care]", plan), known("transfer[day-help>moon]", plan)
    (True, False)
    """
    if name in plan.parameters:
        return True
    family, mark, inside = name.partition("[")
    if not mark or not name.endswith("]"):
        return False
    sizes, members = set(), set()
    for other in plan:
        if other.name.startswith(f"{family}["):
            parts = other.name[len(family) + 1 : -1].split(">")
            sizes.add(len(parts))
            members.update(parts)
    if family in _OF_SERVICES:
        members |= set(plan.family("capacity"))
    parts = inside[:-1].split(">")
    return len(parts) in sizes and all(part in members for part in parts)


_OF_SERVICES = (
    *("transfer", "second", "linked", "withdrawn", "worse", "budget", "bridged", "return"),
    *("known", "beside"),
)
"""Families of which any service may be a member, though the plan need not have it."""


def _units(name: str, plan: Plan) -> list[str]:
    """Units in which a parameter may be given: as the plan has it, as a reader does, or Dutch."""
    family = name.partition("[")[0]
    like = plan.parameters.get(name) or next(
        other for other in plan if other.name.partition("[")[0] == family
    )
    found = [like.unit, told(like, "en")[1], told(like, "nl")[1]]
    return list(dict.fromkeys(found))


def _leaving(plan: Plan, name: str) -> Iterator[Fault]:
    """Say from which services more than all move on."""
    left: dict[str, float] = {}
    for inside, share in plan.family("transfer").items():
        service = inside.partition(">")[0]
        left[service] = left.get(service, 0.0) + share
    for service, share in left.items():
        if share > 1 + 1e-9:
            yield Fault(
                f"{share:.0%} of {service} would move on.",
                name,
                remedy=f"Keep the sum of transfer[{service}>...] at 1 or less.",
                what_nl=f"{share:.0%} van {service} zou doorgaan.",
                remedy_nl=f"Houd de som van transfer[{service}>...] op ten hoogste 1.",
            )


def _twice(name: str) -> Fault:
    return Fault(f"{name} is named twice.", what_nl=f"{name} staat er twee keer in.")


def _at(fault: Fault, row: _Row) -> Fault:
    return replace(fault, where=row.place[0], where_nl=row.place[1])


def _unknown(read: Marked, key: str, keys: tuple[str, ...], *where: str | int) -> Fault:
    place = read.at(*where)
    return Fault(
        f"{key} is not known here.",
        place[0],
        remedy=did_you_mean(key, keys),
        what_nl=f"{key} is hier niet bekend.",
        where_nl=place[1],
        remedy_nl=did_you_mean(key, keys, "nl"),
    )
