"""Who has a service and who waits when a run begins: from figures, or from a register."""
