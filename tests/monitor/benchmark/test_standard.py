"""Standardising against a table worked out by hand, formulas and exact intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stelsel.monitor.benchmark.intervals import byar
from stelsel.monitor.benchmark.standard import direct, expected, merged, ratio

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())
BANDS = ["0-4", "5-9", "10-14", "15-19"]
LIVING = st.fixed_dictionaries({band: st.integers(1, 5000) for band in BANDS})


def summed(areas: dict[str, dict[str, dict[str, int]]], what: str) -> dict[str, int]:
    bands = next(iter(areas.values()))[what]
    return {band: sum(one[what][band] for one in areas.values()) for band in bands}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["story"])
def test_the_table_worked_out_by_hand(case: dict[str, Any]) -> None:
    areas = case["areas"]
    living = {name: one["living"] for name, one in areas.items()}
    standard = summed(areas, "living")
    awaited = expected(living, summed(areas, "counted"), standard)
    assert awaited == pytest.approx(case["expected"])
    for name, one in areas.items():
        total, young = sum(one["counted"].values()), sum(one["living"].values())
        assert ratio(total, awaited[name]).value == pytest.approx(case["ratio"][name], rel=1e-5)
        assert 1000 * total / young == pytest.approx(case["crude"][name])
        found = direct(one["counted"], one["living"], standard)
        told = None if found is None else pytest.approx(found.value)
        assert case["direct"][name] == told


@given(st.lists(LIVING, min_size=1, max_size=5), LIVING)
def test_if_ages_alone_differ_every_ratio_is_one(
    towns: list[dict[str, int]], use: dict[str, int]
) -> None:
    counted = [{band: use[band] / 1e4 * town[band] for band in BANDS} for town in towns]
    living = {str(number): town for number, town in enumerate(towns)}
    together = {band: sum(town[band] for town in towns) for band in BANDS}
    by_ages = {band: sum(one[band] for one in counted) for band in BANDS}
    awaited = expected(living, by_ages, together)
    for number, one in enumerate(counted):
        assert sum(one.values()) / awaited[str(number)] == pytest.approx(1.0)
    assert sum(awaited.values()) == pytest.approx(sum(by_ages.values()))


@given(LIVING, LIVING)
def test_with_its_own_ages_as_the_standard_the_direct_rate_is_the_crude_one(
    living: dict[str, int], counts: dict[str, int]
) -> None:
    found = direct(counts, living, living)
    assert found is not None
    assert found.value == pytest.approx(1000 * sum(counts.values()) / sum(living.values()))
    low, high = byar(sum(counts.values()))
    assert (found.low, found.high) == pytest.approx(
        (1000 * low / sum(living.values()), 1000 * high / sum(living.values()))
    )


@given(LIVING, st.floats(1, 1e5))
def test_what_is_expected_adds_up_to_what_is_counted(living: dict[str, int], total: float) -> None:
    towns = {"A": living, "B": dict.fromkeys(BANDS, 100)}
    awaited = expected(towns, dict.fromkeys(BANDS, 3), dict.fromkeys(BANDS, 50), total)
    assert sum(awaited.values()) == pytest.approx(total)


@given(LIVING)
def test_taking_ages_together_loses_nobody(ages: dict[str, int]) -> None:
    found = merged(ages, [BANDS[:2], BANDS[2:]])
    assert list(found) == ["0-9", "10-19"]
    assert sum(found.values()) == sum(ages.values())


@pytest.mark.parametrize("count", [1, 5, 10, 50, 100, 1000])
def test_the_interval_is_near_the_exact_one(count: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    low, high = byar(count)
    exact = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    near = 0.01 if count >= 10 else 0.1
    assert (low, high) == pytest.approx(exact, rel=near if count > 1 else 0.6)


def test_the_intervals_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    living = {"0-9": 900, "10-19": 400}
    standard = {"0-9": 1, "10-19": 1}
    truth = 1000 * (0.02 + 0.06) / 2
    inside = 0
    runs = 3000
    for _ in range(runs):
        counts = {"0-9": rng.poisson(18), "10-19": rng.poisson(24)}
        found = direct(counts, living, standard)
        assert found is not None
        inside += found.low <= truth <= found.high
    assert 0.94 <= inside / runs <= 0.975


def test_a_count_below_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no count"):
        byar(-1)
