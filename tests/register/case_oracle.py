"""Steps of cases to spells, slowly and plainly: one case at a time, no cleverness.

The database steps of ``stelsel.register.cases`` must give the same (``test_cases``).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stelsel.system import station
from stelsel.system.regions import region_of
from stelsel.system.steps import Step, step, steps

Event = dict[str, Any]
Row = tuple[Any, ...]
IDS = [one.id for one in steps()]


@dataclass
class Fact:
    """A step that holds."""

    step: Step
    event: Event
    known: date

    @property
    def order(self) -> Row:
        e = self.event
        texts = [str(part or "") for part in (e["about"], e["child"], e["reference"])]
        return (e["about"], IDS.index(self.step.id), self.known, "/".join(texts))


def content(event: Event) -> str:
    return "/".join(str(event[name] or "") for name in ("municipality", "priority", "reason"))


def facts_of(events: list[Event]) -> list[Fact]:
    """The steps of one case that were told and not taken back since, in order."""
    rows: dict[Row, list[Event]] = defaultdict(list)
    for e in events:
        rows[e["step"], e["about"], e["child"], e["reference"]].append(e)
    facts = []
    for tellings in rows.values():
        taken_back = [e["known"] for e in tellings if e["status"] == "3"]
        standing = [
            e
            for e in tellings
            if e["status"] != "3" and all(e["known"] > day for day in taken_back)
        ]
        if standing:
            last = max(e["known"] for e in standing)
            # Told differently on one day: any rule will do, as long as it is always the same one.
            now = min((e for e in standing if e["known"] == last), key=content)
            since = min(e["known"] for e in standing if content(e) == content(now))
            facts.append(Fact(step(now["step"]), now, since))
    return sorted(facts, key=lambda fact: fact.order)


def needs_reference(name: str) -> bool:
    """Whether several can be at a station in one case, each with a reference."""
    return all("reference" in one.fields for one in steps() if one.begins == name)


@dataclass
class Open:
    """Someone at a station, from the fact that began it."""

    name: str
    which: str | None
    fact: Fact


@dataclass
class Case:
    """A case as it goes on: who is where, and the priority told last."""

    where: Row
    child: str | None
    named: date
    priority: str | None = None
    weighed: date = date.min
    here: list[Open] = field(default_factory=list)

    def spell(self, one: Open, end: date | None, exit_: str | None, *known: date) -> Row:
        first = one.fact.event
        of_child = station(one.name).subject == "child"
        last = max(one.fact.known, self.weighed, self.named if of_child else date.min, *known)
        town = first["municipality"]
        return (
            *(self.child if of_child else self.where[1], self.where, one.name, first["about"]),
            *(end, exit_, last, self.priority, town, region_of(town, on=first["about"])),
            self.where[0],
        )

    def take(self, fact: Fact) -> list[Row]:
        """Go on with one more fact: what it ends, what it begins, what it weighs."""
        about, which = fact.event["about"], fact.event["reference"] or ""
        found = []
        for name in fact.step.ends:
            for one in list(self.here):
                if one.name == name and one.which in {None, which}:
                    exit_ = fact.step.exit or fact.event["reason"] or "unknown"
                    found.append(self.spell(one, about, exit_, fact.known))
                    self.here.remove(one)
        begins = fact.step.begins
        apart = which if begins and needs_reference(begins) else None
        if begins and not any(o.name == begins and o.which == apart for o in self.here):
            self.here.append(Open(begins, apart, fact))
        if fact.event["priority"] is not None:
            self.priority, self.weighed = fact.event["priority"], fact.known
        return found


def oracle(events: list[Event]) -> list[Row]:
    """Every spell, as in COMPARED; the case for the episode."""
    cases: dict[Row, list[Event]] = defaultdict(list)
    for e in events:
        if e["kind"] == "step" and e["case"] is not None and e["step"] in IDS:
            cases[e["provider"], e["case"]].append(e)
    found: list[Row] = []
    for where, mine in cases.items():
        facts = facts_of(mine)
        naming = [f for f in facts if f.event["child"] is not None]
        child = max(naming, key=lambda f: (f.known, f.order), default=None)
        named = min(
            (f.known for f in naming if child and f.event["child"] == child.event["child"]),
            default=date.min,
        )
        told = Case(where, child.event["child"] if child else None, named)
        for fact in facts:
            found += told.take(fact)
        found += [told.spell(one, None, None) for one in told.here]
    return [row for row in found if row[0] is not None]
