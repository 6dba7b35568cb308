"""Stations: who shares a list with whom."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stelsel.twin import baseline
from stelsel.twin.plans.plan import Step
from stelsel.twin.world.people import places
from stelsel.twin.world.stations import pools, provider_shares

FIRST = date(2021, 1, 1)


@pytest.mark.parametrize("one_list", [0.0, 1.0])
@pytest.mark.parametrize("region", ["JZ07", "all"])
def test_only_providers_of_one_service_in_one_area_share_a_list(
    region: str, one_list: float
) -> None:
    step = ("policy.one_list", Step(FIRST, "set", one_list))
    found = pools(baseline().changed([step]), places(region), FIRST, 30)
    station, line = found.stations, found.list_of[0]
    for name in ("service", "region"):
        assert (station[name] == station[name][line]).all()
    several = (provider_shares() > 0).sum(axis=1)[station["service"]] > 1
    first = station["provider"] == 0
    own = line == np.arange(len(line))
    assert own[~several | first].all()
    assert (own[several & ~first] == (one_list == 0)).all()
