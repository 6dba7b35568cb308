"""The public letters that measures come from, by their key."""

from __future__ import annotations

from functools import cache

from stelsel.tables import packaged, read_table
from stelsel.web.texts import Texts


@cache
def _letters() -> dict[str, dict[str, str]]:
    file = packaged("stelsel.web", "letters.csv")
    return {row["key"]: row for row in read_table(file, ["key", "name_nl", "name_en"], key=["key"])}


def letter_name(key: str, t: Texts) -> str:
    """Name a letter as it stands in a sentence; what is not a known key is its own name.

    Examples
    --------
    >>> letter_name("L25", Texts("en")), letter_name("council letter 12", Texts("en"))
    ('the progress letter on the Reform Agenda of June 2025', 'council letter 12')
    """
    row = _letters().get(key)
    return row[f"name_{t.lang}"] if row else key
