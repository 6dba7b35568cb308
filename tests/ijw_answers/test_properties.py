"""Answers to messages of every kind with whatever was found, beside a slower way to make them."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from stelsel.errors import StelselError
from stelsel.ijw import Finding, Message, check, read_bytes, write
from stelsel.ijw.answers import answer, answer_type, verdict
from stelsel.ijw.grammar import message_types, simple_types
from tests.ijw.makers import message_contents
from tests.ijw_answers.plain import ASKING, claims, plain

DAY = date(2026, 11, 21)
# More by hand before a release: STELSEL_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("STELSEL_EXAMPLES", "0"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
GENERAL = ("0001", "0200", "0233", "8001")
CODES = [code for code in simple_types()["LDT_RetourCode"].codes if code not in GENERAL]
# The classes of every return (iJw 3.2.0, the trees of the messages).
CLASSES = re.compile(
    r"(Client|Relatie|Contact|ToegewezenProduct|StartProduct|StopProduct|AangevraagdProduct|Verzoek"
    r"|OngewijzigdProduct|TeWijzigenProduct|NieuwProduct|Antwoord|Woonplaatsbeginsel"
    r"|Declaratie|Prestatie)(\[[0-9]+\])?"
)


def elements(value: Any, path: str = "") -> list[str]:
    """The path of every element."""
    if isinstance(value, dict):
        found = []
        for name, each in value.items():
            found += elements(each, f"{path}/{name}".lstrip("/"))
        return [path, *found] if path else found
    if isinstance(value, list):
        return [
            step
            for place, each in enumerate(value, 1)
            for step in elements(each, f"{path}[{place}]")
        ]
    return [path]


def finding_lists(message: Message, levels: tuple[int, ...] = (3, 4)) -> st.SearchStrategy[Any]:
    """Findings on any elements of a message, and on some that are not there."""
    paths = elements(message.content)
    odd = ["", "Header", "Nothing", "Client/Nothing[3]", "//", "Client[99]/Bsn", f"{paths[-1]}/X"]
    one = st.builds(
        Finding,
        st.sampled_from(levels),
        st.sampled_from(["TR019", "TR074", "own.rule"]),
        st.none() | st.sampled_from(CODES),
        st.sampled_from([*paths, *paths[-20:] * 3, *odd]),
        st.none() | st.just(3),
        st.just("?"),
        st.just("?"),
    )
    return st.lists(one, max_size=4)


def classes(message: Message) -> list[str]:
    """The path of every class but the header."""
    return [
        path
        for path in elements(message.content)
        if CLASSES.fullmatch(path.rpartition("/")[2]) and not path.startswith("Header")
    ]


def about(finding: Finding, places: list[str]) -> str:
    """The class that a finding is about: the longest one that its path begins with."""
    fits = [each for each in places if f"{finding.path}/".startswith(f"{each}/")]
    return max(fits, key=len, default="Header")


def expected(message: Message, findings: list[Finding]) -> dict[str, tuple[str, ...]]:
    """The codes of a return, worked out class by class."""
    places = classes(message)
    told = [each for each in findings if each.return_code]
    own = {
        place: tuple(dict.fromkeys(f.return_code for f in told if about(f, places) == place))
        for place in ("Header", *places)
    }
    if not told:
        return {}
    if own["Header"]:
        return {"Header": own["Header"]}  # type: ignore[dict-item]
    codes: dict[str, Any] = {"Header": ("0200",)}
    for place in places:
        around = [each for each in places if each != place and place.startswith(f"{each}/")]
        hidden = any(own[each] for each in around)
        codes[place] = ("0233",) if hidden else own[place] or ("0200",)
    return codes


def bare(value: Any) -> Any:
    """The same without return codes."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if name != "RetourCodes"}
    return [bare(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ASKING)
def test_returns(name: str) -> None:
    @settings(max_examples=EXAMPLES or 100, deadline=None, suppress_health_check=SLOW)
    @given(message_contents(name), st.data())
    def holds(content: dict[str, Any], data: st.DataObject) -> None:
        message = Message(name, content)
        findings = data.draw(finding_lists(message))
        made = answer(message, findings, DAY)
        assert made is not None
        assert check(made) == ()
        assert read_bytes(write(made)).message == made
        codes = expected(message, findings)
        told = verdict(made)
        assert told.codes == codes
        assert told.accepted == (set(sum(codes.values(), ())) <= {"0200"})
        assert told.whole != told.accepted
        header = content["Header"]
        assert (told.type, told.sender, told.receiver) == (
            name,
            header["Afzender"],
            header["Ontvanger"],
        )
        assert {"Identificatie": told.identification, "Dagtekening": told.day} == (
            header["BerichtIdentificatie"]
        )
        body = {key: value for key, value in content.items() if key != "Header"}
        told_body = {key: bare(value) for key, value in made.content.items() if key != "Header"}
        assert told_body == (body if len(codes) > 1 else {})

    holds()


@pytest.mark.parametrize("name", [*ASKING, "JW323"])
def test_level_2_and_level_1(name: str) -> None:
    @settings(max_examples=50, deadline=None, suppress_health_check=SLOW)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        message = plain(name)
        findings = data.draw(finding_lists(message, (2, 3, 4)))
        findings.append(Finding(2, "CS002", "0001", "Client/Bsn", None, "?", "?"))
        made = answer(message, data.draw(st.permutations(findings)), DAY)
        assert made is not None
        assert verdict(made).codes == {"Header": ("0001",)}
        assert set(made.content) == {"Header"}
        assert "XsltVersie" not in made.content["Header"]
        findings.append(Finding(1, "structure.missing", None, "Client", 3, "?", "?"))
        assert answer(message, data.draw(st.permutations(findings)), DAY) is None

    holds()


def signed(group: dict[str, Any]) -> int:
    """An amount, below zero if it is credit."""
    (amount,) = (value for name, value in group.items() if name != "DebetCredit")
    return int(amount) * {"D": 1, "C": -1}[group["DebetCredit"]]


@settings(max_examples=EXAMPLES or 200, deadline=None, suppress_health_check=SLOW)
@given(claims(), st.data())
def test_claims(message: Message, data: st.DataObject) -> None:
    assert check(message) == ()
    findings = data.draw(finding_lists(message))
    made = answer(message, findings, DAY)
    assert made is not None
    assert check(made) == ()
    assert read_bytes(write(made)).message == made
    codes = expected(message, findings)
    told = verdict(made)
    assert (told.type, told.sender, told.receiver) == ("JW323", "12345678", "0193")
    assert told.accepted == (codes in ({}, {"Header": ("0200",)}))
    if not codes:
        assert told.codes == {"Header": ("0200",), "DeclaratieAntwoord": ("8001",)}
    elif codes["Header"] != ("0200",):
        assert told.codes == {"Header": codes["Header"]}
        assert "DeclaratieAntwoord" not in made.content
        return
    body, claim = made.content["DeclaratieAntwoord"], message.content["Declaratie"]
    assert body["TotaalIngediendBedrag"] == claim["TotaalIngediendBedrag"]
    lines = {
        line["ProductReferentie"]["ReferentieNummer"]: (
            line,
            client,
            codes.get(
                f"Declaratie/Clienten/Client[{place}]/Prestaties/Prestatie[{number}]", ("0200",)
            ),
        )
        for place, client in enumerate(claim["Clienten"]["Client"], 1)
        for number, line in enumerate(client["Prestaties"]["Prestatie"], 1)
    }
    if codes and codes["Declaratie"] != ("0200",):
        assert told.codes == {"Header": ("0200",), "DeclaratieAntwoord": codes["Declaratie"]}
        assert (told.whole, told.lines) == (True, {})
        assert body["TotaalToegekendBedrag"] == {"TotaalBedrag": 0, "DebetCredit": "D"}
        return
    assert not told.whole
    refused = {number: each[2] for number, each in lines.items() if each[2] != ("0200",)}
    assert told.lines == refused
    granted = sum(
        signed(each[0]["IngediendBedrag"])
        for number, each in lines.items()
        if number not in refused
    )
    assert signed(body["TotaalToegekendBedrag"]) == granted
    assert body["TotaalToegekendBedrag"] != {"TotaalBedrag": 0, "DebetCredit": "C"}
    listed = [
        (client["Bsn"], bare(line))
        for client in body.get("Clienten", {"Client": []})["Client"]
        for line in client["Prestaties"]["Prestatie"]
    ]
    assert listed == [
        (client["Bsn"], line) for line, client, said in lines.values() if said != ("0200",)
    ]


@pytest.mark.shared
@pytest.mark.parametrize("name", [*ASKING, "JW323"])
def test_answers_pass_the_official_schemas(shared: Path, name: str) -> None:
    file = shared / "ijw" / "xsd" / f"{answer_type(name) or ''}.xsd".lower()
    official = etree.XMLSchema(etree.parse(str(file)))
    messages = (
        claims() if name == "JW323" else message_contents(name).map(lambda c: Message(name, c))
    )

    @settings(max_examples=EXAMPLES or 60, deadline=None, suppress_health_check=SLOW)
    @given(messages, st.dates(), st.data())
    def holds(message: Message, on: date, data: st.DataObject) -> None:
        findings = data.draw(finding_lists(message, data.draw(st.sampled_from([(2, 3), (3, 4)]))))
        made = answer(message, findings, on)
        assert made is not None
        assert official.validate(etree.fromstring(write(made))), official.error_log

    holds()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "about_type"), [("JW302", "JW301"), ("JW306", "JW305")])
