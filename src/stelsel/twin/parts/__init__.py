"""The parts of the twin, each with its own parameters, rules and results."""
