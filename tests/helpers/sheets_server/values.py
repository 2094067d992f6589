"""The values collection: ranges and values in, Google's answers out. Reads and writes, RAW and USER_ENTERED."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import a1
from .a1 import Bounds
from .cells import checked, formatted, shared
from .entered import read_entered
from .errors import invalid
from .formats import is_date
from .formulas.evaluate import Calculation
from .formulas.formats_of import number_format_of
from .formulas.plain import ErrorCell
from .guards import guard_cells
from .model import Cell, Formula, Json, Sheet, Spreadsheet
from .proto import proto_text
from .ranges import Place, Rect, clip, find_range, locate


@dataclass(frozen=True)
class Rendering:
    """How values are shown: the options of a read."""

    value: str = "FORMATTED_VALUE"
    moment: str = "SERIAL_NUMBER"
    dimension: str = "ROWS"

    @classmethod
    def of(cls, options: Any) -> Rendering:
        """The query or the body of a read in; its options out."""
        dimension = options.get("majorDimension", "ROWS")
        return cls(
            options.get("valueRenderOption", "FORMATTED_VALUE"),
            options.get("dateTimeRenderOption", "SERIAL_NUMBER"),
            "ROWS" if dimension == "DIMENSION_UNSPECIFIED" else dimension,
        )

    @classmethod
    def of_answer(cls, options: Any, dimension: str) -> Rendering:
        """The query or the body of a write in; how its answer shows what was written out."""
        return cls(
            options.get("responseValueRenderOption", "FORMATTED_VALUE"),
            options.get("responseDateTimeRenderOption", "SERIAL_NUMBER"),
            dimension,
        )


def read(book: Spreadsheet, text: str, rendering: Rendering, now: float = 0.0) -> Json:
    """A1 text and options in; a ValueRange out. Trailing blank cells and rows are cut."""
    return read_place(book, find_range(book, text), rendering, now)


def read_place(book: Spreadsheet, found: Place, rendering: Rendering, now: float = 0.0) -> Json:
    """A place and options in; a ValueRange out."""
    calculation = Calculation(book, now)
    sheet, rect = found.sheet, found.rect
    calculate_spills(calculation, sheet)
    rows: list[list[Any]] = []
    bottom = min(rect.bottom, max(len(sheet.rows), 1 + max((key[1] for key in calculation.spilled), default=0)))
    for row in range(rect.top, bottom):
        line = [
            shown_value(calculation, sheet, row, column, rendering) for column in used(calculation, sheet, row, rect)
        ]
        while line and line[-1] == "":
            line.pop()
        rows.append(line)
    while rows and not rows[-1]:
        rows.pop()
    answer: Json = {"range": found.text, "majorDimension": rendering.dimension}
    if rendering.dimension == "COLUMNS":
        rows = transposed(rows)
    if rows:
        answer["values"] = rows
    return answer


def calculate_spills(calculation: Calculation, sheet: Sheet) -> None:
    """Evaluates the formulas whose results fill other cells too."""
    for row, cells in enumerate(sheet.rows):
        for column, cell in cells.items():
            if isinstance(cell.value, Formula) and any(
                word in cell.value.upper() for word in ("ARRAY", "{", "UNIQUE", "TRANSPOSE")
            ):
                calculation.value(sheet, row, column)


def used(calculation: Calculation, sheet: Sheet, row: int, rect: Rect) -> range:
    """A row of a rectangle in; its columns up to the last one with anything in it out."""
    columns = list(sheet.rows[row]) if row < len(sheet.rows) else []
    columns += [key[2] for key in calculation.spilled if key[0] == sheet.id and key[1] == row]
    return range(rect.left, min(rect.right, max(columns, default=-1) + 1))


def transposed(rows: list[list[Any]]) -> list[list[Any]]:
    """Ragged rows in; ragged columns out."""
    width = max(map(len, rows), default=0)
    columns = [[row[at] if at < len(row) else "" for row in rows] for at in range(width)]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    return columns


def shown_value(calculation: Calculation, sheet: Sheet, row: int, column: int, rendering: Rendering) -> Any:
    """A place and options in; the JSON value out, "" for a blank cell."""
    cell = sheet.cell(row, column)
    if rendering.value == "FORMULA" and isinstance(cell.value, Formula):
        return str(cell.value)
    value = calculation.value(sheet, row, column)
    if value is None:
        return ""
    if rendering.value == "FORMATTED_VALUE":
        return formatted(calculation, sheet, cell, value)
    if isinstance(value, ErrorCell):
        return f"{value.shown} ({value.message})" if value.message else value.shown
    if rendering.moment == "FORMATTED_STRING" and isinstance(value, int | float) and not isinstance(value, bool):
        number_format = (cell.format or {}).get("numberFormat") or number_format_of(calculation, sheet, cell)
        return formatted(calculation, sheet, cell, value) if is_date(number_format) else value
    return value


@dataclass(frozen=True)
class Written:
    """What a write did: the place of the data, and how many rows, columns and cells were written."""

    place: Place
    rows: frozenset[int]
    columns: frozenset[int]
    cells: int

    def answer(self, book: Spreadsheet) -> Json:
        """The UpdateValuesResponse."""
        counts = {"updatedRows": len(self.rows), "updatedColumns": len(self.columns), "updatedCells": self.cells}
        shown = {name: count for name, count in counts.items() if count}
        return {"spreadsheetId": book.id, "updatedRange": self.place.text, **shown}


def by_rows(sent: Json) -> list[list[Any]]:
    """A ValueRange in; its values as rows out, None where a cell is left alone. Raises ApiError 400."""
    values = sent.get("values") or []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if isinstance(value, list | dict):
                kind = "list_value" if isinstance(value, list) else "struct_value"
                raise invalid(f"Invalid values[{row}][{column}]: {kind} {proto_text(value)}")
    if sent.get("majorDimension") != "COLUMNS":
        return [list(line) for line in values]
    height = max(map(len, values), default=0)
    return [[line[row] if row < len(line) else None for line in values] for row in range(height)]


def write(book: Spreadsheet, text: str, sent: Json, option: str | None, user: str) -> Written:
    """A1 text, a ValueRange and RAW or USER_ENTERED in; what was written out. Raises ApiError 400; never grows."""
    input_option = checked_option(option)
    if sent.get("range") and sent["range"] != text and locate(book, sent["range"]) != locate(book, text):
        raise invalid(f"Requested writing to range [{text}], but the request body specified range [{sent['range']}].")
    sheet, bounds = locate(book, text)
    return write_rows(book, sheet, bounds, by_rows(sent), input_option, user=user)


def checked_option(option: str | None) -> str:
    """ValueInputOption in, itself out. Raises ApiError 400 when it is missing."""
    if option in (None, "INPUT_VALUE_OPTION_UNSPECIFIED"):
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def write_rows(
    book: Spreadsheet, sheet: Sheet, bounds: Bounds, rows: list[list[Any]], option: str, *, user: str
) -> Written:
    """Rows and where they go in; what was written out."""
    rect = clip(sheet, bounds)
    is_anchor = bounds.bottom == rect.top + 1 and bounds.right == rect.left + 1
    height, width = len(rows), max(map(len, rows), default=0)
    limit = Rect(rect.top, sheet.row_count, rect.left, sheet.column_count) if is_anchor else rect
    check_fits(sheet, limit, rect, height, width)
    target = Rect(rect.top, rect.top + max(height, 1), rect.left, rect.left + max(width, 1))
    guard_cells(book, sheet, target, user)
    touched: list[tuple[int, int]] = []
    for down, line in enumerate(rows):
        for right, value in enumerate(line):
            if value is not None:
                place = rect.top + down, rect.left + right
                sheet.put(*place, entered(sheet.cell(*place), value, option, book.locale))
                touched.append(place)
    return Written(
        Place(sheet, target),
        frozenset(row for row, _ in touched),
        frozenset(column for _, column in touched),
        len(touched),
    )


def check_fits(sheet: Sheet, limit: Rect, rect: Rect, height: int, width: int) -> None:
    """Raises ApiError 400 when the data go beyond the range or, from an anchor cell, beyond the grid."""
    text = a1.full_text(sheet.title, rect.bounds)
    if rect.top + height > limit.bottom:
        raise invalid(f"Requested writing within range [{text}], but tried writing to row [{limit.bottom + 1}]")
    if rect.left + width > limit.right:
        letters = a1.column_letters(limit.right)
        raise invalid(f"Requested writing within range [{text}], but tried writing to column [{letters}]")


def entered(cell: Cell, value: Any, option: str, locale: str) -> Cell:
    """A cell and what is written into it in; the cell then out. Raises ApiError 400."""
    if isinstance(value, str):
        checked(value)
    if option == "RAW" or not isinstance(value, str):
        return replace(cell, value=checked(value), runs=(), hyperlink="", other=None)
    own = cell.format or {}
    read_as = read_entered(value, locale, own.get("numberFormat", {}).get("type") == "TEXT")
    cell_format = cell.format
    if read_as.number_format and "numberFormat" not in own:
        cell_format = shared({**own, "numberFormat": read_as.number_format})
    return replace(
        cell, value=checked(read_as.value), format=cell_format, hyperlink=read_as.hyperlink, runs=(), other=None
    )


def clear(book: Spreadsheet, text: str, user: str) -> str:
    """A1 text in; the range, inside the grid, whose values are now gone out."""
    found = find_range(book, text)
    guard_cells(book, found.sheet, found.rect, user)
    clear_place(found)
    return found.text


def clear_place(found: Place) -> None:
    """Takes the values out of a place; formats and notes stay."""
    rect = found.rect
    for row in range(rect.top, min(rect.bottom, len(found.sheet.rows))):
        for column in [at for at in found.sheet.rows[row] if rect.left <= at < rect.right]:
            found.sheet.update(row, column, value=None, runs=(), hyperlink="", other=None)
