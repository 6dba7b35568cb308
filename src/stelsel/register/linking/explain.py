"""Why two entries are taken for one child, in words and without what the entries say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from stelsel.register.linking.model import Model, comparisons, levels, weights


@cache
def _words() -> dict[tuple[str, str], tuple[str, str]]:
    return {(one.comparison, one.name): (one.words_nl, one.words_en) for one in levels()}


def reasons(pair: Mapping[str, Any], model: Model) -> list[dict[str, Any]]:
    """Give the fields of a pair: how far they agree and what that weighs.

    Parameters
    ----------
    pair
        A row of :data:`stelsel.register.linking.pairs.SCHEMA`.
    model
        The model by which it was scored.

    Returns
    -------
    list of dict
        One a field, what weighs most first: ``field``, ``level``, ``weight`` (log2 of how much
        likelier this is for one child than for two), ``nl`` and ``en`` (in words).

    Examples
    --------
    >>> from stelsel.register.linking.model import untrained
    >>> pair = {"surname": 5, "first_name": 0, "birth_date": 3, "postcode": -1, "sex": 1}
    >>> [(one["nl"], round(one["weight"], 1)) for one in reasons(pair, untrained())][:2]
    [('geboortedatum gelijk', 12.2), ('achternaam gelijk', 7.6)]
    """
    known = weights(model)
    found = []
    for name in comparisons():
        level, weight = known[name][pair[name]]
        dutch, english = _words()[name, level]
        found.append({"field": name, "level": level, "weight": weight, "nl": dutch, "en": english})
    return sorted(found, key=lambda one: -abs(one["weight"]))


def explained(pair: Mapping[str, Any], model: Model, lang: str = "nl") -> str:
    """Tell a pair in one sentence: the fields and their weights.

    Examples
    --------
    >>> from stelsel.register.linking.model import untrained
    >>> pair = {"surname": 5, "first_name": 5, "birth_date": 3, "postcode": -1, "sex": 0}
    >>> explained(pair, untrained(), "en")
    'birth date equal (+12.2); surname equal (+7.6); first name equal (+6.7); sex differs (-5.1);
    postcode missing (+0.0)'
    """
    told = []
    for one in reasons(pair, model):
        weight = f"{one['weight']:+.1f}"
        told.append(f"{one[lang]} ({weight if lang == 'en' else weight.replace('.', ',')})")
    return "; ".join(told)
