"""A scenario: a difference from the baseline plan. Scenarios compose, and can be moved in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from stelsel.errors import Fault, StelselError
from stelsel.twin.plans.draws import chance_of, triangle
from stelsel.twin.plans.labels import told
from stelsel.twin.plans.plan import SHARE, Fall, Kind, Parameter, Plan, Step, nearest
from stelsel.twin.plans.switches import on

GRADUAL = (
    *("capacity", "demand", "price", "wage_index", "contribution", "standing"),
    *("foster.asked", "foster.becomes", "staff.leave", "staff.hire", "staff.caseload"),
    *("staff.paperwork", "staff.ill", "secure.policy", "secure.path", "secure.replaces"),
    *("secure.suited",),
)
"""Families of parameters that the twin follows day by day, so that a change may grow."""
FOLLOWED = (
    *GRADUAL,
    *("growth", "access.solved", "referrer", "duration", "crisis", "complex"),
    *("transfer", "second", "short.share", "term", "renew", "return"),
    *("known", "known.sent"),
    *("withdrawn", "worse", "worse.to", "budget", "bridged", "bridging.effect", "lengthens"),
    *("age.limit", "age.extended", "policy.one_list", "policy.push", "policy.hand_over", "on"),
    *("foster.pipeline", "foster.network", "foster.search", "foster.choice", "foster.support"),
    *("foster.breakdown", "foster.move", "foster.leave", "foster.leave_after", "foster.idle"),
    *("staff.load", "staff.delay", "staff.train", "staff.ill_load", "staff.waiting"),
    *("staff.group", "staff.posts", "staff.return", "staff.follow", "secure.instead"),
)
"""Families that a change can reach during a run. The others only tell how a run begins or what
the plan is worked out from: to change them would do nothing, or not what it says."""
_BY_FAMILY = "capacity[foster-care]"
MOST = 1e9
"""Nothing in a plan comes near it, and whole numbers of the kernel reach twice as far."""


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter and what happens to it, with its source and a sentence for the reader.

    Parameters
    ----------
    parameter, step
        What changes, and how.
    kind
        Where the size of the effect comes from: measured, derived or assumed.
    low, high
        Range of an assumed size: in every replication but the first it is drawn from it.
    effect
        Name of the effect of which this change is a part; the changes of one effect are drawn
        together, so that a small effect is small in all of them.
    origin
        Scenario from which the change comes; kept when scenarios are composed, so that an effect
        is drawn alike alone and in company.
    """

    parameter: str
    step: Step
    kind: Kind
    source_nl: str
    source_en: str
    text_nl: str
    text_en: str
    low: float | None = None
    high: float | None = None
    effect: str = ""
    origin: str = ""

    @property
    def named(self) -> str:
        """What its size is called where assumptions are listed."""
        return f"{self.origin}: {self.effect or self.parameter}"

    @property
    def lessens(self) -> bool:
        """Whether the low end of its range is the large effect, as of a multiplier below one."""
        if self.low is None or self.high is None or self.step.how == "set":
            return False
        none = 1.0 if self.step.how == "multiply" else 0.0
        return abs(self.low - none) > abs(self.high - none)

    def drawn(self, seed: int, replication: int, *, turned: bool = False) -> Change:
        """Give this change with the size of a replication; in replication 0 it is as written.

        ``turned`` when its range runs against that of the effect of which it is a part.
        """
        if replication == 0 or self.low is None or self.high is None:
            return self
        chance = chance_of(seed, replication, self.named)
        chance = 1 - chance if turned else chance
        number = triangle(chance, self.low, self.step.number, self.high)
        return replace(self, step=replace(self.step, number=number))


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of changes to the plan; the baseline has none.

    Parameters
    ----------
    name, title_nl, title_en
        What it is called in tables and on pages.
    measure, letter
        Key of the measure (M01 to M25), and of the letter to parliament that announces it.
    changes, falls
        What happens to parameters, and which providers fall.
    target
        What it wants to reach, such as ``wait[guidance] mean <= 5 days``; empty for none.
    shows, cannot
        What it shows and what it cannot show, in Dutch and in English.
    """

    name: str
    title_nl: str
    title_en: str
    measure: str = ""
    letter: str = ""
    changes: tuple[Change, ...] = ()
    falls: tuple[Fall, ...] = ()
    target: str = ""
    shows: tuple[str, str] = ("", "")
    cannot: tuple[str, str] = ("", "")

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
            wrong = list(self._misfits(change, plan))
            faults.extend(wrong)
            if not any(fault.what != _GRADUAL_ONLY for fault in wrong):
                known.append(change)
        after = self.on(plan, known)
        for name in dict.fromkeys(change.parameter for change in known):
            faults.extend(_outcome(plan[name], after[name], f"{self.name}: {name}"))
        if faults:
            raise StelselError(faults)
        return after

    def _misfits(self, change: Change, plan: Plan) -> Iterator[Fault]:
        """Say why a change cannot be made in a plan."""
        where = f"{self.name}: {change.parameter}"
        family = change.parameter.split("[")[0]
        if change.parameter not in plan.parameters:
            yield Fault(
                "The plan has no such parameter.",
                where,
                remedy=nearest(change.parameter, plan, "en"),
                what_nl="Het plan heeft deze parameter niet.",
                remedy_nl=nearest(change.parameter, plan, "nl"),
            )
            return
        if change.parameter == _BY_FAMILY and on(plan, "foster", change.step.since).any():
            yield Fault(
                "Foster places are counted family by family, so this would do nothing.",
                where,
                remedy="Change foster.asked, foster.becomes or foster.leave.",
                what_nl="Pleegzorgplekken tellen per gezin, dus dit zou niets doen.",
                remedy_nl="Wijzig foster.asked, foster.becomes of foster.leave.",
            )
        if change.step.fully_by and family not in GRADUAL:
            yield Fault(
                _GRADUAL_ONLY,
                where,
                remedy=f"Leave out fully_by; it is for {' and '.join(GRADUAL)}.",
                what_nl="Kan alleen in één keer veranderen.",
                remedy_nl=f"Laat fully_by weg; dat is voor {' en '.join(GRADUAL)}.",
            )
        if family not in FOLLOWED:
            yield Fault(
                "Cannot be changed by a scenario.",
                where,
                remedy=f"What can be changed: {', '.join(FOLLOWED)}.",
                what_nl="Kan niet door een scenario worden veranderd.",
                remedy_nl=f"Wat wel kan: {', '.join(FOLLOWED)}.",
            )

    def on(self, plan: Plan, changes: Sequence[Change] | None = None) -> Plan:
        """Give the plan under this scenario (or some changes of it) without checking it again.

        For a plan with drawn assumptions: what fits the plan may go over its limit in a draw, and
        then stays at the limit (:meth:`stelsel.twin.plans.plan.Parameter.series`).
        """
        chosen = self.changes if changes is None else changes
        return plan.changed(((change.parameter, change.step) for change in chosen), self.falls)

    def drawn(self, seed: int, replication: int) -> Scenario:
        """Give this scenario with the sizes of its effects in a replication."""
        made = [one.drawn(seed, replication, turned=turned) for one, turned in self._turned()]
        return replace(self, changes=tuple(made))

    def sizes(self, seed: int, replication: int) -> dict[str, float]:
        """Give the sizes of its assumed effects in a replication: that of the first change."""
        found: dict[str, float] = {}
        for change in self.changes:
            if change.low is not None:
                found.setdefault(change.named, change.drawn(seed, replication).step.number)
        return found

    def _turned(self) -> Iterator[tuple[Change, bool]]:
        """Give each change, and whether its range runs against that of its effect's first change.

        Fewer requests, of which more are complex: where the one is small, so is the other.
        """
        first: dict[str, bool] = {}
        for change in self.changes:
            yield change, change.lessens != first.setdefault(change.named, change.lessens)

    def sized(self, places: Mapping[str, float]) -> Scenario:
        """Give this scenario with each effect at a place in its range, 0 for low and 1 for high.

        Low and high of its first change; others of the effect go along with it.
        """
        changes = []
        for change, turned in self._turned():
            if change.named in places and change.low is not None and change.high is not None:
                place = 1 - places[change.named] if turned else places[change.named]
                number = change.low + place * (change.high - change.low)
                changes.append(replace(change, step=replace(change.step, number=number)))
            else:
                changes.append(change)
        return replace(self, changes=tuple(changes))

    def beginning(self, day: date) -> Scenario:
        """Give this scenario moved in time, so that its first change or fall is on a day.

        What lies between its dates stays as long. One without dates stays as it is.

        Examples
        --------
        >>> step = Step(date(2022, 1, 1), "multiply", 1.1, date(2022, 12, 31))
        >>> more = Scenario("more", "Meer", "More", changes=(
        ...     Change("beds", step, "assumed", "", "", "", ""),))
        >>> later = more.beginning(date(2026, 1, 1)).changes[0].step
        >>> later.since.isoformat(), later.fully_by.isoformat()
        ('2026-01-01', '2026-12-31')
        """
        days = [change.step.since for change in self.changes] + [fall.day for fall in self.falls]
        if not days:
            return self
        by = day - min(days)
        return replace(
            self,
            name=f"{self.name}@{day.isoformat()}",
            changes=tuple(replace(change, step=_moved(change.step, by)) for change in self.changes),
            falls=tuple(replace(fall, day=fall.day + by) for fall in self.falls),
        )


_GRADUAL_ONLY = "Can change at once only."
BASELINE = Scenario("baseline", "Zoals het gaat", "As things are")
"""Nothing changes."""


def composed(scenarios: Sequence[Scenario]) -> Scenario:
    """Put scenarios together into one world: all their changes, in the order given.

    Examples
    --------
    >>> both = composed([Scenario("a", "Een", "One"), Scenario("b", "Twee", "Two")])
    >>> both.name, both.title_nl
    ('a+b', 'Een + Twee')
    """
    if len(scenarios) == 1:
        return scenarios[0]
    return Scenario(
        "+".join(one.name for one in scenarios),
        " + ".join(one.title_nl for one in scenarios),
        " + ".join(one.title_en for one in scenarios),
        "+".join(dict.fromkeys(one.measure for one in scenarios if one.measure)),
        "+".join(dict.fromkeys(one.letter for one in scenarios if one.letter)),
        tuple(change for one in scenarios for change in one.changes),
        tuple(fall for one in scenarios for fall in one.falls),
    )


def _moved(step: Step, by: timedelta) -> Step:
    return replace(step, since=step.since + by, fully_by=step.fully_by and step.fully_by + by)


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
