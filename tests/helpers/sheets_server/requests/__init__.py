"""Kinds of batchUpdate requests: `HANDLERS` says which function carries out which."""

from __future__ import annotations

from collections.abc import Callable

from tests.helpers.sheets_server.model import Json

from . import (
    banding,
    borders,
    cells,
    charts,
    conditional,
    dimensions,
    duplicates,
    filters,
    groups,
    merges,
    metadata,
    named,
    paste,
    protection,
    sheets,
    shifts,
    sorting,
    tables,
    text,
    validation,
)
from .call import Call

Handler = Callable[[Call, Json], Json | None]

HANDLERS: dict[str, Handler] = {
    **sheets.HANDLERS,
    **duplicates.HANDLERS,
    **cells.HANDLERS,
    **dimensions.HANDLERS,
    **shifts.HANDLERS,
    **groups.HANDLERS,
    **merges.HANDLERS,
    **borders.HANDLERS,
    **conditional.HANDLERS,
    **banding.HANDLERS,
    **charts.HANDLERS,
    **protection.HANDLERS,
    **named.HANDLERS,
    **filters.HANDLERS,
    **validation.HANDLERS,
    **metadata.HANDLERS,
    **paste.HANDLERS,
    **sorting.HANDLERS,
    **text.HANDLERS,
    **tables.HANDLERS,
}

__all__ = ["HANDLERS", "Call"]
