"""The options that every question to the twin has, in one place."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from stelsel.cli.options import LANG, no_date
from stelsel.errors import StelselError

if TYPE_CHECKING:
    from stelsel.twin.questions import Asking

ASKED = "asked"
"""The parameter of a command that takes the shared options."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every question, as it stands on the command line."""

    scenario: Annotated[
        str | None, typer.Option(help="Wereld waarin de vraag wordt gesteld: naam of bestand.")
    ] = None
    plan: Annotated[Path | None, typer.Option(help="Eigen planbestand.")] = None
    region: Annotated[
        str, typer.Option(help="Jeugdregio, zoals JZ07, of all voor heel Nederland.")
    ] = "all"
    years: Annotated[float, typer.Option(help="Aantal jaren, ook gebroken (0.5).")] = 3
    replications: Annotated[
        int, typer.Option(help="Aantal herhalingen; met één is er geen band.")
    ] = 10
    seed: Annotated[
        int, typer.Option(help="Toevalsgetal: hetzelfde getal geeft dezelfde uitkomst.")
    ] = 2021
    start: Annotated[str, typer.Option(help="Eerste dag, jjjj-mm-dd.")] = "2021-01-01"
    workers: Annotated[str, typer.Option(help="Aantal processen, of dask://HOST:POORT.")] = "1"
    keep: Annotated[
        Path | None,
        typer.Option(help="Map waarin runs worden bewaard, zodat niets dubbel gebeurt."),
    ] = None
    lang: LANG = "nl"

    def asking(self, counted: Callable[[int, int], None]) -> Asking:
        """Gather what a question needs."""
        from stelsel.twin import baseline, load
        from stelsel.twin.plans.plan_file import NOTHING, read_plan
        from stelsel.twin.plans.scenario import BASELINE
        from stelsel.twin.questions import Asking
        from stelsel.twin.runs.pool import workers_of

        return Asking(
            self.region,
            self.years,
            self.replications,
            day(self.start, "--start"),
            self.seed,
            load(self.scenario) if self.scenario else BASELINE,
            read_plan(self.plan, baseline()) if self.plan else NOTHING,
            workers_of(self.workers),
            self.keep,
            counted,
        )


def question(*, without: Collection[str] = ()) -> Callable[[Callable[..., None]], Any]:
    """Let a command have the fields of :class:`Asked` as options, before its last one.

    The command itself takes them together, as ``asked``. Those in ``without`` it does not have:
    they are as they are by default.
    """

    def spread(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(Asked, include_extras=True)
        names = [one.name for one in fields(Asked) if one.name not in without]
        kinds = inspect.Parameter.KEYWORD_ONLY
        shared = [
            inspect.Parameter(one.name, kinds, default=one.default, annotation=hints[one.name])
            for one in fields(Asked)
            if one.name in names
        ]

        @functools.wraps(command)
        def wrapped(**given: Any) -> None:
            asked = Asked(**{name: given.pop(name) for name in names if name in given})
            command(**given, asked=asked)

        own_hints = get_type_hints(command, include_extras=True)
        own = [
            one.replace(kind=kinds, annotation=own_hints[one.name])
            for one in inspect.signature(command).parameters.values()
            if one.name != ASKED
        ]
        every = [*own[:-1], *shared, own[-1]]
        wrapped.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
        wrapped.__annotations__ = {one.name: one.annotation for one in every}
        return wrapped

    return spread


def day(text: str, option: str) -> date:
    """Read a day that an option names.

    Raises
    ------
    StelselError
        If it names none.

    Examples
    --------
    >>> day("2021-01-01", "--start")
    datetime.date(2021, 1, 1)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StelselError(no_date(text, option)) from None
