"""One shift on one sheet: cells, ranges and references before in, where they are afterwards out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from .formulas.references import Corner, Reference
from .model import Json
from .moves import Change, Delete, Span

ROWS = ("startRowIndex", "endRowIndex")
COLUMNS = ("startColumnIndex", "endColumnIndex")


@dataclass(frozen=True)
class Shift:
    """What happens to rows or columns of a sheet; `band` is the part of the other dimension it is limited to."""

    sheet_id: int
    dimension: str
    change: Change
    band: Span | None = None

    @property
    def is_rows(self) -> bool:
        """Do rows shift, yes or no."""
        return self.dimension == "ROWS"

    def cell(self, row: int, column: int) -> tuple[int, int] | None:
        """A place in; where its cell is afterwards out."""
        along, across = (row, column) if self.is_rows else (column, row)
        if self.band is not None and not self.band[0] <= across < self.band[1]:
            return row, column
        moved = self.change.point(along)
        if moved is None:
            return None
        return (moved, column) if self.is_rows else (row, moved)

    def range(self, shown: Json) -> Json | None:
        """A GridRange in; the range afterwards out, None if nothing is left. Open ends stay open."""
        if shown.get("sheetId", 0) != self.sheet_id or not self.is_inside(shown):
            return shown
        names = ROWS if self.is_rows else COLUMNS
        start, end = shown.get(names[0]), shown.get(names[1])
        if start is None and end is None:
            return shown
        moved = self.change.span(start or 0, 2**31 if end is None else end)
        if moved is None:
            return None
        changed = dict(shown)
        if start is not None or moved[0]:
            changed[names[0]] = moved[0]
        if end is not None:
            changed[names[1]] = moved[1]
        return changed

    def is_inside(self, shown: Json) -> bool:
        """Does a range lie whole inside the band, yes or no."""
        if self.band is None:
            return True
        start, end = (shown.get(name) for name in (COLUMNS if self.is_rows else ROWS))
        return self.band[0] <= (start or 0) and end is not None and end <= self.band[1]

    def line_range(self, shown: Json) -> Json | None:
        """A DimensionRange in; the range afterwards out, None if nothing is left."""
        if shown.get("sheetId", 0) != self.sheet_id or shown.get("dimension") != self.dimension or self.band:
            return shown
        if "startIndex" not in shown or "endIndex" not in shown:
            return shown
        moved = self.change.span(shown["startIndex"], shown["endIndex"])
        return None if moved is None else {**shown, "startIndex": moved[0], "endIndex": moved[1]}

    def anchor(self, shown: Json) -> Json:
        """A GridCoordinate in; the coordinate afterwards out: of a deleted cell, the one that took its place."""
        if shown.get("sheetId", 0) != self.sheet_id:
            return shown
        place = shown.get("rowIndex", 0), shown.get("columnIndex", 0)
        moved = self.cell(*place)
        if moved is None:
            start = cast("Delete", self.change).start
            moved = (start, place[1]) if self.is_rows else (place[0], start)
        kept = {name: value for name, value in shown.items() if name not in ("rowIndex", "columnIndex")}
        return kept | {name: at for name, at in zip(("rowIndex", "columnIndex"), moved, strict=True) if at}

    def reference(self, reference: Reference) -> str | None:
        """A reference to this sheet in; its text afterwards out, #REF! if it is gone, None if it does not move."""
        bounds = reference.bounds
        if self.band is not None and not self.covers(reference):
            return None
        if reference.end is None:
            place = self.cell(reference.start.row or 0, reference.start.column or 0)
            if place is None:
                return "#REF!"
            return replace(reference, start=self.put(reference.start, place[0] if self.is_rows else place[1])).text
        start, end = (bounds.top, bounds.bottom) if self.is_rows else (bounds.left, bounds.right)
        if start is None:
            return None
        moved = self.change.span(start, 2**31 if end is None else end)
        if moved is None:
            return "#REF!"
        last = self.put(reference.end, moved[1] - 1) if end is not None else reference.end
        return replace(reference, start=self.put(reference.start, moved[0]), end=last).text

    def covers(self, reference: Reference) -> bool:
        """Does the band hold the whole reference, yes or no."""
        corners = [corner for corner in (reference.start, reference.end) if corner is not None]
        across = [corner.column if self.is_rows else corner.row for corner in corners]
        low, high = self.band or (0, 2**31)
        return all(place is not None and low <= place < high for place in across)

    def put(self, corner: Corner, place: int) -> Corner:
        """A corner and its new line in; the corner there out, an open one stays open."""
        if self.is_rows:
            return corner if corner.row is None else replace(corner, row=place)
        return corner if corner.column is None else replace(corner, column=place)
