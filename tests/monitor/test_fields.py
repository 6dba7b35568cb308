"""The list of fields is whole, and the reference page says the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from stelsel.disclosure import role_of
from stelsel.monitor import BY, FIELDS, schema, units


def test_the_reference_page_describes_every_field_as_the_list_does(project: Path) -> None:
    page = (project / "docs/reference/waiting.md").read_text(encoding="utf-8")
    for one in FIELDS:
        cells = (f"`{one.name}`", one.unit, one.label_nl, one.definition_en, one.source)
        assert f"| {' | '.join(cells)} |" in page


@pytest.mark.parametrize("one", FIELDS, ids=[one.name for one in FIELDS])
def test_a_field_is_described_in_both_languages(one: object) -> None:
    for name in ("unit", "unit_nl", "label_nl", "label_en", "definition_nl", "definition_en"):
        assert getattr(one, name)


def test_every_number_has_a_unit_and_a_role_and_no_column_lacks_one() -> None:
    computed = schema(BY)
    assert all(role_of(field) for field in computed)
    numbers = {
        field.name
        for field in computed
        if getattr(role_of(field), "name", "") in ("count", "estimate")
    }
    assert set(units()) == numbers