def test_the_published_returns_are_read(shared: Path, name: str, about_type: str) -> None:
    data = (shared / "ijw" / "examples" / f"{name}.xml").read_bytes()
    message = read_bytes(data).message
    assert message is not None
    told = verdict(message)
    assert (told.type, told.accepted, told.whole) == (about_type, False, True)
    assert (told.codes, told.lines) == ({"Header": ("8848",)}, {})
    root = etree.fromstring(data)

    def text(element: str) -> str:
        return str(root.findtext(f".//{{*}}{element}"))

    assert told.sender == text("Afzender")
    assert told.receiver == text("Ontvanger")
    assert told.identification == text("Identificatie")
    assert told.day.isoformat() == text("Dagtekening")
    # The same answer made anew: the number it has, and all else as published.
    content = message.content["Header"]
    before = {key: value for key, value in content.items() if "Retour" not in key} | {
        "BerichtCode": message_types()[about_type].code
    }
    body = {key: value for key, value in plain(about_type).content.items() if key != "Header"}
    late = Finding(4, "TR135", "8848", "Header/BerichtIdentificatie/Dagtekening", None, "?", "?")
    assert (
        answer(
            Message(about_type, {"Header": before, **body}),
            [late],
            content["DagtekeningRetour"],
            identification=content["IdentificatieRetour"],
        )
        == message
    )


