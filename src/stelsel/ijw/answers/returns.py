"""Return messages: the header of the message, and its classes if one of them is refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from stelsel.ijw.answers.kinds import classes, codes
from stelsel.ijw.answers.places import HEADER, Refusals
from stelsel.ijw.answers.stamps import Stamp, coded
from stelsel.ijw.grammar import message_type
from stelsel.ijw.message import Content


def return_message(message: Content, name: str, refused: Refusals, stamp: Stamp) -> Content:
    """Build the content of a return message.

    Parameters
    ----------
    message
        Content of the message that is answered.
    name
        Type of the return.
    refused
        What is refused, and with which codes.
    stamp
        Number, day and version of the return.
    """
    header: Content = {
        **message[HEADER],
        "BerichtCode": message_type(name).code,
        "IdentificatieRetour": stamp.number,
        "DagtekeningRetour": stamp.day,
        "XsdVersieRetour": stamp.versions,
    }
    if not refused:
        return {HEADER: header}
    if HEADER in refused:
        return {HEADER: coded(header, refused[HEADER])}
    body = {key: value for key, value in message.items() if key != HEADER}
    copied = _copied(body, "", classes(name), refused, hidden=False)
    return {HEADER: coded(header, [codes().fine]), **copied}


def _copied(
    group: Content, path: str, named: Collection[str], refused: Refusals, hidden: bool
) -> Content:
    """Copy what a group holds; ``hidden`` if a class around it is refused."""
    copy: Content = {}
    for name, value in group.items():
        here = f"{path}/{name}" if path else name

        def one(each: Any, step: str, name: str = name) -> Any:
            if not isinstance(each, dict):
                return each
            inside = _copied(each, step, named, refused, hidden or step in refused)
            return coded(inside, _codes(step, refused, hidden)) if name in named else inside

        if isinstance(value, list):
            copy[name] = [one(each, f"{here}[{place}]") for place, each in enumerate(value, 1)]
        else:
            copy[name] = one(value, here)
    return copy


def _codes(path: str, refused: Refusals, hidden: bool) -> list[str]:
    if hidden:
        return [codes().unassessed]
    return refused.get(path, [codes().fine])
