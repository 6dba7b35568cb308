"""``stelsel serve``: show the page in a browser on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stelsel.cli.output import screen
from stelsel.cli.report import rendered

DEMO = Path("demo")
"""Where ``stelsel demo`` leaves its register and its run."""


def serve(
    *,
    register: Annotated[
        Path | None, typer.Option(help="Map van het register; zonder: wat in demo/ staat.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="Map van een simulatie, voor de wat-als op de pagina.")
    ] = None,
    port: Annotated[int, typer.Option(help="Poort op deze computer; 0 kiest een vrije.")] = 8765,
) -> None:
    """Toon de pagina in een browser, alleen op deze computer (show the page in a browser)."""
    from stelsel.web.serve import serve as show

    if register is None:
        register = DEMO / "register"
        run = run or (DEMO / "run" if (DEMO / "run").is_dir() else None)
    show(
        rendered(register, run),
        port,
        say=lambda url: screen.print(
            f"De pagina staat op {url} (stoppen met Ctrl-C).", highlight=False, soft_wrap=True
        ),
    )
