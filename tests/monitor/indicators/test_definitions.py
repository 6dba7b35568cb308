"""What a file of indicators may say, what is wrong with one, and what the reference page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from stelsel.errors import StelselError
from stelsel.monitor.indicators import known, read
from stelsel.monitor.indicators.page import page

GOOD = """\
- id: own
  name: {nl: Eigen, en: Own}
  question: {nl: Hoeveel, en: How many}
  systems: [Y02]
  measure: count
  of: {kinds: [care]}
  source: own choice
"""


def faults(text: str, folder: Path) -> list[str]:
    file = folder / "own.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(StelselError) as caught:
        read(file)
    return [str(fault) for fault in caught.value.faults]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(GOOD, "utf-8")
    [one] = read(file)
    assert (one.id, one.unit, one.moment, one.days) == ("own", "spells", "there", 365)


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("measure: count", "measure: counts", 5, "There is no counts for measure"),
        ("[Y02]", "[Y99]", 4, "There is no Y99 for systems"),
        ("[Y02]", "Y02", 4, "systems is not a list"),
        ("{kinds: [care]}", "{kinds: [cure]}", 6, "There is no cure for of.kinds"),
        ("{kinds: [care]}", "{forms: ['02']}", 6, "does not say at which kinds of stations"),
        ("source: own choice", "sauce: own choice", 7, "There is no sauce for sauce"),
        ("  source: own choice\n", "", 1, "It has no source"),
        ("measure: count", "measure: share", 5, "The measure share needs part"),
        ("measure: count", "measure: within\n  norm: nine", 6, "There is no nine for norm"),
        ("measure: count", "measure: count\n  days: 0", 6, "is not a whole number of 1 or more"),
        ("measure: count", "measure: count\n  breaks: [{day: soon}]", 6, "A break has a day"),
        ("id: own", "id: care-begun", None, "is defined more than once"),
    ],
)
def test_each_fault_is_told_with_its_line(
    before: str, after: str, line: int | None, words: str, tmp_path: Path
) -> None:
    told = faults(GOOD.replace(before, after), tmp_path)
    place = "" if line is None else f"own.yaml, line {line}"
    assert any(words in one and place in one for one in told), told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("count", "counts").replace("Y02", "Y99").replace("care", "cure")
    assert len(faults(text, tmp_path)) == 3


def test_a_term_in_hours_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("measure: count", "measure: within\n  norm: crisis-programme")
    assert any("counts hours" in one for one in faults(text, tmp_path))


def test_every_definition_has_its_words_and_a_source() -> None:
    for one in known():
        texts = (one.name_nl, one.name_en, one.question_nl, one.question_en, one.source)
        assert all(texts), one.id
        assert len(one.caveats_nl) == len(one.caveats_en)


def test_the_reference_page_is_what_the_definitions_make(project: Path) -> None:
    kept = (project / "docs" / "reference" / "indicators.md").read_text("utf-8")
    assert kept == page(), "run make reference"
