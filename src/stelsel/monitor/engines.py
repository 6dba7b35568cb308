"""Where questions run: DuckDB within a limit of memory, or Spark, over spells in files.

The questions are the same Ibis expressions. Spells in memory need nothing of this; it is for more
of them than memory holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from stelsel import spells as spell
from stelsel.errors import StelselError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MEMORY = "3GiB"
"""What DuckDB may keep in memory; what does not fit goes to files. The process takes more."""
SPARK = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
}
"""Settings of a Spark begun here: no pages, no progress bar between the rows."""


@contextmanager
def on_duckdb(files: Path, memory: str = MEMORY, threads: int | None = None) -> Iterator[ir.Table]:
    """Give the spells of Parquet files as a table on a DuckDB that keeps to so much memory.

    Parameters
    ----------
    files
        A Parquet file, or a folder of them.
    memory
        What it may keep in memory, such as ``3GiB``.
    threads
        How many threads; without, one for each core.

    Raises
    ------
    StelselError
        When there is no such file.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "spells.parquet"
    ...     pq.write_table(spell.SCHEMA.empty_table(), file)
    ...     with on_duckdb(file) as spells:
    ...         int(spells.count().to_pyarrow().as_py())
    0
    """
    paths = _paths(files)
    with TemporaryDirectory(prefix="stelsel-") as aside:
        settings: dict[str, Any] = {"memory_limit": memory, "temp_directory": aside}
        if threads:
            settings["threads"] = threads
        # Rows need not come back in the order of the file, which would take memory.
        engine = ibis.duckdb.connect(**settings, preserve_insertion_order=False)
        try:
            yield engine.read_parquet(paths)
        finally:
            engine.disconnect()


@contextmanager
def on_spark(spells: pa.Table | Path, session: SparkSession | None = None) -> Iterator[ir.Table]:
    """Give spells as a table on Spark.

    Parameters
    ----------
    spells
        A table, which is put in a file for as long as this lasts; or a Parquet file or a folder of
        them, which Spark must be able to reach.
    session
        The Spark to use. Without, the one that runs, or one that is begun as Spark's own settings
        say (``spark-defaults.conf``, ``SPARK_HOME``): on this machine if they say nothing.

    Raises
    ------
    StelselError
        When PySpark or Java is not there, or there is no such file.
    """
    session = session or _session()
    engine = ibis.pyspark.connect(session)
    if isinstance(spells, Path):
        _paths(spells)
        yield engine.read_parquet(str(spells))
        return
    with TemporaryDirectory(prefix="stelsel-") as aside:
        file = Path(aside) / "spells.parquet"
        pq.write_table(spell.check(spells), file)
        yield engine.read_parquet(str(file))


def _paths(files: Path) -> list[Path]:
    found = sorted(files.glob("*.parquet")) if files.is_dir() else [files]
    if not found or not files.exists():
        raise StelselError(
            "There are no spells here.",
            where=str(files),
            remedy="Name a Parquet file, or a folder of them.",
            what_nl="Hier staan geen verblijven.",
            remedy_nl="Noem een Parquet-bestand, of een map ervan.",
        )
    return found


def _session() -> SparkSession:
    """Begin a Spark, or give the one that runs."""
    try:
        from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 (an extra)
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        raise StelselError(
            "PySpark is not installed.",
            remedy="Install stelsel[spark].",
            what_nl="PySpark is niet geïnstalleerd.",
            remedy_nl="Installeer stelsel[spark].",
        ) from error
    builder = SparkSession.builder.appName("stelsel")
    for name, value in SPARK.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkRuntimeError, OSError) as error:
        raise StelselError(
            "Spark does not start; it needs Java 17 or 21.",
            remedy="Install Java (Debian: openjdk-17-jre-headless), or set JAVA_HOME.",
            what_nl="Spark start niet; het heeft Java 17 of 21 nodig.",
            remedy_nl="Installeer Java (Debian: openjdk-17-jre-headless), of zet JAVA_HOME.",
        ) from error
