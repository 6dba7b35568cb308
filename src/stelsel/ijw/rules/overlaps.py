"""Rules about the same product twice at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stelsel.ijw.message import Content
from stelsel.ijw.rules.product import begin_of, end_of
from stelsel.ijw.rules.registry import class_rule


@class_rule("TR302", "TR386", "TR410")
def _overlaps(items: list[Content], _: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Find products that are the same and share a day; told of the one that begins last.

    Two products are the same if they have the same code, or one of them has no code and they have
    the same category, or one of them has no product at all. Days of begin and end both count, an
    open end lasts for ever, and a deleted allocation does not count. In order of begin, a product
    overlaps with one before it just when it begins no later than the last end among those.
    """
    codes = {item.get("Product", {}).get("Code") for item in items}
    if len(codes) == len(items) and None not in codes:
        return  # every product has a code of its own: by far the most common
    ends: dict[tuple[str, str | None], date] = {}
    running = sorted(
        (
            (begin_of(item) or date.min, place)
            for place, item in enumerate(items)
            if not _deleted(item)
        ),
    )
    for begin, place in running:
        item = items[place]
        product = item.get("Product", {})
        category, code = product.get("Categorie"), product.get("Code")
        if category is None:
            same = [("any", None)]
        elif code is None:
            same = [("generic", None), ("category", category)]
        else:
            same = [("generic", None), ("bare", category), ("code", code)]
        if any(begin <= ends[key] for key in same if key in ends):
            yield place, {}
        end = end_of(item) or date.max
        mine = [("any", None)]
        if category is None:
            mine.append(("generic", None))
        else:
            mine.append(("category", category))
            mine.append(("bare", category) if code is None else ("code", code))
        for key in mine:
            ends[key] = max(end, ends.get(key, end))


def _deleted(item: Content) -> bool:
    return item.get("RedenWijziging") in ("13", "01") and end_of(item) == begin_of(item)
