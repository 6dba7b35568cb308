"""Forgetting a child, objections, retention, and the key: who is gone is gone everywhere."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stelsel.deliveries.made_up import Child, made_up_steps
from stelsel.deliveries.process import write as write_steps
from stelsel.errors import StelselError
from stelsel.ijw import Message, write
from stelsel.register import Outcome, Register
from stelsel.register.access import verify
from stelsel.register.care import expired_children
from stelsel.register.forgetting import PENDING
from stelsel.register.key import Pseudonyms
from stelsel.register.objections import Objections
from stelsel.register.status import status
from tests.ijw_events import messages as by_hand
from tests.register.logged import looks
from tests.register.test_register import put, shown, story

ANNA, BERT = "999900006", "999900018"
DAY = date(2024, 3, 8)


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STELSEL_KEY_FILE", raising=False)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    place = tmp_path / "inbox"
    place.mkdir()
    return place


def of_bert() -> list[Message]:
    who = by_hand.child(BERT)
    return [
        by_hand.requested(date(2024, 2, 3), who=who, ReferentieAanbieder="V2", name="P"),
        by_hand.started(date(2024, 3, 9), (date(2024, 3, 9), "1"), who=who, name="Q"),
    ]


def of_anna() -> list[Message]:
    return [
        *story(),
        by_hand.answered(date(2024, 2, 4), VerzoekAntwoord="2", name="R"),
    ]


@pytest.fixture
def register(tmp_path: Path, inbox: Path) -> Register:
    """Two children, taken in at three moments, so that there are versions."""
    made = Register.create(tmp_path / "register")
    made.ingest(put(inbox, *of_anna()[:3], prefix="a"))
    made.ingest(put(inbox, *of_anna()[3:], prefix="b"))
    made.ingest(put(inbox, *of_bert(), prefix="c"))
    return made


def traces(folder: Path, text: str) -> Iterator[str]:
    """Where a text still is: in the bytes of a file, or in a cell of a Parquet file."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            inside = "" if file.suffix != ".parquet" else str(pq.read_table(file).to_pylist())
            if text.encode() in file.read_bytes() or text in inside:
                yield file.relative_to(folder).as_posix()


def told(register: Register) -> list[tuple[str, str]]:
    events = register.events()
    return sorted(zip(events["event"].to_pylist(), events["content"].to_pylist(), strict=True))


# --- forgetting ----------------------------------------------------------------------------------


def test_who_is_forgotten_is_nowhere_and_others_stay(
    register: Register, inbox: Path, tmp_path: Path
) -> None:
    (anna,) = register.pseudonyms_of([ANNA])
    assert list(traces(register.folder, anna))  # the search can find
    (tmp_path / "alone").mkdir()
    shutil.copy(tmp_path / "register.key", tmp_path / "alone" / "register.key")
    alone = Register.create(tmp_path / "alone" / "register")
    alone.ingest(put(tmp_path / "alone", *of_bert()))

    found = register.forget([anna], ground="verzoek 12")
    assert (found.children, found.events) == (1, 7)
    assert told(register) == told(alone)
    assert list(traces(register.folder, anna)) == []
    assert register.faults() == []
    assert shown(register.spells()) == shown(alone.spells())


def test_who_is_forgotten_stays_out(register: Register, inbox: Path) -> None:
    anna = register.pseudonyms_of([ANNA])
    register.forget(anna)
    before = told(register), register.version
    # 8 messages are read; the answer names no child, and does not come back either.
    assert register.ingest(inbox) == Outcome(read=8, known=8)
    late = by_hand.started(date(2024, 4, 1), (date(2024, 4, 1), "1"), name="Z")
    assert register.ingest(put(inbox, late, prefix="late") / "late000.xml") == Outcome(1, 0, 1, 0)
    assert (told(register), register.version) == before
    assert register.faults() == []


def claim() -> Message:
    """A claim with a line about each of the two children."""
    first, second = (
        by_hand.claimed(date(2024, 5, 5), by_hand.line(reference), who=who, name="K")
        for reference, who in (("L1", ANNA), ("L2", BERT))
    )
    content = first.content["Declaratie"]
    more = second.content["Declaratie"]["Clienten"]["Client"]
    rows = [by_hand.line("L1"), by_hand.line("L2")]
    content["Clienten"]["Client"] += more
    content["TotaalIngediendBedrag"] = by_hand.total(*rows)
    return first


