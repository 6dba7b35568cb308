"""``stelsel benchmark`` as a user runs it: on a register and on a file of figures."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stelsel.monitor.benchmark import areas, young_people
from stelsel.system.regions import municipalities
from tests.monitor.filled import Wait, register_of, stelsel

AS_OF = date(2024, 6, 30)
TOWNS = [one.code for one in municipalities(region="JZ07")]


def waits() -> list[Wait]:
    """Give one child in a thousand of each municipality of IJsselland, of Zwolle two; Olst none."""
    found = []
    for code, ages in young_people(TOWNS).items():
        number = sum(ages.values()) // 1000 * (2 if code == "0193" else 1)
        for child in range(0 if code == "1773" else number):
            born = f"{2010 + child % 10}-0{1 + child % 9}"
            found.append(
                Wait(int(code) * 1000 + child, date(2024, 2, 1), municipality=code, birth=born)
            )
    return found


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    return {
        made_up: register_of(
            waits(), tmp_path_factory.mktemp("benchmark") / "register", made_up=made_up
        )
        for made_up in (True, False)
    }


def answers(*words: str | Path) -> list[dict[str, Any]]:
    done = stelsel("benchmark", *words, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_municipality_with_twice_as_many_stands_out(registers: dict[bool, Path]) -> None:
    where = ("zwolle", "--register", registers[True], "--indicator", "waiting-children")
    (found,) = answers(*where, "--as-of", str(AS_OF))
    rows = {row["area"]: row for row in found["rows"]}
    assert next(iter(rows)) == "0193"
    assert set(rows) == set(TOWNS) - {"1773"}
    assert rows["0193"]["ratio"] > 1.2
    assert rows["0193"]["ratio"] > max(row["ratio"] for row in found["rows"][1:])
    assert rows["0193"]["direct_low"] <= rows["0193"]["direct"] <= rows["0193"]["direct_high"]
    assert found["standardised"]
    assert found["funnel"]["areas"] == 10
    assert sum(row["expected"] for row in found["rows"]) == pytest.approx(
        sum(row["counted"] for row in found["rows"])
    )


def test_of_real_children_only_what_may_leave_is_used(registers: dict[bool, Path]) -> None:
    where = ("0193", "--register", registers[False], "--indicator", "waiting-children")
    (found,) = answers(*where)
    numbers = [row["counted"] for row in found["rows"]]
    assert None in numbers
    assert all(number is None or number % 5 == 0 for number in numbers)
    assert all(row["direct"] is None for row in found["rows"])
    assert found["without_area"] is None
    logged = [json.loads(line) for line in (registers[False] / "releases.jsonl").open()]
    assert [line["what"] for line in logged[-2:]] == [
        "benchmark-waiting-children",
        "benchmark-ages-waiting-children",
    ]
    (exact,) = answers(*where, "--internal")
    assert {row["area"]: row["counted"] for row in exact["rows"]}["0193"] == 78
    looks = [json.loads(line) for line in (registers[False] / "access.jsonl").open()]
    assert looks[-1]["what"] == "benchmark"


def test_few_areas_are_not_judged(registers: dict[bool, Path]) -> None:
    (found,) = answers(
        *("0193", "--register", registers[True], "--indicator", "waiting-children"),
        *("--among", "Deventer, Kampen"),
    )
    assert [row["area"] for row in found["rows"]] == ["0193", "0150", "0166"]
    assert found["funnel"] is None
    assert {row["place"] for row in found["rows"]} == {None}


def test_what_is_not_there_is_said(registers: dict[bool, Path]) -> None:
    where = ("--register", registers[True], "--indicator", "waiting-children")
    alone = stelsel("benchmark", "JZ07", *where)
    assert "geen andere jeugdregio's" in " ".join(alone.stderr.split())
    stranger = stelsel("benchmark", "Groningen", *where)
    assert "Groningen: voor 'Wachtende jeugdigen'" in " ".join(stranger.stderr.split())
    (found,) = answers("Groningen", *where)
    assert found["rows"][0]["counted"] is found["rows"][0]["ratio"] is None


def figures(tmp_path: Path, *, by_ages: bool) -> Path:
    """Write figures of the whole country: a tenth everywhere, in Zwolle a fifth."""
    lines = ["indicator,municipality,period_start,period_end,ages,children,source"]
    for one in areas("municipality"):
        number = sum(young_people([one.code])[one.code].values()) // 10
        number *= 2 if one.code == "0193" else 1
        lines.append(f"hulp,{one.code},2021-01-01,2021-12-31,,{number},CBS 85098NED")
    if by_ages:
        for ages, share in zip(("0-4", "5-9", "10-14", "15-19", "20-24"), range(1, 6), strict=True):
            lines.append(f"hulp,NL,2021-01-01,2021-12-31,{ages},{share * 50_000},CBS")
    file = tmp_path / "cbs.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_figures_of_the_country(tmp_path: Path) -> None:
    (found,) = answers("Zwolle", "--figures", figures(tmp_path, by_ages=False))
    assert (len(found["rows"]), found["standardised"]) == (21, False)
    assert found["rows"][0]["place"] == "above 998"
    assert {row["place"] for row in found["rows"][1:]} == {"inside"}
    (aged,) = answers("Zwolle", "--figures", figures(tmp_path, by_ages=True))
    assert aged["standardised"]
    assert aged["rows"][0]["expected"] != pytest.approx(found["rows"][0]["expected"])
    (region,) = answers("JZ07", "--figures", figures(tmp_path, by_ages=True), "--number", "41")
    assert len(region["rows"]) == 42


def test_ages_of_cbs_go_with_young_people_of_those_ages(tmp_path: Path) -> None:
    bands = {"0-3": 4, "4-11": 8, "12-17": 6, "18-22": 5}
    living = ["municipality,ages,day,persons,source"]
    for one in areas("municipality"):
        whole = sum(young_people([one.code])[one.code].values())
        living += [
            f"{one.code},{ages},2021-01-01,{whole * years // 25},CBS"
            for ages, years in bands.items()
        ]
    file = figures(tmp_path, by_ages=False)
    with file.open("a") as lines:
        for ages in bands:
            lines.write(f"hulp,NL,2021-01-01,2021-12-31,{ages},100000,CBS\n")
    wrong = stelsel("benchmark", "Zwolle", "--figures", file)
    assert (wrong.returncode, wrong.stderr.count("cbs.csv")) == (2, 4)
    other = tmp_path / "living.csv"
    other.write_text("\n".join(living) + "\n")
    (found,) = answers("Zwolle", "--figures", file, "--population", other)
    assert (found["standardised"], found["ages"][0]) == (True, ["0-3"])
    assert found["population_day"] == "2021-01-01"
    other.write_text("\n".join(line for line in living if not line.startswith("0193")) + "\n")
    lacking = stelsel("benchmark", "Zwolle", "--figures", file, "--population", other)
    assert "--population" in lacking.stderr


def test_the_table_is_dutch_and_english_at_a_switch(
    tmp_path: Path, registers: dict[bool, Path]
) -> None:
    dutch = stelsel("benchmark", "Zwolle", "--figures", figures(tmp_path, by_ages=False))
    assert "NIET gestandaardiseerd" in dutch.stdout
    assert "Niet bekend: inkomen" in dutch.stdout.replace("\n", " ").replace("  ", " ")
    english = stelsel(
        "benchmark", "Zwolle", "--register", registers[False], "--lang", "en", "--among", "JZ07"
    )
    assert "No ranking" in english.stdout
    assert "Children waiting" in english.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Zwole",), "Zwolle"),
        (("Zwolle",), "--register"),
        (("Zwolle", "--number", "0"), "--number"),
        (("Zwolle", "--days", "0"), "--days"),
        (("JZ07", "--among", "Kampen"), "--among"),
        (("Zwolle", "--indicator", "care-running"), "--indicator"),
        (("Zwolle", "--indicator", "nothing"), "indicator nothing"),
        (("Zwolle", "--lang", "fr"), "--lang"),
    ],
)
def test_wrong_words_are_told(
    words: tuple[str, ...], told: str, registers: dict[bool, Path]
) -> None:
    source = () if words == ("Zwolle",) else ("--register", registers[True])
    done = stelsel("benchmark", *words, *source)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
