"""A key, and a dirty set of lists that is linked once for all tests that only look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from stelsel.register.key import Pseudonyms
from stelsel.register.linking import Linked, link
from tests.linking.people import PROVIDERS, Written, dirty, write

KEY = Pseudonyms(b"made up for the tests of linking")


@dataclass(frozen=True)
class Done:
    """What was written, and what linking made of it."""

    written: dict[str, list[Written]]
    lists: list[Path]
    folder: Path
    linked: Linked

    def child_of(self) -> dict[str, int]:
        """The child that each entry is really about, found by file and row."""
        return {
            row["entry"]: self.written[row["list"]][row["row"] - 2].child
            for row in self.linked.entries.to_pylist()
        }


def link_dirty(folder: Path, number: int, seed: int) -> Done:
    """Write a list a provider, and link them all at once."""
    entries = dirty(number, seed)
    written = {f"{one}.csv": [e for e in entries if e.provider == one] for one in PROVIDERS}
    lists = [write(folder / name, some) for name, some in written.items()]
    return Done(written, lists, folder, link(lists, folder / "kept", KEY))


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Four thousand entries, of which thirty in a hundred are doubles."""
    return link_dirty(tmp_path_factory.mktemp("linking"), 4000, seed=11)
