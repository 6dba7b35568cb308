"""What disclosure control hides cannot be found anywhere on the page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

import lxml.html
import pyarrow as pa
import pytest

from stelsel.monitor import for_readers, schema
from stelsel.web.page import render
from stelsel.web.report import Report, Row

SECRET = "13"
"""The care form in which few children wait."""


def leave(rows: Sequence[Row], by: list[str]) -> list[Row]:
    """Let rows as the monitor computes them out through the door, as those of real children."""
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema(by))
    told: list[Row] = for_readers(table, known_on=None, made_up=False).to_pylist()
    return told


def with_few(report: Report, few: int) -> Report:
    """The report of real children, of whom so few wait for the secret form."""

    def changed(row: Row) -> dict[str, Any]:
        here = dict(row) | {"month": row["period_start"].isoformat()[:7]}
        if here.get("form") == SECRET:
            here |= {"waiting": few, "waiting_children": few, "completed": few + 1}
        return here

    by_both: dict[str, list[Row]] = {}
    every = [changed(row) for rows in report.by_form_and_month.values() for row in rows]
    for row in leave(every, ["form", "month"]):
        by_both.setdefault(row["form"], []).append(row)
    return dataclasses.replace(
        report,
        made_up=False,
        total=leave([report.total], [])[0],
        by_form=leave([changed(row) for row in report.by_form], ["form"]),
        year_ago=leave([report.total], [])[0],
        by_form_year_ago={
            row["form"]: row
            for row in leave([changed(row) for row in report.by_form_year_ago.values()], ["form"])
        },
        by_month=leave([changed(row) for row in report.by_month], ["month"]),
        by_form_and_month=by_both,
    )


@pytest.fixture(scope="module")
def page(reports: Callable[..., Report]) -> str:
    return render(with_few(reports(), 7))


def test_the_hidden_number_makes_no_difference(page: str, reports: Callable[..., Report]) -> None:
    """Who cannot tell two registers apart from their pages has learnt nothing between them."""
    assert page == render(with_few(reports(), 4))


def test_it_is_a_dash_and_the_dash_is_explained(page: str) -> None:
    document: Any = lxml.html.document_fromstring(page)
    (table,) = document.xpath("//section[h2[@id='nl-lists']]//table")
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in table.xpath("./tbody/tr")}
    assert rows["Gesloten plaatsing"][:5] == ["–"] * 5
    assert rows["Ambulant op locatie van de aanbieder"][0] != "–"
    foot = " ".join(table.xpath("string(ancestor::section//div[@class='foot'])").split())
    assert "niet getoond" in foot
    assert "afgerond op vijftallen" in foot


def test_a_hidden_list_is_not_drawn(page: str) -> None:
    labels = re.findall(r'aria-label="([^"]*)"', page)
    assert [label for label in labels if "kinderen in " in label]
    assert [label for label in labels if label.startswith("Gesloten plaatsing.")] == []
    (dots,) = {label for label in labels if label.startswith("Puntgrafiek")}
    assert "Gesloten" not in dots


def test_every_count_that_is_shown_is_rounded(page: str) -> None:
    document: Any = lxml.html.document_fromstring(page)
    (table,) = document.xpath("//figure[h3[@id='nl-trend-waiting']]//table")
    shown = [row[1].text for row in table.xpath("./tbody/tr")]
    assert shown
    assert {int(text.replace(".", "")) % 5 for text in shown} == {0}
