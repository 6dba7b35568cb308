"""Envelopes that answer envelopes: what goes in, to whom, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from stelsel.errors import StelselError
from stelsel.ijw import Finding, Message, read_bytes, write
from stelsel.ijw.answers import answer, answer_type, verdict
from stelsel.ijw.envelopes import (
    Envelope,
    Failure,
    Party,
    enclosed,
    opened,
    receive,
    reply,
    wrapped,
)
from tests.ijw_answers.plain import ASKING, plain
from tests.ijw_envelopes.makers import MOMENTS, NOON, OTHER, REFERENCE, THEM, US, UUIDS, question

DAY = date(2026, 11, 21)
LATER = NOON + timedelta(hours=1)


def owed(name: str) -> Message:
    """The answer to a plain message in which nothing is wrong."""
    made = answer(plain(name), [], DAY)
    assert made is not None
    return made


def sent(name: str) -> Envelope:
    """A plain message in an envelope, from a party with everything to its name."""
    sender = Party("0193", "Voorbeeld", "afdeling", "iemand")
    return enclosed(plain(name), sender, THEM, REFERENCE, NOON)


@pytest.mark.parametrize("name", ASKING)
def test_a_message_that_is_right_gets_its_return(name: str) -> None:
    data = reply(
        sent(name), owed(name), LATER, OTHER, application="Eigen", application_version=(2, 15)
    )
    received = receive(data, "a.xml")
    assert received.valid
    assert received.message == owed(name)
    assert received.envelope == Envelope(
        kind="Du01",
        sender=Party("12345678", "Eigen"),
        receiver=Party("0193", "GGk", "afdeling", "iemand"),
        reference=OTHER,
        moment=LATER,
        cross_reference=REFERENCE,
        function=answer_type(name),
        application_version=(2, 15),
        function_version=(3, 2),
        payload=write(owed(name)),
    )


def test_a_refusal_travels_as_a_return_too() -> None:
    refusal = answer(plain("JW305"), [Finding(2, "CS002", "0001", "Client/Bsn", 3, "", "")], DAY)
    assert refusal is not None
    received = receive(reply(sent("JW305"), refusal, LATER, OTHER), "a.xml")
    assert received.message is not None
    told = verdict(received.message)
    assert (told.accepted, told.identification) == (False, "T2")


@pytest.mark.parametrize(("kind", "cross"), [("Di01", None), ("Du01", REFERENCE)])
def test_the_answer_to_a_claim_travels_as_is_asked(kind: str, cross: str | None) -> None:
    data = reply(sent("JW323"), owed("JW323"), LATER, OTHER, claim_answer_as=kind)
    received = receive(data, "a.xml")
    assert received.valid
    assert received.envelope is not None
    assert (received.envelope.kind, received.envelope.cross_reference) == (kind, cross)
    assert received.message == owed("JW323")
    if kind == "Di01":
        assert reply(sent("JW323"), owed("JW323"), LATER, OTHER) == data


def test_a_message_that_breaks_its_schema_gets_an_error_message() -> None:
    wrong = write(question()).replace(b">R1<", b"><").replace(b">0193<", b">193<")
    came = enclosed(question(), US, THEM, REFERENCE, NOON)
    received = receive(wrapped(replace(came, payload=wrong)), "a.xml")
    assert received.message is None
    assert received.envelope is not None
    back = opened(reply(received.envelope, received.findings, LATER, OTHER))
    lines = [
        wrong[: wrong.index(value)].count(b"\n") + 1 for value in (b">193<", b"ReferentieAanbieder")
    ]
    assert back.envelope == Envelope(
        kind="Fo01",
        sender=Party("12345678", "Stelsel"),
        receiver=Party("0193", "GGk"),
        reference=OTHER,
        moment=LATER,
        cross_reference=REFERENCE,
        failure=Failure(
            "StUF055",
            "client",
            "Het bericht voldoet niet aan zijn schema.",
            f"value.pattern xmlBestand/Header/Afzender ({lines[0]}); "
            f"value.empty xmlBestand/Antwoord/ReferentieAanbieder ({lines[1]})",
        ),
    )


def test_an_envelope_that_does_not_fit_what_it_holds_gets_one_too() -> None:
    came = replace(enclosed(question(), US, THEM, REFERENCE, NOON), function="JW301")
    received = receive(wrapped(came), "a.xml")
    assert received.envelope is not None
    back = opened(reply(received.envelope, received.findings, LATER, OTHER)).envelope
    assert back is not None
    assert back.failure is not None
    assert back.failure.details == "envelope.function stuurgegevens/functie (15)"


def test_a_date_that_no_calendar_has_gets_one_too() -> None:
    wrong = write(question()).replace(b"2026-04-10", b"12026-04-10")
    came = replace(enclosed(question(), US, THEM, REFERENCE, NOON), payload=wrong)
    received = receive(wrapped(came), "a.xml")
    assert (received.message, [each.level for each in received.findings]) == (None, [2])
    assert received.envelope is not None
    back = opened(reply(received.envelope, received.findings, LATER, OTHER)).envelope
    assert back is not None
    assert back.failure is not None
    assert (back.failure.details or "").startswith("value.calendar xmlBestand/Header/")


def test_the_details_end_where_they_are_full() -> None:
    many = [Finding(1, "structure.unknown", None, f"Client/X[{n}]", n, "", "") for n in range(99)]
    many.append(Finding(2, "CS002", "0001", "Client/Bsn", 3, "", ""))
    back = opened(reply(sent("JW305"), many, LATER, OTHER)).envelope
    assert back is not None
    assert back.failure is not None
    details = (back.failure.details or "").split("; ")
    assert details == [f"structure.unknown Client/X[{n}] ({n})" for n in range(len(details))]
    assert 960 < len(back.failure.details or "") <= 1000
    long = [Finding(1, "structure.unknown", None, "x" * 2000, None, "", "")]
    back = opened(reply(sent("JW305"), long, LATER, OTHER)).envelope
    assert back is not None
    assert back.failure is not None
    assert back.failure.details is None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([*ASKING, "JW323"]), UUIDS, UUIDS, MOMENTS, MOMENTS, st.data())
def test_the_whole_way_there_and_back(
    name: str, one: str, other: str, there: datetime, back: datetime, data: st.DataObject
) -> None:
    message = plain(name)
    came = receive(wrapped(enclosed(message, US, THEM, one, there)), "a.xml")
    assert came.valid
    assert came.message == message
    assert came.envelope is not None
    place = data.draw(st.sampled_from(["Header/Afzender", "Client", "Declaratie", ""]))
    findings = data.draw(
        st.lists(st.just(Finding(3, "TR056", "9056", place, None, "", "")), max_size=1)
    )
    made = answer(came.message, findings, DAY)
    assert made is not None
    returned = receive(reply(came.envelope, made, back, other), "b.xml")
    assert returned.valid
    assert returned.message is not None
    told = verdict(returned.message)
    assert (told.type, told.accepted) == (name, not findings)
    assert (
        told.identification == (message.content["Header"]["BerichtIdentificatie"]["Identificatie"])
    )


@pytest.mark.shared
def test_answers_in_envelopes_pass_the_schema(shared: Path) -> None:
    folder = shared / "ijw" / "envelope" / "ggk0210" / "ggkberichten"
    official = etree.XMLSchema(etree.parse(str(folder / "ggk0210_msg_ggkberichten.xsd")))
    wrong = [Finding(1, "structure.missing", None, "Client", 3, "", "")]
    for name in (*ASKING, "JW323"):
        for given_answer in (owed(name), wrong):
            data = reply(sent(name), given_answer, LATER, OTHER)
            assert official.validate(etree.fromstring(data)), official.error_log


FO01 = Envelope(
    "Fo01", THEM, US, OTHER, NOON, cross_reference=REFERENCE, failure=Failure("IB210", "client", "")
)
WITH_ZONE = NOON.replace(tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: reply(FO01, [], LATER, OTHER), "error message is not answered"),
        (lambda: reply(FO01, owed("JW305"), LATER, OTHER), "error message is not answered"),
        (lambda: reply(sent("JW305"), [], LATER, OTHER), "Nothing was found for which"),
        (
            lambda: reply(
                sent("JW305"), [Finding(2, "CS002", "0001", "", None, "", "")], LATER, OTHER
            ),
            "Nothing was found for which",
        ),
        (
            lambda: reply(sent("JW305"), owed("JW307"), LATER, OTHER),
            "JW308 does not answer the JW305 in the envelope. Give a JW306.",
        ),
        (
            lambda: reply(
                enclosed(owed("JW305"), THEM, US, OTHER, NOON, cross_reference=REFERENCE),
                owed("JW305"), LATER, OTHER,
            ),
            "JW306 does not answer the JW306 in the envelope. Give none",
        ),
        (lambda: reply(sent("JW305"), owed("JW305"), LATER, "1"), "referentienummer"),
        (lambda: reply(sent("JW305"), owed("JW305"), WITH_ZONE, OTHER), "has a time zone"),
        (lambda: reply(sent("JW305"), owed("JW305"), LATER, OTHER, application="x"), "applicatie"),
        (
            lambda: reply(sent("JW323"), owed("JW323"), LATER, OTHER, claim_answer_as="Fo01"),
            "Fo01, stuurgegevens/functie",
        ),
        (
            lambda: reply(sent("JW323"), owed("JW323"), LATER, OTHER, claim_answer_as="Di02"),
            "kind: The kind of envelope is not known. Did you mean Di01",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_answered(call: Any, what: str) -> None:
    with pytest.raises(StelselError) as caught:
        call()
    assert what in str(caught.value)
    assert all(fault.what_nl for fault in caught.value.faults)


PLAIN = enclosed(question(), US, THEM, REFERENCE, NOON)


@pytest.mark.parametrize(
    ("envelope", "faults"),
    [
        (replace(PLAIN, payload=None), ["envelope.missing parameters/bericht"]),
        (replace(PLAIN, function=None), ["envelope.missing stuurgegevens/functie"]),
        (replace(PLAIN, cross_reference=OTHER), ["envelope.unknown stuurgegevens/crossRefnummer"]),
        (replace(PLAIN, kind="Du01"), ["envelope.missing stuurgegevens/crossRefnummer"]),
        (replace(PLAIN, reference=REFERENCE.upper(), sender=Party("0193", "ab")),
         ["envelope.value stuurgegevens/zender/applicatie",
          "envelope.value stuurgegevens/referentienummer"]),
        (replace(PLAIN, sender=Party(None, "abc")),
         ["envelope.missing stuurgegevens/zender/organisatie"]),
        (replace(PLAIN, function_version=(3, 10_000)),
         ["envelope.value parameters/functieSubversie"]),
        (replace(PLAIN, function_version=(-3, 2)), ["envelope.value parameters/functieVersie"]),
        (replace(PLAIN, application_version=None),
         ["envelope.missing parameters/applicatieVersie",
          "envelope.missing parameters/applicatieSubversie"]),
        (replace(PLAIN, file_name="a/b.csv"),
         ["envelope.value parameters/bericht/tekstBestand/bestandsnaam"]),
        (replace(PLAIN, file_name=""),
         ["envelope.value parameters/bericht/tekstBestand/bestandsnaam"]),
        (replace(PLAIN, failure=FO01.failure), ["envelope.unknown body"]),
        (replace(FO01, failure=None), ["envelope.missing body"]),
        (replace(FO01, payload=b""), ["envelope.unknown parameters"]),
        (replace(FO01, failure=Failure("x" * 8, "both", "x" * 201, "x" * 1001)),
         [f"envelope.value body/{name}" for name in ("code", "plek", "omschrijving", "details")]),
        (replace(FO01, failure=Failure("x", "client", "x\x00")),
         ["value.character body/omschrijving"]),
    ],
)  # fmt: skip
def test_what_cannot_be_written(envelope: Envelope, faults: list[str]) -> None:
    with pytest.raises(StelselError) as caught:
        wrapped(envelope)
    found = [
        f"{fault.rule} {fault.where.removeprefix(envelope.kind + ', ')}"
        for fault in caught.value.faults
    ]
    assert found == faults
    assert all(fault.what_nl for fault in caught.value.faults)


def test_moments_go_to_the_millisecond() -> None:
    moment = NOON.replace(microsecond=123_999)
    envelope = opened(wrapped(replace(PLAIN, moment=moment))).envelope
    assert envelope is not None
    assert envelope.moment == NOON.replace(microsecond=123_000)


def test_what_was_put_in_an_envelope_comes_out_as_it_was() -> None:
    assert read_bytes(PLAIN.payload or b"").message == question()
    assert (PLAIN.kind, PLAIN.function, PLAIN.function_version) == ("Di01", "JW319", (3, 2))
    assert enclosed(owed("JW305"), US, THEM, REFERENCE, NOON, cross_reference=OTHER).kind == "Du01"
