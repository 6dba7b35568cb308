"""Do many tasks: in this process, in several, or on a Dask cluster, with the same outcome.

A task depends on nothing but itself, so it does not matter who does it or in which order. With a
folder to keep them in, each outcome is written whole as it comes; what is there already is not
done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from stelsel.errors import Fault, StelselError
from stelsel.twin.runs.kept import Keep
from stelsel.twin.runs.results import Summary
from stelsel.twin.runs.task import Task, perform, program_digest

DASK = "dask://"
"""With this an address of workers begins: that of the scheduler of a Dask cluster."""


def workers_of(text: str) -> int | str:
    """Read how many workers there are, or where.

    Raises
    ------
    StelselError
        When it is no number and no address.

    Examples
    --------
    >>> workers_of("2"), workers_of("dask://localhost:8786")
    (2, 'dask://localhost:8786')
    """
    if text.startswith(DASK) and len(text) > len(DASK):
        return text
    try:
        return int(text)
    except ValueError:
        raise StelselError(
            f"{text} is neither a number of processes nor the address of a cluster.",
            where="--workers",
            remedy="Write 2, or dask://HOST:PORT.",
            what_nl=f"{text} is geen aantal processen en geen adres van een cluster.",
            remedy_nl="Schrijf 2, of dask://HOST:POORT.",
        ) from None


def performed(
    tasks: Sequence[Task],
    workers: int | str = 1,
    keep: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Summary]:
    """Do tasks and give what came of each, in their order.

    Parameters
    ----------
    tasks
        What to do.
    workers
        How many processes, or ``dask://host:port`` of the scheduler of a Dask cluster whose
        workers have this same version of the package.
    keep
        A folder in which each outcome is kept as it comes, and looked for first.
    progress
        Called with the number done and the number to do.

    Raises
    ------
    StelselError
        When the cluster cannot be reached or has another program.

    Examples
    --------
    >>> performed([])
    []
    """
    kept = Keep(keep) if keep else None
    done: dict[int, Summary] = {}
    for number, task in enumerate(tasks):
        if kept and (found := kept.read(task)):
            done[number] = found
    if progress and done:
        progress(len(done), len(tasks))
    todo = [number for number in range(len(tasks)) if number not in done]
    for place, summary in _done([tasks[number] for number in todo], workers):
        number = todo[place]
        done[number] = summary
        if kept:
            kept.write(tasks[number], summary)
        if progress:
            progress(len(done), len(tasks))
    return [done[number] for number in range(len(tasks))]


def _done(tasks: Sequence[Task], workers: int | str) -> Iterator[tuple[int, Summary]]:
    """Yield number and outcome of each task, in the order in which they are ready."""
    if isinstance(workers, str):
        yield from _on_cluster(tasks, workers.removeprefix(DASK))
    elif workers == 1 or len(tasks) <= 1:
        yield from enumerate(map(perform, tasks))
    else:
        # A fresh interpreter per worker: forking one that runs threads (Arrow, DuckDB) is not safe.
        number = min(workers, len(tasks))
        with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
            places = {pool.submit(perform, task): place for place, task in enumerate(tasks)}
            try:
                for future in as_completed(places):
                    yield places[future], future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def _on_cluster(tasks: Sequence[Task], address: str) -> Iterator[tuple[int, Summary]]:
    """Let a Dask cluster do tasks."""
    distributed = _dask()
    try:
        client = distributed.Client(f"tcp://{address}", timeout="10s")
    except (OSError, ValueError) as error:
        raise StelselError(_unreached(address)) from error
    with client:
        mine = program_digest()
        others = client.run(program_digest)
        if any(other != mine for other in others.values()):
            raise StelselError(
                "The workers of the cluster have another version of Stelsel.",
                where=address,
                remedy="Install the same version on every worker.",
                what_nl="De werkers van het cluster hebben een andere versie van Stelsel.",
                remedy_nl="Installeer op elke werker dezelfde versie.",
            )
        # Not pure: a cluster that has seen a task before must not answer from memory of another.
        futures = client.map(perform, list(tasks), pure=False)
        places = {future.key: place for place, future in enumerate(futures)}
        for future, summary in distributed.as_completed(futures, with_results=True):
            yield places[future.key], summary


def _dask() -> Any:
    try:
        import distributed  # noqa: PLC0415  # an extra, and slow to load
    except ImportError:
        raise StelselError(
            "A Dask cluster needs a package that is not installed.",
            where="--workers",
            remedy="Install it: pip install 'stelsel[dask]'.",
            what_nl="Een Dask-cluster vraagt een pakket dat niet is geïnstalleerd.",
            remedy_nl="Installeer het: pip install 'stelsel[dask]'.",
        ) from None
    return distributed


def _unreached(address: str) -> Fault:
    return Fault(
        "No Dask cluster answers.",
        address,
        remedy="Start one, or give the address of its scheduler: dask://HOST:PORT.",
        what_nl="Er antwoordt geen Dask-cluster.",
        remedy_nl="Start er een, of geef het adres van zijn planner: dask://HOST:POORT.",
    )
