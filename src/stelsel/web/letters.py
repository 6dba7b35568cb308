"""The public letters that measures come from, as they are named in a sentence."""

from __future__ import annotations

import re

from stelsel.system.letters import letters
from stelsel.web.texts import Texts


def letter_name(keys: str, t: Texts) -> str:
    """Name letters as they stand in a sentence; what is not a known key is its own name.

    Examples
    --------
    >>> letter_name("L25", Texts("en")), letter_name("council letter 12", Texts("en"))
    ('the progress letter on the Reform Agenda of June 2025', 'council letter 12')
    >>> letter_name("L17, L22", Texts("en")).partition("; ")[0]
    'the progress report of November 2017'
    """
    named = []
    for key in re.split(r"[,+] *", keys):
        letter = letters().get(key)
        named.append((letter.name_en if t.lang == "en" else letter.name_nl) if letter else key)
    return "; ".join(named)
