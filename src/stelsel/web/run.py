"""Read the folder that ``stelsel simulate`` leaves: what was asked, and what came of it.

======================  ==================================================================
``manifest.json``       version, seed, region, period, replications, and the scenarios, the
                        baseline first, each with what it changes, in words and with source
``weekly.parquet``      per scenario, care form and week: the mean over the replications and
                        the 80 % band
``compare.parquet``     per scenario and care form: baseline, scenario and the difference with
                        the 80 % band of the paired difference
``plan.csv``            each parameter of the baseline: value, since when, range, kind, and its
                        label, unit and source in both languages
======================  ==================================================================
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stelsel.errors import Fault, StelselError
from stelsel.tables import read_table, to_date
from stelsel.web.words import Language

WEEKLY = ("scenario", "form", "day", "measure", "value", "low", "high")
COMPARE = (
    *("scenario", "form", "measure", "unit", "period_start", "period_end"),
    *("baseline", "value", "difference", "low", "high"),
)
PLAN = (
    *("parameter", "since", "value", "low", "high", "kind"),
    *("label_nl", "unit_nl", "source_nl", "label_en", "unit_en", "source_en"),
)
KINDS = ("measured", "derived", "assumed")
FILES = ("manifest.json", "weekly.parquet", "compare.parquet", "plan.csv")
REMEDY = "Make it with: stelsel simulate --out FOLDER."
REMEDY_NL = "Maak hem met: stelsel simulate --out MAP."


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which a scenario differs from the baseline."""

    parameter: str
    text: Mapping[Language, str]
    kind: str
    source: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A plan that was run: its name, the measure of the letters that it tries, what it changes."""

    name: str
    title: Mapping[Language, str]
    measure: str
    letter: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the baseline plan.

    ``since`` is None where it holds from the start; ``low`` and ``high`` where it has no range.
    """

    name: str
    since: date | None
    value: float
    low: float | None
    high: float | None
    kind: str
    label: Mapping[Language, str]
    unit: Mapping[Language, str]
    source: Mapping[Language, str]

    @property
    def width(self) -> float:
        """How wide the range is against the value: 0.5 is a range of half the value.

        Examples
        --------
        >>> Parameter("p", None, 2.0, 1.5, 2.5, "assumed", {}, {}, {}).width
        0.5
        """
        if self.low is None or self.high is None:
            return 0.0
        return (self.high - self.low) / abs(self.value) if self.value else float("inf")


@dataclass(frozen=True, slots=True)
class Run:
    """What one call of ``simulate`` left behind."""

    version: str
    seed: int
    region: str
    region_name: str
    start: date
    end: date
    replications: int
    scenarios: tuple[Scenario, ...]
    weekly: pa.Table
    compare: pa.Table
    plan: tuple[Parameter, ...]

    @property
    def baseline(self) -> Scenario:
        """The plan without a change."""
        return self.scenarios[0]

    @property
    def alternatives(self) -> tuple[Scenario, ...]:
        """The scenarios beside the baseline."""
        return self.scenarios[1:]


def read_run(folder: Path) -> Run:
    """Read a run folder.

    Parameters
    ----------
    folder
        What ``stelsel simulate --out`` wrote; see the table above.

    Raises
    ------
    StelselError
        When the folder or a file is missing, or a file has not what it should; with every fault.
    """
    if not folder.is_dir():
        raise StelselError(
            _fault(
                "The run folder does not exist.", "De map van de simulatie bestaat niet.", folder
            )
        )
    faults = [
        _fault(
            f"{name} is missing from the run folder.",
            f"{name} ontbreekt in de map van de simulatie.",
            folder,
        )
        for name in FILES
        if not (folder / name).is_file()
    ]
    if faults:
        raise StelselError(faults)
    weekly, wrong = _table(folder / "weekly.parquet", WEEKLY)
    faults.extend(wrong)
    compare, wrong = _table(folder / "compare.parquet", COMPARE)
    faults.extend(wrong)
    plan, wrong = _plan(folder / "plan.csv")
    faults.extend(wrong)
    try:
        run = _manifest(folder / "manifest.json", weekly, compare, plan)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        faults.append(
            _fault(
                f"The manifest is not that of a run ({type(error).__name__}: {error}).",
                f"Het manifest is niet dat van een simulatie ({type(error).__name__}: {error}).",
                folder / "manifest.json",
            )
        )
        raise StelselError(faults) from error
    if faults:
        raise StelselError(faults)
    return run


