"""Which entries are of one child: groups of linked entries, guarded against chains.

One half-right link can make one child of two groups that are each sure: A is linked to B, B to C,
and A and C have nothing in common, as twins and an entry between them that lacks the first name.
So groups are made one only where enough of the pairs between them are linked. Links are taken from
the heaviest down, so the groups depend on the links alone and not on the order in which lists came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Link = tuple[str, str]
"""Two entries that are taken for one child."""


def clusters(entries: Iterable[str], links: Iterable[Link], least_share: float) -> dict[str, str]:
    """Give for each entry the first entry of its group, which names the group.

    Parameters
    ----------
    entries
        All entries.
    links
        Pairs of entries that are linked, the heaviest first.
    least_share
        More than this share of the pairs between two groups must be linked before they become one.

    Examples
    --------
    >>> clusters("abcd", [("a", "b"), ("b", "c"), ("a", "c")], 0.5)
    {'a': 'a', 'b': 'a', 'c': 'a', 'd': 'd'}
    >>> clusters("abc", [("a", "b"), ("b", "c")], 0.5)
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    group = {entry: entry for entry in entries}
    members = {entry: [entry] for entry in group}
    between: dict[str, dict[str, int]] = defaultdict(dict)
    links = list(links)
    for one, other in links:
        between[one][other] = between[one].get(other, 0) + 1
        between[other][one] = between[other].get(one, 0) + 1
    again = True
    while again:
        again = False
        for one, other in links:
            first, second = sorted((group[one], group[other]))
            if first == second or not _enough(first, second, members, between, least_share):
                continue
            _join(first, second, group, members, between)
            again = True
    return group


def _enough(
    first: str,
    second: str,
    members: Mapping[str, list[str]],
    between: Mapping[str, Mapping[str, int]],
    least_share: float,
) -> bool:
    pairs = len(members[first]) * len(members[second])
    return between[first].get(second, 0) > least_share * pairs


def _join(
    first: str,
    second: str,
    group: dict[str, str],
    members: dict[str, list[str]],
    between: dict[str, dict[str, int]],
) -> None:
    """Put the second group into the first, with its links to others."""
    for entry in members[second]:
        group[entry] = first
    members[first] += members.pop(second)
    for third, number in between.pop(second).items():
        between[third].pop(second)
        if third != first:
            between[first][third] = between[first].get(third, 0) + number
            between[third][first] = between[third].get(first, 0) + number
