"""Lists in, children out: reads, scores, groups and counts, and keeps what it learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from stelsel.register.key import Pseudonyms
from stelsel.register.linking.choices import choices
from stelsel.register.linking.clusters import clusters
from stelsel.register.linking.counting import counts, is_old, latest
from stelsel.register.linking.explain import explained
from stelsel.register.linking.lists import read_lists
from stelsel.register.linking.model import TRAINED, Model, train
from stelsel.register.linking.pairs import score
from stelsel.register.linking.store import Kept
from stelsel.register.linking.with_register import FOUND, beside, waits_of

if TYPE_CHECKING:
    from stelsel.register.register import Register

ENTRIES = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("entry", "child", "list")),
        pa.field("row", pa.int64()),
        *(pa.field(name, pa.string()) for name in ("provider", "form")),
        *(pa.field(name, pa.date32()) for name in ("reported_on", "on_list")),
        *(pa.field(name, pa.bool_()) for name in ("latest", "double")),
        pa.field("providers", pa.int64()),
        pa.field("ask_again", pa.bool_()),
        pa.field("probability", pa.float64()),
        pa.field("register", pa.string()),
        pa.field("register_probability", pa.float64()),
    ],
    metadata={"schema": "stelsel linked entries 1"},
)
"""Columns of the linked entries, one row an entry that was ever taken in.

