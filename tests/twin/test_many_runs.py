"""Many runs: alike on one process, two or a cluster; kept as they come, never done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from stelsel.errors import StelselError
from stelsel.twin import ensemble, load
from stelsel.twin.plans.plan_file import NOTHING
from stelsel.twin.plans.scenario import BASELINE
from stelsel.twin.runs.kept import Keep, from_table, to_table, world
from stelsel.twin.runs.output import write
from stelsel.twin.runs.pool import performed, workers_of
from stelsel.twin.runs.results import Summary
from stelsel.twin.runs.task import Task, perform, program_digest

REGION, YEARS, FIRST = "JZ15", 0.3, date(2021, 1, 1)


def tasks(number: int, seed: int = 7) -> list[Task]:
    more = load("more-ambulatory-places@2021-01-15")
    return [
        Task(REGION, YEARS, FIRST, seed, scenario, replication, NOTHING)
        for scenario in (BASELINE, more)
        for replication in range(number)
    ]


def same(a: Sequence[Summary], b: Sequence[Summary]) -> bool:
    return all(
        x.rows == y.rows
        and np.array_equal(x.values, y.values, equal_nan=True)
        and np.array_equal(x.weekly, y.weekly)
        for x, y in zip(a, b, strict=True)
    )


def test_what_is_kept_is_what_came_of_it() -> None:
    (task, *_) = tasks(1)
    summary = perform(task)
    assert same([from_table(to_table(summary, task.first, 110))], [summary])


def test_two_processes_and_a_cluster_give_what_one_process_gives(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    todo = tasks(3)
    once = performed(todo)
    assert same(performed(todo, 2), once)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path)
    ) as cluster:
        address = cluster.scheduler_address.removeprefix("tcp://")
        assert same(performed(todo, f"dask://{address}"), once)
        more = load("more-ambulatory-places@2021-01-15")
        folders = []
        for name, workers in (("one", 1), ("cluster", f"dask://{address}")):
            result = ensemble(
                [more], REGION, YEARS, 3, 7, FIRST, workers, keep=tmp_path / name / "runs"
            )
            write(result, tmp_path / name)
            folders.append(contents(tmp_path / name))
    assert folders[0] == folders[1]


def contents(folder: Path) -> dict[str, bytes]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_what_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    todo = tasks(3)
    whole = performed(todo, keep=tmp_path / "whole")
    begun = performed(todo[:4], keep=tmp_path / "begun")
    assert same(begun, whole[:4])
    # A file that was cut off is not a file: that run is done again.
    Keep(tmp_path / "begun").file(todo[0]).write_bytes(b"PAR1")
    counted: list[Task] = []

    def counting(task: Task) -> Summary:
        counted.append(task)
        return perform(task)

    monkeypatch.setattr("stelsel.twin.runs.pool.perform", counting)
    told: list[tuple[int, int]] = []
    again = performed(todo, keep=tmp_path / "begun", progress=lambda *n: told.append(n))
    assert counted == [todo[0], *todo[4:]]
    assert told == [(3, 6), (4, 6), (5, 6), (6, 6)]
    assert same(again, whole)
    assert contents(tmp_path / "begun") == contents(tmp_path / "whole")


def test_what_follows_from_something_else_is_kept_apart() -> None:
    (task, *_) = tasks(1)
    others = [*tasks(1, seed=8), Task("JZ07", YEARS, FIRST, 7, BASELINE, 0)]
    assert world(task) not in {world(other) for other in others}
    assert world(task) == world(Task(REGION, YEARS, FIRST, 7, BASELINE, 3))
    assert program_digest() == program_digest()


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_many_runs import performed, tasks
performed(tasks(60), keep=Path({folder!r}))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill on this system")
def test_a_killed_ensemble_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "runs"
    code = KILLED.format(tests=str(Path(__file__).parent), folder=str(folder))
    process = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    try:
        until = time.monotonic() + 120
        while len(list(folder.rglob("*.parquet"))) < 3 and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    done = len(list(folder.rglob("*.parquet")))
    assert 3 <= done < 60
    counted: list[Task] = []

    def counting(task: Task) -> Summary:
        counted.append(task)
        return perform(task)

    monkeypatch.setattr("stelsel.twin.runs.pool.perform", counting)
    todo = tasks(60)[: done + 2]
    again = performed(todo, keep=folder)
    assert len(counted) == 2
    assert same(again[:1], [perform(todo[0])])


def test_workers_are_a_number_or_an_address() -> None:
    assert workers_of("3") == 3
    for wrong in ("many", "dask://", "tcp://x:1", ""):
        with pytest.raises(StelselError, match="neither a number"):
            workers_of(wrong)


def test_a_cluster_that_does_not_answer_is_told_of() -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    with pytest.raises(StelselError, match="No Dask cluster answers"):
        performed(tasks(1), "dask://127.0.0.1:9")