@pytest.mark.parametrize("first", ["taken in", "forgotten"])
def test_of_a_claim_only_the_lines_of_the_child_go(
    register: Register, inbox: Path, first: str
) -> None:
    (anna, bert) = register.pseudonyms_of([ANNA, BERT])
    put(inbox, claim(), prefix="claim")
    if first == "taken in":
        register.ingest(inbox / "claim000.xml")
        assert register.events()["child"].to_pylist().count(anna) == 7
    register.forget([anna])
    outcome = register.ingest(inbox / "claim000.xml")
    assert outcome == (Outcome(1, 0, 1, 0) if first == "taken in" else Outcome(1, 1, 0, 0))
    kinds = {
        (row["kind"], row["child"])
        for row in register.events().to_pylist()
        if row["kind"] in {"declared", "claimed"}
    }
    assert kinds == {("declared", None), ("claimed", bert)}
    assert list(traces(register.folder, anna)) == []
    assert register.faults() == []
    assert register.ingest(inbox / "claim000.xml") == Outcome(1, 0, 1, 0)


def test_a_child_that_was_never_there_can_be_kept_out(tmp_path: Path, inbox: Path) -> None:
    register = Register.create(tmp_path / "register")
    found = register.forget(register.pseudonyms_of([ANNA]))
    assert (found.children, found.events) == (0, 0)
    assert register.ingest(put(inbox, *story())) == Outcome(read=5, known=5)
    assert register.version == 0


def test_the_last_child_leaves_an_empty_register(tmp_path: Path, inbox: Path) -> None:
    register = Register.create(tmp_path / "register")
    register.ingest(put(inbox, *story()))
    register.forget(register.pseudonyms_of([ANNA]))
    assert register.events().num_rows == register.spells().num_rows == 0
    assert register.faults() == []
    assert register.ingest(put(inbox, *of_bert(), prefix="c")) == Outcome(7, 2, 5, 0)


def test_the_log_says_who_forgot_and_not_whom(register: Register) -> None:
    anna = register.pseudonyms_of([ANNA])
    register.forget(anna, ground="verzoek 12")
    (line,) = looks(register.folder)
    assert (line["what"], line["about"], line["ground"]) == ("forget", 1, "verzoek 12")
    assert verify(register.folder).faults == ()


def test_another_key_does_not_tell_who_was_forgotten(register: Register) -> None:
    (anna,) = register.pseudonyms_of([ANNA])
    register.forget([anna])
    (line,) = [
        json.loads(text)
        for text in (register.folder / "forgotten.jsonl").read_text().splitlines()
        if "child" in text
    ]
    own = Pseudonyms(bytes.fromhex((register.folder.parent / "register.key").read_text().strip()))
    assert line["child"] == own(f"forgotten {anna}")
    assert line["child"] != Pseudonyms(b"k" * 32)(f"forgotten {anna}")


@pytest.mark.parametrize("moment", ["before the events", "before the old files"])
def test_a_forgetting_that_broke_off_is_finished(
    register: Register, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    (anna,) = register.pseudonyms_of([ANNA])
    step = "rewrite" if moment == "before the events" else "purge"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"stelsel.register.forgetting.{step}", stop)
        with pytest.raises(KeyboardInterrupt):
            register.forget([anna])
    assert (register.folder / PENDING).exists()
    assert any("forgetting broke off" in fault.what for fault in register.faults())
    assert list(traces(register.folder, anna))
    register.forget([])
    assert list(traces(register.folder, anna)) == []
    assert register.faults() == []


def left_by_hand(rows: list[dict[str, Any]], gone: set[str]) -> set[str]:
    """Which events stay when some children go: the definition, event by event."""
    own = [row for row in rows if row["child"] in gone]
    others = [row for row in rows if row["child"] is not None and row["child"] not in gone]

    def theirs(row: dict[str, Any], *key: str) -> bool:
        value = [row[name] for name in key]
        return (
            None not in value
            and any([one[name] for name in key] == value for one in own)
            and not any([one[name] for name in key] == value for one in others)
        )

    stays = []
    for row in rows:
        nameless = row["child"] is None
        request = row["kind"] == "answered" and theirs(row, "municipality", "provider", "reference")
        if row["child"] in gone:
            continue
        if nameless and (theirs(row, "message") or request or theirs(row, "provider", "case")):
            continue
        stays.append(row)
    messages = {row["message"] for row in rows} - {row["message"] for row in stays}
    return {
        row["event"] for row in stays if not (row["child"] is None and row["answers"] in messages)
    }


def test_of_every_source_what_is_of_the_child_goes(register: Register, inbox: Path) -> None:
    children = [Child(number, "2012-03", "2", "0193") for number in (ANNA, BERT)]
    steps, _ = made_up_steps(children, date(2024, 1, 1), date(2024, 12, 31), 12, seed=1)
    write_steps(steps, inbox / "steps.parquet")
    asked = of_anna()[0]
    put(inbox, claim(), by_hand.returned(date(2024, 2, 2), asked, name="X"), prefix="more")
    register.ingest(inbox)
    assert register.faults() == []
    (anna,) = register.pseudonyms_of([ANNA])
    rows = register.events().to_pylist()
    assert {row["source"] for row in rows if row["child"] == anna} == {"ijw", "process"}
    register.forget([anna])
    left = set(register.events()["event"].to_pylist())
    assert left == left_by_hand(rows, {anna})
    assert 0 < len(left) < len(rows)
    assert list(traces(register.folder, anna)) == []
    assert register.faults() == []
    register.ingest(inbox)
    assert set(register.events()["event"].to_pylist()) == left
    assert register.faults() == []


