"""``python -m stelsel.ijw.reference [FOLDER]`` writes what is made from the tables."""

import sys
from pathlib import Path

from stelsel.ijw.reference import write_all

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
sys.stdout.write(f"{write_all(folder)} files changed\n")
