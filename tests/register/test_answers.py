"""What children and parents answered, from a delivery to CBS through the register to a number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stelsel.deliveries.cbs import Delivery, Period, write
from stelsel.deliveries.cbs.records import YouthCare
from stelsel.monitor.indicators import named, oracle, work_out
from stelsel.register import Register
from stelsel.system.numbers import made_up_numbers
from tests.monitor.filled import stelsel

PROVIDER = "99999999"
# Who, last day of the care, and per informant: mark, and which help is still needed.
TOLD: list[
    tuple[int, date | None, tuple[int | None, str | None], tuple[int | None, str | None]]
] = [
    (0, date(2021, 11, 3), (9, "04"), (None, None)),
    (1, date(2022, 2, 10), (8, "04"), (6, "02")),
    (2, date(2022, 3, 20), (5, "01"), (None, None)),
    (3, date(2022, 4, 1), (None, None), (None, None)),
    (4, None, (None, None), (None, None)),
]


def delivered(half: str, day: date, children: list[str], folder: Path) -> None:
    """Write the care that ended in a half-year, and what was answered about it."""
    period = Period.of(half)
    records = [
        YouthCare(
            number=children[child],
            birth="2012-05",
            sex="M",
            place="0193",
            referrer="01",
            form="02",
            crisis="02",
            perspective=None,
            start=date(2021, 8, 2),
            end=end if end and end <= period.last else None,
            reason="01" if end and end <= period.last else None,
            satisfaction=first[0] if end and end <= period.last else None,
            further_help=first[1] if end and end <= period.last else None,
            informant="01" if first[0] and end and end <= period.last else None,
            satisfaction_2=second[0] if end and end <= period.last else None,
            further_help_2=second[1] if end and end <= period.last else None,
            informant_2="02" if second[0] and end and end <= period.last else None,
        )
        for child, end, first, second in TOLD
        if end is None or end >= period.first
    ]
    delivery = Delivery("cbs-youth-care", PROVIDER, period, day)
    write(records, delivery, "pseudonymised", folder / f"{half}.csv")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("answers")
        patch.setenv("STELSEL_KEY_FILE", str(place / "key"))
        found = Register.create(place / "register")
        children = found.pseudonyms_of(made_up_numbers(len(TOLD)))
        files = place / "files"
        files.mkdir()
        delivered("2021-H2", date(2022, 1, 14), children, files)
        delivered("2022-H1", date(2022, 7, 14), children, files)
        assert found.ingest([files]).set_aside == 0
        yield found


def test_each_answer_is_there_and_so_is_each_silence(register: Register) -> None:
    found = [
        (str(row["end"]), row["station"], row["exit"]) for row in register.answers().to_pylist()
    ]
    assert sorted(found) == [
        # Of 2021 the question about further help was another one: its answer does not count.
        ("2021-11-03", "asked", "answered"),
        ("2021-11-03", "asked-usefulness-child", "mark-9"),
        ("2022-02-10", "asked", "answered"),
        ("2022-02-10", "asked-further-help-child", "help-none"),
        ("2022-02-10", "asked-further-help-parent", "help-lighter"),
        ("2022-02-10", "asked-usefulness-child", "mark-8"),
        ("2022-02-10", "asked-usefulness-parent", "mark-6"),
        ("2022-03-20", "asked", "answered"),
        ("2022-03-20", "asked-further-help-child", "help-same"),
        ("2022-03-20", "asked-usefulness-child", "mark-5"),
        ("2022-04-01", "asked", "not-answered"),
    ]


def test_what_was_not_known_yet_was_not_answered(register: Register) -> None:
    then = register.answers(known_on=date(2022, 2, 1)).to_pylist()
    assert [row["station"] for row in then] == ["asked", "asked-usefulness-child"]


CASES = [
    # Indicator, from 1 August 2021 to 30 June 2022: group, part, value.
    ("outcome-response", [], [("", 75.0)]),
    ("outcome-usefulness", ["station"], [("mean", 22 / 3), ("median", 8.0), ("mean", 6.0)]),
    ("outcome-useful", ["station"], [("", 100 * 2 / 3), ("", 0.0)]),
]


@pytest.mark.parametrize(("name", "by", "wanted"), CASES)
def test_outcomes_follow_their_definitions(
    name: str, by: list[str], wanted: list[tuple[str, float]], register: Register
) -> None:
    asked = (register.answers(), date(2022, 6, 30), by, 334)
    found = [(row["part"], row["value"]) for row in work_out(named(name), *asked).to_pylist()]
    assert found[: len(wanted)] == [(part, pytest.approx(value)) for part, value in wanted]
    slow = oracle.work_out(named(name), *asked).to_pylist()
    assert found == [(row["part"], pytest.approx(row["value"])) for row in slow]


def test_answers_of_before_2022_are_never_pooled_with_later_ones(register: Register) -> None:
    found = work_out(named("outcome-without-help"), register.answers(), date(2022, 6, 30), [], 700)
    [row] = found.to_pylist()
    assert row["period_start"] == date(2022, 1, 1)
    assert (row["numerator"], row["denominator"]) == (1, 3)


def test_the_response_is_told_beside_the_answers(register: Register) -> None:
    asked = ("--register", register.folder, "--as-of", "2022-06-30", "--internal")
    told = stelsel("indicators", "run", "outcome-usefulness", *asked, "--format", "json")
    assert told.returncode == 0, told.stderr
    names = [one["indicator"] for one in json.loads(told.stdout)]
    assert names == ["outcome-usefulness", "outcome-response"]
    shown = stelsel("indicators", "run", "outcome-usefulness", *asked).stdout
    assert "gemiddeld" in shown
    assert "Respons" in shown
