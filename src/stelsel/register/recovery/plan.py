"""The plan of a made-up region: known, and visibly unlike the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from zlib import crc32

import numpy as np

from stelsel.tables import packaged, read_table
from stelsel.twin.plans.plan import Parameter, Plan

SUMS = {"transfer": 0.95, "worse.to": 1.0}
"""Families of shares by what they leave, which may add up to no more than this."""

TIGHT = 0.93
"""Places against what requests and lengths ask: some wait for everything, as in most regions."""


def made_up_plan(usual: Plan, size: float = 1.0, seed: int = 1) -> Plan:
    """Give a plan whose numbers are moved at random, each by as much as its family may.

    How far each family moves says ``data/made_up.csv``: a number is multiplied by e to an even draw
    between minus and plus its spread. Places follow the requests and lengths of their service, so
    that lists neither empty nor explode. Shares that add up to one still do.

    Parameters
    ----------
    usual
        The plan it is made from.
    size
        Factor on all that counts children, so that a small region is read in soon.
    seed
        Decides every draw.

    Examples
    --------
    >>> from stelsel.twin.country.baseline import baseline
    >>> plan = made_up_plan(baseline(), seed=3)
    >>> plan.value("duration[ambulatory]") != baseline().value("duration[ambulatory]")
    True
    >>> round(sum(plan.family("referrer").values()), 9)
    1.0
    """
    spread = _spread()
    factors: dict[str, float] = {}
    for parameter in usual:
        told = spread.get(parameter.name.partition("[")[0])
        if told is None:
            continue
        width, sized = told
        draw = np.random.default_rng([seed, crc32(parameter.name.encode())]).uniform(-1, 1)
        factors[parameter.name] = float(np.exp(width * draw)) * (size if sized else 1.0)
    for name in factors:
        family, _, about = name.partition("[")
        if family in ("capacity", "stock"):
            factors[name] *= TIGHT * factors.get(f"demand[{about}", size) / size
            factors[name] *= factors.get(f"duration[{about}", 1.0)
    factors = _within_bounds(usual, factors)
    made = dict(usual.parameters)
    made |= {name: _times(usual[name], factor) for name, factor in factors.items()}
    return replace(usual, parameters=made)


def _spread() -> Mapping[str, tuple[float, bool]]:
    """Read how far each family moves, and whether it counts children."""
    rows = read_table(packaged(__package__, "made_up.csv"), ("family", "spread", "sized"))
    return {row["family"]: (float(row["spread"]), row["sized"] == "yes") for row in rows}


def _times(parameter: Parameter, factor: float) -> Parameter:
    dated = tuple((day, value * factor) for day, value in parameter.dated)
    return replace(
        parameter,
        value=parameter.value * factor,
        dated=dated,
        kind="derived",
        source="made up",
        low=None,
        high=None,
    )


def _within_bounds(usual: Plan, factors: Mapping[str, float]) -> dict[str, float]:
    """Keep shares possible: those of one source together, and those of all referrers at one."""
    kept = {
        name: factor
        for name, factor in factors.items()
        # What always happens, or never, always or never does.
        if not (usual[name].unit == "share" and usual.value(name) in (0.0, 1.0))
    }
    groups: dict[str, list[str]] = {}
    for name in kept:
        family, _, about = name.rstrip("]").partition("[")
        if family in SUMS:
            groups.setdefault(f"{family}[{about.partition('>')[0]}", []).append(name)
    for group, names in groups.items():
        most = SUMS[group.partition("[")[0]]
        total = sum(_most(usual[name]) * kept[name] for name in names)
        before = sum(_most(usual[name]) for name in names)
        if total > max(most, before):
            kept |= {name: kept[name] * max(most, before) / total for name in names}
    for name in kept:
        if usual[name].unit == "share":
            kept[name] = min(kept[name], 0.98 / _most(usual[name]))
    _whole(usual, kept, (name for name in kept if name.startswith("referrer[")))
    return kept


def _whole(usual: Plan, kept: dict[str, float], names: Iterable[str]) -> None:
    """Let shares that are moved add up to what they did."""
    mine = list(names)
    before = sum(usual.value(name) for name in mine)
    after = sum(usual.value(name) * kept[name] for name in mine)
    for name in mine:
        kept[name] *= before / after


def _most(parameter: Parameter) -> float:
    return max(parameter.value, *(value for _, value in parameter.dated), 1e-9)
