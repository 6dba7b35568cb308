"""Questions to ask of the twin, each answered by runs on the same chance.

:func:`seek` how much it takes, :func:`between_worlds` and :func:`between_years` why something
changed, :func:`sensitivity` which assumption matters most;
:func:`stelsel.twin.questions.comparing.compare` how two folders of runs differ.
"""

from stelsel.twin.questions.asking import Asking
from stelsel.twin.questions.explaining import Explained, between_worlds, between_years, shapley
from stelsel.twin.questions.quantity import Quantity, Target, quantity, target
from stelsel.twin.questions.seeking import Sought, seek
from stelsel.twin.questions.sensing import Sensed, sensitivity

__all__ = [
    "Asking",
    "Explained",
    "Quantity",
    "Sensed",
    "Sought",
    "Target",
    "between_worlds",
    "between_years",
    "quantity",
    "seek",
    "sensitivity",
    "shapley",
    "target",
]
