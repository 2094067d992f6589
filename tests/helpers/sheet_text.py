"""A Sheet as text that a person can read and a test can compare."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from config.documents import Area, Sheet, Value


def sheet_text(sheet: Sheet) -> str:
    """One line a row: `column:value{look}`; then highlights, charts and the frame."""
    rows: dict[int, list[str]] = {}
    for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)):
        extent = f"+{cell.columns}" if cell.columns > 1 else ""
        link = f"→{cell.link}" if cell.link else ""
        rows.setdefault(cell.row, []).append(
            f"{_letter(cell.column)}{extent}:{_shown(cell.value)}{{{cell.look}}}{link}"
        )
    lines = [f"# {sheet.key} «{sheet.title}» widths {','.join(map(str, sheet.widths))}"]
    lines += [f"frozen {sheet.frozen_rows}×{sheet.frozen_columns} landscape {sheet.is_landscape}"]
    lines += [f"{row + 1:>3}  {'  '.join(cells)}" for row, cells in rows.items()]
    lines += [f"heat {each.kind} {' '.join(map(_area, each.areas))}" for each in sheet.highlights]
    for chart in sheet.charts:
        lines.append(
            f"chart {chart.key} {chart.kind} at row {chart.anchor_row + 1} by {_area(chart.categories)} {chart.look}"
        )
        lines += [
            f"  {each.role} «{each.name}» {_area(each.values)} running {each.running_points}" for each in chart.series
        ]
    return "\n".join(lines).replace("\u00a0", " ") + "\n"


def words_of(sheet: Sheet) -> list[str]:
    """Every text of the sheet, ordinary spaces for non-breaking ones."""
    return [cell.value.replace("\u00a0", " ") for cell in sheet.cells if isinstance(cell.value, str)]


def told_of(sheet: Sheet, key: str) -> dict[str, Value]:
    """The key of a table's row in; what it says under each header, whichever columns they stand in."""
    row = next(row for row, known in sheet.row_keys.items() if known == key)
    heads = [cell for cell in sheet.cells if cell.row < row and cell.look.startswith("header")]
    above = {cell.column: str(cell.value) for cell in heads if cell.row == max(head.row for head in heads)}
    return {
        above[cell.column].replace("\u00a0", " "): cell.value
        for cell in sheet.cells
        if cell.row == row and cell.column in above
    }


def _shown(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _area(area: Area) -> str:
    return f"{_letter(area.column)}{area.row + 1}:{_letter(area.last_column)}{area.last_row + 1}"


def _letter(column: int) -> str:
    return chr(ord("A") + column)
