"""Fuzz one target: ``python -m fuzz TARGET [SECONDS] [--seed N] [--runs N] [--keep FOLDER]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["stelsel"]):
    from fuzz import checks, mutate, seeds

Mutation = Callable[[bytes, Random, list[bytes]], bytes]
TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]], Mutation | None]] = {
    "bytes": (checks.of_message, seeds.messages, None),
    "messages": (checks.of_message, seeds.messages, mutate.message),
    "envelopes": (checks.of_envelope, seeds.envelopes, mutate.envelope),
    "archives": (checks.of_archive, seeds.archives, mutate.archive),
}
"""What is checked, what to begin with, and how it is changed (None: byte by byte only)."""
LONGEST = 200_000
"""Longest input in bytes."""
SECONDS_EACH = 10
"""Longest time for one input."""
MEGABYTES = 1_500
"""Most memory."""
RAW = 0.2
"""Share of the changes that are of bytes and know nothing of messages."""


def main() -> None:
    """Run until the time is over, or until something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("seconds", nargs="?", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="0: another one every time")
    parser.add_argument("--runs", type=int, default=-1, help="stop after so many inputs")
    parser.add_argument("--keep", type=Path, help="folder where inputs are kept for a next run")
    parser.add_argument("--again", type=Path, help="check this one file and no more")
    chosen = parser.parse_args()
    check, first, change = TARGETS[chosen.target]
    if chosen.again:
        check(chosen.again.read_bytes())
        return
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="stelsel-corpus-"))
    folder.mkdir(parents=True, exist_ok=True)
    others = seeds.messages()
    for number, data in enumerate(first()):
        (folder / f"seed-{number}").write_bytes(data)

    def changed(data: bytes, longest: int, seed: int) -> bytes:
        chance = Random(seed)
        if change is None or chance.random() < RAW:
            return bytes(atheris.Mutate(data, longest))
        return change(data, chance, others)[:longest]

    options = {
        "max_total_time": chosen.seconds,
        "seed": chosen.seed,
        "runs": chosen.runs,
        "max_len": LONGEST,
        "timeout": SECONDS_EACH,
        "rss_limit_mb": MEGABYTES,
        "print_final_stats": 1,
    }
    arguments = [sys.argv[0], *(f"-{name}={value}" for name, value in options.items())]
    atheris.Setup(
        [*arguments, f"-artifact_prefix={folder.parent}/", str(folder)],
        check,
        custom_mutator=changed if change else None,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
