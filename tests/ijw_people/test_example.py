"""Made-up messages: right by themselves, varied, the same per seed, and together one story."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from stelsel.errors import StelselError
from stelsel.ijw import Message, check, read_bytes, write
from stelsel.ijw.answers import answered_type
from stelsel.ijw.events import told_by
from stelsel.ijw.example import example
from stelsel.ijw.grammar import Group, message_types
from stelsel.ijw.ledger import Told, judge
from stelsel.ijw.outside import Outside, check_outside
from stelsel.system.regions import municipalities
from tests.ijw_people.walking import leaves

# More by hand before a release: STELSEL_EXAMPLES=5000.
SEEDS = int(os.environ.get("STELSEL_EXAMPLES", "300"))
NAMES = list(message_types())
FORWARD = [name for name in NAMES if answered_type(name) is None]
BACK = [name for name in NAMES if answered_type(name) is not None]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_any_of_many(name: str) -> None:
    for seed in range(SEEDS):
        message = example(name, seed)
        assert message.type == name
        assert check(message) == (), seed
        received = read_bytes(write(message))
        assert (received.findings, received.message) == ((), message), seed


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(NAMES), st.integers(-(2**70), 2**70))
def test_any_number_is_a_seed(name: str, seed: int) -> None:
    message = example(name, seed)
    assert check(message) == ()
    assert message == example(name, seed)


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_some_of_each_pass_the_official_schema(shared: Path, name: str) -> None:
    official = etree.XMLSchema(etree.parse(str(shared / "ijw" / "xsd" / f"{name.lower()}.xsd")))
    for seed in range(25):
        data = write(example(name, seed))
        assert official.validate(etree.fromstring(data)), official.error_log


@pytest.mark.parametrize("name", NAMES)
def test_examples_differ_and_the_order_is_that_of_the_schema(name: str) -> None:
    seen = set()
    for seed in range(100):
        content = example(name, seed).content
        assert in_order(content, message_types()[name].root), seed
        seen.add(str({key: value for key, value in content.items() if key != "Header"}))
    assert len(seen) > (90 if name in FORWARD else 20)


def in_order(content: Any, group: Group) -> bool:
    """Whether elements stand as in the schema, all the way down."""
    names = [element.name for element in group.elements if element.name in content]
    return list(content) == names and all(
        in_order(inside, element.group)
        for element in group.elements
        if element.group is not None and element.name in content
        for inside in (content[element.name] if element.many else [content[element.name]])
    )


# What no example has: parts that would add nothing to try a reader out on.
NEVER = {
    "Header/XsltVersie",
    "AanduidingWoonadres",
    "Relatie/Naam/Partnernaam",
    "Relatie/Naam/Voorletters",
    "Relatie/Naam/Geslachtsnaam/Voorvoegsel",
    "Relatie/Geboortedatum/DatumGebruik",
    "Relatie/Contact/Organisatie",
    "Relatie/Contact/Emailadres",
    "Relatie/Contact/Periode",
    "Partnernaam/Voorvoegsel",
}


@pytest.mark.parametrize("name", NAMES)
def test_optional_parts_come_and_go(name: str) -> None:
    kind = message_types()[name]
    here: set[str] = set()
    gone: set[str] = set()

    def look(content: Any, group: Group, path: str) -> None:
        for element in group.elements:
            place = f"{path}{element.name}"
            (here if element.name in content else gone).add(place)
            found = content.get(element.name, [])
            for inside in found if element.many else [found]:
                if element.group is not None and inside:
                    look(inside, element.group, f"{place}/")

    for seed in range(1_500):
        look(example(name, seed).content, kind.root, "")
    never = gone - here
    assert {path for path in never if not path.endswith(tuple(NEVER))} == set()
    if name == "JW302":
        assert all(any(path.endswith(each) for path in never) for each in NEVER)


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_made_up_and_every_municipality_is_real(
    name: str, is_bsn: Callable[[str], bool]
) -> None:
    sides = {"municipality": "Afzender", "provider": "Ontvanger"}
    kind = message_types()[name]
    if kind.sender == "provider":
        sides = {"municipality": "Ontvanger", "provider": "Afzender"}
    for seed in range(100):
        content = example(name, seed).content
        head = content["Header"]
        day = head["BerichtIdentificatie"]["Dagtekening"]
        assert head[sides["municipality"]] in {one.code for one in municipalities(on=day)}
        assert head[sides["provider"]].startswith("99")
        for place, value in leaves(content, kind.root):
            element = place[-1].name
            if element == "Bsn":
                assert value.startswith("999")
                assert is_bsn(value)
            elif element == "Telefoonnummer":
                assert value.startswith("0000000")
            elif element == "Emailadres":
                assert value.endswith(".example")
            elif element in ("Plaatsnaam", "Postcode"):
                assert value in ("Voorbeeldstad", "9999XX")


def flaws(messages: list[Message]) -> Counter[tuple[str, str]]:
    """What levels 3 and 4 find in messages that nothing was told before: type and rule."""
    outside = Outside(date(2026, 11, 1))
    found = Counter(
        (each.type, breach.rule) for each in messages for breach in check_outside(each, outside)
    )
    told = {}
    for each in messages:
        events = tuple(event for _, event in told_by(each, str))
        told[each.type] = Told(events[0]["message"], events[0]["content"], events, held=False)
    judged = judge(told.values())
    for name, one in told.items():
        verdict = judged.get((one.id, one.content))
        found.update((name, flaw.rule) for flaw in (verdict.flaws if verdict else ()))
    return found


OTHER_CHILDREN = {("JW323", "TR304"), ("JW323", "TR323")}
"""A claim may hold children, and credits of lines, of whom nothing was told before."""


def test_messages_of_one_seed_tell_one_story() -> None:
    clean = 0
    for seed in range(SEEDS):
        found = flaws(
            [example(name, seed) for name in ("JW315", "JW319", "JW301", "JW305", "JW307", "JW323")]
        )
        assert set(found) <= OTHER_CHILDREN, seed
        clean += not found
    assert clean > SEEDS / 4


def test_a_change_request_is_about_all_that_is_allocated() -> None:
    requests = 0
    for seed in range(SEEDS):
        asked, allocated, started, change = (
            example(name, seed) for name in ("JW315", "JW301", "JW305", "JW317")
        )
        products = allocated.content["Client"]["ToegewezenProducten"]["ToegewezenProduct"]
        # Where the municipality itself found the help, that request would still be pending.
        answered = any("ReferentieAanbieder" in product for product in products)
        before = [asked, allocated] if answered else [allocated]
        assert flaws([*before, started, change]) == Counter(), seed
        requests += answered
    assert 0 < requests < SEEDS


def outcome(message: Message) -> str:
    """How an answer receives its message, as its return codes tell (iJw 3.2, IV028 and IV087)."""
    codes = message.content["Header"].get("RetourCodes", {"RetourCode": ["none"]})["RetourCode"]
    if codes != ["0200"]:
        return "accepted" if codes == ["none"] else "technical" if codes == ["0001"] else "header"
    found = {value for place, value in leaves(message.content, message_types()[message.type].root)
             if place[-1].name == "RetourCode"}  # fmt: skip
    return "accepted" if found <= {"0200", "8001"} else "inside"


@pytest.mark.parametrize("name", BACK)
def test_some_answers_accept_and_some_refuse(name: str) -> None:
    heard = Counter(outcome(example(name, seed)) for seed in range(200))
    assert set(heard) == {"accepted", "technical", "header", "inside"}
    assert min(heard["accepted"], heard["inside"]) > 30


@pytest.mark.parametrize("name", BACK)
def test_an_answer_is_about_the_message_of_the_same_seed(name: str) -> None:
    for seed in range(50):
        told, back = example(answered_type(name) or "", seed), example(name, seed)
        head = back.content["Header"]
        about = head.get("DeclaratieIdentificatie") or head["BerichtIdentificatie"]
        assert about == told.content["Header"]["BerichtIdentificatie"]
        day = head.get("DagtekeningRetour") or head["BerichtIdentificatie"]["Dagtekening"]
        assert 1 <= (day - about["Dagtekening"]).days <= 11


def test_a_type_that_is_not_there_is_refused() -> None:
    with pytest.raises(StelselError, match=r"JW304 is not a message.*Did you mean"):
        example("JW304")
