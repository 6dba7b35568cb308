"""From findings to the classes of a message that they are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from stelsel.ijw.message import Content, Finding

HEADER = "Header"
_STEP = re.compile(r"([A-Za-z]+)(?:\[([1-9][0-9]*)\])?")

Refusals = dict[str, list[str]]
"""Path of a class -> the return codes it is refused with, each once, in the order found."""


def refusals(findings: Iterable[Finding], content: Content, classes: Collection[str]) -> Refusals:
    """Give the return codes of findings by the class that each belongs to.

    Parameters
    ----------
    findings
        What was found, at levels 3 and 4. A finding whose rule has no return code is passed over:
        the standard has no ground on which to refuse for it.
    content
        What stands inside ``Bericht``.
    classes
        Names of the classes.

    Returns
    -------
    Refusals
        A finding on an element belongs to the nearest class that holds it, and a finding that no
        class holds to the header.

    Examples
    --------
    >>> finding = Finding(3, "TR304", "8187", "Client/Bsn", None, "", "")
    >>> refusals([finding, finding], {"Client": {"Bsn": "999990019"}}, {"Client"})
    {'Client': ['8187']}
    """
    found: Refusals = {}
    for finding in findings:
        if finding.return_code is not None:
            codes = found.setdefault(nearest(finding.path, content, classes), [])
            if finding.return_code not in codes:
                codes.append(finding.return_code)
    return found


def nearest(path: str, content: Content, classes: Collection[str]) -> str:
    """Give the path of the innermost class on the way to an element, or the header.

    Examples
    --------
    >>> content = {"Client": {"StartProducten": {"StartProduct": [{"Begindatum": ...}]}}}
    >>> nearest("Client/StartProducten/StartProduct[1]/Begindatum", content, {"Client"})
    'Client'
    >>> nearest("", content, {"Client"})
    'Header'
    """
    steps = path.split("/")
    found = HEADER
    at: Any = content
    for number, step in enumerate(steps, start=1):
        parts = _STEP.fullmatch(step)
        at = _inside(at, parts[1], parts[2]) if parts else None
        if parts is None or at is None:
            break
        if parts[1] in classes:
            found = "/".join(steps[:number])
    return found


def _inside(at: Any, name: str, number: str | None) -> Any:
    """Give what stands under a name, or None if there is no such thing."""
    value = at.get(name) if isinstance(at, dict) else None
    if number is None:
        return None if isinstance(value, list) else value
    return value[int(number) - 1] if isinstance(value, list) and int(number) <= len(value) else None


def groups(content: Content, path: str = "") -> Iterator[tuple[str, Content]]:
    """Yield every group of a message with its path, the outer before the inner.

    Examples
    --------
    >>> [path for path, _ in groups({"Client": {"Relaties": {"Relatie": [{}, {}]}}})]
    ['Client', 'Client/Relaties', 'Client/Relaties/Relatie[1]', 'Client/Relaties/Relatie[2]']
    """
    for name, value in content.items():
        here = f"{path}/{name}" if path else name
        if isinstance(value, dict):
            inside = [(here, value)]
        elif isinstance(value, list):
            inside = [(f"{here}[{number}]", each) for number, each in enumerate(value, start=1)]
        else:
            continue
        for step, group in inside:
            if isinstance(group, dict):  # a value may be repeated too: a return code
                yield step, group
                yield from groups(group, step)
