"""The checks find what is wrong, and pass what is right, at a small size."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from stelsel.twin.examination import checks, peers
from stelsel.twin.examination.books import books_of
from stelsel.twin.examination.check import Check
from stelsel.twin.examination.experiments import (
    POLICIES,
    Waits,
    published_order,
    spill_over,
    two_by_two,
)
from stelsel.twin.examination.formulas import erlang_c, relief_capacity, target_list
from stelsel.twin.examination.page import HEADINGS, page
from stelsel.twin.examination.small import (
    Small,
    even,
    exponential,
    mean_wait,
    moments,
    ran,
    visits_of,
)
from stelsel.twin.examination.validate import as_rows, put_together
from stelsel.twin.layout import OPEN
from stelsel.twin.runs.run import Run, run
from tests.twin.examination.test_forecasts import like_published


@pytest.fixture(scope="module")
def small_region() -> Run:
    return run(region="JZ15", years=1)


def test_books_of_a_run_close(small_region: Run) -> None:
    found = books_of(small_region)
    assert found.close
    assert found.cells > 1000


@pytest.mark.parametrize("what", ["visit", "count", "chain", "order"])
def test_books_that_do_not_close_are_found(small_region: Run, what: str) -> None:
    visits, counts = small_region.visits.copy(), small_region.counts.copy()
    if what == "visit":
        visits = visits[:-1]
    elif what == "count":
        counts[5, 0, 3, 5] += 1
    elif what == "chain":
        moved = np.flatnonzero(visits["next"] >= 0)[0]
        visits["next"][moved] = (visits["next"][moved] + 1) % 8
    else:
        served = np.flatnonzero(visits["started"] != OPEN)[0]
        visits["arrived"][served] = visits["started"][served] + 1
    assert not books_of(replace(small_region, visits=visits, counts=counts)).close


def test_the_formulas_give_their_printed_numbers() -> None:
    assert target_list(30, 52) == 390
    assert round(relief_capacity(30, 1200, 52, 26), 2) == 61.15
    assert erlang_c(50, 0.9, 1.0) == pytest.approx(0.07277, abs=5e-6)


def test_a_short_queue_check_passes_and_a_wrong_answer_would_not() -> None:
    lengths = exponential(20.0)
    runs = [ran(Small((5,), 0.7 * 5 / 20, lengths), 6000, seed) for seed in range(6)]
    waits = [mean_wait(one, 500, 5500) for one in runs]
    expected = erlang_c(5, 0.7, 20.0)
    error = np.std(waits, ddof=1) / np.sqrt(len(waits))
    assert abs(np.mean(waits) - expected) < 4 * error + 0.05 * expected
    assert abs(np.mean(waits) - 2 * expected) > 4 * error


def test_moments_are_those_of_what_is_drawn() -> None:
    lengths = even(0.0, 40.0)
    visits = ran(Small((5000,), 30.0, lengths), 400, 1)
    done = visits[(visits["ended"] != OPEN) & (visits["arrived"] < 300)]
    stays = (done["ended"] - done["started"]).astype(float)
    mean, variation = moments(lengths)
    assert stays.mean() == pytest.approx(mean, rel=0.03)
    assert stays.var() / stays.mean() ** 2 == pytest.approx(variation, rel=0.05)


def test_the_list_formula_and_renewals_hold() -> None:
    assert all(one.passed for one in (*checks.lists(range(4)), *checks.renewals(years=8)))


def test_littles_law_holds(small_region: Run) -> None:
    assert checks.little(small_region)[0].passed


def test_two_by_two_comes_out_in_the_published_order() -> None:
    waits = two_by_two(seeds=(1,), days=4000)
    assert [one.policy for one in waits] == list(POLICIES)
    assert published_order(waits)


def test_another_order_is_not_taken_for_the_published_one() -> None:
    waits = [Waits(policy, (10.0 - n,)) for n, policy in enumerate(POLICIES)]
    assert published_order(waits), "push with one queue comes last in the list, with 7 days"
    turned = [Waits(policy, (10.0 + n,)) for n, policy in enumerate(POLICIES)]
    assert not published_order(turned)


def test_more_light_care_brings_more_to_heavier_care() -> None:
    spill = spill_over(seeds=(1, 2), years=3)
    assert np.mean(spill.light) > 1
    assert np.mean(spill.heavier) > 1


def test_a_peer_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "UNTIL", 6.0)
    monkeypatch.setattr(peers, "WARM", 2.0)
    monkeypatch.setattr(peers, "present", list)
    peers.network.cache_clear()
    found = checks.peer_checks((0.9,), replications=2, own=2)
    peers.network.cache_clear()
    assert [one.outcome for one in found] == ["not done", "not done"]
    assert all("bench" in one.found_en for one in found)


@pytest.mark.parametrize("name", peers.PEERS)
def test_a_peer_runs_the_same_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "UNTIL", 12.0)
    monkeypatch.setattr(peers, "WARM", 4.0)
    peers.network.cache_clear()
    ours = np.array([peers.by_twin(0.9, seed) for seed in range(6)])
    theirs = np.array([peers.PEERS[name](0.9, seed) for seed in range(6)])
    peers.network.cache_clear()
    apart = np.abs(ours.mean(axis=0) - theirs.mean(axis=0))
    error = np.hypot(ours.std(axis=0, ddof=1), theirs.std(axis=0, ddof=1)) / np.sqrt(6)
    assert (apart < 4 * error + 1 / peers.UNIT).all()


def test_who_moves_on_in_the_reference_network_goes_where_the_matrix_says() -> None:
    """A rule left over from the country (an age from which a service takes children) shows here."""
    visits = visits_of(peers.network(0.9), round(peers.UNTIL * peers.UNIT), 1)
    done = visits[visits["ended"] != OPEN]
    for k in range(peers.STATIONS):
        onward = done["next"][done["service"] == k]
        number = len(onward)
        moved = np.bincount(onward[onward >= 0], minlength=peers.STATIONS)[: peers.STATIONS]
        wanted = peers.MOVES * peers.routes()[k] * number
        assert (np.abs(moved - wanted) <= 4.5 * np.sqrt(wanted + 1)).all()


def test_waits_of_a_peer_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []

    def slow(load: float, seed: int) -> tuple[float, float]:
        done.append(seed)
        return load + seed, 0.1 / 3 + seed

    monkeypatch.setitem(peers.PEERS, "simpy", slow)
    first = peers.waits("simpy", 0.9, 2, tmp_path)
    both = peers.waits("simpy", 0.9, 4, tmp_path)
    assert done == [0, 1, 2, 3], "what is there is not done again"
    assert both.shape == (4, 2)
    assert (both[:2] == first).all()
    assert (peers.waits("simpy", 0.9, 4) == both).all(), "and is kept to the last digit"
    assert (peers.waits("simpy", 0.9, 3, tmp_path) == both).all(), "more than asked for counts"


def headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#")]


def heads(text: str) -> list[str]:
    lines = text.splitlines()
    return [one for one, two in pairwise(lines) if two.startswith("|---")]


def an_examination() -> str:
    check = Check("books", "moet", "must", "nul", "none", True)
    return page(put_together([check], like_published(1.02, 0.01, 5), like_published(1.02)))


def test_the_page_in_the_documents_is_what_the_command_writes(project: Path) -> None:
    """Its structure: the numbers take a run of minutes, and change with the plan."""
    written = (project / "docs/reference/validation.md").read_text("utf-8")
    made = an_examination()
    assert headings(written) == headings(made) == list(HEADINGS)
    assert heads(written) == heads(made)
    assert written.split("Made by")[1].split(";")[0] == made.split("Made by")[1].split(";")[0]
    rows = [line.split(" | ")[0] for line in written.splitlines() if line.startswith("| ")]
    ours = [line.split(" | ")[0] for line in made.splitlines() if line.startswith("| ")]
    assert set(ours) - {"| books"} <= set(rows), "every series is told of"


def test_the_rows_for_json_hold_everything() -> None:
    check = Check("books", "moet", "must", "nul", "none", True)
    rows = as_rows(put_together([check], like_published(1.02, 0.01, 5), like_published(1.02)))
    assert rows["checks"][0] == {
        "part": "books",
        "asked": "must",
        "found": "none",
        "outcome": "passed",
    }
    assert {"published", "twin", "error", "within_5_percent"} <= set(rows["fit"][0])
    assert len(rows["history"]) > 30
