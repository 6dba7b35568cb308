"""The whole examination: run it, and give every check with its outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from stelsel.twin.examination import checks
from stelsel.twin.examination.check import Check, percent
from stelsel.twin.examination.fit import Fitted, by_series, fit_table, offs_of
from stelsel.twin.examination.forecasts import FORECASTS
from stelsel.twin.examination.history import History, history
from stelsel.twin.runs.ensemble import ensemble
from stelsel.twin.runs.run import Run, run
from stelsel.twin.series import Measured, measure
from stelsel.twin.series.spread import Offs

FIRST, YEARS = date(2015, 1, 1), 9
"""The country is run from the first year of the Youth Act to the last year examined."""
REPLICATIONS = 20
SEEDS = tuple(range(101, 111))
"""Of runs of the plan as it is, whose middle stands beside the figures up to 2021: the plan is
asked for, not the chance of a few runs (many series are of a hundred children). Nothing was fitted
or tried out on these."""
FIT_WANTED, BEATEN_WANTED = 0.9, 2 / 3
COVERED_WANTED = (0.7, 0.9)

FORECASTS_NL = {
    "last value": "de laatste waarde",
    "straight line": "een rechte lijn",
    "exponential smoothing": "exponentieel effenen",
    "smoothing with a trend": "effenen met een trend",
}


@dataclass(frozen=True)
class Examination:
    """What came out: the checks, the fit up to 2021, the history of 2022 and 2023.

    ``fit`` holds the middle of runs of the plan as it is; ``offs`` says of each series how far the
    middle of the replications is off up to 2021.
    """

    checks: tuple[Check, ...]
    fit: tuple[Fitted, ...]
    history: History
    replications: int
    offs: Offs


Step = Callable[[Run], list[Check]]


def _steps(peers: int, keep: Path | None) -> tuple[Step, ...]:
    """Give the checks that need no published figures, each to be given a run of the country."""
    return (
        checks.books,
        lambda _: checks.queues(),
        checks.little,
        lambda _: checks.lists(),
        lambda _: checks.renewals(),
        lambda _: checks.peer_checks(replications=peers, keep=keep),
        lambda _: checks.recovery(),
        lambda _: checks.old_results(),
    )


def examine(
    replications: int = REPLICATIONS,
    workers: int | str = 1,
    keep: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    more: Sequence[Check] = (),
    peers: int = checks.PEERS,
) -> Examination:
    """Run the whole examination: a few minutes.

    Parameters
    ----------
    replications
        Runs of the country, in each of which what nobody knows is drawn anew; the first is the
        plan as it is.
    workers
        Processes for these runs, or ``dask://host:port``.
    keep
        Folder in which each run is kept as it is done; what is there is not done again.
    progress
        Called with the number of runs and other steps done and to do.
    more
        Checks of what lies above the twin: of its files, read through a register.
    peers
        Replications of each other program, at each load.
    """
    steps = _steps(peers, keep)

    def told(done: int, of: int) -> None:
        if progress:
            progress(done, of + len(SEEDS) - 1 + len(steps))

    many = ensemble(
        years=YEARS,
        replications=replications,
        first=FIRST,
        workers=workers,
        keep=keep,
        progress=told,
        figures=True,
    )
    measured = [one.figures for one in many.summaries[0] if one.figures]
    nation = run(years=YEARS, seed=SEEDS[0], first=FIRST)
    planned = [measure(nation)]
    for number, seed in enumerate(SEEDS[1:], start=1):
        planned.append(measure(run(years=YEARS, seed=seed, first=FIRST)))
        told(replications + number, replications)
    done = replications + len(planned) - 1
    found: list[Check] = []
    for number, step in enumerate(steps, start=1):
        found += step(nation)
        told(done + number, replications)
    return put_together([*found, *more], measured, planned)


def put_together(
    others: Sequence[Check], measured: Sequence[Measured], planned: Sequence[Measured]
) -> Examination:
    """Add the checks against published figures to the others.

    Parameters
    ----------
    others
        Checks that need no figures.
    measured
        Replications of the country from 2015 to 2023, what nobody knows drawn in each.
    planned
        Runs of the plan as it is over the same years, with a chance of their own each.
    """
    fit = fit_table(planned)
    past = history(measured)
    every = (*others, *_fit_checks(fit), *_history_checks(past))
    offs = offs_of(fit_table(measured))
    return Examination(every, fit, past, len(measured), offs)


def _fit_checks(fit: Sequence[Fitted]) -> list[Check]:
    lines = by_series(fit)
    near = float(np.mean([one.near for one in lines]))
    figures = float(np.mean([one.near for one in fit]))
    silent = sum(not np.isfinite(one.error) for one in lines)
    return [
        Check(
            "history",
            "Gepubliceerde reeksen tot en met 2021: minstens negen op de tien gemiddeld binnen 5 %",
            "Published series up to 2021: at least nine in ten within 5 % on average",
            f"{percent(near)[0]} van {len(lines)} reeksen; {percent(figures)[0]} van {len(fit)} "
            f"cijfers; {silent} reeksen zonder waarde van de tweeling tellen als fout",
            f"{percent(near)[1]} of {len(lines)} series; {percent(figures)[1]} of {len(fit)} "
            f"figures; {silent} series without a value of the twin count as wrong",
            near >= FIT_WANTED,
        )
    ]


def _history_checks(past: History) -> list[Check]:
    made = []
    for name in FORECASTS:
        share = past.beaten(name)
        made.append(
            Check(
                "history",
                f"2022 en 2023: kleinere fout dan {FORECASTS_NL[name]} op minstens twee derde van "
                "de reeksen",
                f"2022 and 2023: a smaller error than {name} on at least two thirds of the series",
                f"{percent(share)[0]} van {len(past.examined)} reeksen",
                f"{percent(share)[1]} of {len(past.examined)} series",
                share >= BEATEN_WANTED,
            )
        )
    held = past.coverage
    figures = sum(len(one.forecasts) for one in past.examined)
    made.append(
        Check(
            "history",
            "2022 en 2023: de 80 %-band bevat 70 tot 90 % van de cijfers",
            "2022 and 2023: the 80 % band holds 70 to 90 % of the figures",
            f"{percent(held)[0]} van {figures} cijfers",
            f"{percent(held)[1]} of {figures} figures",
            COVERED_WANTED[0] <= held <= COVERED_WANTED[1],
        )
    )
    return made


def as_rows(one: Examination) -> dict[str, list[dict[str, object]]]:
    """Give the examination as rows for JSON: ``checks``, ``fit`` and ``history``.

    A value that is not there is None, so that the JSON can be read everywhere.
    """
    return {
        "checks": [
            {
                "part": check.part,
                "asked": check.asked_en,
                "found": check.found_en,
                "outcome": check.outcome,
            }
            for check in one.checks
        ],
        "fit": [
            {
                **_named(fitted),
                "published": fitted.point.value,
                "status": fitted.point.status,
                "twin": _finite(fitted.twin),
                "error": _finite(fitted.error),
                "within_5_percent": fitted.near,
            }
            for fitted in one.fit
        ],
        "history": [
            {
                "indicator": examined.line.of.indicator,
                "breakdown": examined.line.of.breakdown,
                "shape": examined.line.shape,
                "values_up_to_2021": len(examined.line.known),
                "figures": len(examined.forecasts),
                "held": sum(forecast.held for forecast in examined.forecasts),
                "twin": examined.error(),
                **{name: examined.error(name) for name in FORECASTS},
            }
            for examined in one.history.examined
        ],
    }


def _named(one: Fitted) -> dict[str, object]:
    return {
        "indicator": one.point.of.indicator,
        "breakdown": one.point.of.breakdown,
        "unit": one.point.of.unit,
        "period_start": one.point.period.first,
        "period_end": one.point.period.last,
    }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
