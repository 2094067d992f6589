"""Whose report stands in a spreadsheet → whether this client may publish there, and what it takes over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from config.errors import TargetError
from connectors.google_sheets.known.marks import owner_noted
from connectors.google_sheets.known.publication import Occasion
from connectors.google_sheets.known.state import State


@dataclass(frozen=True)
class Claim:
    """What a client finds when it comes to a spreadsheet."""

    original: str | None = None
    """The file of which this one is a copy; None if it is none."""
    is_foreign: bool = False
    """The copy is of another client's report, whose figures are not kept."""


def claimed(state: State, spreadsheet: str, occasion: Occasion, known: Collection[str]) -> Claim:
    """A spreadsheet as it stands, who comes, and the publications that it remembers to have made there, in; the claim.

    A client that was renamed is known by what it remembers. Raises TargetError for another client's spreadsheet.
    """
    noted = owner_noted(state.client)
    if noted is None or not occasion.client:
        return Claim()
    is_copy = noted.file != spreadsheet
    if noted.client == occasion.client:
        return Claim(noted.file if is_copy else None)
    if is_copy:
        return Claim(noted.file, is_foreign=True)
    if state.stamp in known:
        return Claim()
    raise TargetError("google.other_client", sheet=state.title, owner=noted.client, client=occasion.client)
