"""The answers that are owed for messages: returns, and the JW325 for a claim; and what they say.

>>> from stelsel.ijw.answers import answer, verdict
"""

from stelsel.ijw.answers.answering import answer
from stelsel.ijw.answers.kinds import answer_type, answered_type
from stelsel.ijw.answers.verdicts import Verdict, verdict

__all__ = ["Verdict", "answer", "answer_type", "answered_type", "verdict"]