def _fault(what: str, what_nl: str, where: Path | str) -> Fault:
    return Fault(what, str(where), remedy=REMEDY, what_nl=what_nl, remedy_nl=REMEDY_NL)


def direction(row: Mapping[str, Any]) -> int:
    """Tell which way a difference of ``compare`` goes: 1, -1, or 0 where it may be chance.

    Examples
    --------
    >>> direction({"low": -9, "high": -2}), direction({"low": -1, "high": 3})
    (-1, 0)
    >>> direction({"low": None, "high": None})
    0
    """
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return 0
    return 1 if low > 0 else -1 if high < 0 else 0


def _table(file: Path, columns: tuple[str, ...]) -> tuple[pa.Table, list[Fault]]:
    try:
        table = pq.read_table(file)
    except (pa.ArrowInvalid, OSError):
        fault = _fault("The file is no Parquet file.", "Het bestand is geen Parquet-bestand.", file)
        return pa.table({}), [fault]
    faults = [
        _fault(f"Column {name} is missing.", f"Kolom {name} ontbreekt.", file)
        for name in columns
        if name not in table.column_names
    ]
    return table, faults


def _plan(file: Path) -> tuple[tuple[Parameter, ...], list[Fault]]:
    try:
        rows = read_table(file, PLAN, key=("parameter", "since"), sourced=False)
    except StelselError as error:
        return (), list(error.faults)
    parameters, faults = [], []
    for line, row in enumerate(rows, start=2):
        where = f"{file}:{line}"
        if row["kind"] not in KINDS:
            faults.append(_fault("The kind is not known.", "De soort is niet bekend.", where))
        try:
            parameters.append(
                Parameter(
                    name=row["parameter"],
                    since=to_date(row["since"]),
                    value=float(row["value"]),
                    low=float(row["low"]) if row["low"] else None,
                    high=float(row["high"]) if row["high"] else None,
                    kind=row["kind"],
                    label={"nl": row["label_nl"], "en": row["label_en"]},
                    unit={"nl": row["unit_nl"], "en": row["unit_en"]},
                    source={"nl": row["source_nl"], "en": row["source_en"]},
                )
            )
        except ValueError:
            faults.append(
                _fault(
                    "Since is no date, or value, low or high is no number.",
                    "Since is geen datum, of value, low of high is geen getal.",
                    where,
                )
            )
    return tuple(parameters), faults


def _manifest(file: Path, weekly: pa.Table, compare: pa.Table, plan: tuple[Parameter, ...]) -> Run:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    scenarios = tuple(_scenario(entry) for entry in content["scenarios"])
    if not scenarios:
        raise ValueError("no scenario")
    return Run(
        version=str(content["version"]),
        seed=int(content["seed"]),
        region=str(content["region"]),
        region_name=str(content["region_name"]),
        start=date.fromisoformat(content["start"]),
        end=date.fromisoformat(content["end"]),
        replications=int(content["replications"]),
        scenarios=scenarios,
        weekly=weekly,
        compare=compare,
        plan=plan,
    )


def _scenario(entry: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=str(entry["name"]),
        title={"nl": str(entry["title_nl"]), "en": str(entry["title_en"])},
        measure=str(entry.get("measure") or ""),
        letter=str(entry.get("letter") or ""),
        changes=tuple(
            Change(
                parameter=str(change["parameter"]),
                text={"nl": str(change["text_nl"]), "en": str(change["text_en"])},
                kind=str(change.get("kind") or ""),
                source={"nl": str(change["source_nl"]), "en": str(change["source_en"])},
            )
            for change in entry.get("changes") or ()
        ),
    )
