"""Which assumption matters most? Every assumption is moved through its range, and runs say.

Morris' elementary effects rank many assumptions with few runs; Sobol's indices say which share of
the variance each has, alone and together with others, and take many. Both are SALib's (Herman and
Usher, "SALib: an open-source Python library for sensitivity analysis", JOSS 2017). All runs have
the same chance, so what differs comes from the assumptions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from stelsel.errors import StelselError
from stelsel.twin.plans.scenario import BASELINE
from stelsel.twin.questions.asking import Asking
from stelsel.twin.questions.quantity import Quantity
from stelsel.twin.runs.run import length
from stelsel.twin.runs.task import given_plan

Numbers = npt.NDArray[np.float64]
Method = Literal["morris", "sobol"]

LEVELS = 4
"""Levels of the grid on which Morris' method steps."""
SHOCK = re.compile(r"shock\[.*,(\d{4})\]")


@dataclass(frozen=True)
class Sensed:
    """What each assumption does to a quantity, the largest first.

    ``rows`` have ``assumption`` and, by method, ``effect`` (Morris' mean absolute effect over the
    whole range, in units of the quantity) with ``spread``, or ``alone`` and ``together`` (Sobol's
    first and total index); each with ``error`` (half a 95 % interval).
    """

    quantity: Quantity
    method: Method
    runs: int
    rows: tuple[dict[str, Any], ...]


def assumptions(asking: Asking, chosen: Sequence[str] = ()) -> list[str]:
    """Name the assumptions that a question can move: of the plan, and effects of its scenario.

    Parameters
    ----------
    asking
        Place, period and world.
    chosen
        Only these parameters, or families (``wait``), or effects; all if left out.

    Raises
    ------
    StelselError
        When one that is chosen is not there.

    Examples
    --------
    >>> len(assumptions(Asking("JZ15", 1), ["wait"])) >= 8
    True
    """
    last = asking.first.year + length(asking.first, asking.years) // 365
    every = [
        p.name
        for p in given_plan(asking.given).assumed()
        if p.low is not None
        and p.high is not None
        and p.low < p.high
        # What happens to the trend after the run does not matter to it.
        and not ((found := SHOCK.fullmatch(p.name)) and int(found[1]) > last)
    ]
    sized = [change for change in asking.scenario.changes if change.low != change.high]
    every += dict.fromkeys(change.named for change in sized)
    if not chosen:
        return every
    missing = [c for c in chosen if not any(_is(name, c) for name in every)]
    if missing:
        raise StelselError(
            f"No assumption is called {', '.join(missing)}.",
            where="--parameter",
            remedy="See them with: stelsel plan show --assumed.",
            what_nl=f"Er is geen aanname die {', '.join(missing)} heet.",
            remedy_nl="Alle aannames: stelsel plan show --assumed.",
        )
    return [name for name in every if any(_is(name, c) for c in chosen)]


def _is(name: str, chosen: str) -> bool:
    return chosen in (name, name.partition("[")[0])


def runs_needed(number: int, method: Method, rounds: int) -> int:
    """Count the runs that a method takes for so many assumptions.

    Examples
    --------
    >>> runs_needed(10, "morris", 6), runs_needed(10, "sobol", 64)
    (66, 768)
    """
    return rounds * (number + 1) if method == "morris" else rounds * (number + 2)


def sensitivity(
    quantity: Quantity,
    asking: Asking,
    method: Method = "morris",
    rounds: int = 6,
    chosen: Sequence[str] = (),
    year: int | None = None,
) -> Sensed:
    """Say which assumption matters most to a quantity.

    With a scenario the quantity is its difference from the baseline, and the sizes of its assumed
    effects are moved too.

    Parameters
    ----------
    quantity
        Of which number, of the last year or of ``year``.
    asking
        Place, period, chance and world; its replications are not used.
    method, rounds
        Morris: trajectories; Sobol: the base of the sample, a power of two.
    chosen
        Which assumptions; all if left out.

    Raises
    ------
    StelselError
        When SALib is not installed, or an assumption is not there.

    Examples
    --------
    >>> from stelsel.twin.questions.quantity import quantity
    >>> found = sensitivity(quantity("waiting[day-help]"), Asking("JZ15", 1), rounds=2,
    ...                     chosen=["wait[day-help]", "wait[residential]"])
    >>> found.runs, found.rows[0]["assumption"]
    (6, 'wait[day-help]')
    """
    asking.check()
    names = assumptions(asking, chosen)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    sample, analyse = _salib(method)
    places = sample(problem, rounds, asking.seed)
    values = _values(quantity, asking, names, places, year)
    rows = analyse(problem, places, values, asking.seed)
    rows.sort(key=lambda row: -row["effect" if method == "morris" else "together"])
    return Sensed(quantity, method, len(places), tuple(rows))


def _values(
    quantity: Quantity, asking: Asking, names: Sequence[str], places: Numbers, year: int | None
) -> Numbers:
    """Give the quantity at each row of places in the ranges; with a scenario, what it adds."""
    rows = [tuple(zip(names, row.tolist(), strict=True)) for row in places]
    tasks = [asking.task(0, at=row) for row in rows]
    paired = asking.scenario != BASELINE
    if paired:
        tasks += [asking.task(0, BASELINE, at=row) for row in rows]
    values = np.array([quantity.of(summary, year) for summary in asking.done(tasks)])
    return values[: len(rows)] - values[len(rows) :] if paired else values


def _salib(method: Method) -> tuple[Any, Any]:
    """Give what samples and what analyses."""
    try:
        from SALib.analyze import morris as morris_of  # noqa: PLC0415  # an extra
        from SALib.analyze import sobol as sobol_of  # noqa: PLC0415
        from SALib.sample import morris, sobol  # noqa: PLC0415
    except ImportError:
        raise StelselError(
            "This question needs a package that is not installed.",
            where="sensitivity",
            remedy="Install it: pip install 'stelsel[sensitivity]'.",
            what_nl="Deze vraag heeft een pakket nodig dat niet is geïnstalleerd.",
            remedy_nl="Installeer het: pip install 'stelsel[sensitivity]'.",
        ) from None

    def morris_rows(problem: Any, places: Numbers, values: Numbers, seed: int) -> list[Any]:
        found = morris_of.analyze(problem, places, values, num_levels=LEVELS, seed=seed)
        columns = (found["names"], found["mu_star"], found["sigma"], found["mu_star_conf"])
        return [
            {"assumption": str(n), "effect": float(m), "spread": float(s), "error": float(e)}
            for n, m, s, e in zip(*columns, strict=True)
        ]

    def sobol_rows(problem: Any, places: Numbers, values: Numbers, seed: int) -> list[Any]:
        found = sobol_of.analyze(problem, values, calc_second_order=False, seed=seed)
        columns = (problem["names"], found["S1"], found["ST"], found["ST_conf"])
        return [
            {"assumption": str(n), "alone": float(a), "together": float(t), "error": float(e)}
            for n, a, t, e in zip(*columns, strict=True)
        ]

    if method == "morris":
        return (lambda p, n, s: morris.sample(p, n, num_levels=LEVELS, seed=s)), morris_rows
    return (lambda p, n, s: sobol.sample(p, n, calc_second_order=False, seed=s)), sobol_rows
