"""In short: the four numbers and the few sentences for who reads no further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stelsel.web.report import Report
from stelsel.web.sections import whatif
from stelsel.web.sections.shared import dates, form_name
from stelsel.web.sections.waits import slowest
from stelsel.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its unit, what it says, and what belongs to it."""

    number: str
    unit: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The first section."""

    heading: str
    tiles: Sequence[Tile]
    sentences: Sequence[str]


def build(report: Report, t: Texts) -> Summary:
    """Word the summary."""
    total, when = report.total, dates(report, t)

    def interval(low: str, high: str) -> str:
        return t("summary.tile_interval", interval=t.span(total[low], total[high]))

    tiles = [
        Tile(
            t.number(total["waiting_children"]),
            t("page.children"),
            t("summary.tile_waiting"),
            t("summary.tile_waiting_note", as_of=when["as_of"]),
        ),
        Tile(
            t.number(total["median_days"]),
            t("page.days"),
            t("summary.tile_median"),
            interval("median_low", "median_high"),
        ),
        Tile(
            t.number(total["p80_days"]),
            t("page.days"),
            t("summary.tile_p80"),
            interval("p80_low", "p80_high"),
        ),
        Tile(
            t.number(total["completed"]),
            t("summary.unit_times"),
            t("summary.tile_started"),
            t("summary.tile_started_note", start=when["start"], end=when["end"]),
        ),
    ]
    return Summary(
        t("summary.heading"), tiles, [*_lists(report, t), *_waits(report, t), *_runs(report, t)]
    )


def _lists(report: Report, t: Texts) -> list[str]:
    total, as_of = report.total, t.day(report.as_of)
    now = total["waiting_children"]
    if now is None:
        return [t("summary.waiting_hidden", as_of=as_of)]
    said = [t.count("summary.waiting", now, as_of=as_of)]
    earlier = report.year_ago["waiting_children"] if report.year_ago else None
    if earlier is not None:
        change = now - earlier
        if change:
            said.append(t.count(f"summary.{'more' if change > 0 else 'fewer'}", abs(change)))
        else:
            said.append(t("summary.same"))
    if total["waited_days_median"] is not None:
        said.append(t("summary.waited", days=t.number(total["waited_days_median"])))
    return [" ".join(said)]


def _waits(report: Report, t: Texts) -> list[str]:
    total = report.total
    said = [
        t(
            f"summary.{key}",
            days=t.number(total[f"{key}_days"]),
            interval=t.span(total[f"{key}_low"], total[f"{key}_high"]),
        )
        for key in ("median", "p80")
        if total[f"{key}_days"] is not None
    ]
    found = [" ".join(said)] if said else []
    worst = slowest(report)
    if worst:
        found.append(
            t(
                "summary.longest",
                form=form_name(report, t, worst["form"]),
                days=t.number(worst["median_days"]),
                interval=t.span(worst["median_low"], worst["median_high"]),
            )
        )
    return found


def _runs(report: Report, t: Texts) -> list[str]:
    if report.run is None:
        return []
    return [
        t("summary.whatif", scenario=scenario.title[t.lang], effect=effects[0])
        for scenario in report.run.alternatives
        if (effects := whatif.effects(report.run, scenario, t))
    ]
