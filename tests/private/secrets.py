"""What must be found nowhere, and where it is looked for: every byte and every cell of a folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


@dataclass(frozen=True)
class Person:
    """A made-up child, with all that the sources tell of it."""

    number: str
    first: str
    last: str
    born: date
    street: str
    house: int
    postcode: str
    mail: str
    phone: str
    story: str


PEOPLE = (
    Person(
        "999970008",
        "Ottolien",
        "Zwartewaterman",
        date(2011, 7, 19),
        "Geheimeganglaan",
        217,
        "8765ZQ",
        "ottolien@prive.voorbeeld",
        "0612345098",
        "slaapt slecht sinds de brand",
    ),
    Person(
        "999970021",
        "Fabrizius",
        "Kwikstaartsma",
        date(2013, 11, 23),
        "Schuilhutpad",
        34,
        "8761QZ",
        "fabrizius@prive.voorbeeld",
        "0687650912",
        "durft niet naar school om de buurjongen",
    ),
    Person(
        "999970033",
        "Wilhelmijntje",
        "Ijsvogelstra",
        date(2009, 2, 14),
        "Verstopsteeg",
        9,
        "8763XZ",
        "wilhelmijntje@prive.voorbeeld",
        "0698701234",
        "moeder vertrok in het voorjaar",
    ),
)


def days_of(day: date) -> set[str]:
    """The ways in which a day is written."""
    y, m, d = day.year, day.month, day.day
    return {
        *(f"{y:04}-{m:02}-{d:02}", f"{y:04}{m:02}{d:02}", f"{d:02}{m:02}{y:04}"),
        *(f"{d:02}-{m:02}-{y:04}", f"{d}-{m}-{y}", f"{d:02}/{m:02}/{y:04}", f"{d}/{m}/{y}"),
    }


def values_of(one: Person) -> dict[str, set[str]]:
    """Everything personal about a child in each way in which it may be written, by what it is."""
    spaced = f"{one.postcode[:4]} {one.postcode[4:]}"
    number = one.number.encode()
    digests = {
        *(hashlib.new(name, number).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")),
        *(hashlib.blake2b(number, digest_size=size).hexdigest() for size in (12, 16, 32, 64)),
    }
    return {
        "number": {one.number},
        "number without its key": digests,
        "first name": {one.first},
        "surname": {one.last},
        "day of birth": days_of(one.born),
        "street": {one.street},
        "postcode": {one.postcode, spaced},
        "mail": {one.mail},
        "phone": {one.phone, f"+31{one.phone[1:]}"},
        "story": {one.story},
    }


SECRETS = {
    (at, what): {text.lower() for text in texts}
    for at, one in enumerate(PEOPLE)
    for what, texts in values_of(one).items()
}
"""What is looked for: whose, what it is, and how it may be written, in small letters."""
_ALL = re.compile("|".join(sorted({re.escape(t) for ts in SECRETS.values() for t in ts})))


def found_in(text: str) -> set[tuple[int, str]]:
    """Whose data stand in a text, and which."""
    hits = set(_ALL.findall(text.lower()))
    return {key for key, texts in SECRETS.items() if hits and any(t in text.lower() for t in texts)}


def texts_of(name: str, data: bytes) -> Iterator[str]:
    """Everything that can be read in a file: its bytes, its cells, and the files in it."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        yield data.decode(encoding, "replace")
    if data.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(data))
        for column in table.column_names:
            yield "\n".join({str(value) for value in table[column].to_pylist()})
        yield str(table.schema.metadata)
    elif zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield member
                yield from texts_of(member, archive.read(member))
    elif data.startswith(b"\x1f\x8b"):
        yield from texts_of(name, gzip.decompress(data))
    elif name.endswith((".json", ".jsonl")):
        # Letters may be written as escapes.
        for line in [data.decode()] if name.endswith(".json") else data.decode().splitlines():
            try:
                yield json.dumps(json.loads(line), ensure_ascii=False)
            except json.JSONDecodeError:
                continue


def leaks(folder: Path, *allowed: str) -> dict[str, list[tuple[int, str]]]:
    """Where in a folder somebody's data stand, but for the files of which the pattern is given.

    The names of files and folders are looked at too.
    """
    found: dict[str, Any] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if any(Path(name).match(pattern) for pattern in allowed):
            continue
        told = found_in(name)
        if file.is_file() and not file.is_symlink():
            for text in texts_of(file.name, file.read_bytes()):
                told |= found_in(text)
        if told:
            found[name] = sorted(told)
    return found
