"""The tables of the grammar and the rules: whole, consistent, and the same as the facts folder."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path
from typing import Any

import pytest

from stelsel.ijw import findings as findings_module
from stelsel.ijw.findings import LANGUAGES, Breach, findings, rules
from stelsel.ijw.grammar import Element, Group, message_types, simple_types
from stelsel.ijw.rules.doubles import logical_key
from stelsel.tables import packaged, read_table

# What the texts of a rule may name besides the element and the message.
NAMES = {
    *("element", "message", "limit", "problem", "found", "found_nl", "found_en", "allowed"),
    *("place_nl", "place_en", "low", "high", "shape_nl", "shape_en", "list", "kind_nl", "kind_en"),
    *("key", "is_nl", "is_en"),
}


# The answer to a claim has no return, so these have no code.
NO_CODE = {"TR337", "TR371", "TR376"}


def test_every_text_can_be_filled_in_both_languages() -> None:
    for rule in rules().values():
        for language in LANGUAGES:
            texts = (rule.texts[language], rule.remedies[language])
            named = {name for text in texts for _, name, _, _ in string.Formatter().parse(text)}
            assert named - {None} <= NAMES, rule.name
            other = "_en" if language == "nl" else "_nl"
            assert not [name for name in named if name and name.endswith(other)], rule.name
            assert all(
                text.endswith(".")
                and (text[0] in "{" + string.ascii_uppercase or text.startswith("iJw"))
                for text in texts
            ), rule.name
            (finding,) = findings(
                [Breach(rule.name, ("X",), 1, dict.fromkeys(NAMES, "y"))], "", language
            )
            assert "{" not in finding.message + finding.remedy


def test_levels_and_return_codes() -> None:
    codes = simple_types()["LDT_RetourCode"].codes
    for rule in rules().values():
        if rule.level <= 2:
            assert (rule.level, rule.return_code) in ((1, None), (2, "0001")), rule.name
        elif rule.name in NO_CODE:
            assert rule.return_code is None, rule.name
        else:
            assert rule.return_code in codes, rule.name
            assert rule.return_code not in ("0001", "0200", "0233", "8001"), rule.name
    told = [rule.return_code for rule in rules().values() if rule.level > 2 and rule.return_code]
    assert len(told) == len(set(told))


def test_every_level_is_there() -> None:
    assert {rule.level for rule in rules().values()} == {1, 2, 3, 4}


def test_every_rule_that_the_code_names_is_in_the_table_and_the_reverse(project: Path) -> None:
    folder = Path(str(findings_module.__file__)).parent
    own = "|".join(sorted({name.partition(".")[0] for name in rules() if "." in name}))
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    named = set(re.findall(rf'"((?:{own})\.[a-z]+)"', text)) | {
        each.simple.rule for each in elements() if each.simple is not None
    }
    tested = {rule.name for rule in rules().values() if rule.elements}
    assert named | tested == set(rules())


def elements() -> list[Element]:
    """Every element of every message."""

    def inside(group: Group) -> list[Element]:
        below = [each for e in group.elements if e.group is not None for each in inside(e.group)]
        return [*group.elements, *below]

    return [each for kind in message_types().values() for each in inside(kind.root)]


def test_elements_that_rules_are_about_exist() -> None:
    for rule in rules().values():
        for message, path in rule.elements:
            assert message in message_types(), rule.name
            assert found(message_types()[message].root, path), (rule.name, message, path)


def found(group: Group, path: tuple[str, ...]) -> bool:
    """Whether a path occurs anywhere below a group."""
    for element in group.elements:
        if element.name == path[0] and (
            len(path) == 1 or (element.group is not None and starts(element.group, path[1:]))
        ):
            return True
        if element.group is not None and found(element.group, path):
            return True
    return False


def starts(group: Group, path: tuple[str, ...]) -> bool:
    """Whether a path begins right in a group."""
    for element in group.elements:
        if element.name == path[0]:
            return len(path) == 1 or (element.group is not None and starts(element.group, path[1:]))
    return False


def test_every_class_with_a_key_exists_and_holds_it() -> None:
    table = read_table(packaged("stelsel.ijw", "keys.csv"), ["class", "key"], key=("class",))
    for row in table:
        for key in row["key"].split():
            path = (row["class"], *key.split("/"))
            assert any(found(kind.root, path) for kind in message_types().values()), path
        assert len(logical_key(row["class"], {})) == len(row["key"].split())
    doubles = {path for _, path in rules()["TR101"].elements}
    assert doubles <= {(row["class"],) for row in table}


LEVELS = {
    "berichtformaat (xsd)": 1,
    "bericht inhoud (xslt)": 2,
    "berichtoverstijgend": 3,
    "externe bron": 4,
}
# Where our table differs from the official one on purpose, and why: rule, what, ours, official.
DIFFERENCES: list[tuple[str, str, object, object]] = [
    # The official check tests it inside the message all the same (return code 0001), so that what
    # breaks it never gets as far as level 3.
    ("TR319", "level", 2, 3),
    ("TR319", "code", "0001", "9319"),
    # A rule of the message as a whole is bound to the class right below Bericht.
    ("TR342", "elements", {"JW325/DeclaratieAntwoord"}, {"JW325/"}),
    ("TR374", "elements", {"JW315/Client", "JW317/Client"}, {"JW315/", "JW317/"}),
    # A rule on whether a class may be there is bound to the class that holds it.
    *(
        (
            rule,
            "elements",
            {"JW319/Antwoord/Woonplaatsbeginsel"},
            {"JW319/Woonplaatsbeginsel"},
        )
        for rule in ("TR377", "TR409")
    ),
    # Both the birth date and the group around it are named; there is one date to tell of.
    (
        "TR134",
        "elements",
        set(),
        {"JW305/Client/Geboortedatum", "JW307/Client/Geboortedatum"},
    ),
]


@pytest.mark.shared
def test_levels_return_codes_and_elements_are_the_official_ones(shared: Path) -> None:
    official = json.loads((shared / "ijw" / "rules.json").read_text(encoding="utf-8"))
    official = {name: rule for name, rule in official.items() if rule["niveau"]}
    ours = {name: rule for name, rule in rules().items() if "." not in name}
    assert set(ours) == set(official)
    differences = []
    for name, rule in official.items():
        level, code = LEVELS[rule["niveau"]], rule["retourcode"]
        bound = {f"{each['bericht']}/{each['pad']}" for each in rule["bindingen"]}
        mine = {"/".join((message, *path)) for message, path in ours[name].elements}
        assert len(mine) == len(ours[name].elements), name
        for what, one, other in (
            ("level", ours[name].level, level),
            ("code", ours[name].return_code, code),
            ("elements", mine - bound, bound - mine),
        ):
            if one != other:
                differences.append((name, what, one, other))
    assert sorted(differences, key=str) == sorted(DIFFERENCES, key=str)


@pytest.mark.shared
def test_the_grammar_is_that_of_the_facts(shared: Path) -> None:
    facts = shared / "ijw"
    trees = json.loads((facts / "trees.json").read_text(encoding="utf-8"))["berichten"]
    types = json.loads((facts / "datatypes.json").read_text(encoding="utf-8"))
    lists = json.loads((facts / "codelists.json").read_text(encoding="utf-8"))["codelijsten"]
    assert set(trees) == set(message_types())

    def same(group: Group, children: list[dict[str, Any]]) -> None:
        assert [each.name for each in group.elements] == [child["naam"] for child in children]
        for element, child in zip(group.elements, children, strict=True):
            assert (int(element.required), element.many) == (
                child["min"],
                child["max"] == "unbounded",
            )
            below = child.get("kinderen") or types["cdt"].get(child.get("type"))
            if element.group is not None:
                same(element.group, below)
            else:
                assert below is None
                assert element.type_name in ("", child["type"])

    for name, tree in trees.items():
        assert message_types()[name].namespace == tree["namespace"]
        same(message_types()[name].root, tree["kinderen"])
    for name, simple in simple_types().items():
        fact = types["ldt"][name]
        assert simple.base == fact["basis"]
        assert (simple.low, simple.high) == (fact.get("minInclusive"), fact.get("maxInclusive"))
        codes = tuple(lists[name]["codes"]) if "codelijst" in fact else ()
        assert simple.codes == codes
        assert simple.max_length == (None if codes else fact.get("maxLength"))
