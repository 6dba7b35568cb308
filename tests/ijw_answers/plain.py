"""The plain messages of the table of cases, and claims that break no rule."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from stelsel.ijw import Content, Message, header
from stelsel.ijw.grammar import Element, message_type
from stelsel.ijw.structure import root_of
from stelsel.ijw.values import reader
from tests.conftest import made_up_bsns

TABLE = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
ASKING = ("JW301", "JW305", "JW307", "JW315", "JW317", "JW319")
"""The messages that get a return."""
BSNS = list(islice(made_up_bsns(), 50))


def plain(name: str) -> Message:
    """The plain message of a type."""
    return Message(name, _typed(TABLE["messages"][name], root_of(message_type(name))))


def full(path: str) -> str:
    """A path with its short name written out."""
    for name, place in TABLE["places"].items():
        path = path.replace(name, place)
    return path


def _typed(value: Any, element: Element) -> Any:
    """A value from the table as Python has it in a message."""
    if isinstance(value, list):
        return [_typed(each, element) for each in value]
    if element.group is None:
        assert element.simple is not None
        return reader(element.simple)(str(value))
    inside = {each.name: each for each in element.group.elements}
    assert set(value) <= set(inside), value
    return {name: _typed(each, inside[name]) for name, each in value.items()}


MONTHS = st.builds(date, st.integers(2023, 2025), st.integers(1, 12), st.just(1))


def _month(begin: date) -> dict[str, date]:
    return {
        "Begindatum": begin,
        "Einddatum": begin.replace(day=monthrange(begin.year, begin.month)[1]),
    }


@st.composite
def claims(draw: st.DrawFn) -> Message:
    """Claims that break no rule of levels 1 and 2, of one to four clients with some lines each."""
    month = draw(MONTHS)
    told = date(2026, 1, draw(st.integers(1, 31)))
    bsns = draw(st.lists(st.sampled_from(BSNS), min_size=1, max_size=4, unique=True))
    number = 0
    clients: list[Content] = []
    for bsn in bsns:
        lines: list[Content] = []
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            credit = draw(st.booleans())
            amount = draw(st.just(99_999_999) | st.integers(int(credit), 1_000_000))
            reference = {"ReferentieNummer": f"P{number}"}
            if credit:
                reference["VorigReferentieNummer"] = f"O{number}"
            lines.append(
                {
                    "ProductReferentie": reference,
                    "ToewijzingNummer": number,
                    "ProductCategorie": "45",
                    "ProductCode": "45A01",
                    "ProductPeriode": _month(month),
                    "GeleverdVolume": amount,
                    "Eenheid": "83",
                    "IngediendBedrag": {"Bedrag": amount, "DebetCredit": "C" if credit else "D"},
                }
            )
        clients.append({"Bsn": bsn, "Prestaties": {"Prestatie": lines}})
    total = sum(
        line["IngediendBedrag"]["Bedrag"]
        * (1 if line["IngediendBedrag"]["DebetCredit"] == "D" else -1)
        for client in clients
        for line in client["Prestaties"]["Prestatie"]
    )
    return Message(
        "JW323",
        {
            "Header": header("JW323", "12345678", "0193", draw(st.sampled_from("AB")), told),
            "Declaratie": {
                "DeclaratieNummer": "D1",
                "DeclaratiePeriode": _month(month),
                "DeclaratieDagtekening": told,
                "TotaalIngediendBedrag": {
                    "TotaalBedrag": abs(total),
                    "DebetCredit": "C" if total < 0 else "D",
                },
                "Clienten": {"Client": clients},
            },
        },
    )
