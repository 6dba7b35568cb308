"""``stelsel warning`` as a user runs it, on a register with statements and children."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stelsel.deliveries.statements import Line, Statement
from stelsel.register.statements import keep_statement
from tests.monitor.filled import Wait, register_of, stelsel

AS_OF = date(2024, 12, 31)
RUNS_DRY, OTHER, SMALL = "00000001", "00000002", "00000003"


def waits() -> list[Wait]:
    """Give 30 children in care and 14 waiting at one provider, 50 at another, 3 at a small one."""
    begun = date(2024, 3, 1)
    found = [Wait(n, begun, date(2024, 4, 1), provider=RUNS_DRY) for n in range(30)]
    found += [Wait(100 + n, date(2024, 10, 1), provider=RUNS_DRY) for n in range(14)]
    found += [Wait(200 + n, begun, date(2024, 5, 1), provider=OTHER) for n in range(50)]
    found += [Wait(300 + n, begun, date(2024, 5, 1), provider=SMALL) for n in range(3)]
    return found


def statement(period: str, day: str, liquidity: str, result: int) -> Statement:
    told = {
        "liquidity": Decimal(liquidity),
        "result": Decimal(result),
        "revenue": Decimal(1000),
        "working-capital": Decimal(-1),
    }
    lines = [Line(item, value=value, source="provider") for item, value in told.items()]
    waiting = Line("waiting-form", "02", None, "JZ07", Decimal(14), "children", "register")
    dated = Line("dated", value=day, source="provider")
    return Statement(RUNS_DRY, period, (dated, waiting, *lines))


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    found = {}
    for made_up in (True, False):
        folder = tmp_path_factory.mktemp("warning") / "register"
        found[made_up] = register_of(waits(), folder, made_up=made_up)
        keep_statement(folder, statement("2024-Q2", "2024-07-10", "1.10", -10))
        keep_statement(folder, statement("2024-Q3", "2024-10-10", "0.87", -20))
    return found


def answer(*words: str | Path) -> Any:
    done = stelsel("warning", *words, "--as-of", str(AS_OF), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def there(found: dict[str, Any], kind: str = "signals") -> set[str]:
    return {one["id"] for one in found[kind] if one["state"] == "yes"}


def test_every_provider_has_a_row_and_none_a_score(registers: dict[bool, Path]) -> None:
    found = answer("--register", registers[True])
    assert [one["provider"] for one in found] == [RUNS_DRY, OTHER, SMALL]
    dry, other, _ = found
    assert there(dry) == {"liquidity-below-one", "working-capital-negative", "loss-two-quarters"}
    assert there(dry, "combinations") == {"losing-without-buffer"}
    assert (dry["quarter"], dry["known"]) == ("2024-Q3", "2024-10-10")
    assert (dry["in_care_children"], dry["waiting_children"]) == (30, 14)
    assert (other["quarter"], there(other)) == (None, set())
    assert not [name for one in found for name in one if "score" in name or "rank" in name]


def test_of_one_provider_all_is_told(registers: dict[bool, Path]) -> None:
    found = answer(RUNS_DRY, "--register", registers[True])
    (row,) = found["depends"]
    assert (row["here"], row["others"], row["children"], row["waiting_here"]) == (30, 53, 83, 14)
    assert row["share"] == pytest.approx(30 / 83)
    assert [one["children"] for one in found["municipalities"]] == [44]
    others = {one["provider"]: one["median_days"] for one in found["alternatives"]}
    assert others == {OTHER: 61, SMALL: 61}
    liquidity = next(one for one in found["indicators"] if one["id"] == "liquidity")
    assert liquidity["values"][-2:] == [1.10, 0.87]
    assert liquidity["since_quarter"] == "worse"
    earlier = answer(RUNS_DRY, "--register", registers[True], "--known-on", "2024-08-01")
    assert earlier["quarter"] == "2024-Q2"


def test_of_real_children_small_numbers_and_company_numbers_stay_in(
    registers: dict[bool, Path],
) -> None:
    found = answer(RUNS_DRY, "--register", registers[False])
    assert {one["values"] is None for one in found["indicators"]} == {True}
    assert "0.87" not in json.dumps(found)
    assert there(found) == {"liquidity-below-one", "working-capital-negative", "loss-two-quarters"}
    small = next(one for one in found["alternatives"] if one["provider"] == SMALL)
    assert small["in_care_children"] is small["median_days"] is None
    numbers = [row[name] for row in found["depends"] for name in ("here", "others", "children")]
    assert all(number is None or number % 5 == 0 for number in numbers)
    log = [json.loads(line) for line in (registers[False] / "releases.jsonl").open()]
    assert [line["what"] for line in log[-3:]] == [
        f"warning-depends-{RUNS_DRY}",
        f"warning-towns-{RUNS_DRY}",
        "warning-alternatives",
    ]
    exact = answer(RUNS_DRY, "--register", registers[False], "--internal")
    assert "0.87" in json.dumps(exact)
    looks = [json.loads(line) for line in (registers[False] / "access.jsonl").open()]
    assert (looks[-1]["what"], looks[-1]["asked"]["provider"]) == ("warning", RUNS_DRY)


def test_the_tables_are_dutch_and_english_at_a_switch(registers: dict[bool, Path]) -> None:
    words = ("warning", RUNS_DRY, "--as-of", str(AS_OF), "--register")
    dutch = stelsel(*words, registers[True])
    assert "Samen: Verlies zonder buffer" in dutch.stdout
    assert "0,87" in dutch.stdout
    assert "eigen keuze" in dutch.stdout
    hidden = stelsel(*words, registers[False], "--lang", "en")
    assert "Together: Losing without a buffer" in hidden.stdout
    assert "0.87" not in hidden.stdout
    assert "art. 8h" in " ".join(hidden.stdout.split())
    every = stelsel("warning", "--register", registers[False], "--as-of", str(AS_OF))
    assert "Twee kwartalen verlies (eigen keuze)" in " ".join(
        every.stdout.replace("│", " ").split()
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [(("00000009",), "00000001"), (("--as-of", "x"), "--as-of"), (("--lang", "de"), "--lang")],
)
def test_wrong_words_are_told(
    words: tuple[str, ...], told: str, registers: dict[bool, Path]
) -> None:
    done = stelsel("warning", *words, "--register", registers[True])
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
