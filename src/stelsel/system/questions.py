"""What children and parents are asked at the end of care, and what they can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from stelsel.system.read import look_up, period, read_entries


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is put to one informant.

    ``id`` stands where a spell has its station: an answer is a stay of no days at a question, that
    ends with the answer. ``scale`` names the answers that there are, ``informant`` is the code of
    who answers, empty for whoever does. Answers about care that ended before ``valid_from`` were to
    another question.
    """

    id: str
    scale: str
    informant: str
    name_nl: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on a scale; ``code`` is that of the delivery, of a mark the number itself."""

    id: str
    scale: str
    code: str
    name_nl: str
    name_en: str
    source: str


@cache
def questions() -> tuple[Question, ...]:
    """Give the questions.

    Examples
    --------
    >>> [one.id for one in questions() if one.scale == "mark"]
    ['asked-usefulness-child', 'asked-usefulness-parent']
    """
    columns = ["id", "scale", "informant", "name_nl", "name_en", "valid_from", "valid_to"]
    scales = {"scale": [one.scale for one in answers()]}

    def make(row: dict[str, str]) -> Question:
        return Question(**row | period(row))  # type: ignore[arg-type]

    return read_entries("questions.csv", columns, make, key=["id"], refers=scales)


@cache
def answers() -> tuple[Answer, ...]:
    """Give the answers of all scales.

    Examples
    --------
    >>> [one.id for one in answers() if one.scale == "further-help"]
    ['help-same', 'help-lighter', 'help-later', 'help-none']
    """
    columns = ["id", "scale", "code", "name_nl", "name_en"]
    return read_entries("answers.csv", columns, lambda row: Answer(**row), key=["id"])


def question(name: str) -> Question:
    """Give a question by its id.

    Raises
    ------
    StelselError
        When there is none of that name.

    Examples
    --------
    >>> question("asked-further-help-child").valid_from
    datetime.date(2022, 1, 1)
    """
    return look_up({one.id: one for one in questions()}, name, "question", "vraag")


def answered(scale: str, code: str) -> Answer | None:
    """Give the answer that a code means on a scale; None where it means none.

    Examples
    --------
    >>> answered("mark", "8").id, answered("mark", "11")
    ('mark-8', None)
    """
    return next((one for one in answers() if (one.scale, one.code) == (scale, code)), None)
