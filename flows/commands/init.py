"""`svodka init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.words import say


def command(folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)]) -> None:
    """Not there yet."""
    raise NotImplementedError(folder)