def test_an_early_day_of_answer_is_the_business_of_who_answers() -> None:
    message = plain("JW305")
    early = message.content["Header"]["BerichtIdentificatie"]["Dagtekening"] - timedelta(days=1)
    made = answer(message, [], early)
    assert made is not None
    assert made.content["Header"]["DagtekeningRetour"] == early


@pytest.mark.parametrize(
    "name", [name for name in message_types() if name not in (*ASKING, "JW323")]
)
def test_answers_are_not_answered(name: str) -> None:
    assert answer_type(name) is None
    assert answer(Message(name, {}), [], DAY) is None


@pytest.mark.parametrize("name", [*ASKING, "JW323"])
def test_what_asks_gives_no_verdict(name: str) -> None:
    with pytest.raises(StelselError, match=f"{name} answers no message") as caught:
        verdict(plain(name))
    assert caught.value.faults[0].what_nl == f"{name} is geen antwoord op een bericht."


def test_what_cannot_be_answered_is_told() -> None:
    with pytest.raises(StelselError, match="JW304"):
        answer(Message("JW304", {}), [], DAY)
    with pytest.raises(StelselError, match="JW305, Header: Header is missing"):
        answer(Message("JW305", {}), [], DAY)
    with pytest.raises(StelselError, match="Declaratie is missing"):
        answer(Message("JW323", {"Header": plain("JW323").content["Header"]}), [], DAY)
    with pytest.raises(StelselError, match=r"JW306, Header/IdentificatieRetour: .* too long"):
        answer(plain("JW305"), [], DAY, identification="1234567890123")
    with pytest.raises(StelselError, match=r"JW325, .*/Identificatie: .* empty"):
        answer(plain("JW323"), [], DAY, identification="")
    with pytest.raises(StelselError, match="XsdVersieRetour"):
        answer(plain("JW305"), [], DAY, xsd_version="1")
