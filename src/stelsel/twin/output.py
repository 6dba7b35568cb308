"""Write down what an ensemble gave, in tables with named fields, units and dates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from stelsel.errors import StelselError, refused
from stelsel.system import forms
from stelsel.twin.ensemble import BAND, Ensemble
from stelsel.twin.labels import write_plan
from stelsel.twin.layout import MEASURES
from stelsel.twin.manifest import manifest
from stelsel.twin.results import ALL, SUMMARY, weeks
from stelsel.twin.task import given_plan

Numbers = npt.NDArray[np.float64]

COMPARED = ("waiting", "wait_days", "started", "in_care")
"""Measures laid beside the baseline: stocks on the last day, the others over the last year."""


def _band(values: Numbers) -> tuple[Numbers, Numbers]:
    """Low and high of an 80 % band over replications; empty where there is only one."""
    if len(values) < 2:
        nothing = np.full(values.shape[1:], np.nan)
        return nothing, nothing
    return np.quantile(values, BAND[0], axis=0), np.quantile(values, BAND[1], axis=0)


def form_names() -> dict[str, str]:
    """Dutch names by code, all forms together included."""
    return {**{form.code: form.name_nl for form in forms()}, ALL: "Alle vormen samen"}


def summary_table(result: Ensemble) -> pa.Table:
    """One row per scenario, form, measure and period.

    Fields: ``scenario``, ``region``, ``form``, ``form_name``, ``measure``, ``kind`` (stock, flow,
    duration), ``unit``, ``period_start``, ``period_end`` (the same day for a stock), ``value``
    (mean over replications), ``low``, ``high`` (80 % band, empty with one replication),
    ``replications``.
    """
    units = {measure.name: measure for measure in SUMMARY}
    names = form_names()
    rows = []
    for index, scenario in enumerate(result.scenarios):
        values = result.values(index)
        mean, (low, high) = values.mean(axis=0), _band(values)
        for n, (form, name, period) in enumerate(result.summaries[index][0].rows):
            rows.append(
                {
                    "scenario": scenario.name,
                    "region": result.region,
                    "form": form,
                    "form_name": names[form],
                    "measure": name,
                    "kind": units[name].kind,
                    "unit": units[name].unit,
                    "period_start": period.first,
                    "period_end": period.last,
                    "value": _number(mean[n]),
                    "low": _number(low[n]),
                    "high": _number(high[n]),
                    "replications": result.replications,
                }
            )
    return pa.Table.from_pylist(rows)


def compare_table(result: Ensemble) -> pa.Table:
    """One row per scenario other than the baseline, form and measure: the paired difference.

    Fields: ``scenario``, ``region``, ``form``, ``form_name``, ``measure``, ``unit``,
    ``period_start``, ``period_end``, ``baseline`` and ``value`` (means), ``difference`` (mean of
    the differences per replication), ``low``, ``high`` (80 % band of the difference).
    """
    schema = pa.schema(
        [
            *((n, pa.string()) for n in ("scenario", "region", "form", "form_name")),
            *((n, pa.string()) for n in ("measure", "unit")),
            *((n, pa.date32()) for n in ("period_start", "period_end")),
            *((n, pa.float64()) for n in ("baseline", "value", "difference", "low", "high")),
        ]
    )
    units = {measure.name: measure.unit for measure in SUMMARY}
    names = form_names()
    keys = result.summaries[0][0].rows
    base = result.values(0)
    last = max(period.last for _, _, period in keys)
    longest: dict[tuple[str, str], date] = {}  # of what ends on the last day: since when
    for form, name, period in keys:
        if name in COMPARED and period.last == last:
            longest[form, name] = min(period.first, longest.get((form, name), last))
    rows: list[dict[str, Any]] = []
    for index, scenario in enumerate(result.scenarios[1:], start=1):
        values = result.values(index)
        difference = values - base
        low, high = _band(difference)
        for n, (form, name, period) in enumerate(keys):
            if period.last != last or period.first != longest.get((form, name)):
                continue
            rows.append(
                {
                    "scenario": scenario.name,
                    "region": result.region,
                    "form": form,
                    "form_name": names[form],
                    "measure": name,
                    "unit": units[name],
                    "period_start": period.first,
                    "period_end": period.last,
                    "baseline": _number(base[:, n].mean()),
                    "value": _number(values[:, n].mean()),
                    "difference": _number(difference[:, n].mean()),
                    "low": _number(low[n]),
                    "high": _number(high[n]),
                }
            )
    return pa.Table.from_pylist(rows, schema=schema)


def weekly_table(result: Ensemble) -> pa.Table:
    """One row per scenario, form, week and measure: mean and 80 % band over replications.

    Fields: ``scenario``, ``form``, ``day`` (last day of the week), ``measure`` (inflow, started,
    ended, withdrawn over the week; waiting, in_care on its last day), ``value``, ``low``,
    ``high``.
    """
    codes = [*(form.code for form in forms()), ALL]
    days = weeks(result.first, result.days)
    tables = []
    for index, scenario in enumerate(result.scenarios):
        values = result.weekly(index)
        low, high = _band(values)
        week, form, measure = np.indices(values.shape[1:]).reshape(3, -1)
        tables.append(
            pa.table(
                {
                    "scenario": pa.array([scenario.name] * len(week)),
                    "form": pa.array(np.array(codes)[form]),
                    "day": pa.array([days[w] for w in week], pa.date32()),
                    "measure": pa.array(np.array(MEASURES)[measure]),
                    "value": pa.array(values.mean(axis=0).ravel()),
                    "low": pa.array(low.ravel(), from_pandas=True),
                    "high": pa.array(high.ravel(), from_pandas=True),
                }
            )
        )
    return pa.concat_tables(tables)


def write(result: Ensemble, folder: Path) -> None:
    """Write ``manifest.json``, ``plan.csv`` and the tables as Parquet and CSV into a folder."""
    with writing(folder):
        for name, table in (
            ("summary", summary_table(result)),
            ("compare", compare_table(result)),
            ("weekly", weekly_table(result)),
        ):
            pq.write_table(table, folder / f"{name}.parquet")
            pacsv.write_csv(table, folder / f"{name}.csv")
        write_plan(given_plan(result.given), folder / "plan.csv")
        text = json.dumps(manifest(result), ensure_ascii=False, indent=1) + "\n"
        (folder / "manifest.json").write_text(text, encoding="utf-8")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make a folder if it is not there, and tell what goes wrong with writing in it.

    Raises
    ------
    StelselError
        When the folder cannot be made or written in.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise StelselError(
            f"The folder cannot be written in: {refused(error)}.",
            where=str(folder),
            remedy="Choose with --out a folder in which you may write.",
            what_nl=f"In de map kan niet worden geschreven: {refused(error, 'nl')}.",
            remedy_nl="Kies met --out een map waarin u mag schrijven.",
        ) from error


def _number(value: float) -> float | None:
    """Round for reading; what could not be worked out is empty."""
    return None if np.isnan(value) else round(float(value), 3)
