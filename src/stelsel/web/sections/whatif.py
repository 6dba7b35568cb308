"""What if: what each scenario changes, what that does, and the numbers beside the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stelsel.web.letters import letter_name
from stelsel.web.parts import Cell, Column, Figure, Table
from stelsel.web.report import Report
from stelsel.web.run import Run, Scenario, direction
from stelsel.web.sections import whatif_charts
from stelsel.web.sections.shared import form_name, region_name
from stelsel.web.texts import Texts
from stelsel.web.words import HIDDEN, capital, listed

_PAIRS = (("waiting", "wait_days"), ("started", "in_care"))


@dataclass(frozen=True, slots=True)
class Card:
    """A scenario in words; of each change the text, its kind and its source."""

    title: str
    note: str
    changes: Sequence[tuple[str, str, str]]
    effects: Sequence[str]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The section of the scenarios."""

    heading: str
    intro: str
    warnings: Sequence[str]
    changes_heading: str
    effects_heading: str
    cards: Sequence[Card]
    figures: Sequence[Figure]
    tables_heading: str
    tables_intro: str
    tables: Sequence[Table]
    foot: Sequence[str]


def build(report: Report, t: Texts) -> WhatIf | None:
    """Word and draw the section; None where there is no run."""
    run = report.run
    if run is None:
        return None
    warnings = []
    if set(report.regions) != {run.region}:
        lists = region_name(report, t)
        warnings.append(t("whatif.other_region", lists=lists, run=run.region_name))
    if run.replications < 2:
        warnings.append(t("whatif.one_replication"))
    said = source(run, t)
    return WhatIf(
        heading=t("whatif.heading"),
        intro=t(
            "whatif.intro",
            region=run.region_name,
            start=t.day(run.start),
            end=t.day(run.end),
            n=t.number(run.replications),
        ),
        warnings=warnings,
        changes_heading=t("whatif.changes"),
        effects_heading=t("whatif.effect"),
        cards=[_card(run, scenario, t) for scenario in run.alternatives],
        figures=whatif_charts.figures(report, run, said, t),
        tables_heading=t("whatif.compare_title"),
        tables_intro=t("whatif.compare_intro"),
        tables=[
            table
            for scenario in run.alternatives
            for pair in _PAIRS
            if (table := _table(report, run, scenario, pair, t))
        ],
        foot=[t("whatif.waits_in_run"), said],
    )


def source(run: Run, t: Texts) -> str:
    """Say which run the numbers come from."""
    return t(
        "whatif.source",
        version=run.version,
        n=t.number(run.replications),
        seed=str(run.seed),
        sources=t("sources.heading"),
    )


def effects(run: Run, scenario: Scenario, t: Texts) -> list[str]:
    """Say what a scenario does to all forms together, as far as the run tells.

    A band that holds zero is said to be no clear difference.
    """
    rows = {
        row["measure"]: row
        for row in run.compare.to_pylist()
        if row["scenario"] == scenario.name
        and row["form"] == "all"
        and row["difference"] is not None
    }
    said = []
    if row := rows.get("waiting"):
        day = t.day(row["period_end"])
        way = direction(row)
        if way:
            said.append(t(f"whatif.{'fewer' if way < 0 else 'more'}", day=day, **_sizes(row, t)))
        else:
            said.append(
                t(
                    "whatif.unclear",
                    day=day,
                    difference=t.signed(row["difference"]),
                    band=t.span(row["low"], row["high"], signs=True),
                )
            )
    if (row := rows.get("wait_days")) and (way := direction(row)):
        said.append(t(f"whatif.{'shorter' if way < 0 else 'longer'}", **_sizes(row, t, 1)))
    return said


def _sizes(row: Mapping[str, Any], t: Texts, decimals: int = 0) -> dict[str, str]:
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    return {
        "n": t.number(abs(row["difference"]), decimals),
        "low": t.number(low, decimals),
        "high": t.number(high, decimals),
    }


def _card(run: Run, scenario: Scenario, t: Texts) -> Card:
    named = []
    if scenario.measure:
        named.append(t("whatif.measure", measure=scenario.measure))
    if scenario.letter:
        named.append(t("whatif.letter", letter=letter_name(scenario.letter, t)))
    return Card(
        title=capital(scenario.title[t.lang]),
        note=", ".join(named),
        changes=[
            (
                change.text[t.lang],
                t("whatif.change_note", kind=t(f"whatif.kind_{change.kind or 'assumed'}")),
                change.source[t.lang] or HIDDEN,
            )
            for change in scenario.changes
        ],
        effects=effects(run, scenario, t),
    )


def _table(
    report: Report, run: Run, scenario: Scenario, pair: tuple[str, str], t: Texts
) -> Table | None:
    found = {
        (row["form"], row["measure"]): row
        for row in run.compare.to_pylist()
        if row["scenario"] == scenario.name and row["measure"] in pair
    }
    if not found:
        return None
    headings = {}
    for measure in pair:
        one = next((row for (_, this), row in found.items() if this == measure), None)
        if one:
            start, end = t.day(one["period_start"]), t.day(one["period_end"])
            headings[measure] = t(f"whatif.measure_{measure}", start=start, end=end)
    columns = [Column(t("page.form"), number=False)]
    for heading in headings.values():
        columns += [
            Column(t("whatif.without"), group=heading),
            Column(t("whatif.with"), group=heading),
            Column(t("whatif.difference"), group=heading),
        ]
    forms = [form for form in (*report.forms, "all") if any(form == one for one, _ in found)]
    rows = []
    for form in forms:
        row = [Cell(form_name(report, t, form))]
        for measure in headings:
            row += _cells(found.get((form, measure)), 1 if measure == "wait_days" else 0, t)
        rows.append(row)
    names = [t(f"whatif.short_{measure}") for measure in headings]
    return Table(
        caption=t(
            "whatif.compare_caption",
            scenario=capital(scenario.title[t.lang]),
            measures=listed(names, t.lang),
        ),
        columns=columns,
        rows=rows,
        totals=1 if forms[-1] == "all" else 0,
    )


def _cells(row: Mapping[str, Any] | None, decimals: int, t: Texts) -> list[Cell]:
    if row is None:
        return [Cell(HIDDEN)] * 3
    return [
        Cell(t.number(row["baseline"], decimals)),
        Cell(t.number(row["value"], decimals)),
        Cell(
            t.signed(row["difference"], decimals),
            beside=t.span(row["low"], row["high"], signs=True, decimals=decimals),
        ),
    ]
