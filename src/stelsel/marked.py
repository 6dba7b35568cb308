"""Read YAML that a person wrote, and remember on which line each part stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from stelsel.errors import Fault, StelselError, refused

Where = tuple[str | int, ...]
"""A place inside a file: keys and numbers of items, from the outside in."""


class Marked:
    """The content of a YAML file, with the line of every part.

    Parameters
    ----------
    name
        Name of the file.
    content
        What the file says.
    lines
        Line by place; a place that is not in it has the line of what holds it.
    """

    def __init__(self, name: str, content: Any, lines: Mapping[Where, int]) -> None:
        self.name = name
        self.content = content
        self.lines = lines

    def at(self, *where: str | int) -> tuple[str, str]:
        """Tell a place in English and in Dutch.

        Examples
        --------
        >>> told = Marked("x.yaml", {"a": [1]}, {("a",): 3})
        >>> told.at("a", 0), told.at("b")
        (('x.yaml, line 3', 'x.yaml, regel 3'), ('x.yaml', 'x.yaml'))
        """
        for end in range(len(where), 0, -1):
            if line := self.lines.get(where[:end]):
                return f"{self.name}, line {line}", f"{self.name}, regel {line}"
        return self.name, self.name


def read_marked(file: Traversable | Path) -> Marked:
    """Read a YAML file.

    Raises
    ------
    StelselError
        When it cannot be read, is not valid YAML in UTF-8, or says a key twice.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise StelselError(
            f"The file cannot be read: {refused(error)}.",
            where=str(file),
            remedy="Name a YAML file that you may read.",
            what_nl=f"Het bestand is niet te lezen: {refused(error, 'nl')}.",
            remedy_nl="Noem een YAML-bestand dat u mag lezen.",
        ) from error
    except UnicodeDecodeError as error:
        raise _not_yaml(file.name, None) from error
    return marked(text, file.name)


def marked(text: str, name: str) -> Marked:
    r"""Read YAML text.

    Raises
    ------
    StelselError
        When it is not valid YAML, or says a key twice.

    Examples
    --------
    >>> read = marked("a: 1\nb:\n  - c: 2\n", "x.yaml")
    >>> read.content, read.at("b", 0, "c")[0]
    ({'a': 1, 'b': [{'c': 2}]}, 'x.yaml, line 3')
    """
    lines: dict[Where, int] = {}
    doubled: list[Fault] = []
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return Marked(name, None, lines)
        _walk(node, (), lines, doubled, set(), name)
        content = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        # ValueError: a date such as 2022-02-30; TypeError: a list as key; RecursionError:
        # thousands deep.
        raise _not_yaml(name, getattr(error, "problem_mark", None)) from error
    if doubled:
        raise StelselError(doubled)
    return Marked(name, content, lines)


def _not_yaml(name: str, mark: Any) -> StelselError:
    line, line_nl = (f", line {mark.line + 1}", f", regel {mark.line + 1}") if mark else ("", "")
    return StelselError(
        "Is not valid YAML.",
        where=f"{name}{line}",
        what_nl="Is geen geldige YAML.",
        where_nl=f"{name}{line_nl}",
    )


def _walk(
    node: yaml.Node,
    where: Where,
    lines: dict[Where, int],
    doubled: list[Fault],
    seen: set[int],
    name: str,
) -> None:
    """Note the line of every part; what is referred to twice is walked once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            lines[*where, number] = item.start_mark.line + 1
            _walk(item, (*where, number), lines, doubled, seen, name)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inside: Where = (*where, str(key.value))
            line = key.start_mark.line + 1
            if inside in lines:
                doubled.append(
                    Fault(
                        f"{key.value} stands on line {lines[inside]} too.",
                        f"{name}, line {line}",
                        what_nl=f"{key.value} staat ook op regel {lines[inside]}.",
                        where_nl=f"{name}, regel {line}",
                    )
                )
                continue
            lines[inside] = line
            _walk(value, inside, lines, doubled, seen, name)


def is_day(value: Any) -> bool:
    """Tell a day from a moment: YAML reads 2022-01-01 10:00:00 as one.

    Examples
    --------
    >>> is_day(date(2022, 1, 1)), is_day(datetime(2022, 1, 1, 10)), is_day("2022-01-01")
    (True, False, False)
    """
    return isinstance(value, date) and not isinstance(value, datetime)


def both(text: Any) -> tuple[str, str]:
    """Give the Dutch and the English of a text: one string serves for both.

    Examples
    --------
    >>> both({"nl": "hulp", "en": "help"}), both("GGZ")
    (('hulp', 'help'), ('GGZ', 'GGZ'))
    """
    if isinstance(text, dict):
        nl = str(text.get("nl") or text.get("en", ""))
        return nl, str(text.get("en") or nl)
    return str(text), str(text)
