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
from stelsel.ijw.grammar import Element, Group, message_types, simple_types, supported

# What the texts of a rule may name besides the element and the message.
NAMES = {
    *("element", "message", "limit", "problem", "found", "found_nl", "found_en", "allowed"),
    *("place_nl", "place_en", "low", "high", "shape_nl", "shape_en", "list", "kind_nl", "kind_en"),
    *("key", "is_nl", "is_en"),
}


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
    for rule in rules().values():
        assert (rule.level, rule.return_code) in ((1, None), (2, "0001")), rule.name


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
            assert message in supported(), rule.name
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


@pytest.mark.shared
def test_every_rule_of_level_2_for_these_messages_is_there(shared: Path) -> None:
    official = json.loads((shared / "ijw" / "rules.json").read_text(encoding="utf-8"))
    wanted = {
        (name, binding["bericht"])
        for name, rule in official.items()
        if "xslt" in (rule["niveau"] or "")
        for binding in rule["bindingen"]
        if binding["bericht"] in supported()
    }
    ours = {
        (rule.name, message)
        for rule in rules().values()
        for message, _ in rule.elements
        if "." not in rule.name
    }
    assert ours == wanted


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