=====================  ======================================================================
entry                  number of the entry: a keyed digest
child                  the same for all entries that are taken for one child
list, row              where it stands
provider, form         whose list it is on, for which help
reported_on, on_list   day of the list; day since which the child is on it
latest                 on the latest list of its provider
double                 the same child is on that list for the same form since an earlier day
providers              on the latest lists of how many providers the child is
ask_again              so long on the list that it is to be asked again
probability            of the likeliest pair by which it was linked; null when it stands alone
register               see :data:`stelsel.register.linking.with_register.FOUND`
register_probability   the same; null without a register
=====================  ======================================================================
"""

MATCHES = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("one", "other", "one_list", "other_list")),
        *(pa.field(name, pa.int64()) for name in ("one_row", "other_row")),
        pa.field("linked", pa.bool_()),
        pa.field("probability", pa.float64()),
        pa.field("weight", pa.float64()),
        pa.field("why", pa.string()),
    ],
    metadata={"schema": "stelsel matches 1"},
)
"""Columns of the matches, one row a pair that may be one child, the heaviest first: the entries and
where they stand, whether they were taken for one child, the probability and weight of the pair, and
why: each field in words with its weight (log2 of how much likelier this is for one child)."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking gives.

    Parameters
    ----------
    entries, matches
        Columns of :data:`ENTRIES` and :data:`MATCHES`.
    counts
        Columns of :data:`stelsel.register.linking.counting.COUNTS`, not yet through disclosure.
    in_register
        Columns of :data:`stelsel.register.linking.with_register.FOUND`; empty without a register.
    new, known
        Entries of these lists that were new, and that had been taken in before.
    trained
        On how many entries the model was trained; 0 when that were too few, and the tables hold.
    days
        Days after which an entry is to be asked again.
    """

    entries: pa.Table
    matches: pa.Table
    counts: pa.Table
    in_register: pa.Table
    new: int
    known: int
    trained: int
    days: int


def link(
    lists: Sequence[Path],
    folder: Path,
    pseudonyms: Pseudonyms,
    *,
    register: Register | None = None,
    train_again: bool = False,
    forget: Collection[str] = (),
    ask_again_days: int | None = None,
    lang: str = "nl",
) -> Linked:
    """Link waiting lists with each other, with those taken in before, and with a register.

    Parameters
    ----------
    lists
        The new lists; none at all to look at what is there.
    folder
        Where entries of digests are kept (:mod:`stelsel.register.linking.store`).
    pseudonyms
        The keyed digest: that of the register, if there is one.
    register
        The register whose waits the entries are laid beside.
    train_again
        Train the model on all entries, old and new, and score every pair anew.
    forget
        Numbers of entries to be taken out, and to stay out.
    ask_again_days
        Days after which an entry is to be asked again; without it the choice of the table.
    lang
        Language of the reasons, ``nl`` or ``en``.

    Returns
    -------
    Linked
        About all entries that are kept. Which order the lists came in makes no difference, as long
        as the model is the same: it is trained on the first lists and then kept.

    Raises
    ------
    StelselError
        With every fault of the lists, of which then none is taken in; when Splink is not
        installed, or the folder or key are not right.
    """
    told = read_lists(lists, pseudonyms)
    kept = Kept(folder, pseudonyms)
    with kept.alone():
        if forget:
            kept.forget(forget)
        old = kept.entries()
        gone = pa.array(kept.forgotten, pa.string())
        told = told.filter(pc.invert(pc.is_in(told["entry"], value_set=gone)))
        fresh = told.filter(pc.invert(pc.is_in(told["entry"], value_set=old["entry"])))
        model = _take_in(kept, old, fresh, train_again=train_again)
        entries, pairs = kept.entries(), kept.pairs()
    found = (
        FOUND.empty_table() if register is None else beside(entries, waits_of(register, pseudonyms))
    )
    days = choices().ask_again_days if ask_again_days is None else ask_again_days
    sure = pairs.filter(pc.greater_equal(pairs["probability"], choices().threshold))
    links = list(zip(sure["one"].to_pylist(), sure["other"].to_pylist(), strict=True))
    group = clusters(entries["entry"].to_pylist(), links, choices().least_share)
    return Linked(
        entries=_entries(entries, sure, group, found, days),
        matches=_matches(entries, pairs, group, model, lang),
        counts=counts(entries, pairs, group, days),
        in_register=found,
        new=fresh.num_rows,
        known=told.num_rows - fresh.num_rows,
        trained=model[TRAINED],
        days=days,
    )


def _take_in(kept: Kept, old: pa.Table, fresh: pa.Table, *, train_again: bool) -> Model:
    """Score and keep what is new, by the model that is kept; or by one trained now."""
    model = kept.model
    if model is None or train_again:
        every = pa.concat_tables([old, fresh])
        model = train(every)
        kept.start(model, every, score(every, every.slice(0, 0), model))
        if fresh.num_rows:
            kept.add(fresh)
    elif fresh.num_rows:
        kept.add(fresh, score(fresh, old, model))
    return model


def _entries(
    entries: pa.Table, sure: pa.Table, group: Mapping[str, str], found: pa.Table, days: int
) -> pa.Table:
    best: dict[str, float] = {}
    columns = ("one", "other", "probability")
    for one, other, p in zip(*(sure[name].to_pylist() for name in columns), strict=True):
        if group[one] == group[other]:
            best.setdefault(one, p)
            best.setdefault(other, p)
    now = latest(entries)
    current = {row["entry"] for row in now}
    lists: dict[str, set[str]] = defaultdict(set)
    first: dict[tuple[str, str, str], tuple[Any, str]] = {}
    for row in now:
        lists[group[row["entry"]]].add(row["provider"])
        place = (group[row["entry"]], row["provider"], row["form"])
        since = (row["on_list"], row["entry"])
        first[place] = min(first.get(place, since), since)
    register = {row["entry"]: row for row in found.to_pylist()}
    told = []
    names = [name for name in ENTRIES.names if name in entries.schema.names]
    for row in entries.select(names).to_pylist():
        entry, child = row["entry"], group[row["entry"]]
        mine = (row["on_list"], entry)
        there = register.get(entry, {})
        told.append(
            {
                **row,
                "child": child,
                "latest": entry in current,
                "double": entry in current and first[child, row["provider"], row["form"]] != mine,
                "providers": len(lists[child]),
                "ask_again": entry in current and is_old(row, days),
                "probability": best.get(entry),
                "register": there.get("register"),
                "register_probability": there.get("register_probability"),
            }
        )
    return pa.Table.from_pylist(told, ENTRIES).sort_by(
        [("child", "ascending"), ("on_list", "ascending"), ("entry", "ascending")]
    )


def _matches(
    entries: pa.Table, pairs: pa.Table, group: Mapping[str, str], model: Model, lang: str
) -> pa.Table:
    places = {row["entry"]: row for row in entries.select(["entry", "list", "row"]).to_pylist()}
    return pa.Table.from_pylist(
        [
            {
                "one": pair["one"],
                "other": pair["other"],
                "one_list": places[pair["one"]]["list"],
                "other_list": places[pair["other"]]["list"],
                "one_row": places[pair["one"]]["row"],
                "other_row": places[pair["other"]]["row"],
                "linked": group[pair["one"]] == group[pair["other"]],
                "probability": pair["probability"],
                "weight": pair["weight"],
                "why": explained(pair, model, lang),
            }
            for pair in pairs.to_pylist()
        ],
        MATCHES,
    )
