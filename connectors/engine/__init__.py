"""Figures and rules on an engine that speaks Spark Connect, by the same SQL; the extra `engine`."""

from connectors.engine.figures import Figures, check_ready

__all__ = ["Figures", "check_ready"]
