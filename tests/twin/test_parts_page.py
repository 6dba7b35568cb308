"""The page of what each part brings to the plan is made of the tables of the parts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from stelsel.twin.plans.parameters import of_parts
from stelsel.twin.plans.tables import TITLES, of_part, page


def test_every_part_and_every_parameter_stands_on_the_page_once() -> None:
    folders = {part.name for part in (files("stelsel.twin") / "parts").iterdir() if part.is_dir()}
    assert set(TITLES) == {name for name in folders if not name.startswith("_")}
    names = [one.name for part in TITLES for one in of_part(part)]
    assert sorted(names) == sorted(of_parts())
    told = page()
    for name in names:
        family = name.partition("[")[0]
        assert f"`{family}[x]`" in told or f"`{family}`" in told, name


def test_the_page_is_that_of_the_tables(project: Path) -> None:
    written = (project / "docs/explanation/twin/parameters.md").read_text("utf-8")
    assert written == page(), "make it anew with: make reference"
