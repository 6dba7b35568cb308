"""Level 3 against hand-made stories: what each message breaks, in every order of arrival."""

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
from tests.ijw_ledger.telling import message_of, path, told

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "stories.yaml").read_text(encoding="utf-8")
)


def expected(line: dict[str, Any]) -> list[str]:
    """What a line of a story says that its message breaks."""
    given = line.get("breaks", [])
    given = [given] if isinstance(given, str) else given
    return sorted(f"{rule} {path(where)}" for rule, where in (each.split() for each in given))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story['rule']} {story['story']}")
def test_story(story: dict[str, Any]) -> None:
    messages = [message_of(line) for line in story["told"]]
    pairs = [told(message) for message in messages]
    for turn in range(4):  # as told, backwards, and shuffled: the order of arrival has no meaning
        arrived = [one for one, _ in pairs]
        if turn == 1:
            arrived.reverse()
        elif turn:
            Random(turn).shuffle(arrived)
        judged = judge(arrived)
        for line, message, (one, paths) in zip(story["told"], messages, pairs, strict=True):
            if line["send"] == "return":
                assert (one.id, one.content) not in judged
                continue
            found = breaches(judged[one.id, one.content].flaws, message.type, paths)
            shown = sorted(f"{each.rule} {'/'.join(each.path)}" for each in found)
            assert shown == expected(line), line


CLAIM_KINDS = {"declared", "claimed", "assessed", "line-rejected"}
NUMBERS = {
    number for kind, pairs in RULES.items() if kind not in CLAIM_KINDS for number, _ in pairs
} | {"TR056"}
# What claims have to do with is told in claims.yaml.
NUMBERS -= {"TR385"}


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_every_rule_has_a_story_in_which_it_is_broken_and_kept(number: str) -> None:
    about = [story for story in STORIES if story["rule"] == number]
    broken = [
        any(rule.startswith(number) for rule in expected(line))
        for story in about
        for line in story["told"]
    ]
    assert True in broken
    assert False in broken


def test_every_rule_of_level_3_has_a_function_and_every_function_a_rule() -> None:
    # TR418 needs the tariffs of contracts, which lie outside the traffic.
    of_level_3 = {rule.name for rule in rules().values() if rule.level == 3} - {"TR418"}
    assert {number for pairs in RULES.values() for number, _ in pairs} | {"TR056"} == of_level_3
