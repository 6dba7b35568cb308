"""Supervision between governments: do the numbers of waiting children fall, region by region.

``watch()`` counts, ``judge()`` tests what may leave of the counts. The test is exact for few
moments and many ties, minds that successive counts are about the same children, and says when there
are too few moments to tell. What a supervisor does with it (the steps of the ladder) is not decided
here.
"""

from stelsel.monitor.supervision.counting import EVERY, Watched, watch
from stelsel.monitor.supervision.judging import judge
from stelsel.monitor.supervision.settings import counts, settings

__all__ = ["EVERY", "Watched", "counts", "judge", "settings", "watch"]
