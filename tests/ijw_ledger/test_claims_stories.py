"""Level 3 on claims against hand-made stories, in every order of arrival that is tried."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from stelsel.ijw.findings import rules
from stelsel.ijw.ledger import judge
from stelsel.ijw.ledger.places import breaches
from stelsel.ijw.ledger.registry import RULES
from tests.ijw_ledger.claiming import Line, messages_of, path, told

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "claims.yaml").read_text(encoding="utf-8")
)
KINDS = ("declared", "claimed", "assessed", "line-rejected")
NUMBERS = {number for kind in KINDS for number, _ in RULES[kind]} | {"TR385"}


def said(line: Line) -> list[str]:
    """What a line of a story says that its message breaks."""
    given = line.get("breaks", [])
    return [given] if isinstance(given, str) else given


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story['rule']} {story['story']}")
def test_story(story: dict[str, Any]) -> None:
    messages = messages_of(story["told"])
    pairs = [told(message) for message in messages]
    for turn in range(6):  # as told, backwards, and shuffled: the order of arrival has no meaning
        arrived = [one for one, _ in pairs]
        if turn == 1:
            arrived.reverse()
        elif turn:
            Random(turn).shuffle(arrived)
        judged = judge(arrived)
        for line, message, (one, paths) in zip(story["told"], messages, pairs, strict=True):
            found = breaches(judged[one.id, one.content].flaws, message.type, paths)
            shown = sorted(f"{each.rule} {'/'.join(each.path)}" for each in found)
            split = [each.split() for each in said(line)]
            assert shown == sorted(f"{name} {path(at, one, paths)}" for name, at in split), line


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_every_rule_has_a_story_in_which_it_is_broken_and_kept(number: str) -> None:
    about = [line for story in STORIES if story["rule"] == number for line in story["told"]]
    broken = [any(each.startswith(number) for each in said(line)) for line in about]
    assert True in broken
    assert False in broken


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_every_rule_is_bound_where_its_message_is_told(number: str) -> None:
    bound = {message for message, _ in rules()[number].elements}
    of_kind = {"declared": "JW323", "claimed": "JW323", "assessed": "JW325"}
    needed = {
        of_kind.get(kind, "JW325")
        for kind in KINDS
        for registered, _ in RULES[kind]
        if registered == number
    }
    assert rules()[number].level == 3
    assert needed <= bound
