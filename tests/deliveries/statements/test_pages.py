"""The reference page has every item with its article and unit, and every column of the extract."""

from __future__ import annotations

from pathlib import Path

from stelsel.deliveries.statements import COLUMNS, fields, items, terms, units


def test_the_page_is_that_of_the_tables(project: Path) -> None:
    page = (project / "docs" / "reference" / "statements.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    told = {row[0].split("`")[1]: row for row in rows if len(row) == 8 and "`" in row[0]}
    for item in items():
        name, article, asked, kind, unit = told[item.id][:5]
        assert item.name_en in name
        assert item.required == name.endswith("(required)")
        assert (article, asked, kind, unit) == (item.article, item.asked, item.kind, item.unit)
        assert told[item.id][6:] == [item.known, item.kept]
        assert item.open in page
    for field in fields():
        assert [field.article, field.name_en] in [
            row[1:] for row in rows if f"`{field.name}`" in row
        ]
    for name in (*COLUMNS, *units()):
        assert f"`{name}`" in page
    assert [term.years for term in terms()] == [4, 10]
    assert "four years" in page
    assert "ten at" in page
