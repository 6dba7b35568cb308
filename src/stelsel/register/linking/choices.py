"""The numbers that linking was given, and not found: each with its reason in a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stelsel.register.linking.names import PACKAGE
from stelsel.tables import packaged, read_table


@dataclass(frozen=True, slots=True)
class Choices:
    """The rows of ``data/choices.csv`` by name; the table tells what each means and why.

    Examples
    --------
    >>> choices().threshold, choices().ask_again_days
    (0.8, 180)
    """

    threshold: float
    least_kept: float
    prior: float
    least_trained: int
    least_m: float
    recall: float
    sampled_pairs: int
    seed: int
    least_share: float
    draws: int
    ask_again_days: int
    register_threshold: float
    register_share: float
    register_pairs: int


@cache
def choices() -> Choices:
    """Read the table.

    Raises
    ------
    TypeError
        When the table lacks a row or has one too many.
    """
    columns = ["name", "value", "meaning"]
    rows = read_table(packaged(PACKAGE, "choices.csv"), columns, key=["name"])
    values = {row["name"]: row["value"] for row in rows}
    return Choices(
        **{name: float(text) if "." in text else int(text) for name, text in values.items()}  # type: ignore[arg-type]
    )
