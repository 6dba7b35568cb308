"""Both engines agree on what a register knew: messages late, corrected, withdrawn, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from stelsel.monitor.indicators import known, oracle, work_out_all
from tests.monitor.indicators.test_engines import alike
from tests.register.test_known_on import DAYS, POOL, taken_in


def test_both_engines_agree_on_what_was_known_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STELSEL_KEY_FILE", str(tmp_path / "key"))
    register = taken_in(tmp_path, POOL, [len(POOL) // 2])
    as_of = DAYS[2 * len(DAYS) // 3]
    then, now = register.spells(known_on=as_of), register.spells()
    found = work_out_all(known(), then, as_of, ["form"])
    later = work_out_all(known(), now, as_of, ["form"])
    for one in known():
        alike(found[one.id], oracle.work_out(one, then, as_of, ["form"]))
        alike(later[one.id], oracle.work_out(one, now, as_of, ["form"]))
    # What became known later does change what is said of a day.
    assert any(found[one.id] != later[one.id] for one in known())
