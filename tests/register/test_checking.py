"""Messages against a register: what is found, what is answered, and that nothing else happens."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stelsel.cli import app
from stelsel.ijw import Message, read_bytes, write
from stelsel.ijw.answers import verdict
from stelsel.ijw.envelopes import Party, enclosed, opened, wrapped
from stelsel.ijw.outside import Outside
from stelsel.register import Register
from tests.ijw_events import messages as by_hand
from tests.ijw_ledger.telling import message_of

REFERENCE = "9c0f7b90-5c69-41e5-a837-0800200c9a66"
PARTIES = Party("00000001", "Zorgsysteem"), Party("0193", "GGk")
STORY: list[dict[str, Any]] = [
    {"day": date(2024, 1, 8), "send": "allocation"},
    {"day": date(2024, 2, 1), "send": "start"},
    {"day": date(2024, 2, 9), "send": "start"},
    {"day": date(2024, 3, 1), "send": "stop", "first": date(2024, 2, 1)},
    {"day": date(2024, 3, 9), "send": "start", "number": 9},
]


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An allocation, a start, a start too many, a stop, a start without an allocation."""
    place = tmp_path / "inbox"
    place.mkdir()
    for number, line in enumerate(STORY):
        (place / f"{number}.xml").write_bytes(write(message_of(line)))
    return place


@pytest.fixture
def register(tmp_path: Path, inbox: Path) -> Register:
    """A register that knows of the allocation."""
    made = Register.create(tmp_path / "register")
    made.ingest(inbox / "0.xml")
    return made


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def rules_of(done: Result) -> dict[str, list[str]]:
    """The rules found by file, from what the command printed as JSON."""
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(each["file"]).stem: [f["rule"] for f in each["findings"]] for each in told}


def test_levels_3_and_4_need_a_register(register: Register, inbox: Path) -> None:
    without = run("check", inbox, "--json")
    assert (without.exit_code, set(map(tuple, rules_of(without).values()))) == (0, {()})
    done = run("check", inbox, "--register", register.folder, "--json")
    assert done.exit_code == 1
    assert rules_of(done) == {"0": [], "1": [], "2": ["TR326"], "3": [], "4": ["TR019"]}
    found = [json.loads(line) for line in done.stdout.splitlines()][2]["findings"][0]
    assert (found["level"], found["return_code"], found["path"]) == (
        3,
        "9326",
        "Client/StartProducten/StartProduct[1]",
    )


def test_lines_are_those_of_the_file_wherever_it_is(
    register: Register, inbox: Path, tmp_path: Path
) -> None:
    """In a folder, in an archive, in an envelope, and in a file that a parser must read."""
    start = message_of(STORY[4])
    data = write(start)
    lines = data.decode().split("\r\n")
    place = tmp_path / "places"
    place.mkdir()
    (place / "plain.xml").write_bytes(data)
    (place / "parsed.xml").write_bytes(data.replace(b"?>", b"?><!-- -->", 1))
    envelope = enclosed(start, *PARTIES, REFERENCE, datetime.fromisoformat("2024-03-09T09:00"))
    (place / "enclosed.xml").write_bytes(wrapped(envelope))
    with zipfile.ZipFile(place / "many.zip", "w") as archive:
        for name in ("a", "b"):
            archive.writestr(f"in/{name}.xml", data)
    found = list(register.check(place))
    assert len(found) == 5
    for each in found:
        (finding,) = each.findings
        assert finding.line is not None
        assert lines[finding.line - 1].strip() == "<jw305:StartProduct>"
        inside = "xmlBestand/" if each.envelope else ""
        assert finding.path == f"{inside}Client/StartProducten/StartProduct[1]"


def test_checking_takes_nothing_in(register: Register, inbox: Path) -> None:
    before = register.version, register.events().num_rows
    list(register.check(inbox))
    assert (register.version, register.events().num_rows) == before
    assert list((register.folder / "quarantine").iterdir()) == []


def test_what_a_message_says_of_a_child_is_not_told(register: Register, inbox: Path) -> None:
    done = run("check", inbox, "--register", register.folder)
    for text in (by_hand.NUMBER, by_hand.NAME, "2012"):
        assert text not in done.output


def test_several_processes_find_the_same(register: Register, inbox: Path) -> None:
    one, two = list(register.check(inbox)), list(register.check(inbox, workers=2))
    assert one == two


def test_the_clock_is_the_day_that_is_given(register: Register, inbox: Path) -> None:
    done = run("check", inbox / "1.xml", "--register", register.folder, "--on", "2024-01-31")
    assert done.exit_code == 1
    assert "[TR135]" in done.output
    assert "8848" in done.output
    assert run("check", inbox / "1.xml", "--register", register.folder).exit_code == 0
    wrong = run("check", inbox, "--register", register.folder, "--on", "2024-02-30")
    assert wrong.exception is not None
    assert "2024-02-30" in str(wrong.exception)


