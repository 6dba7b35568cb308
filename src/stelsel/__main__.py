"""``python -m stelsel`` is the same as ``stelsel``."""

from stelsel.cli import main

main()
