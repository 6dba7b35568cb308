"""Write down what an ensemble gave, in tables with named fields, units and dates."""

from __future__ import annotations

import json
import warnings
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
from stelsel.twin.layout import MEASURES
from stelsel.twin.plans.draws import drawn
from stelsel.twin.plans.labels import write_plan
from stelsel.twin.plans.scenario import BASELINE
from stelsel.twin.runs.books import BOOKS
from stelsel.twin.runs.ensemble import BAND, Ensemble
from stelsel.twin.runs.kept import Keep, plain
from stelsel.twin.runs.manifest import manifest
from stelsel.twin.runs.results import ALL, SUMMARY, summary_names, weeks
from stelsel.twin.runs.task import given_plan
from stelsel.twin.series import figures_table
from stelsel.twin.services import services

Numbers = npt.NDArray[np.float64]

COMPARED = ("waiting", "wait_days", "started", "in_care")
"""Measures laid beside the baseline: stocks on the last day, the others over the last year."""
RUNS = "runs"
"""Folder of the runs, one file each, in the folder of results."""


def band(values: Numbers) -> tuple[Numbers, Numbers]:
    """Low and high of an 80 % band over replications; empty where there is only one."""
    if len(values) < 2:
        nothing = np.full(values.shape[1:], np.nan)
        return nothing, nothing
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of nothing at all: no band
        low, high = np.nanquantile(values, BAND, axis=0)
    return low, high


