"""Reading and checking keeps up with parsing by schema, in the same run; see the benchmarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import reading
from stelsel.ijw.grammar import message_types

HALF = 0.5
"""What is asked for: half the speed of lxml with the schema."""


@pytest.mark.shared
@pytest.mark.parametrize("name", message_types())
def test_half_the_speed_of_lxml_with_the_schema(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reading, "SCHEMAS", shared / "ijw" / "xsd")
    monkeypatch.setattr(reading, "EACH", 60)
    monkeypatch.setattr(reading, "ROUNDS", 5)
    measured = reading._of_type(name, tmp_path / name)
    assert measured["seen"] >= HALF
    assert measured["new_shape"] >= HALF


def test_without_the_schemas_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "SCHEMAS", tmp_path / "nothing")
    assert "skipped" in reading.measure()