def test_the_answers_owed_are_written(register: Register, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("check", inbox, "--register", register.folder, "--answers", out, "--on", "2024-03-10")
    done = run(*words, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    said = {}
    for each in told:
        received = read_bytes((out / each["answer"]).read_bytes())
        assert received.valid, received.findings
        assert received.message is not None
        assert received.message.content["Header"]["DagtekeningRetour"] == date(2024, 3, 10)
        said[Path(each["file"]).stem] = (received.type, verdict(received.message).accepted)
    assert said == {
        "0": ("JW302", True),
        "1": ("JW306", True),
        "2": ("JW306", False),
        "3": ("JW308", True),
        "4": ("JW306", False),
    }
    assert sorted(path.name for path in out.iterdir()) == sorted(each["answer"] for each in told)
    # The same again gives the same files.
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    run(*words)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_is_answered_is_not_answered_again(
    register: Register, inbox: Path, tmp_path: Path
) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    words = ("check", inbox, "--register", register.folder, "--on", "2024-03-10", "--answers")
    run(*words, out)
    register.ingest([inbox, out])
    done = run(*words, again, "--json")
    assert not any("answer" in json.loads(line) for line in done.stdout.splitlines())
    assert not again.exists()
    # What was refused is refused still, and counts as never sent.
    assert [row["refused"] for row in register.verdicts().to_pylist()].count(True) == 2
    assert [row["station"] for row in register.spells().to_pylist()] == [
        "wait-ambulatory",
        "care-ambulatory",
    ]
    # An answer itself is owed none.
    assert run("check", out, "--register", register.folder, "--answers", again).exit_code == 0
    assert not again.exists()


def test_without_a_register_the_answers_rest_on_the_message_alone(
    inbox: Path, tmp_path: Path
) -> None:
    wrong = message_of(STORY[1])
    wrong.content["Client"]["Bsn"] = "999900007"
    (inbox / "5.xml").write_bytes(write(wrong))
    out = tmp_path / "out"
    done = run("check", inbox / "2.xml", inbox / "5.xml", "--answers", out)
    assert done.exit_code == 1
    found = [read_bytes(path.read_bytes()).message for path in out.iterdir()]
    codes = [each.content["Header"].get("RetourCodes") for each in found if each is not None]
    assert sorted(codes, key=str) == sorted([None, {"RetourCode": ["0001"]}], key=str)


def in_envelope(place: Path, message: Message) -> Path:
    """A message as a provider sends it through the hub."""
    envelope = enclosed(message, *PARTIES, REFERENCE, datetime.fromisoformat("2024-03-09T09:00"))
    place.write_bytes(wrapped(envelope))
    return place


def test_an_envelope_is_answered_with_an_envelope(register: Register, tmp_path: Path) -> None:
    fine_one = message_of(STORY[1])
    # The structure breaks inside the envelope: one element is called otherwise.
    payload = write(fine_one).replace(b"Begindatum>", b"Begindag>")
    envelope = enclosed(fine_one, *PARTIES, REFERENCE, datetime.fromisoformat("2024-03-09T09:00"))
    place, out = tmp_path / "envelopes", tmp_path / "out"
    place.mkdir()
    (place / "fine.xml").write_bytes(wrapped(envelope))
    (place / "broken.xml").write_bytes(wrapped(replace(envelope, payload=payload)))
    run("check", place, "--register", register.folder, "--answers", out, "--on", "2024-03-10")
    answers = {path.name[:4]: opened(path.read_bytes()).envelope for path in out.iterdir()}
    assert set(answers) == {"JW30", "Fo01"}
    fine, broken = answers["JW30"], answers["Fo01"]
    assert fine is not None
    assert (fine.kind, fine.function, fine.cross_reference) == ("Du01", "JW306", REFERENCE)
    wrong = in_envelope(place / "wrong.xml", message_of(STORY[4]))
    out = tmp_path / "refused"
    run("check", wrong, "--register", register.folder, "--answers", out, "--on", "2024-03-10")
    (path,) = out.iterdir()
    refused = opened(path.read_bytes()).envelope
    assert refused is not None
    assert b"9019" in (refused.payload or b"")
    assert broken is not None
    assert broken.failure is not None
    assert broken.failure.code == "StUF055"


def test_a_late_message_is_judged_in_its_own_place(register: Register, inbox: Path) -> None:
    """The start arrives after the stop that ended it, which waited for it."""
    register.ingest(inbox / "3.xml")
    assert [row["rules"] for row in register.verdicts().to_pylist() if row["rules"]] == [["TR382"]]
    assert all(each.valid for each in register.check(inbox / "1.xml"))
    register.ingest(inbox / "1.xml")
    assert [row["rules"] for row in register.verdicts().to_pylist() if row["rules"]] == []


def test_a_message_dated_in_the_future_is_set_aside(register: Register, tmp_path: Path) -> None:
    (tmp_path / "late.xml").write_bytes(
        write(message_of({"day": date(2099, 1, 1), "send": "start"}))
    )
    outcome = register.ingest(tmp_path / "late.xml")
    assert (outcome.read, outcome.set_aside) == (1, 1)
    (reasons,) = (register.folder / "quarantine").glob("*.json")
    assert [f["rule"] for f in json.loads(reasons.read_text())["findings"]] == ["TR135"]


def test_known_on_gives_the_verdicts_of_that_day(register: Register, inbox: Path) -> None:
    register.ingest(inbox)
    assert register.verdicts(known_on=date(2024, 2, 1)).num_rows == 2
    rows = register.verdicts(known_on=date(2024, 2, 9)).to_pylist()
    assert sorted(rule for row in rows for rule in row["rules"]) == ["TR326"]


def test_outside_is_what_the_caller_says(register: Register, inbox: Path) -> None:
    found = list(register.check(inbox / "1.xml", Outside(date(2024, 1, 31)), lang="en"))
    assert [finding.rule for finding in found[0].findings] == ["TR135"]