def mean_of(values: Numbers) -> Numbers:
    """Mean over replications, of those that have a value.

    Examples
    --------
    >>> mean_of(np.array([[1.0, np.nan], [3.0, np.nan]])).tolist()
    [2.0, nan]
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of nothing at all: no mean
        mean: Numbers = np.nanmean(values, axis=0)
    return mean


def service_names() -> dict[str, tuple[str, str]]:
    """Give slug and Dutch name by the name that a summary has for it, all forms together too.

    Examples
    --------
    >>> service_names()["02"], service_names()["court"]
    (('ambulatory', 'Ambulant op locatie'), ('court', 'Verzoek bij de rechter'))
    """
    named = zip(summary_names()[:-1], services(), strict=True)
    every = {name: (service.slug, service.name_nl) for name, service in named}
    dutch = {form.code: form.name_nl for form in forms()}
    every |= {code: (every[code][0], name) for code, name in dutch.items()}
    return every | {ALL: (ALL, "Alle vormen samen")}


def english_names() -> dict[str, str]:
    """Give the English name by the name that a summary has for a service, all forms together too.

    Examples
    --------
    >>> english_names()["02"], english_names()["court"]
    ('Ambulatory help', 'Request before the court')
    """
    named = zip(summary_names()[:-1], services(), strict=True)
    every = {name: service.name_en for name, service in named}
    return every | {form.code: form.name_en for form in forms()} | {ALL: "All forms together"}


def summary_table(result: Ensemble) -> pa.Table:
    """One row per scenario, service, measure and period.

    Fields: ``scenario``, ``region``, ``service`` (slug), ``form`` (CBS code; the slug where it is
    no form of care), ``form_name``, ``measure``, ``kind`` (stock, flow,
    duration), ``unit``, ``period_start``, ``period_end`` (the same day for a stock), ``value``
    (mean over replications), ``low``, ``high`` (80 % band, empty with one replication),
    ``replications``.
    """
    units = {measure.name: measure for measure in SUMMARY}
    names = service_names()
    rows = []
    for index, scenario in enumerate(result.scenarios):
        values = result.values(index)
        mean, (low, high) = mean_of(values), band(values)
        for n, (form, name, period) in enumerate(result.summaries[index][0].rows):
            rows.append(
                {
                    "scenario": scenario.name,
                    "region": result.region,
                    "service": names[form][0],
                    "form": form,
                    "form_name": names[form][1],
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
    """One row per scenario other than the baseline, service and measure: the paired difference.

    Fields: ``scenario``, ``region``, ``service``, ``form``, ``form_name``, ``measure``, ``unit``,
    ``period_start``, ``period_end``, ``baseline`` and ``value`` (means), ``difference`` (mean of
    the differences per replication), ``low``, ``high`` (80 % band of the difference).
    """
    schema = pa.schema(
        [
            *((n, pa.string()) for n in ("scenario", "region", "service", "form")),
            *((n, pa.string()) for n in ("form_name", "measure", "unit")),
            *((n, pa.date32()) for n in ("period_start", "period_end")),
            *((n, pa.float64()) for n in ("baseline", "value", "difference", "low", "high")),
        ]
    )
    units = {measure.name: measure.unit for measure in SUMMARY}
    names = service_names()
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
        low, high = band(difference)
        means = [mean_of(one) for one in (base, values, difference)]
        for n, (form, name, period) in enumerate(keys):
            if period.last != last or period.first != longest.get((form, name)):
                continue
            rows.append(
                {
                    "scenario": scenario.name,
                    "region": result.region,
                    "service": names[form][0],
                    "form": form,
                    "form_name": names[form][1],
                    "measure": name,
                    "unit": units[name],
                    "period_start": period.first,
                    "period_end": period.last,
                    "baseline": _number(means[0][n]),
                    "value": _number(means[1][n]),
                    "difference": _number(means[2][n]),
                    "low": _number(low[n]),
                    "high": _number(high[n]),
                }
            )
    return pa.Table.from_pylist(rows, schema=schema)


def weekly_table(result: Ensemble) -> pa.Table:
    """One row per scenario, service, week and measure: mean and 80 % band over replications.

    Fields: ``scenario``, ``service``, ``form``, ``day`` (last day of the week), ``measure``
    (inflow, started, ended, withdrawn over the week; waiting, in_care on its last day),
    ``value``, ``low``, ``high``.
    """
    names = service_names()
    days = weeks(result.first, result.days)
    tables = []
    for index, scenario in enumerate(result.scenarios):
        values = result.weekly(index)
        low, high = band(values)
        week, form, measure = np.indices(values.shape[1:]).reshape(3, -1)
        tables.append(
            pa.table(
                {
                    "scenario": pa.array([scenario.name] * len(week)),
                    "service": pa.array(np.array([slug for slug, _ in names.values()])[form]),
                    "form": pa.array(np.array(list(names))[form]),
                    "day": pa.array([days[w] for w in week], pa.date32()),
                    "measure": pa.array(np.array(MEASURES)[measure]),
                    "value": pa.array(values.mean(axis=0).ravel()),
                    "low": pa.array(low.ravel(), from_pandas=True),
                    "high": pa.array(high.ravel(), from_pandas=True),
                }
            )
        )
    return pa.concat_tables(tables)


def draws_table(result: Ensemble) -> pa.Table:
    """One row per replication and assumption: what was drawn of it.

    Fields: ``replication``, ``assumption`` (a parameter; or a scenario and its effect),
    ``value``. Replication 0 runs on the plan as it is and has no rows.
    """
    columns: dict[str, list[Any]] = {"replication": [], "assumption": [], "value": []}
    assumed = given_plan(result.given).assumed()
    for replication in range(1, result.replications):
        found = drawn(result.seed, replication, assumed)
        for scenario in result.scenarios:
            found |= scenario.sizes(result.seed, replication)
        columns["replication"] += [replication] * len(found)
        columns["assumption"] += list(found)
        columns["value"] += list(found.values())
    kinds = (pa.int32(), pa.string(), pa.float64())
    arrays = [pa.array(values, kind) for values, kind in zip(columns.values(), kinds, strict=True)]
    return pa.table(arrays, names=list(columns))


def book_tables(result: Ensemble) -> dict[str, pa.Table]:
    """Give the books of replication 0 of all scenarios, one under the other, by name.

    Fields: ``scenario``, and those of :func:`stelsel.twin.runs.books.books`.
    """
    found: dict[str, list[pa.Table]] = {}
    for scenario, summaries in zip(result.scenarios, result.summaries, strict=True):
        for name, table in summaries[0].books.items():
            named = pa.array([scenario.name] * table.num_rows, pa.string())
            found.setdefault(name, []).append(table.add_column(0, "scenario", named))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def fall_rows(result: Ensemble) -> list[dict[str, Any]]:
    """One row per provider that fell in a scenario, with the fields of a summary and more.

    ``value`` is how many children it had; ``provider``, ``at_once``, ``after_waiting``,
    ``mean_wait`` (days), ``still_waiting`` and ``left`` tell what became of them.
    """
    forms_of = {slug: (form, name) for form, (slug, name) in service_names().items()}
    table = book_tables(result).get("falls")
    return [
        {
            "scenario": row.pop("scenario"),
            "region": row.pop("region"),
            "service": (slug := row.pop("service")),
            "form": forms_of[slug][0],
            "form_name": forms_of[slug][1],
            "measure": "after_fall",
            "kind": "fall",
            "unit": "children",
            "period_start": (day := row.pop("day")),
            "period_end": day,
            "value": row.pop("children"),
            **row,
        }
        for row in (table.to_pylist() if table else [])
    ]


def write(result: Ensemble, folder: Path) -> None:
    """Write ``manifest.json``, ``plan.csv`` and the tables as Parquet and CSV into a folder.

    The books are Parquet alone. And each run as Parquet in ``runs``, where it is not kept there
    already.
    """
    with writing(folder):
        for name, table in (
            ("summary", summary_table(result)),
            ("compare", compare_table(result)),
            ("weekly", weekly_table(result)),
        ):
            pq.write_table(table, folder / f"{name}.parquet")
            pacsv.write_csv(table, folder / f"{name}.csv")
        pq.write_table(draws_table(result), folder / "draws.parquet")
        for name in BOOKS:  # of another run, perhaps
            (folder / f"{name}.parquet").unlink(missing_ok=True)
        for name, table in book_tables(result).items():
            pq.write_table(table, folder / f"{name}.parquet")
        write_plan(given_plan(result.given), folder / "plan.csv")
        _write_figures(result, folder)
        text = json.dumps(manifest(result), ensure_ascii=False, indent=1) + "\n"
        (folder / "manifest.json").write_text(text, encoding="utf-8")
        kept = Keep(folder / RUNS)
        for number, summaries in enumerate(result.summaries):
            for replication, summary in enumerate(summaries):
                task = result.task(number, replication)
                if not kept.file(task).is_file():
                    kept.write(task, summary)


def _write_figures(result: Ensemble, folder: Path) -> None:
    """Write ``figures.csv`` of the baseline, and ``figures-NAME.csv`` of each scenario."""
    for scenario, summaries in zip(result.scenarios, result.summaries, strict=True):
        told = [summary.figures for summary in summaries if summary.figures]
        if told:
            name = "figures" if scenario == BASELINE else f"figures-{plain(scenario.name)}"
            pacsv.write_csv(figures_table(told), folder / f"{name}.csv")


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
