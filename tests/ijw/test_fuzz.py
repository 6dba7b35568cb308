"""The fuzzer runs, what it changes are messages still, and what it checks can be broken."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from fuzz import checks, mutate, seeds
from stelsel.ijw import Received, read_bytes, unparsed
from stelsel.ijw.grammar import message_types

SEED = 20261122
"""A build server tries the same inputs every time; at a desk, set it to 0 to try others."""
RUNS = {"bytes": 8_000, "messages": 2_500, "envelopes": 800, "archives": 250}
"""Inputs that take some five seconds each."""


@pytest.mark.parametrize("target", RUNS)
def test_a_short_run_finds_nothing(target: str, project: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: it is made for Linux on x86-64 only")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "fuzz", target, "120", f"--seed={SEED}"),
            *(f"--runs={RUNS[target]}", f"--keep={tmp_path / 'kept'}"),
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5_000:]
    assert "cov: " in done.stderr
    assert f"stat::number_of_executed_units: {RUNS[target]}" in done.stderr


def test_seeds_are_right_and_of_every_type() -> None:
    made = [read_bytes(data) for data in seeds.messages()]
    assert {each.type for each in made} == set(message_types())
    assert all(each.valid for each in made)
    assert all(secret in b" ".join(seeds.messages()).decode() for secret in checks.SECRETS[:2])
    for data in seeds.messages():
        checks.of_message(data)
    for data in seeds.archives():
        checks.of_archive(data)
    for data in seeds.envelopes():
        checks.of_envelope(data)


@pytest.mark.parametrize("change", [mutate.message, mutate.envelope, mutate.archive])
def test_changes_are_many_and_can_be_made_again(
    change: Callable[[bytes, Random, list[bytes]], bytes],
) -> None:
    others = seeds.messages()
    first: dict[object, list[bytes]] = {
        mutate.envelope: seeds.envelopes(),
        mutate.archive: seeds.archives(),
    }
    data = first.get(change, others)[1]
    made = [change(data, Random(number), others) for number in range(200)]
    assert len(set(made)) > 150
    assert made == [change(data, Random(number), others) for number in range(200)]
    for each in (b"", b"<", b"\xff\xfe", b"<a>" * 10, *made[:20]):
        for number in range(20):
            change(each, Random(number), others)


def test_changed_messages_are_judged_in_many_ways() -> None:
    others, chance = seeds.messages(), Random(1)
    found = [read_bytes(mutate.message(chance.choice(others), chance, others)) for _ in range(800)]
    rules = {finding.rule for each in found for finding in each.findings}
    assert len(rules) > 25
    assert 200 < sum(each.message is not None for each in found) < 600


# ---- what is checked can be broken


def test_another_content_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = seeds.messages()[0]
    read = unparsed.read

    def other(data: bytes) -> object:
        known = read(data)
        return known and (known[0], dict(reversed(known[1].items())))

    monkeypatch.setattr(unparsed, "read", other)
    with pytest.raises(AssertionError, match="order is otherwise"):
        checks.of_message(data)


def test_a_secret_is_noticed() -> None:
    (finding, *_) = read_bytes(b"<x/>").findings
    for secret in checks.SECRETS:
        told = Received("a.xml", None, (type(finding)(1, "x", None, secret, 1, "m", "r"),))
        with pytest.raises(AssertionError, match="secret"):
            checks.of_findings([told])


def test_too_many_findings_are_noticed() -> None:
    (finding, *_) = read_bytes(b"<x/>").findings
    with pytest.raises(AssertionError, match="too many"):
        checks.of_findings([Received("a.xml", None, (finding,) * 2_000)])
