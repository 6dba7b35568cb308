"""Coverage-guided fuzzing of what reads files from outside.

``python -m fuzz TARGET [SECONDS]``; see ``docs/how-to/fuzz-the-reader.md``.
"""
