"""Common spellings of advertising channels, for the dictionary that a new client starts with: channel_names.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from config.declarations import declaration


@cache
def channel_names() -> dict[str, list[str]]:
    """Name of a channel, as the profiles of advertising give it → how calls and deals may call it."""
    declared = declaration(Path(__file__).parent / "channel_names.yaml")
    return {name: [str(alias) for alias in aliases] for name, aliases in declared.items()}
