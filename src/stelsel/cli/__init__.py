"""The commands. Each says what it does in ``--help``; none computes anything itself."""

from __future__ import annotations

import sys

import typer

from stelsel.cli.benchmark import benchmark
from stelsel.cli.chains import chains
from stelsel.cli.check import check
from stelsel.cli.codes import codes
from stelsel.cli.deliver import deliver
from stelsel.cli.demo import demo
from stelsel.cli.disclosure import disclosure
from stelsel.cli.figures import figures
from stelsel.cli.fit import fit
from stelsel.cli.ijw import ijw
from stelsel.cli.indicators import indicators
from stelsel.cli.ingest import ingest
from stelsel.cli.link import link
from stelsel.cli.map import map_
from stelsel.cli.output import show_faults
from stelsel.cli.plan import plan
from stelsel.cli.promises import promises
from stelsel.cli.publish import publish
from stelsel.cli.quality import quality
from stelsel.cli.questions import compare, explain_change, seek, sensitivity
from stelsel.cli.register import register
from stelsel.cli.report import report
from stelsel.cli.scenario import scenario
from stelsel.cli.serve import serve
from stelsel.cli.simulate import simulate
from stelsel.cli.spells import spells
from stelsel.cli.supervision import supervision
from stelsel.cli.template import template
from stelsel.cli.validate import validate
from stelsel.cli.warning import warning
from stelsel.cli.worklist import worklist
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
app.command()(demo)
app.command()(check)
app.add_typer(ijw)
app.add_typer(register)
app.command()(ingest)
app.command()(spells)
app.command()(quality)
app.command()(deliver)
app.command()(template)
app.add_typer(indicators, name="indicators")
app.command()(benchmark)
app.command()(supervision)
app.command()(warning)
app.command()(worklist)
app.command()(chains)
app.command()(codes)
app.command()(link)
app.command()(figures)
app.command()(promises)
app.command("map")(map_)
app.add_typer(plan, name="plan")
app.add_typer(scenario, name="scenario")
app.command()(simulate)
app.command()(validate)
app.command()(fit)
app.command()(compare)
app.command()(seek)
app.command("explain-change")(explain_change)
app.command()(sensitivity)
app.add_typer(disclosure, name="disclosure")
app.command()(publish)
app.command()(report)
app.command()(serve)


def main() -> None:
    """Run the command line; an error of the input ends with code 2 and says all that is wrong."""
    try:
        app()
    except StelselError as error:
        show_faults(error)
        sys.exit(2)
