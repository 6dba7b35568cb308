"""No person, no machine and no registry of packages is named anywhere in the repository."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

# The made-up range, see docs/decisions/0008-made-up-people.md
MADE_UP = re.compile(r"999\d{6}")
# Nine digits on their own: not part of a longer number and not the decimals of one.
NINE_DIGITS = re.compile(r"(?<!\d)(?<!\d[.,])\d{9}(?!\d)")
# Legal text and hashes hold no people.
UNREAD = re.compile(r"LICENSE|requirements/.*\.txt")
# An absolute path; addresses on the web and paths inside the project do not start so.
OF_A_MACHINE = re.compile(r"(?<![\w.~/})*-])/(?:work|root|home)/")
# Written in pieces, so that this file names none either.
REGISTRIES = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"ian\.org"])
    + "|(?:extra-)?index"
    + "-url",
    re.IGNORECASE,
)


def real_looking_bsns(text: str, is_bsn: Callable[[str], bool]) -> list[str]:
    """Numbers with the check digit of a BSN, outside the made-up range; nine zeros are nobody."""
    return [
        number
        for number in NINE_DIGITS.findall(text)
        if is_bsn(number) and not MADE_UP.fullmatch(number) and number != "0" * 9
    ]


def lines_with(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_bsn_that_could_be_someones(
    texts: dict[str, str], is_bsn: Callable[[str], bool]
) -> None:
    found = {
        name: len(numbers)
        for name, text in texts.items()
        if not UNREAD.fullmatch(name) and (numbers := real_looking_bsns(text, is_bsn))
    }
    assert found == {}, "how many such numbers, by file (the numbers themselves stay out of logs)"


def test_a_bsn_is_found(is_bsn: Callable[[str], bool], new_bsn: Callable[[], str]) -> None:
    numbers = [str(n) for n in range(100_000_000, 100_000_020)]
    someone = next(n for n in numbers if is_bsn(n))
    stranger = next(n for n in numbers if not is_bsn(n))
    assert real_looking_bsns(f"<Bsn>{someone}</Bsn>", is_bsn) == [someone]
    assert real_looking_bsns(f'"{someone}", {stranger}', is_bsn) == [someone]
    assert real_looking_bsns(f"0.{someone} {someone}0 {new_bsn()} {0:09d}", is_bsn) == []


def test_no_path_of_a_machine(texts: dict[str, str]) -> None:
    assert lines_with(OF_A_MACHINE, texts) == []


def test_no_registry(texts: dict[str, str]) -> None:
    assert lines_with(REGISTRIES, texts) == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (OF_A_MACHINE, 'open("/' + 'home/anna/x")', "https://example.org/home/anna src/work/x"),
        (REGISTRIES, "--index" + "-url https://x", "an index of urls"),
        (REGISTRIES, "files.python" + "hosted.org", "hosted in Python"),
    ],
)
def test_a_bad_line_is_found(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert lines_with(pattern, {"a": f"{good}\n{bad}"}) == [f"a:2: {bad}"]
