"""The checks that need no published figures: books, formulas, peers, recovery, old results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from stelsel.twin.country.baseline import FIRST_DAY, baseline
from stelsel.twin.examination import formulas, peers
from stelsel.twin.examination.books import books_of
from stelsel.twin.examination.check import Check, number, percent
from stelsel.twin.examination.experiments import published_order, spill_over, two_by_two
from stelsel.twin.examination.small import (
    Small,
    even,
    exponential,
    mean_wait,
    moments,
    over_seeds,
    ran,
)
from stelsel.twin.fitting.region import fit_region, within
from stelsel.twin.layout import OPEN
from stelsel.twin.runs.run import Run, run

ERRORS = 3.0
"""Standard errors within which a simulation is said to agree with an answer."""
DAYS, WARM = 20_000, 2_000
"""Days that a small network runs, and before and after which no wait is counted."""
REGION = "JZ07"
PEERS = 8
"""Replications of another program, at each load, unless more are asked for."""


def books(done: Run) -> list[Check]:
    """Check the books of a run."""
    found = books_of(done)
    cells = number(found.cells, 0)
    off = found.open + found.order + found.chains + found.off
    return [
        Check(
            "books",
            "In min uit is de verandering van de stand, in elke week, regio, dienst en klasse; "
            "ieder kind is één keer ergens per keten",
            "In less out is the change in stock, in every week, region, service and class; every "
            "child is somewhere once per chain",
            f"{cells[0]} standen en {number(len(done.visits), 0)[0]} bezoeken nagerekend, "
            f"{off} fout",
            f"{cells[1]} stocks and {number(len(done.visits), 0)[1]} visits recomputed, "
            f"{off} wrong",
            found.close,
        )
    ]


def waits_of(small: Small, seeds: Sequence[int], days: int = DAYS) -> tuple[float, float]:
    """Mean wait of a small network over seeds, and its standard error."""
    runs = [ran(small, days, seed) for seed in seeds]
    return over_seeds([mean_wait(one, WARM, days - WARM // 2) for one in runs])


def queues(seeds: Sequence[int] = range(64), days: int = DAYS) -> list[Check]:
    """Check waits against Erlang C, Pollaczek and Khinchine, and Allen and Cunneen."""
    cases = [
        ("Erlang C, M/M/20", 20, 0.90, exponential(50.0), 0.02),
        ("Pollaczek-Khinchine, M/G/1", 1, 0.70, even(0.0, 40.0), 0.02),
        ("Allen-Cunneen, M/G/10", 10, 0.85, even(0.0, 100.0), 0.10),
    ]
    made = []
    for name, servers, load, lengths, slack in cases:
        length, variation = moments(lengths)
        rate = load * servers / length
        expected = formulas.allen_cunneen(servers, load, length, variation)
        found, error = waits_of(Small((servers,), rate, lengths), seeds, days)
        near = abs(found - expected) <= ERRORS * error + slack * expected
        nl, en = (f"{a}" for a in number(expected, 2))
        said_nl, said_en = number(found, 2)
        wide_nl, wide_en = number(error, 2)
        made.append(
            Check(
                "formulas",
                f"{name}, belasting {number(load, 2)[0]}: gemiddelde wachttijd {nl} dagen",
                f"{name}, load {load:.2f}: mean wait {en} days",
                f"{said_nl} dagen (standaardfout {wide_nl})",
                f"{said_en} days (standard error {wide_en})",
                bool(near),
            )
        )
    return made


def little(done: Run) -> list[Check]:
    """Check Little's law on the waits of a run: mean waiting = arrivals a day x mean wait.

    The law is exact when waits are cut at the ends of the run.
    """
    visits = done.visits
    arrived = np.maximum(visits["arrived"].astype(np.int64), 0)
    until = np.minimum(
        np.where(visits["started"] == OPEN, visits["ended"], visits["started"]), done.days
    )
    inside = (until > 0) & (arrived < done.days)
    waited = float(np.maximum(until - arrived, 0)[inside].sum())
    weeks = len(done.counts)
    standing = done.counts[:, :, :, 4].sum(axis=(1, 2))
    steps = np.diff(np.minimum(7 * np.arange(weeks + 1), done.days))
    mean = float((standing * steps).sum() / done.days)
    law = waited / done.days
    close = abs(mean - law) <= 0.02 * law
    return [
        Check(
            "formulas",
            f"Wet van Little: gemiddeld wachten er {number(law, 0)[0]} (aankomsten maal wachttijd)",
            f"Little's law: on average {number(law, 0)[1]} wait (arrivals times wait)",
            f"{number(mean, 0)[0]} geteld op de laatste dag van elke week",
            f"{number(mean, 0)[1]} counted on the last day of every week",
            bool(close),
        )
    ]


def lists(seeds: Sequence[int] = range(32)) -> list[Check]:
    """Check the list formulas: their printed numbers, and that relief capacity does what it says.

    With 30 arrivals a week and nobody helped a list stands at 1,200 after forty weeks. With room
    for 61.15 a week from then on it must be 390 long after 26 weeks more.
    """
    target = formulas.target_list(30, 52)
    relief = formulas.relief_capacity(30, 1200, 52, 26)
    exact = target == 390.0 and round(relief, 2) == 61.15
    made = [
        Check(
            "formulas",
            "Wachtlijstformules: 30 per week en 52 weken geven een streeflijst van 390, en met "
            "1.200 wachtenden in 26 weken een inhaalcapaciteit van 61,15",
            "List formulas: 30 a week and 52 weeks give a target list of 390, and with 1,200 "
            "waiting and 26 weeks a relief capacity of 61.15",
            f"{number(target, 0)[0]} en {number(relief, 2)[0]}",
            f"{number(target, 0)[1]} and {number(relief, 2)[1]}",
            exact,
        )
    ]
    before, weeks = 40, 26
    left = []
    for seed in seeds:
        small = Small((round(relief),), 30 / 7, even(7.0, 7.0))
        on = 7 * (before + weeks) - 1
        visits = ran(small, on + 1, seed, closed=7 * before)
        left.append(float((visits["started"] > on).sum()))
    found, error = over_seeds(left)
    made.append(
        Check(
            "formulas",
            "Met de inhaalcapaciteit is de lijst na 26 weken 390 lang",
            "With the relief capacity the list is 390 long after 26 weeks",
            f"{number(found, 0)[0]} (standaardfout {number(error, 0)[0]})",
            f"{number(found, 0)[1]} (standard error {number(error, 0)[1]})",
            bool(abs(found - target) <= ERRORS * error + 0.05 * target),
        )
    )
    return made


def renewals(seed: int = 1, share: float = 0.6, years: int = 12) -> list[Check]:
    """Check terms with renewal: they end at anniversaries and nowhere else, in the right shares."""
    term = 365
    small = Small((20_000,), 2.0, even(term, term), renew=share)
    visits = ran(small, term * years, seed)
    lasted = visits["ended"] != OPEN
    old = lasted | (visits["arrived"] < term * (years - 4))
    length = (visits["ended"] - visits["started"])[lasted]
    whole = bool((length % term == 0).all())
    early = visits[old & (visits["arrived"] < term * (years - 4))]
    terms = (early["ended"] - early["started"]) // term
    errors = []
    for n in (1, 2, 3):
        expected = formulas.renewals_ended(share, n)
        found = float((terms == n).mean())
        errors.append((found - expected) / np.sqrt(expected * (1 - expected) / len(early)))
    worst = float(np.abs(errors).max())
    return [
        Check(
            "formulas",
            "Verlengde maatregelen eindigen alleen op verjaardagen, na n termijnen met kans "
            f"{number(1 - share, 1)[0]} x {number(share, 1)[0]}^(n-1)",
            "Renewed measures end only at anniversaries, after n terms with chance "
            f"{1 - share:.1f} x {share:.1f}^(n-1)",
            f"{len(length)} beëindigd, alle op een verjaardag: {'ja' if whole else 'nee'}; "
            f"aandelen hoogstens {number(worst, 1)[0]} standaardfout ernaast",
            f"{len(length)} ended, all at an anniversary: {'yes' if whole else 'no'}; shares at "
            f"most {worst:.1f} standard errors off",
            whole and worst <= ERRORS,
        )
    ]


def peer_checks(
    loads: Sequence[float] = peers.LOADS,
    replications: int = PEERS,
    own: int = 400,
    keep: Path | None = None,
) -> list[Check]:
    """Compare waits in the reference network with SimPy and Ciw, where they are installed.

    ``replications`` of a peer, which takes seconds each (:func:`peers.waits`, kept in ``keep``),
    ``own`` of the twin.
    """
    made = []
    here = peers.present()
    for load in loads:
        twin = np.array([peers.by_twin(load, seed) for seed in range(own)])
        for name in peers.PEERS:
            asked_nl = f"Zelfde netwerk in {name}, belasting {number(load, 2)[0]}: zelfde wachttijd"
            asked_en = f"The same network in {name}, load {load:.2f}: the same wait"
            if name not in here:
                made.append(
                    Check(
                        "peers",
                        asked_nl,
                        asked_en,
                        f"{name} is niet geïnstalleerd (extra: bench)",
                        f"{name} is not installed (extra: bench)",
                        None,
                    )
                )
                continue
            theirs = peers.waits(name, load, replications, keep)
            mean, error = twin.mean(axis=0), twin.std(axis=0, ddof=1) / np.sqrt(own)
            other = theirs.mean(axis=0)
            off = theirs.std(axis=0, ddof=1) / np.sqrt(len(theirs))
            # Whole days: a wait is known to half a day.
            apart = np.maximum(np.abs(mean - other) - 0.5 / peers.UNIT, 0) / np.hypot(error, off)
            made.append(
                Check(
                    "peers",
                    asked_nl,
                    asked_en,
                    f"tweede klasse {number(mean[1], 3)[0]} tegen {number(other[1], 3)[0]}, eerste "
                    f"{number(mean[0], 4)[0]} tegen {number(other[0], 4)[0]} verblijfsduren, in "
                    f"{own} en {len(theirs)} doorrekeningen; hoogstens "
                    f"{number(apart.max(), 1)[0]} standaardfout uiteen",
                    f"second class {mean[1]:.3f} against {other[1]:.3f}, first {mean[0]:.4f} "
                    f"against {other[0]:.4f} mean stays, in {own} and {len(theirs)} "
                    f"replications; at most {apart.max():.1f} standard errors apart",
                    bool(apart.max() <= ERRORS),
                )
            )
    return made


def recovery(region: str = REGION, years: int = 3, seed: int = 2021) -> list[Check]:
    """Estimate the parameters of a made-up region from its spells, and compare with its plan."""
    # Five years before the window too: else who comes back looks like who comes for the first time.
    before = date(FIRST_DAY.year - 5, 1, 1)
    done = run(region=region, years=years + 5, seed=seed, first=before)
    last = date(FIRST_DAY.year + years - 1, 12, 31)
    births = {one["child"]: one["birth"].replace(day=1) for one in done.people().to_pylist()}
    estimates = fit_region(done.spells(), region, FIRST_DAY, last, baseline(), births)
    held = within(estimates, baseline(), FIRST_DAY, last)
    share = float(np.mean(held))
    return [
        Check(
            "recovery",
            "Uit de verblijven van een verzonnen regio geschat: minstens negen op de tien "
            "parameters binnen twee standaardfouten",
            "Estimated from the spells of a made-up region: at least nine in ten parameters within "
            "two standard errors",
            f"{sum(held)} van {len(held)} ({percent(share)[0]})",
            f"{sum(held)} of {len(held)} ({percent(share)[1]})",
            share >= 0.9,
        )
    ]


def old_results(seeds: Sequence[int] = (1, 2, 3, 4)) -> list[Check]:
    """Bring out two published results again."""
    waits = sorted(two_by_two(seeds), key=lambda one: one.mean)
    told = [f"{one.policy.name} {number(one.mean, 1)[1]}" for one in waits]
    words = {
        "pull": "kiezen",
        "push": "sturen",
        "one queue": "één rij",
        "a queue per provider": "rij per aanbieder",
    }
    told_nl = []
    for one in waits:
        first, second = one.policy.name.split(", ")
        told_nl.append(f"{words[first]}, {words[second]} {number(one.mean, 1)[0]}")
    spill = spill_over(seeds)
    light, heavier = float(np.mean(spill.light)), float(np.mean(spill.heavier))
    rises = bool(light > 1 and min(spill.heavier) > 1)
    return [
        Check(
            "old results",
            "Giesen, Ketter en Zuidwijk 2009: sturen vanuit één centrale rij past het best",
            "Giesen, Ketter and Zuidwijk 2009: push from one central queue suits best",
            f"gemiddelde wachttijd in dagen: {'; '.join(told_nl)}",
            f"mean wait in days: {'; '.join(told)}",
            published_order(waits),
        ),
        Check(
            "old results",
            "Pierotti e.a. 2024: meer plek voor lichte hulp brengt meer vraag bij zwaardere hulp",
            "Pierotti and others 2024: more light capacity moves demand on to heavier care",
            f"10 % meer plekken: {percent(light - 1, 1)[0]} meer lichte hulp begonnen, "
            f"{percent(heavier - 1, 1)[0]} meer aangekomen bij zwaardere vormen",
            f"10 % more places: {percent(light - 1, 1)[1]} more light care begun, "
            f"{percent(heavier - 1, 1)[1]} more arrived at heavier forms",
            rises,
        ),
    ]
