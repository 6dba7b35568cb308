"""Groups of entries: against a slow twin, and by what must hold of any groups."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from stelsel.register.linking import clusters

ENTRIES = "abcdefgh"
LINKS = st.lists(st.sampled_from(list(combinations(ENTRIES, 2))), unique=True, max_size=20)


def slow(links: list[tuple[str, str]], share: float) -> set[frozenset[str]]:
    """Join two groups at the heaviest link that may join any, and begin again, until none may."""
    groups = {frozenset(entry) for entry in ENTRIES}

    def of(entry: str) -> frozenset[str]:
        return next(group for group in groups if entry in group)

    def may(one: frozenset[str], other: frozenset[str]) -> bool:
        pairs = [tuple(sorted(pair)) for pair in product(one, other)]
        return one != other and sum(pair in links for pair in pairs) > share * len(pairs)

    moved = True
    while moved:
        moved = False
        for one, other in links:
            left, right = of(one), of(other)
            if may(left, right):
                groups = (groups - {left, right}) | {left | right}
                moved = True
    return groups


def as_sets(group: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(entry for entry in group if group[entry] == name) for name in group.values()}


@given(LINKS, st.sampled_from([0.0, 0.34, 0.5, 0.7]))
def test_groups_are_those_of_the_slow_twin(links: list[tuple[str, str]], share: float) -> None:
    group = clusters(ENTRIES, links, share)
    assert as_sets(group) == slow(links, share)
    assert all(group[name] == name <= entry for entry, name in group.items())


@given(LINKS)
def test_without_a_guard_groups_are_what_hangs_together(links: list[tuple[str, str]]) -> None:
    group = clusters(ENTRIES, links, 0.0)
    assert all(group[one] == group[other] for one, other in links)
    assert len(set(group.values())) >= len(ENTRIES) - len(links)


def test_one_half_right_link_does_not_join_two_sure_groups() -> None:
    sure = [*combinations("abc", 2), *combinations("def", 2)]
    assert len(set(clusters("abcdef", [*sure, ("c", "d")], 0.5).values())) == 2
    assert len(set(clusters("abcdef", [*sure, ("c", "d")], 0.0).values())) == 1
