"""The words of the page, by key, in both languages.

They live in ``web/data/texts-*.yaml``, one file a section, so that someone who writes and does not
program can mend them. The key is the name of the file and the name in it: ``lists.question``.
A text in one language only, or whose two languages name different values, is refused on load.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from string import Formatter

import yaml

from stelsel.errors import Fault, StelselError, did_you_mean
from stelsel.web import words
from stelsel.web.words import LANGUAGES, Language

Catalogue = Mapping[str, Mapping[Language, str]]
"""Texts by key and language."""


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _tidy(text: str) -> str:
    # A number, its per-cent sign and what hangs on it stay on one line.
    together = {" %": f"{words.NBSP}%", "%-": "%\N{NON-BREAKING HYPHEN}"}
    text = " ".join(text.split())
    for loose, tied in together.items():
        text = text.replace(loose, tied)
    return text


def _faults(where: str, entry: object) -> Iterator[Fault]:
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        yield Fault(
            "The text does not have exactly the languages nl and en.",
            where,
            what_nl="De tekst heeft niet precies de talen nl en en.",
        )
    elif not all(isinstance(text, str) and text.strip() for text in entry.values()):
        yield Fault(
            "A language is empty or no text.", where, what_nl="Een taal is leeg of geen tekst."
        )
    elif len({frozenset(_fields(text)) for text in entry.values()}) > 1:
        yield Fault(
            "The two languages name different values in braces.",
            where,
            what_nl="De twee talen noemen verschillende waarden tussen accolades.",
        )


def read_catalogue(sources: Mapping[str, str]) -> Catalogue:
    """Read the YAML of each section into one catalogue, checked.

    Parameters
    ----------
    sources
        YAML text by name of the section.

    Raises
    ------
    StelselError
        With every text that lacks a language or names different values in its languages.

    Examples
    --------
    >>> read_catalogue({"page": "hello: {nl: 'Dag {name}', en: 'Hello {name}'}"})["page.hello"]
    {'nl': 'Dag {name}', 'en': 'Hello {name}'}
    """
    found: dict[str, Mapping[Language, str]] = {}
    faults: list[Fault] = []
    for section, source in sorted(sources.items()):
        for name, entry in (yaml.safe_load(source) or {}).items():
            key = f"{section}.{name}"
            these = list(_faults(key, entry))
            faults.extend(these)
            if not these:
                found[key] = {language: _tidy(entry[language]) for language in LANGUAGES}
    if faults:
        raise StelselError(faults)
    return found


@cache
def catalogue() -> Catalogue:
    """Give the texts that ship with the package.

    Examples
    --------
    >>> sorted(catalogue()["page.switch"])
    ['en', 'nl']
    """
    folder = files("stelsel.web") / "data"
    return read_catalogue(
        {
            file.name.removeprefix("texts-").removesuffix(".yaml"): file.read_text(encoding="utf-8")
            for file in folder.iterdir()
            if file.name.startswith("texts-") and file.name.endswith(".yaml")
        }
    )


class Texts:
    """The texts in one language: called with a key and the values that go in its braces.

    Examples
    --------
    >>> Texts("nl")("page.switch")
    'English'
    """

    def __init__(self, lang: Language) -> None:
        self.lang: Language = lang

    def __call__(self, key: str, **values: str) -> str:
        """Give the text of ``key`` with ``values`` filled in.

        Raises
        ------
        StelselError
            When no text has this key.
        """
        try:
            entry = catalogue()[key]
        except KeyError:
            raise StelselError(
                f"No text has the key {key}.",
                where="web",
                remedy=did_you_mean(key, catalogue()),
                what_nl=f"Geen tekst heeft de sleutel {key}.",
                remedy_nl=did_you_mean(key, catalogue(), "nl"),
            ) from None
        return entry[self.lang].format_map(values)

    def count(self, key: str, value: float | None, **values: str) -> str:
        """Give the text ``key_one`` for one, else ``key_many``; ``{n}`` is the number written.

        A number that is not shown counts as many.
        """
        form = "one" if value is not None and round(value) == 1 else "many"
        return self(f"{key}_{form}", n=self.number(value), **values)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """See :func:`stelsel.web.words.number`."""
        return words.number(value, self.lang, decimals)

    def signed(self, value: float | None, decimals: int = 0) -> str:
        """See :func:`stelsel.web.words.signed`."""
        return words.signed(value, self.lang, decimals)

    def span(
        self, low: float | None, high: float | None, *, signs: bool = False, decimals: int = 0
    ) -> str:
        """See :func:`stelsel.web.words.span`."""
        return words.span(low, high, self.lang, signs=signs, decimals=decimals)

    def day(self, value: date) -> str:
        """See :func:`stelsel.web.words.day`."""
        return words.day(value, self.lang)

    def month(self, value: date) -> str:
        """See :func:`stelsel.web.words.month`."""
        return words.month(value, self.lang)
