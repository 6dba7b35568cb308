"""Statements kept in a register: both dates, a later one replaces, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.deliveries.statements import Line, Statement
from stelsel.errors import StelselError
from stelsel.register import Register
from stelsel.register.statements import keep_statement, kept_statements, statement_rows

FIRST = date(2024, 10, 1)


def told(day: date, result: str, provider: str = "00000001", period: str = "2024-Q3") -> Statement:
    return Statement(
        provider,
        period,
        (
            Line("dated", value=day.isoformat(), source="provider"),
            Line("result", value=Decimal(result), unit="eur", source="provider"),
            Line("waiting-form", "02", None, "JZ07", Decimal(3), "children", "register"),
        ),
    )


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5),
            st.sampled_from(["00000001", "00000002"]),
            st.sampled_from(["2024-Q3", "2024-Q2"]),
        ),
        unique=True,
        max_size=6,
    ),
    st.randoms(use_true_random=False),
    st.integers(-1, 6),
)
def test_the_latest_known_holds_in_any_order(
    made: list[tuple[int, str, str]], shuffled: object, asked: int
) -> None:
    statements = [
        told(FIRST + timedelta(days=day), str(number), provider, period)
        for number, (day, provider, period) in enumerate(made)
    ]
    in_order = list(statements)
    shuffled.shuffle(in_order)  # type: ignore[attr-defined]
    known_on = FIRST + timedelta(days=asked)
    latest: dict[tuple[str, str], Statement] = {}
    for one in sorted(statements, key=lambda one: str(one.dated)):
        if one.dated is not None and one.dated <= known_on:
            latest[one.provider, one.period] = one
    with TemporaryDirectory() as folder:
        for one in in_order:
            assert keep_statement(Path(folder), one)
        assert not any(keep_statement(Path(folder), one) for one in in_order)
        found = kept_statements(Path(folder), known_on)
        assert found == tuple(latest[key] for key in sorted(latest))


def test_another_statement_of_the_same_day_is_refused(tmp_path: Path) -> None:
    keep_statement(tmp_path, told(FIRST, "1"))
    with pytest.raises(StelselError, match="another statement"):
        keep_statement(tmp_path, told(FIRST, "2"))
    assert kept_statements(tmp_path) == (told(FIRST, "1"),)


def test_what_is_not_whole_or_not_yet_made_is_refused(tmp_path: Path) -> None:
    whole = told(FIRST, "1")
    half = replace(whole, lines=(*whole.lines, Line("hired", unit="eur")))
    with pytest.raises(StelselError, match="not whole"):
        keep_statement(tmp_path, half)
    with pytest.raises(StelselError, match="not whole"):
        keep_statement(tmp_path, replace(whole, lines=whole.lines[1:]))
    with pytest.raises(StelselError, match="after today"):
        keep_statement(tmp_path, told(date(2999, 1, 1), "1"))
    assert statement_rows(tmp_path).num_rows == 0


def test_names_are_not_kept(tmp_path: Path) -> None:
    register = Register.create(tmp_path / "register")
    whole = told(FIRST, "1")
    named = (
        Line("name", value="Praktijk Jansen", source="provider"),
        Line("contact", value="jansen@example.org", source="provider"),
        Line("subcontractor", value="87654320 Praktijk Pietersen", source="provider"),
        Line("subcontractor", value="87654321 Zorg Twee", source="provider"),
    )
    keep_statement(register.folder, replace(whole, lines=(*whole.lines, *named)))
    rows = statement_rows(register.folder).to_pylist()
    numbers = [row["text"] for row in rows if row["item"] == "subcontractor"]
    assert numbers == ["87654320", "87654321"]
    assert {row["item"] for row in rows} == {"dated", "result", "waiting-form", "subcontractor"}
    stored = b"".join(file.read_bytes() for file in register.folder.rglob("*") if file.is_file())
    for word in (b"Jansen", b"jansen", b"Pietersen", b"Zorg Twee"):
        assert word not in stored
    # The register itself stays as it was.
    assert Register.open(register.folder).events().num_rows == 0
