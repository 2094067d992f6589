"""What a request is carried out with: the draft, the caller and the moment; and ids that are free."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.guards import guard_cells
from tests.helpers.sheets_server.model import Json, Sheet, Spreadsheet
from tests.helpers.sheets_server.ranges import Place, place

ID_LIMIT = 2**31 - 1
OBJECTS = {
    "chartId": "charts",
    "slicerId": "slicers",
    "protectedRangeId": "protected_ranges",
    "bandedRangeId": "banded_ranges",
    "filterViewId": "filter_views",
    "tableId": "tables",
}


@dataclass(frozen=True)
class Call:
    """A draft that may be changed, who asks, and when (seconds since 1970)."""

    book: Spreadsheet
    user: str
    now: float = 0.0

    def place(self, grid_range: Json) -> Place:
        """A GridRange in; its place on the grid out. Raises ApiError 400."""
        return place(self.book, grid_range)

    def editable(self, grid_range: Json) -> Place:
        """A GridRange in; its place out if the caller may edit it. Raises ApiError 400."""
        found = self.place(grid_range)
        guard_cells(self.book, found.sheet, found.rect, self.user)
        return found

    def sheet(self, sheet_id: int) -> Sheet:
        """A sheetId of a request about a sheet in; the sheet out. Raises ApiError 400."""
        found = self.book.find(sheet_id)
        if found is None:
            raise invalid(f"No sheet with id: {sheet_id}")
        return found

    def attached(self, id_name: str) -> Iterator[tuple[Sheet, Json]]:
        """The name of an id in; every object that has one, with its sheet, out."""
        for sheet in self.book.sheets:
            for item in getattr(sheet, OBJECTS[id_name]):
                yield sheet, item

    def find(self, id_name: str, wanted: Any, sentence: str) -> tuple[Sheet, Json]:
        """An object's id in; the object and its sheet out. Raises ApiError 400 with the sentence."""
        for sheet, item in self.attached(id_name):
            if item[id_name] == wanted:
                return sheet, item
        raise invalid(sentence)

    def new_id(self, id_name: str, chosen: Any = None, noun: str = "object") -> Any:
        """The id a caller chose, or None, in; an id that is free out. Raises ApiError 400 when it is taken."""
        taken = {item[id_name] for _, item in self.attached(id_name)}
        return free_id(taken, chosen, f"Cannot add {noun} with ID {chosen}: that ID already exists.")


def free_id(taken: set[Any], chosen: Any, sentence: str) -> Any:
    """Ids in use and a wish in; the wish or, without one, a random id out. Raises ApiError 400."""
    if chosen is not None:
        if chosen in taken:
            raise invalid(sentence)
        return chosen
    while True:
        number = random.randint(1, ID_LIMIT)
        if number not in taken:
            return number
