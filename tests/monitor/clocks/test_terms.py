"""Every constant of the rules has a clock or says why not; the page is what the tables make."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stelsel.monitor.clocks.page import page
from stelsel.monitor.clocks.terms import terms
from stelsel.system import clock, norm

KINDS = {"weeks": "weeks", "days": "days", "months": "months", "years": "years"}


@pytest.mark.parametrize("term", terms(), ids=lambda one: one.term)
def test_a_constant_has_a_clock_or_a_reason(term: Any) -> None:
    assert bool(term.norm) != bool(term.why_en)
    assert bool(term.why_en) == bool(term.why_nl)
    if term.norm:
        one = clock(term.norm)
        assert one.runs or (one.missing_nl and one.missing_en)


@pytest.mark.parametrize("term", [one for one in terms() if one.norm], ids=lambda one: one.term)
def test_the_norm_of_a_constant_has_its_number(term: Any) -> None:
    """Months and years are the same term; a share is that of the clock."""
    held, number = norm(term.norm), float(term.value)
    if number < 1:
        assert clock(term.norm).share == number
        return
    days = {"months": 12 * number if held.unit == "months" and "years" in term.term else number}
    assert held.limit == days.get(held.unit, number)


def test_the_constants_are_those_of_the_rules(project: Path) -> None:
    file = project.parent / "shared" / "rules.md"
    if not file.is_file():
        pytest.skip("the rules are not beside the project: the table is all there is")
    section = re.search(r"## 17\..*?```yaml\n(.*?)```", file.read_text("utf-8"), re.DOTALL)
    assert section
    told: dict[str, str] = {}
    for name, value in yaml.safe_load(section[1]).items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        told |= {f"{name}.{key}".rstrip("."): str(number) for key, number in parts}
    assert told == {one.term: one.value for one in terms()}


def test_the_reference_page_is_what_the_tables_make(project: Path) -> None:
    kept = (project / "docs" / "reference" / "clocks.md").read_text("utf-8")
    assert kept == page(), "run make reference"
