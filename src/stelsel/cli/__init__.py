"""The commands. Each says what it does in ``--help``; none computes anything itself."""

from __future__ import annotations

import sys

import typer

from stelsel.cli import check, demo, figures, indicators, ingest, report, serve, simulate
from stelsel.cli.output import show_faults
from stelsel.errors import StelselError

app = typer.Typer(
    name="stelsel",
    help="Zie, verklaar en voorzie het jeugdstelsel. (See, explain and foresee the youth-care "
    "system.)",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(demo.demo)
app.command()(check.check)
app.command()(ingest.ingest)
app.command()(indicators.indicators)
app.command()(figures.figures)
app.command()(simulate.simulate)
app.command()(report.report)
app.command()(serve.serve)


def main() -> None:
    """Run the command line; an error of the input ends with code 2 and says all that is wrong."""
    try:
        app()
    except StelselError as error:
        show_faults(error)
        sys.exit(2)
