"""An entry of a waiting list as it is kept: keyed digests in place of who it is about.

Everything that could name a child becomes a digest (HMAC-SHA256 under the key of the register), so
that equal stays equal and nothing can be read back without the key. Likeness of names is kept as
the digests of their pairs of letters. Each field has digests of its own, but for first name and
surname, and for day and month: those are compared crosswise too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from stelsel.register.linking.names import first_name_words, pairs_of_letters, sound, surname_words

DIGITS = 16
"""Hexadecimal digits kept of a digest: 64 bits, so that chance makes none of millions equal."""

Pseudonym = Callable[[str], str]

PLAIN = pa.schema(
    [
        pa.field("entry", pa.string(), nullable=False),
        pa.field("list", pa.string(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("provider", pa.string(), nullable=False),
        pa.field("form", pa.string(), nullable=False),
        pa.field("reported_on", pa.date32(), nullable=False),
        pa.field("on_list", pa.date32(), nullable=False),
        pa.field("municipality", pa.string()),
    ]
)
"""What an entry tells that is not of the child: where it stands, since when, for which help."""

SCHEMA = pa.schema(
    [
        *PLAIN,
        *(
            pa.field(name, pa.string())
            for name in (
                *("surname", "surname_sound", "surname_letters"),
                *("first", "first_sound", "first_letters", "first_main", "initial"),
                *("names", "birth", "birth_year", "birth_month", "birth_day"),
                *("postcode6", "postcode4", "sex"),
            )
        ),
        *(
            pa.field(name, pa.list_(pa.string()))
            for name in ("surname_tokens", "first_tokens", "surname_grams", "first_grams")
        ),
        pa.field("initials_only", pa.bool_()),
    ],
    metadata={"schema": "stelsel list entries 1"},
)
"""Columns of the kept entries: those of :data:`PLAIN`, and digests."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list as it was read; lives no longer than its row.

    Parameters
    ----------
    provider, form
        AGB code and CBS code of the form of help.
    reported_on, on_list
        Day of the list, and day since which the child is on it.
    first_name, surname, postcode
        As written; empty where the list does not tell.
    birth_date, sex, municipality
        None where the list does not tell; sex ``1`` or ``2``.
    """

    provider: str
    form: str
    reported_on: date
    on_list: date
    first_name: str = ""
    surname: str = ""
    birth_date: date | None = None
    sex: str | None = None
    postcode: str = ""
    municipality: str | None = None


def hashed(entry: Entry, pseudonym: Pseudonym) -> dict[str, Any]:
    """Turn an entry into a row of :data:`SCHEMA`, as yet without its list, row and number.

    Parameters
    ----------
    entry
        The entry.
    pseudonym
        The keyed digest of the register (:class:`stelsel.register.key.Pseudonyms`).

    Examples
    --------
    >>> from stelsel.register.key import Pseudonyms
    >>> day = date(2026, 1, 5)
    >>> one, two = (
    ...     hashed(Entry("98070201", "02", day, day, first, last), Pseudonyms(b"k" * 32))
    ...     for first, last in (("Noor", "de Vries"), ("Vries", "Noor"))
    ... )
    >>> one["surname"] == two["first"], one["surname"] == two["surname"]
    (True, False)
    """

    def digest(domain: str, text: str) -> str | None:
        return pseudonym(f"link {domain}:{text}")[:DIGITS] if text else None

    def digests(domain: str, texts: list[str]) -> list[str] | None:
        return [pseudonym(f"link {domain}:{text}")[:DIGITS] for text in texts] or None

    last, first = surname_words(entry.surname), first_name_words(entry.first_name)
    born = entry.birth_date
    code = "".join(entry.postcode.split()).upper()
    return {
        "provider": entry.provider,
        "form": entry.form,
        "reported_on": entry.reported_on,
        "on_list": entry.on_list,
        "municipality": entry.municipality,
        "surname": digest("name", " ".join(last)),
        "surname_sound": digest("sound", sound(last)),
        "surname_letters": digest("letters of", "".join(sorted("".join(last)))),
        "surname_tokens": digests("word", last),
        "surname_grams": digests("letters", pairs_of_letters(last) if last else []),
        "first": digest("name", " ".join(sorted(first))),
        "first_sound": digest("sound", sound(first[:1])),
        "first_letters": digest("letters of", "".join(sorted("".join(first)))),
        "first_main": digest("word", first[0] if first else ""),
        "first_tokens": digests("word", first),
        "first_grams": digests("letters", pairs_of_letters(first) if first else []),
        "initial": digest("initial", first[0][0] if first else ""),
        "initials_only": all(len(word) == 1 for word in first) if first else None,
        "names": digest("names", " ".join(sorted(first + last)) if first and last else ""),
        "birth": digest("born", born.isoformat()) if born else None,
        "birth_year": year_digest(born, pseudonym),
        "birth_month": digest("month or day", str(born.month)) if born else None,
        "birth_day": digest("month or day", str(born.day)) if born else None,
        "postcode6": digest("postcode", code if len(code) == 6 else ""),
        "postcode4": digest("postcode", code[:4]),
        "sex": digest("sex", entry.sex or ""),
    }


def year_digest(day: date | None, pseudonym: Pseudonym) -> str | None:
    """Give the digest of the year of a day; None where there is no day."""
    return pseudonym(f"link year:{day.year}")[:DIGITS] if day else None


def entry_number(row: dict[str, Any], time: int, pseudonym: Pseudonym) -> str:
    """Give the number of an entry: the same list gives the same numbers at every reading.

    Parameters
    ----------
    row
        What :func:`hashed` gives.
    time
        How often this same row stood in the list before: equal rows are several entries.
    pseudonym
        The keyed digest.
    """
    told = "|".join(str(row[name]) for name in sorted(row))
    return pseudonym(f"link entry:{time}:{told}")[:24]
