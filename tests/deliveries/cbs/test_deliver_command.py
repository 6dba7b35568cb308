"""The command ``stelsel deliver`` as a user types it, from a register that took deliveries in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stelsel.cli import app
from stelsel.deliveries.cbs import Delivery, Period, YouthCare, layout_of, mirror, written
from stelsel.errors import StelselError
from stelsel.register import Register
from stelsel.register.key import key_file, read_key
from tests.deliveries.cbs.made import NUMBERS

CARE = Delivery("cbs-youth-care", "00000001", Period.of("2024-H1"), date(2024, 7, 9))
RECORDS = [
    YouthCare(number=number, birth="2010-05", sex="V", place="0363", referrer="02", form=form,
              crisis="01", start=date(2024, 2, 1), end=end, reason="01" if end else None)
    for number, form, end in (
        (NUMBERS[0], "02", None),
        (NUMBERS[1], "14", date(2024, 6, 30)),
        (NUMBERS[2], "03", date(2024, 3, 1)),
    )
]  # fmt: skip


def stelsel(*words: object) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "STELSEL" not in name}
    return subprocess.run(
        [sys.executable, "-m", "stelsel", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env=environment,
    )


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deliver")
    (folder / "in").mkdir()
    (folder / "in" / "cbs.csv").write_bytes(written(RECORDS, CARE, layout_of("csv")))
    outcome = Register.create(folder / "register").ingest([folder / "in"])
    assert outcome.set_aside == 0
    return folder / "register"


def keys(register: Path, place: Path, numbers: list[str]) -> Path:
    pseudonym = read_key(key_file(register))
    rows = [f"{pseudonym(number)};{number};20100500;0363" for number in numbers]
    place.write_text("\n".join(["child;number;birth;place", *rows]), "utf-8")
    return place


ARGUMENTS = ("--period", "2024-H1", "--day", "2024-07-09", "--register")


@pytest.mark.parametrize("ending", ["txt", "csv", "xlsx"])
def test_what_was_taken_in_is_delivered_again(register: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out.{ending}"
    table = keys(register, tmp_path / "numbers.csv", NUMBERS[:3])
    done = stelsel("deliver", "cbs-youth-care", *ARGUMENTS, register, "--out", out, "--keys", table)
    assert (done.returncode, "Geschreven" in done.stderr) == (0, True), done.stderr
    found = mirror(out)
    assert found.delivery == CARE
    assert {record for _, record in found.records} == set(RECORDS)


def test_without_numbers_it_says_so(register: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = stelsel(
        "deliver", "cbs-youth-care", *ARGUMENTS, register, "--out", out, "--json",
        "--report", tmp_path / "mirror.md",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "pseudoniemen in plaats van nummers" in done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert (told["layout"], told["records"], told["complete"]) == ("pseudonymised", 3, True)
    assert {row["code"]: row["end"] for row in told["counts"]} == {"02": 1, "03": 0, "14": 0}
    text = out.read_text("utf-8")
    assert not any(number in text for number in NUMBERS)
    assert (tmp_path / "mirror.md").read_text("utf-8").startswith("# Spiegelrapport")


def test_a_child_without_a_number_is_counted(register: Path, tmp_path: Path) -> None:
    table = keys(register, tmp_path / "numbers.csv", NUMBERS[:2])
    done = stelsel(
        "deliver", "cbs-youth-care", *ARGUMENTS, register, "--out", tmp_path / "out.txt",
        "--keys", table, "--json", "--lang", "en",
    )  # fmt: skip
    assert json.loads(done.stdout)["without_number"] == 1
    assert "delivered with an unknown number: 1" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["cbs-youth-crae", "--period", "2024-H1"], ["geen levering cbs-youth-crae", "Bedoelt u"]),
        (["cbs-youth-care", "--period", "2024-Q1"], ["geen periode van deze levering", "2024-H1"]),
        (["cbs-probation", "--period", "2024-H1"], ["geen periode van deze levering", "2024-Q3"]),
        (
            ["cbs-youth-care", "--period", "2024-Q1", "--provider", "12345678"],
            ["geen periode", "geen verblijven van aanbieder 12345678"],
        ),
        (["cbs-youth-care", "--period", "2024-H1", "--layout", "fixed"], ["die kent het register"]),
        (["cbs-youth-care", "--period", "2024-H1", "--day", "9 juli"], ["--day: 9 juli is geen"]),
    ],
)
def test_wrong_words(register: Path, tmp_path: Path, words: list[str], says: list[str]) -> None:
    out = tmp_path / "out.csv"
    asked = ["deliver", *words, "--register", str(register), "--out", str(out)]
    with pytest.raises(StelselError) as error:
        app(asked, standalone_mode=False)
    told = " ".join(fault.told("nl") for fault in error.value.faults)
    assert all(text in told for text in says), told
    assert not out.exists()


def test_real_children_are_delivered_only_when_that_is_said(tmp_path: Path) -> None:
    # Pseudonyms of another register tell of nobody that they are made up.
    keyed = [replace(record, number=f"{number:032x}") for number, record in enumerate(RECORDS)]
    (tmp_path / "cbs.csv").write_bytes(written(keyed, CARE, layout_of("pseudonymised")))
    kept = Register.create(tmp_path / "register")
    kept.ingest([tmp_path / "cbs.csv"])
    asked = ("deliver", "cbs-youth-care", *ARGUMENTS, tmp_path / "register", "--out",
             tmp_path / "out.csv")  # fmt: skip
    refused = stelsel(*asked)
    assert (refused.returncode, "--internal" in refused.stderr) == (2, True)
    assert not (tmp_path / "out.csv").exists()
    done = stelsel(*asked, "--internal")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").stat().st_mode & 0o077 == 0
    log = (tmp_path / "register" / "access.jsonl").read_text("utf-8")
    assert "deliver cbs-youth-care" in log
