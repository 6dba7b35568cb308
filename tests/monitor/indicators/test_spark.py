"""Spark gives what DuckDB gives: the same expressions, over a fixed set of spells."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from stelsel.errors import StelselError
from stelsel.monitor.engines import on_spark
from stelsel.monitor.indicators import known, work_out_all
from tests.monitor.filled import Wait, register_of, stelsel
from tests.monitor.indicators.random_spells import DAY, REGIONS, table
from tests.monitor.indicators.test_engines import alike

AS_OF = DAY + timedelta(days=300)
SPELLS = table(Random(6), known(), regions=len(REGIONS), most=20)
SMALL = {
    "spark.master": "local[1]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""For a table of some hundreds of rows: nothing that takes time to save time."""


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not here (it needs Java too)")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not here, which Spark needs")
    builder = sql.SparkSession.builder.appName("stelsel tests")
    for name, value in SMALL.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.mark.slow
def test_spark_gives_what_duckdb_gives(spark: Any) -> None:
    on_duckdb = work_out_all(known(), SPELLS, AS_OF)
    with on_spark(SPELLS, spark) as spells:
        found = work_out_all(known(), spells, AS_OF)
    assert found.keys() == on_duckdb.keys()
    for name, rows in on_duckdb.items():
        alike(found[name], rows)
    assert sum(rows.num_rows for rows in found.values()) > len(found)


def test_spark_reads_a_folder_of_files(spark: Any, tmp_path: Path) -> None:
    half = SPELLS.num_rows // 2
    pq.write_table(SPELLS.slice(0, half), tmp_path / "0.parquet")
    pq.write_table(SPELLS.slice(half), tmp_path / "1.parquet")
    with on_spark(tmp_path, spark) as spells:
        assert spells.count().to_pyarrow().as_py() == SPELLS.num_rows


def test_a_folder_without_spells_is_said(spark: Any, tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="no spells here"), on_spark(tmp_path, spark):
        pass


def test_the_command_runs_on_spark(spark: Any, tmp_path: Path) -> None:
    waits = [Wait(child, DAY + timedelta(days=child % 3)) for child in range(30)]
    register = register_of(waits, tmp_path / "register")
    words: list[str | Path] = [
        "indicators",
        "run",
        "waiting-entries",
        "--register",
        register,
        "--format",
        "json",
    ]
    told = [stelsel(*words, "--engine", engine) for engine in ("spark", "duckdb")]
    assert [one.returncode for one in told] == [0, 0]
    assert json.loads(told[0].stdout) == json.loads(told[1].stdout)
    assert json.loads(told[0].stdout)[0]["rows"][0]["value"] == 30
