"""The clocks of the norms: what is met, missed, running, due or overdue, case by case."""

from stelsel.monitor.clocks.rows import OPEN, PRESSING, RUNS, State
from stelsel.monitor.clocks.running import running
from stelsel.monitor.clocks.worklist import WORKLIST, chosen, worklist

__all__ = ["OPEN", "PRESSING", "RUNS", "WORKLIST", "State", "chosen", "running", "worklist"]
