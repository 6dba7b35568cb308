"""From a message to its content as a type, and back."""

from __future__ import annotations

from typing import TypeVar, cast

from stelsel.errors import StelselError
from stelsel.ijw.message import Content, Message

Record = TypeVar("Record")
"""The type of the content of a message, such as :class:`~stelsel.ijw.records.JW305`."""


def record(message: Message, kind: type[Record]) -> Record:
    """Give the content of a message as a type; it is the content itself and no copy.

    Parameters
    ----------
    message
        A message that was read, or that passes :func:`stelsel.ijw.check`: its content is not
        looked at again.
    kind
        The type, which has the name of the message type.

    Raises
    ------
    StelselError
        If the message is of another type.

    Examples
    --------
    >>> from stelsel.ijw.example import example
    >>> from stelsel.ijw.records import JW319
    >>> message = example("JW319")
    >>> answer = record(message, JW319)
    >>> answer is message.content, answer["Header"]["BerichtCode"]
    (True, '488')
    """
    if message.type != kind.__name__:
        raise StelselError(
            f"The message is a {message.type} and no {kind.__name__}.",
            remedy=f"Take stelsel.ijw.records.{message.type}.",
            what_nl=f"Het bericht is een {message.type} en geen {kind.__name__}.",
            remedy_nl=f"Neem stelsel.ijw.records.{message.type}.",
        )
    return cast("Record", message.content)


def message_of(content: Record, kind: type[Record]) -> Message:
    """Give the message that has some content; it is the content itself and no copy.

    Parameters
    ----------
    content
        The content, best put in a variable that is declared as ``kind``.
    kind
        The type, which has the name of the message type.

    Examples
    --------
    >>> from stelsel.ijw.example import example
    >>> from stelsel.ijw.records import JW319
    >>> message = example("JW319")
    >>> message_of(record(message, JW319), JW319) == message
    True
    """
    return Message(kind.__name__, cast("Content", content))
