"""Where the numbers come from: origin, what the words mean, what is uncertain, the assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stelsel.monitor.fields import field
from stelsel.web.parts import Cell, Column, Table
from stelsel.web.report import Report
from stelsel.web.run import Parameter, Run
from stelsel.web.texts import Texts
from stelsel.web.words import HIDDEN, capital

_WIDEST = 10
"""So many assumptions stand on the page; the others are one key away."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The last section."""

    heading: str
    origin_heading: str
    origin: Sequence[str]
    uncertain_heading: str
    uncertain: Sequence[str]
    definitions_heading: str
    definitions: Sequence[tuple[str, str]]
    plan_heading: str
    plan_note: str
    widest: Table | None
    rest: Table | None


def build(report: Report, t: Texts) -> Sources:
    """Word the section."""
    run = report.run
    widest, rest = _sorted(run) if run else ([], [])
    uncertain = ["national", "before", "safety", "late", *(["run"] if run else [])]
    return Sources(
        heading=t("sources.heading"),
        origin_heading=t("sources.origin"),
        origin=_origin(report, t),
        uncertain_heading=t("sources.uncertain"),
        uncertain=[t(f"sources.uncertain_{one}") for one in uncertain],
        definitions_heading=t("sources.definitions"),
        definitions=_definitions(report, t),
        plan_heading=_plan_heading(run, t) if run else "",
        plan_note=t("sources.plan_note_text"),
        widest=_plan(widest, "sources.plan_widest", t),
        rest=_plan(rest, "sources.plan_rest", t),
    )


def _origin(report: Report, t: Texts) -> list[str]:
    said = [
        t("sources.origin_register", as_of=t.day(report.as_of), known_on=t.day(report.known_on))
    ]
    if report.made_up:
        said.append(t("sources.origin_made_up"))
    if report.run:
        run = report.run
        said.append(
            t(
                "sources.origin_run",
                version=run.version,
                seed=str(run.seed),
                n=t.number(run.replications),
            )
        )
    return said


def _definitions(report: Report, t: Texts) -> list[tuple[str, str]]:
    def own(term: str, **values: str) -> tuple[str, str]:
        return t(f"sources.term_{term}"), t(f"sources.term_{term}_text", **values)

    def monitor(name: str, heading: str) -> tuple[str, str]:
        one = field(name)
        return t(heading), one.definition_nl if t.lang == "nl" else one.definition_en

    total = report.total
    said = [
        own("wait"),
        monitor("waiting_children", "lists.waiting"),
        monitor("waited_days_median", "lists.waited"),
        monitor("median_days", "sources.term_half"),
        own("interval"),
        own(
            "negative",
            negative=t.number(total["negative"]),
            completed=t.number(total["completed"]),
        ),
        own("hidden"),
    ]
    return [*said, own("band")] if report.run else said


def _plan_heading(run: Run, t: Texts) -> str:
    counts = {
        kind: t.number(sum(one.kind == kind for one in run.plan))
        for kind in ("assumed", "derived", "measured")
    }
    return t("sources.plan_title", **counts)


def _sorted(run: Run) -> tuple[list[Parameter], list[Parameter]]:
    """Part the widest assumptions from the rest of the plan, each the widest first."""
    every = sorted(run.plan, key=lambda one: (one.kind != "assumed", -one.width, one.name))
    widest = [one for one in every if one.kind == "assumed"][:_WIDEST]
    return widest, [one for one in every if one not in widest]


def _plan(chosen: Sequence[Parameter], caption: str, t: Texts) -> Table | None:
    if not chosen:
        return None
    return Table(
        t(caption),
        [
            Column(t("sources.plan_parameter"), number=False),
            Column(t("sources.plan_value")),
            Column(t("sources.plan_range")),
            Column(t("sources.plan_width")),
            Column(t("sources.plan_unit"), number=False),
            Column(t("sources.plan_kind"), number=False),
            Column(t("sources.plan_source"), number=False),
        ],
        [_parameter(one, t) for one in chosen],
    )


def _parameter(one: Parameter, t: Texts) -> list[Cell]:
    decimals = max(
        _decimals(value) for value in (one.value, one.low, one.high) if value is not None
    )
    return [
        Cell(
            capital(one.label[t.lang]),
            beside=t("sources.plan_since", day=t.day(one.since)) if one.since else "",
        ),
        Cell(t.number(one.value, decimals)),
        Cell(t.span(one.low, one.high, decimals=decimals)),
        Cell(t.number(100 * one.width) if 0 < one.width < float("inf") else HIDDEN),
        Cell(one.unit[t.lang]),
        Cell(t(f"whatif.kind_{one.kind}")),
        Cell(one.source[t.lang]),
    ]


def _decimals(value: float) -> int:
    """How many decimals, at most six, keep three figures of a value.

    Examples
    --------
    >>> [_decimals(value) for value in (0.0, 1234.5, 12.34, 1.5, 0.0205, 3)]
    [0, 0, 1, 1, 4, 0]
    """
    kept = float(f"{value:.3g}")
    return next((n for n in range(6) if round(value, n) == kept or abs(value) >= 1000), 6)
