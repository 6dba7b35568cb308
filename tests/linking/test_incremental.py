"""Lists one after another come to what all lists at once come to, however they are parted."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stelsel.errors import StelselError
from stelsel.register.key import Pseudonyms
from stelsel.register.linking import Linked, link
from stelsel.register.linking.model import TRAINED
from stelsel.register.linking.store import Kept
from tests.linking.conftest import KEY, Done
from tests.linking.people import dirty, write

ENTRIES = dirty(160, seed=21)
"""Too few to train on, so that the model is that of the tables whatever comes first."""


def same(one: Linked, other: Linked) -> bool:
    return bool(
        one.entries.drop_columns(["list", "row"]).equals(
            other.entries.drop_columns(["list", "row"])
        )
        and one.matches.select(["one", "other", "linked", "weight", "why"]).equals(
            other.matches.select(["one", "other", "linked", "weight", "why"])
        )
        and one.counts.equals(other.counts)
    )


@settings(max_examples=5)
@given(st.lists(st.integers(0, 3), min_size=len(ENTRIES), max_size=len(ENTRIES)))
def test_any_parts_in_any_order_come_to_the_same(parts: list[int]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        at_once = link([write(folder / "all.csv", ENTRIES)], folder / "once", KEY)
        for part in range(4):
            some = [entry for entry, where in zip(ENTRIES, parts, strict=True) if where == part]
            in_turn = link([write(folder / f"{part}.csv", some)], folder / "turn", KEY)
        assert same(at_once, in_turn)
        assert at_once.matches.num_rows > 20


def test_lists_that_come_later_are_linked_by_the_model_that_is_kept(
    done: Done, tmp_path: Path
) -> None:
    """All of a region at once, and its last list later, by the model that was trained at once."""
    kept = Kept(tmp_path / "later", KEY)
    model = Kept(done.folder / "kept", KEY).model
    assert model is not None
    none = kept.entries()
    kept.start(model, none, kept.pairs())
    first = link(done.lists[:3], tmp_path / "later", KEY)
    second = link(done.lists[3:], tmp_path / "later", KEY)
    assert (first.known, second.known, second.trained) == (0, 0, 4000)
    assert same(done.linked, second)


def test_a_list_that_was_taken_in_before_changes_nothing(tmp_path: Path) -> None:
    lists = [write(tmp_path / "a.csv", ENTRIES)]
    first = link(lists, tmp_path / "kept", KEY)
    files = sorted(path.name for path in (tmp_path / "kept").rglob("*"))
    again = link(lists, tmp_path / "kept", KEY)
    assert (first.new, first.known) == (160, 0)
    assert (again.new, again.known) == (0, 160)
    assert same(first, again)
    assert files == sorted(path.name for path in (tmp_path / "kept").rglob("*"))


def test_training_anew_scores_everything_anew(done: Done, tmp_path: Path) -> None:
    few = link([write(tmp_path / "a.csv", ENTRIES)], tmp_path / "kept", KEY)
    link(done.lists, tmp_path / "kept", KEY)
    again = link([], tmp_path / "kept", KEY, train_again=True)
    assert (few.trained, again.trained) == (0, 4160)
    assert sorted(path.name for path in (tmp_path / "kept").glob("*-*")) == [
        "model-2.json",
        "pairs-2",
    ]
    model = json.loads((tmp_path / "kept" / "model-2.json").read_text("utf-8"))
    assert model[TRAINED] == 4160


def test_a_run_that_broke_off_leaves_nothing_that_counts(tmp_path: Path) -> None:
    """Pairs were kept and their entries were not; the next list is linked as if never begun."""
    half = len(ENTRIES) // 2
    lists = [
        write(tmp_path / "a.csv", ENTRIES[:half]),
        write(tmp_path / "b.csv", ENTRIES[half:]),
    ]
    link(lists[:1], tmp_path / "kept", KEY)
    before = set((tmp_path / "kept" / "entries").iterdir())
    whole = link(lists[1:], tmp_path / "kept", KEY)
    (added,) = set((tmp_path / "kept" / "entries").iterdir()) - before
    added.unlink()
    broken = link([], tmp_path / "kept", KEY)
    assert broken.entries.num_rows == half
    assert same(whole, link(lists[1:], tmp_path / "kept", KEY))


def test_another_key_or_another_folder_is_refused(tmp_path: Path) -> None:
    link([write(tmp_path / "a.csv", ENTRIES)], tmp_path / "kept", KEY)
    with pytest.raises(StelselError, match="made with another key"):
        link([], tmp_path / "kept", Pseudonyms(b"another key, also made up here .."))
    with pytest.raises(StelselError, match="holds no linked lists"):
        link([], tmp_path, KEY)


def test_who_is_forgotten_is_gone_from_every_file_and_stays_out(tmp_path: Path) -> None:
    lists = [write(tmp_path / "a.csv", ENTRIES)]
    whole = link(lists, tmp_path / "kept", KEY)
    pair = whole.matches.to_pylist()[0]
    less = link(lists, tmp_path / "kept", KEY, forget=[pair["one"]])
    assert less.entries.num_rows == 159
    assert (less.new, less.known) == (0, 159)
    assert pair["one"] not in less.entries["entry"].to_pylist()
    assert all(pair["one"] not in (row["one"], row["other"]) for row in less.matches.to_pylist())
    for file in (tmp_path / "kept").rglob("*.parquet"):
        assert pair["one"] not in str(pq.read_table(file).to_pylist())
    assert same(less, link([], tmp_path / "kept", KEY, forget=[pair["one"]]))
    with pytest.raises(StelselError, match="Entries that are not here: 1"):
        link([], tmp_path / "kept", KEY, forget=["0" * 24])