# --- the quarantine ------------------------------------------------------------------------------


def test_what_was_set_aside_about_a_child_goes_too(register: Register, inbox: Path) -> None:
    wrong = {
        name: write(by_hand.requested(DAY, who=by_hand.child(number), name=name))
        .replace(b"<jw:Type>02", b"<jw:Type>99")
        .replace(b">02<", b">9x<")
        for name, number in (("S", ANNA), ("T", BERT))
    }
    for name, data in wrong.items():
        (inbox / f"wrong{name}.xml").write_bytes(data)
    (inbox / "wide.xml").write_bytes(wrong["S"].decode().encode("utf-16"))
    with zipfile.ZipFile(inbox / "both.zip", "w") as archive:
        for name, data in wrong.items():
            archive.writestr(f"{name}.xml", data)
    aside = register.folder / "quarantine"
    shutil.copy(inbox / "both.zip", aside / "both.zip")
    (aside / "torn.zip").write_bytes((inbox / "both.zip").read_bytes()[:-30])
    for name in ("wrongS", "wrongT", "wide"):
        register.ingest(inbox / f"{name}.xml")
    assert len(list(aside.glob("*.xml"))) == 3
    found = register.forget(register.pseudonyms_of([ANNA]))
    assert len(found.quarantine.removed) == 2
    assert set(found.quarantine.to_look_at) == {"both.zip", "torn.zip"}
    (left,) = aside.glob("*.xml")
    assert BERT.encode() in left.read_bytes()
    assert [file.stem for file in aside.glob("*.json")] == [left.stem]


# --- objections ----------------------------------------------------------------------------------


def test_who_objects_stays_for_its_own_care(register: Register) -> None:
    before = told(register)
    children = register.pseudonyms_of([ANNA, BERT])
    objections = Objections(register.folder)
    objections.add(children)
    objections.add(children)
    objections.lift(children[1:])
    assert register.objections == {children[0]}
    assert told(register) == before
    assert len((register.folder / "objections.jsonl").read_text().splitlines()) == 3
    register.forget(children[:1])
    assert register.objections == frozenset()
    assert list(traces(register.folder, children[0])) == []


# --- retention -----------------------------------------------------------------------------------


def test_a_file_goes_twenty_years_after_its_last_change(register: Register) -> None:
    anna, bert = register.pseudonyms_of([ANNA, BERT])
    last = {anna: date(2024, 7, 1), bert: date(2024, 3, 9)}
    for child, day in last.items():
        over = day.replace(year=2044)
        assert child not in expired_children(register.folder, over)
        assert child in expired_children(register.folder, over + timedelta(1))
    between = date(2044, 5, 1)
    assert expired_children(register.folder, between) == [bert]
    assert status(register.folder, between).expired == 1
    register.forget(expired_children(register.folder, between), keep_out=False)
    assert list(traces(register.folder, bert)) == []
    assert status(register.folder, date(2050, 1, 1)).expired == 1


def test_whose_time_was_over_may_come_back(register: Register, inbox: Path) -> None:
    (bert,) = register.pseudonyms_of([BERT])
    register.forget([bert], keep_out=False)
    assert register.ingest(put(inbox, *of_bert(), prefix="c")) == Outcome(8, 2, 6, 0)
    assert bert in register.events()["child"].to_pylist()


# --- what the register does not keep -------------------------------------------------------------


def test_the_key_must_be_its_owners_alone(register: Register, inbox: Path) -> None:
    key = register.folder.with_name("register.key")
    for mode in (0o640, 0o604, 0o620, 0o601):
        key.chmod(mode)
        for call in (
            lambda: Register.open(register.folder),
            lambda: register.ingest(inbox),
            lambda: register.forget([]),
        ):
            with pytest.raises(StelselError, match="read by others"):
                call()
        assert "read by others" in register.faults()[0].what
    key.chmod(0o600)
    Register.open(register.folder)


def test_no_number_name_or_day_of_birth_is_kept(register: Register) -> None:
    for text in (ANNA, BERT, by_hand.NAME, by_hand.STREET, by_hand.BIRTH.isoformat()):
        assert list(traces(register.folder, text)) == []
    events = register.events()
    assert {len(child) for child in events["child"].drop_null().to_pylist()} == {32}
    assert set(events["birth_month"].drop_null().to_pylist()) == {"2012-03"}
