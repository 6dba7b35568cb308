"""At which line of a file something is wrong.

Where a file was read without a parser: the content of a message has its elements in the order of
the file, so the number of an element in the content is the number of its start tag in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Final

from lxml import etree

from stelsel.ijw.findings import Breach, Path
from stelsel.ijw.message import Content
from stelsel.ijw.opening import line_of

_NO_MARK: Final = bytes(byte for byte in range(256) if byte not in b"<>/\n")
_Wanted = dict[str, "_Wanted"]
"""Paths as a tree: step -> what is wanted inside."""


def with_lines(breaches: Iterable[Breach], data: bytes, content: Content) -> list[Breach]:
    r"""Add the line at which the place of each breach stands, or of what should hold it.

    Parameters
    ----------
    breaches
        What is wrong.
    data
        The file, written as plainly as :mod:`stelsel.ijw.unparsed` asks: tags have no comments,
        sections and line ends among them, but for the start tag of the root.
    content
        What it says.

    Examples
    --------
    >>> data = b"<Bericht>\n<Header>\n<BerichtCode>488</BerichtCode></Header>\n</Bericht>"
    >>> content = {"Header": {"BerichtCode": "488"}}
    >>> places = [Breach("x", ("Header", "BerichtCode")), Breach("x", ("Header", "Afzender"))]
    >>> [breach.line for breach in with_lines(places, data, content)]
    [3, 2]
    """
    breaches = list(breaches)
    wanted: _Wanted = {}
    for breach in breaches:
        inside = wanted
        for step in breach.path:
            inside = inside.setdefault(step, {})
    numbers: dict[Path, int] = {(): 0}
    _number(content, wanted, (), 0, numbers)
    lines = _lines(data, max(numbers.values()))
    told = []
    for breach in breaches:
        path = breach.path
        while path not in numbers:
            path = path[:-1]
        told.append(Breach(breach.rule, breach.path, lines[numbers[path]], breach.details))
    return told


def _number(
    content: Content, wanted: _Wanted, path: Path, number: int, numbers: dict[Path, int]
) -> int:
    """Note the numbers of the wanted elements in a group; give that of the last in it."""
    for name, value in content.items():
        if isinstance(value, list):
            if name in wanted:
                numbers[*path, name] = number + 1  # any of them is meant: the first will do
            for place, item in enumerate(value, start=1):
                number = _number_one(item, wanted, (*path, f"{name}[{place}]"), number, numbers)
        elif isinstance(value, dict):
            number = _number_one(value, wanted, (*path, name), number, numbers)
        else:
            number += 1
            if name in wanted:
                numbers[*path, name] = number
    return number


def _number_one(
    item: Any, wanted: _Wanted, path: Path, number: int, numbers: dict[Path, int]
) -> int:
    """Do the same for one element, which may be a group."""
    number += 1
    inside = wanted.get(path[-1])
    if inside is not None:
        numbers[path] = number
    if not isinstance(item, dict):
        return number
    if inside:
        return _number(item, inside, path, number, numbers)
    return number + _count(item)


def _count(group: Content) -> int:
    """Count all elements in a group."""
    count = len(group)
    for value in group.values():
        if isinstance(value, dict):
            count += _count(value)
        elif isinstance(value, list):
            count += len(value) - 1
            count += sum(_count(item) for item in value if isinstance(item, dict))
    return count


def _lines(data: bytes, last: int) -> list[int]:
    """Give the lines at which start tags end, in order, up to and with a last one."""
    # What is left has one bracket for each start tag, and the line ends between them.
    marks = data.translate(None, _NO_MARK).replace(b"</>", b"").translate(None, b"/>")
    declared = data.startswith(b"<?")
    gaps = marks.split(b"<", last + 2 + declared)[declared : last + 1 + declared]
    lines = list(accumulate(map(len, gaps), initial=1))[1:]
    root = data.find(b"<", 1) if declared else 0
    lines[0] += data.count(b"\n", root, data.find(b">", root))
    return lines


def lines_of(breaches: Iterable[Breach], root: etree._Element) -> list[Breach]:
    r"""Add the line at which the place of each breach stands, in a file that was parsed.

    Parameters
    ----------
    breaches
        What is wrong.
    root
        The element ``Bericht``.

    Examples
    --------
    >>> root = etree.fromstring("<Bericht>\n<Header>\n<BerichtCode/></Header>\n</Bericht>")
    >>> places = [Breach("x", ("Header", "BerichtCode")), Breach("x", ("Header", "Afzender"))]
    >>> [breach.line for breach in lines_of(places, root)]
    [3, 2]
    """
    children: dict[tuple[etree._Element, str], list[etree._Element]] = {}

    def line(path: Path) -> int | None:
        at = root
        for step in path:
            name, _, number = step.rstrip("]").partition("[")
            key = (at, name)
            if key not in children:
                children[key] = list(at.iterchildren(f"{{*}}{name}"))
            if len(children[key]) < int(number or 1):
                break
            at = children[key][int(number or 1) - 1]
        return line_of(at)

    return [Breach(each.rule, each.path, line(each.path), each.details) for each in breaches]
