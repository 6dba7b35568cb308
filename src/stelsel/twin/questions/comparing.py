"""How do two folders of runs differ? Paired, replication by replication, with a band.

The folders are those that ``stelsel simulate --out`` leaves. Both must be of the same region,
period, seed and program: then each replication is the same children under two plans.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from stelsel.errors import Fault, StelselError
from stelsel.twin.plans.scenario import BASELINE
from stelsel.twin.questions.asking import band
from stelsel.twin.runs.kept import from_table
from stelsel.twin.runs.output import RUNS, mean_of, service_names
from stelsel.twin.runs.results import SUMMARY, Period

Numbers = npt.NDArray[np.float64]

PAIRED = ("region", "start", "end", "seed", "program_sha256")
"""What two folders must agree on to be compared replication by replication."""
SURE = 0.95
"""An assumption is named as carrying the width of a band when chance alone would give such a
correlation for any assumption less often than in one of twenty comparisons."""


@dataclass(frozen=True)
class World:
    """The runs of one scenario in a folder: ``values`` [replication, row]."""

    name: str
    title_nl: str
    rows: tuple[tuple[str, str, Period], ...]
    values: Numbers


@dataclass(frozen=True)
class Folder:
    """What ``stelsel simulate --out`` left: manifest, worlds by name, draws by assumption."""

    path: Path
    manifest: Mapping[str, Any]
    worlds: Mapping[str, World]
    draws: Mapping[str, Numbers]


def read_folder(path: Path) -> Folder:
    """Read a folder of runs.

    Raises
    ------
    StelselError
        When it is no such folder, or a run is missing.
    """
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        draws = pq.read_table(path / "draws.parquet")
        worlds = {}
        for told in manifest["scenarios"]:
            folder = path / RUNS / told["runs"]
            files = [folder / f"{n:04d}.parquet" for n in range(manifest["replications"])]
            found = [from_table(pq.read_table(file)) for file in files]
            values = np.array([summary.values for summary in found])
            worlds[told["name"]] = World(told["name"], told["title_nl"], found[0].rows, values)
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException) as error:
        raise StelselError(
            f"Is no folder of runs that can be read ({type(error).__name__}).",
            where=str(path),
            remedy="Make it with: stelsel simulate --out FOLDER.",
            what_nl=f"Is geen leesbare map met runs ({type(error).__name__}).",
            remedy_nl="Maak hem met: stelsel simulate --out MAP.",
        ) from error
    return Folder(path, manifest, worlds, _by_name(draws, manifest["replications"]))


def _by_name(draws: pa.Table, replications: int) -> dict[str, Numbers]:
    """Give what was drawn of each assumption [replication]; of replication 0 there is no draw."""
    found: dict[str, Numbers] = {}
    for row in draws.to_pylist():
        column = found.setdefault(row["assumption"], np.full(replications, np.nan))
        column[row["replication"]] = row["value"]
    return found


def worlds_of(first: Folder, second: Folder) -> tuple[World, list[World]]:
    """Say which worlds are laid side by side.

    Of one folder with itself: its baseline and each of its scenarios. Of two folders: of the first
    its only scenario (its baseline where it has none or several), of the second each of its
    scenarios (its baseline where it has none).
    """
    mine = [world for name, world in first.worlds.items() if name != BASELINE.name]
    theirs = [world for name, world in second.worlds.items() if name != BASELINE.name]
    same = first.path.resolve() == second.path.resolve()
    base = mine[0] if len(mine) == 1 and not same else first.worlds[BASELINE.name]
    return base, theirs or [second.worlds[BASELINE.name]]


def compare(first: Path, second: Path) -> list[dict[str, Any]]:
    """Compare two folders: one row per world, service, measure and period.

    Returns
    -------
    list of dict
        ``first``, ``second`` (names of the worlds), ``service``, ``service_name``, ``measure``,
        ``kind``, ``unit``, ``period_start``, ``period_end``, ``value_first``, ``value_second``
        (means), ``difference`` (mean of the differences per replication), ``low``, ``high``
        (80 % band of it), ``replications``, and ``carried_by`` with ``correlation``: the
        assumption that carries most of the band's width, where one stands out from chance.

    Raises
    ------
    StelselError
        When a folder cannot be read, or the two are not of the same region, period, seed and
        program.
    """
    one, other = read_folder(first), read_folder(second)
    _pairable(one, other)
    base, worlds = worlds_of(one, other)
    draws = {**one.draws, **other.draws}
    return [row for world in worlds for row in _rows(base, world, draws)]


def _pairable(one: Folder, other: Folder) -> None:
    faults = [
        Fault(
            f"The folders differ in {key}: {one.manifest.get(key)} and {other.manifest.get(key)}.",
            f"{one.path}, {other.path}",
            remedy="Run both with the same region, years, start, seed and version.",
            what_nl=f"De mappen verschillen in {key}: {one.manifest.get(key)} en "
            f"{other.manifest.get(key)}.",
            remedy_nl="Draai beide met dezelfde regio, jaren, start, toevalsgetal en versie.",
        )
        for key in PAIRED
        if one.manifest.get(key) != other.manifest.get(key)
    ]
    if faults:
        raise StelselError(faults)


def _rows(base: World, world: World, draws: Mapping[str, Numbers]) -> list[dict[str, Any]]:
    number = min(len(base.values), len(world.values))
    place = {key: n for n, key in enumerate(base.rows)}
    measures = {measure.name: measure for measure in SUMMARY}
    names = service_names()
    means = mean_of(base.values[:number]), mean_of(world.values[:number])
    told = []
    for n, key in enumerate(world.rows):
        service, measure, period = key
        m = place[key]
        differences = world.values[:number, n] - base.values[:number, m]
        low, high = band(differences)
        carrier, correlation = carried_by(differences, draws)
        told.append(
            {
                "first": base.name,
                "second": world.name,
                "service": names[service][0],
                "service_name": names[service][1],
                "measure": measure,
                "kind": measures[measure].kind,
                "unit": measures[measure].unit,
                "period_start": period.first,
                "period_end": period.last,
                "value_first": _known(means[0][m]),
                "value_second": _known(means[1][n]),
                "difference": _known(mean_of(differences[:, None])[0]),
                "low": low,
                "high": high,
                "replications": number,
                "carried_by": carrier,
                "correlation": correlation,
            }
        )
    return told


def carried_by(
    values: Numbers, draws: Mapping[str, Numbers], sure: float = SURE
) -> tuple[str | None, float | None]:
    """Give the assumption whose draws go along most with values, and the rank correlation.

    Nothing when none stands out: among many assumptions some go along by chance, so the
    correlation must be one that chance would give to any of them less often than 1 - ``sure``
    (Fisher's z, with Bonferroni's correction).

    Examples
    --------
    >>> chance = np.random.default_rng(1)
    >>> growth, wait = chance.random(60), chance.random(60)
    >>> name, r = carried_by(3 * growth + 0.1 * wait, {"growth": growth, "wait": wait})
    >>> name, r > 0.9
    ('growth', True)
    >>> carried_by(chance.random(60), {"growth": growth, "wait": wait})
    (None, None)
    """
    best: tuple[str | None, float | None] = None, None
    found = []
    for name, drawn in draws.items():
        known = np.isfinite(drawn[: len(values)]) & np.isfinite(values[: len(drawn)])
        pair = values[: len(drawn)][known], drawn[: len(values)][known]
        if known.sum() > 4 and min(np.ptp(pair[0]), np.ptp(pair[1])) > 0:
            found.append((name, _ranked(*pair), int(known.sum())))
    if not found:
        return best
    name, r, number = max(found, key=lambda one: abs(one[1]))
    limit = NormalDist().inv_cdf(1 - (1 - sure) / (2 * len(found)))
    z = np.arctanh(np.clip(abs(r), 0, 1 - 1e-12)) * np.sqrt(number - 3)
    return (name, round(r, 3)) if z > limit else best


def _ranked(a: Numbers, b: Numbers) -> float:
    """Spearman's rank correlation."""
    return float(np.corrcoef(_ranks(a), _ranks(b))[0, 1])


def _ranks(values: Numbers) -> Numbers:
    """Ranks; equals share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Numbers = (last - (counts - 1) / 2)[place]
    return ranks


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)


def last_of(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows of the last day, and of the last calendar year as far as it was run.

    Examples
    --------
    >>> from datetime import date
    >>> half, year = ({"period_start": date(2021, m, 1), "period_end": date(2021, 12, 31),
    ...                "kind": "flow"} for m in (7, 1))
    >>> last_of([half, year]) == [year]
    True
    """
    last = max(row["period_end"] for row in rows)
    flows = [row["period_start"] for row in rows if row["period_end"] == last]
    since = min(flows)
    return [
        row
        for row in rows
        if row["period_end"] == last and (row["kind"] == "stock" or row["period_start"] == since)
    ]
