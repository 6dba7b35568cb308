"""Spells in files give what they give in memory, on a DuckDB that keeps to a limit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest

from stelsel.errors import StelselError
from stelsel.monitor.engines import on_duckdb
from stelsel.monitor.indicators import known, work_out_all
from stelsel.monitor.indicators.working import asking, families
from tests.monitor.indicators.random_spells import DAY, REGIONS, table

AS_OF = DAY + timedelta(days=200)


def test_a_folder_of_files_gives_what_the_table_gives(tmp_path: Path) -> None:
    spells = table(Random(1), known(), regions=len(REGIONS), most=9)
    half = spells.num_rows // 2
    pq.write_table(spells.slice(0, half), tmp_path / "0.parquet")
    pq.write_table(spells.slice(half), tmp_path / "1.parquet")
    in_memory = work_out_all(known(), spells, AS_OF)
    with on_duckdb(tmp_path, memory="256MiB", threads=1) as there:
        asked = there.get_backend().con.execute("select current_setting('memory_limit')")
        assert asked.fetchall() == [("256.0 MiB",)]
        found = work_out_all(known(), there, AS_OF)
    for name, rows in in_memory.items():
        keys = [one for one in rows.column_names if one not in ("value", "low", "high")]
        assert found[name].select(keys) == rows.select(keys)
    assert sum(rows.num_rows for rows in found.values())


def test_a_folder_without_spells_is_said(tmp_path: Path) -> None:
    with pytest.raises(StelselError, match="no spells here"), on_duckdb(tmp_path):
        pass


def test_all_indicators_go_through_the_spells_in_a_few_goes() -> None:
    """Their number may grow; how often the spells are gone through does not with it."""
    asked = {one.id: asking(one, AS_OF, None, 365) for one in known()}
    assert len(families(known(), asked)) < len(known()) / 5
