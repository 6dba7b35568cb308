"""Runs: one, or many beside scenarios; what came of them, told, counted, kept and written down."""
