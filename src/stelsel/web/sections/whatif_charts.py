"""The drawings of the what-if: differences by care form, and the lists week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from stelsel.web.charts.intervals import Dot, intervals
from stelsel.web.charts.lines import Line, Point, lines
from stelsel.web.charts.theme import BASELINE, SCENARIOS, SMALL
from stelsel.web.parts import Cell, Column, Figure, Key, Panel, Table
from stelsel.web.report import Report
from stelsel.web.run import Run, Scenario, direction
from stelsel.web.sections.shared import form_name
from stelsel.web.texts import Texts
from stelsel.web.words import capital, listed

_SIGNS = ("dot", "diamond", "square", "triangle", "cross")


Waiting = Mapping[tuple[str, str], Mapping[str, Any]]
"""Rows of the comparison of who waits, by scenario and form."""
Points = dict[tuple[str, str], list[Point]]
"""Weekly points by form and scenario."""


def figures(report: Report, run: Run, source: str, t: Texts) -> list[Figure]:
    """Draw what the run tells; nothing where it has no scenario beside the baseline."""
    waiting = {
        (row["scenario"], row["form"]): row
        for row in run.compare.to_pylist()
        if row["measure"] == "waiting" and row["difference"] is not None
    }
    found = [_differences(report, run, waiting, source, t)]
    found += [
        _weeks(report, run, one, waiting=waiting, source=source, t=t) for one in run.alternatives
    ]
    return [figure for figure in found if figure]


def colour(run: Run, scenario: Scenario) -> str:
    """Give the colour of a scenario, the same in every drawing."""
    place = run.scenarios.index(scenario)
    return SCENARIOS[(place - 1) % len(SCENARIOS)] if place else BASELINE


def _differences(report: Report, run: Run, rows: Waiting, source: str, t: Texts) -> Figure | None:
    forms = [form for form in report.forms if any(form == one for _, one in rows)]
    if not forms or not run.alternatives:
        return None
    shown = [
        (series, scenario, form, row)
        for form in forms
        for series, scenario in enumerate(run.alternatives)
        if (row := rows.get((scenario.name, form)))
    ]
    _, scenario, form, most = max(shown, key=lambda entry: abs(entry[3]["difference"]))
    day = t.day(most["period_end"])
    told = t(
        "whatif.difference_alt",
        rows="; ".join(
            t(
                "whatif.difference_alt_row",
                form=form_name(report, t, form),
                differences=", ".join(t.signed(entry[3]["difference"]) for entry in entries),
            )
            for form, entries in groupby(shown, key=lambda entry: entry[2])
        ),
    )
    wide, narrow = (
        Markup(
            intervals(
                [
                    Dot(
                        row=form_name(report, t, form),
                        series=series,
                        value=row["difference"],
                        low=row["low"],
                        high=row["high"],
                        label=t.signed(row["difference"]),
                    )
                    for series, _, form, row in shown
                ],
                colours=[colour(run, scenario) for scenario in run.alternatives],
                axis=t("page.children" if small else "whatif.difference_axis"),
                lang=t.lang,
                name=f"{t.lang}-difference-{'narrow' if small else 'wide'}",
                text=told,
                narrow=small,
                hatched=True,
                zero=True,
            )
        )
        for small in (False, True)
    )
    return Figure(
        name="whatif-difference",
        title=t(
            "whatif.difference_title",
            form=form_name(report, t, form),
            scenario=scenario.title[t.lang],
            difference=t.signed(most["difference"]),
        ),
        question=t("whatif.difference_question"),
        panels=[Panel(wide, narrow)],
        table=Table(
            t("whatif.difference_caption", day=day),
            [
                Column(t("page.form"), number=False),
                *(Column(capital(scenario.title[t.lang])) for scenario in run.alternatives),
            ],
            [
                [
                    Cell(form_name(report, t, form)),
                    *(_difference(rows.get((one.name, form)), t) for one in run.alternatives),
                ]
                for form in forms
            ],
        ),
        foot=[t("whatif.difference_unit", day=day), source],
        legend=[
            Key(colour(run, scenario), capital(scenario.title[t.lang]), sign)
            for scenario, sign in zip(run.alternatives, _SIGNS, strict=False)
        ],
    )


def _difference(row: Mapping[str, Any] | None, t: Texts) -> Cell:
    if row is None:
        return Cell(t.number(None))
    return Cell(t.signed(row["difference"]), beside=t.span(row["low"], row["high"], signs=True))


def _weeks(
    report: Report, run: Run, scenario: Scenario, *, waiting: Waiting, source: str, t: Texts
) -> Figure | None:
    """Draw the lists with and without one scenario, where it makes a clear difference."""
    pair = (run.baseline, scenario)
    points: Points = {}
    for row in run.weekly.sort_by("day").to_pylist():
        if row["measure"] == "waiting" and row["scenario"] in [one.name for one in pair]:
            points.setdefault((row["form"], row["scenario"]), []).append(
                Point(row["day"], row["value"], row["low"], row["high"])
            )
    known = [
        form
        for form in report.forms
        if all((form, one.name) in points for one in pair) and (scenario.name, form) in waiting
    ]
    if not known:
        return None
    ways = {form: direction(waiting[scenario.name, form]) for form in known}
    shorter = [form for form, way in ways.items() if way < 0]
    longer = [form for form, way in ways.items() if way > 0]
    drawn = [form for form in known if form in (*shorter, *longer)]
    if all(("all", one.name) in points for one in pair):
        drawn.insert(0, "all")
    if not drawn:
        drawn = [max(known, key=lambda form: abs(waiting[scenario.name, form]["difference"]))]
    left = [form_name(report, t, form) for form in known if form not in drawn]
    foot = [t("whatif.weekly_unit", n=t.number(run.replications)), source]
    if left:
        foot.insert(0, t("whatif.weekly_left", forms="; ".join(left)))
    return Figure(
        name=f"whatif-weekly-{run.scenarios.index(scenario)}",
        title=_weeks_title(report, scenario, shorter, longer, t),
        question=t("whatif.weekly_question"),
        panels=[_panel(report, run, form, pair=pair, points=points, t=t) for form in drawn],
        table=_quarters(report, pair, points, t),
        foot=foot,
        legend=[
            Key(colour(run, one), capital(one.title[t.lang]), "hatch", rising)
            for one, rising in zip(pair, (False, True), strict=True)
        ],
    )


def _weeks_title(
    report: Report, scenario: Scenario, shorter: Sequence[str], longer: Sequence[str], t: Texts
) -> str:
    said = []
    for key, forms in (("shorter", shorter), ("longer", longer)):
        if forms:
            where = (
                t("whatif.weekly_form", form=form_name(report, t, forms[0]))
                if len(forms) == 1
                else t("whatif.weekly_forms", n=t.number(len(forms)))
            )
            said.append(t(f"whatif.weekly_{key}", forms=where))
    finding = listed(said, t.lang) if said else t("whatif.weekly_unclear")
    return t("whatif.weekly_title", scenario=capital(scenario.title[t.lang]), finding=finding)


def _panel(
    report: Report,
    run: Run,
    form: str,
    *,
    pair: tuple[Scenario, Scenario],
    points: Points,
    t: Texts,
) -> Panel:
    name = form_name(report, t, form)
    ends = ", ".join(
        t(
            "whatif.weekly_end",
            scenario=one.title[t.lang],
            value=t.number(points[form, one.name][-1].value),
            band=t.span(points[form, one.name][-1].low, points[form, one.name][-1].high),
        )
        for one in pair
    )
    svg = lines(
        [Line(points[form, one.name], colour(run, one), simulated=True) for one in pair],
        lang=t.lang,
        name=f"{t.lang}-weekly-{run.scenarios.index(pair[1])}-{form}",
        text=t("whatif.weekly_alt", form=name, ends=ends),
        width=SMALL,
        height=170,
    )
    return Panel(svg=Markup(svg), heading=name)


def _quarters(report: Report, pair: tuple[Scenario, Scenario], points: Points, t: Texts) -> Table:
    """Give the last week of each quarter, for every form."""
    forms = [one for one in ("all", *report.forms) if any(one == form for form, _ in points)]
    rows = []
    for form in forms:
        by_scenario = [
            {(point.day.year, (point.day.month - 1) // 3): point for point in here}
            for one in pair
            if (here := points.get((form, one.name)))
        ]
        for when in sorted(set[tuple[int, int]]().union(*by_scenario)):
            here = [these[when] for these in by_scenario if when in these]
            rows.append(
                [
                    Cell(form_name(report, t, form)),
                    Cell(t.day(here[-1].day)),
                    *(
                        Cell(t.number(point.value), beside=t.span(point.low, point.high))
                        for point in here
                    ),
                ]
            )
    return Table(
        t("whatif.weekly_caption"),
        [
            Column(t("page.form"), number=False),
            Column(t("whatif.date"), number=False),
            *(Column(capital(one.title[t.lang])) for one in pair),
        ],
        rows,
    )
