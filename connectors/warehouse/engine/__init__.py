"""Figures and rules on an engine that speaks Spark Connect, by the same SQL; the extra `engine`.

What is asked of a client without an engine, or of one where the extra is not installed, imports nothing of the extra.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config.client import Engine
from connectors.warehouse.engine.server import check_ready

if TYPE_CHECKING:
    from connectors.warehouse.engine.figures import Figures

__all__ = ["check_ready", "open_engine"]


def open_engine(engine: Engine, data: Path) -> Figures:
    """Where the engine is, and a client's data folder, in. Raises ConfigError, TargetError, Unavailable."""
    check_ready(engine)
    from connectors.warehouse.engine.figures import Figures

    return Figures.open(engine, data)
