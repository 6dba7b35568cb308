"""The model of linking: rules and levels from tables, weights from the lists themselves.

Two entries are compared field by field. Each field has levels (equal, nearly, other ...); each
level has a probability *m* among entries of one child and *u* among entries of two. Splink counts
*u* over pairs at random, finds *m* by expectation maximisation and adds up the weights
(log2 of m/u) as Fellegi and Sunter (1969) do. Once found, the numbers are kept and stay: so what
was linked before need not be linked again.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from stelsel.errors import StelselError
from stelsel.register.linking.choices import choices
from stelsel.register.linking.hashed import SCHEMA
from stelsel.register.linking.names import PACKAGE
from stelsel.tables import packaged, read_table

if TYPE_CHECKING:
    from splink import DuckDBAPI, Linker

Model = dict[str, Any]
"""Settings of Splink, as JSON."""

TRAINED = "trained"
"""Key of a model: on how many entries it was trained; 0 when the tables were taken as they are."""
_DIGITS = 6
_DICE = (
    "coalesce(2.0 * len(list_intersect({0}_grams_l, {1}_grams_r)) "
    "/ (len({0}_grams_l) + len({1}_grams_r)), 0)"
)
"""Likeness of two names: twice the pairs of letters that they share, over what they have."""


@dataclass(frozen=True, slots=True)
class Level:
    """How far two entries agree on a field; a row of ``data/levels.csv``."""

    comparison: str
    name: str
    condition: str
    m: float | None
    u: float | None
    fixed: bool
    words_nl: str
    words_en: str


@cache
def levels() -> tuple[Level, ...]:
    """Give all levels, of each field the most alike first.

    Examples
    --------
    >>> [level.name for level in levels() if level.comparison == "sex"]
    ['missing', 'equal', 'other']
    """
    columns = ["comparison", "level", "condition", "m", "u", "fixed", "words_nl", "words_en"]
    rows = read_table(packaged(PACKAGE, "levels.csv"), columns, key=["comparison", "level"])
    return tuple(
        Level(
            row["comparison"],
            row["level"],
            _condition(row["condition"]),
            float(row["m"]) if row["m"] else None,
            float(row["u"]) if row["u"] else None,
            row["fixed"] == "yes",
            row["words_nl"],
            row["words_en"],
        )
        for row in rows
    )


def _condition(text: str) -> str:
    """Write out the likeness of two names: ``{dice:NAME}``, or crosswise ``{dice:NAME:OTHER}``."""

    def written(found: re.Match[str]) -> str:
        return _DICE.format(found[1], found[2] or found[1])

    return re.sub(r"\{dice:(\w+)(?::(\w+))?\}", written, text)


def comparisons() -> dict[str, list[Level]]:
    """Give the levels by field, in the order of the table."""
    found: dict[str, list[Level]] = {}
    for level in levels():
        found.setdefault(level.comparison, []).append(level)
    return found


def untrained() -> Model:
    """Give the model with the numbers of the tables.

    Examples
    --------
    >>> [one["output_column_name"] for one in untrained()["comparisons"]]
    ['surname', 'first_name', 'birth_date', 'postcode', 'sex']
    """
    rules = read_table(packaged(PACKAGE, "blocking.csv"), ["name", "rule"], key=["name"])
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "entry",
        "probability_two_random_records_match": choices().prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": row["rule"], "sql_dialect": "duckdb"} for row in rules
        ],
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": [_of_splink(level) for level in members],
            }
            for name, members in comparisons().items()
        ],
        TRAINED: 0,
    }


def _of_splink(level: Level) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sql_condition": "ELSE" if level.condition == "else" else level.condition,
        "label_for_charts": level.name,
    }
    if level.m is None:
        return told | {"is_null_level": True}
    fixed = {"fix_m_probability": True, "fix_u_probability": True} if level.fixed else {}
    return told | {"m_probability": level.m, "u_probability": level.u} | fixed


def train(entries: pa.Table) -> Model:
    """Find the numbers of the model from entries; of too few the tables are taken as they are.

    Parameters
    ----------
    entries
        Columns of :data:`stelsel.register.linking.hashed.SCHEMA`.

    Returns
    -------
    Model
        The same entries give the same numbers. A level that was not seen keeps that of the table,
        and all do when what was found makes no sense (a field that is equal counts against).

    Raises
    ------
    StelselError
        When Splink is not installed.
    """
    if entries.num_rows < choices().least_trained:
        return untrained()
    told = _trained(entries)
    model = untrained() | {
        "probability_two_random_records_match": told["probability_two_random_records_match"],
        TRAINED: entries.num_rows,
    }
    for ours, theirs in zip(model["comparisons"], told["comparisons"], strict=True):
        for level, found in zip(
            ours["comparison_levels"], theirs["comparison_levels"], strict=True
        ):
            for name in ("m_probability", "u_probability"):
                number = found.get(name)
                if name in level and not level.get("fix_m_probability") and number:
                    least = choices().least_m if name == "m_probability" else 0.0
                    level[name] = float(f"{max(number, least):.{_DIGITS}g}")
    return model if _makes_sense(model) else untrained()


def _makes_sense(model: Model) -> bool:
    weights = [list(_weights(one)) for one in model["comparisons"]]
    return all(members[0] > 0 > members[-1] for members in weights)


def _weights(comparison: Mapping[str, Any]) -> Iterator[float]:
    for level in comparison["comparison_levels"]:
        if "m_probability" in level:
            yield math.log2(level["m_probability"] / level["u_probability"])


def weights(model: Model) -> dict[str, dict[int, tuple[str, float]]]:
    """Give for each field its levels by the number that Splink gives them: name and weight.

    Parameters
    ----------
    model
        The model.

    Returns
    -------
    dict
        Weight is the log2 of how much likelier the level is for one child than for two; 0 where
        the field tells nothing.

    Examples
    --------
    >>> weights(untrained())["sex"]
    {1: ('equal', 0.978...), 0: ('other', -5.05...), -1: ('missing', 0.0)}
    """
    found: dict[str, dict[int, tuple[str, float]]] = {}
    for one in model["comparisons"]:
        seen = [level for level in one["comparison_levels"] if "m_probability" in level]
        numbered = zip(range(len(seen) - 1, -1, -1), seen, _weights(one), strict=True)
        found[one["output_column_name"]] = {
            number: (level["label_for_charts"], weight) for number, level, weight in numbered
        } | {-1: ("missing", 0.0)}
    return found


def _trained(entries: pa.Table) -> Model:
    with linking(entries, untrained()) as linker:
        linker.training.estimate_probability_two_random_records_match(
            ["l.surname = r.surname and l.first = r.first and l.birth = r.birth"],
            recall=choices().recall,
        )
        linker.training.estimate_u_using_random_sampling(
            max_pairs=choices().sampled_pairs, seed=choices().seed, min_count_per_level=None
        )
        for rule in (
            # By parts: the whole date is used by another field too, which must be trained here.
            "l.birth_year = r.birth_year and l.birth_month = r.birth_month "
            "and l.birth_day = r.birth_day",
            "l.surname_sound = r.surname_sound and l.first_sound = r.first_sound",
        ):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        told: Model = linker.misc.save_model_to_json()
        return told


class linking:  # noqa: N801 used as a word: with linking(...)
    """Gives a linker of Splink over entries, on a DuckDB of its own.

    Parameters
    ----------
    entries
        The entries to be linked.
    model
        The model.

    Raises
    ------
    StelselError
        When Splink is not installed.
    """

    def __init__(self, entries: pa.Table, model: Model) -> None:
        self._entries, self._model = entries, model
        self._con = duckdb.connect()
        # Sums over several threads come in another order at each run, and differ in the last digit.
        self._con.execute("SET threads = 1")

    def __enter__(self) -> Linker:
        api, linker = _splink()
        self.api: DuckDBAPI = api(self._con)
        settings = {name: value for name, value in self._model.items() if name != TRAINED}
        return linker(self.table(self._entries), settings, log_level=None, validate_settings=False)

    def table(self, entries: pa.Table) -> Any:
        """Give entries as a table that the linker can read."""
        return self.api.register(entries.cast(SCHEMA))

    def __exit__(self, *_: object) -> None:
        self._con.close()


def _splink() -> tuple[type[DuckDBAPI], type[Linker]]:
    try:
        from splink import DuckDBAPI, Linker  # noqa: PLC0415 an extra, and slow to load
    except ImportError:
        raise StelselError(
            "Splink is not installed, by which lists are linked.",
            remedy="Install it: pip install 'stelsel[link]'.",
            what_nl="Splink is niet geïnstalleerd; daarmee worden lijsten gekoppeld.",
            remedy_nl="Installeer het: pip install 'stelsel[link]'.",
        ) from None
    # It tells of levels that were not seen; those keep the numbers of the table.
    logging.getLogger("splink").setLevel(logging.ERROR)
    return DuckDBAPI, Linker
