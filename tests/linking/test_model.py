"""The model: the same entries give the same numbers, and every number of a table makes sense."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest

from stelsel.register.linking import reasons
from stelsel.register.linking.choices import choices
from stelsel.register.linking.model import TRAINED, comparisons, train, untrained, weights
from stelsel.register.linking.store import Kept
from tests.linking.conftest import KEY, Done


def test_the_same_entries_give_the_same_numbers_in_any_order(done: Done) -> None:
    kept = Kept(done.folder / "kept", KEY)
    entries = kept.entries()
    upside_down = entries.take(pa.array(range(entries.num_rows - 1, -1, -1)))
    assert train(upside_down) == kept.model


def test_what_was_learned_has_the_order_it_should(done: Done) -> None:
    model = Kept(done.folder / "kept", KEY).model
    assert model is not None
    assert model[TRAINED] == 4000
    assert 0 < model["probability_two_random_records_match"] < 0.001
    for name, levels in weights(model).items():
        best, least = levels[max(levels)], levels[0]
        assert best[1] > 0 > least[1], name
    # About two in a hundred are written with day and month exchanged or otherwise wrong.
    assert weights(model)["birth_date"][3][1] > weights(model)["birth_date"][1][1] > 0
    fixed = next(w for level, w in weights(model)["first_name"].values() if level == "family")
    assert fixed == pytest.approx(math.log2(1e-12 / 1e-3))


@pytest.mark.parametrize("name", comparisons())
def test_the_tables_say_how_often_each_level_is_met(name: str) -> None:
    levels = [one for one in comparisons()[name] if one.m is not None and not one.fixed]
    assert sum(one.m or 0 for one in levels) == pytest.approx(1, abs=0.03)
    assert sum(one.u or 0 for one in levels) == pytest.approx(1, abs=0.03)
    assert levels[-1].condition == "else"
    assert all(one.words_nl and one.words_en for one in comparisons()[name])


def test_weights_add_up_to_what_splink_says(done: Done) -> None:
    """The reasons told of a pair, and where a pair starts, are all that its weight is made of."""
    kept = Kept(done.folder / "kept", KEY)
    model = kept.model
    assert model is not None
    prior = model["probability_two_random_records_match"]
    pairs = kept.pairs().to_pylist()
    assert len(pairs) > 1000
    for pair in pairs:
        total = math.log2(prior / (1 - prior)) + sum(one["weight"] for one in reasons(pair, model))
        assert pair["weight"] == pytest.approx(total, abs=1e-4)
        odds = 2.0 ** pair["weight"]
        assert pair["probability"] == pytest.approx(odds / (1 + odds), abs=1e-6)


def test_the_threshold_lies_above_what_is_kept() -> None:
    assert 0 < choices().least_kept < choices().threshold < 1
    assert untrained()["probability_two_random_records_match"] == choices().prior
