"""Pages to look at: the list of spreadsheets, and one spreadsheet as tables with fills, bold text and merges."""

from __future__ import annotations

from html import escape

from .a1 import column_letters
from .cells import formatted
from .formulas.evaluate import Calculation
from .model import Cell, Json, Sheet, Spreadsheet
from .ranges import Rect, rect_of
from .world import World

MAX_ROWS = 500
STYLE = """body{font:14px Arial,sans-serif;margin:24px}table{border-collapse:collapse;margin:8px 0 28px}
td,th{border:1px solid #d0d0d0;padding:2px 6px;vertical-align:bottom}
th{background:#f3f3f3;font-weight:normal;color:#666}
.note{border-right:3px solid #f4b400}.list td{border:0}h2 small{color:#888;font-weight:normal}"""


def page(title: str, body: str) -> str:
    """A title and HTML in; the whole page out."""
    head = f"<meta charset=utf-8><title>{escape(title)}</title><style>{STYLE}</style>"
    return f"<!DOCTYPE html><html lang=ru>{head}<h1>{escape(title)}</h1>{body}</html>"


def show_index(world: World) -> str:
    """A server's state in; the page that lists its spreadsheets out; a single one is shown at once."""
    with world.lock:
        books = [book for book in world.books.values() if book.owner != "stranger@example.com"]
        if len(books) == 1:
            return show_book(world, books[0])
        items = "".join(
            f'<tr><td><a href="/spreadsheets/{escape(book.id)}">{escape(book.title)}</a><td>{len(book.sheets)}'
            f"<td><code>{escape(book.id)}</code>"
            for book in books
        )
        return page(
            "Google Sheets: test server", f"<table class=list>{items}</table>" if items else "<p>No spreadsheets yet."
        )


def show_page(world: World, book_id: str) -> str:
    """A spreadsheet's id in; its page out."""
    with world.lock:
        book = world.books.get(book_id)
        return page("No such spreadsheet", "") if book is None else show_book(world, book)


def show_book(world: World, book: Spreadsheet) -> str:
    """A spreadsheet in; the page with all its sheets out."""
    calculation = Calculation(book, world.clock.now())
    return page(book.title, "".join(show_sheet(calculation, sheet) for sheet in book.sheets))


def show_sheet(calculation: Calculation, sheet: Sheet) -> str:
    """A sheet in; its heading and table out."""
    hidden = ", hidden" if sheet.properties.get("hidden") else ""
    color = css_color(sheet.properties.get("tabColor")) or "transparent"
    facts = f"{sheet.row_count} × {sheet.column_count}{hidden}, {len(sheet.charts)} charts"
    heading = (
        f'<h2 style="border-left:8px solid {color};padding-left:8px">{escape(sheet.title)} <small>{facts}</small></h2>'
    )
    bottom = min(len(sheet.rows), MAX_ROWS)
    right = max((max(cells, default=-1) + 1 for cells in sheet.rows), default=0)
    merges = [rect_of(sheet, merge) for merge in sheet.merges]
    letters = "".join(f"<th>{column_letters(column)}" for column in range(right))
    rows = "".join(
        f"<tr><th>{row + 1}" + "".join(show_cell(calculation, sheet, row, column, merges) for column in range(right))
        for row in range(bottom)
    )
    charts = "".join(f"<p>📊 {escape(chart['spec'].get('title', 'chart'))}" for chart in sheet.charts)
    return f"{heading}<table><tr><th>{letters}{rows}</table>{charts}"


def show_cell(calculation: Calculation, sheet: Sheet, row: int, column: int, merges: list[Rect]) -> str:
    """A place in; its table cell out, nothing for one covered by a merge."""
    span = ""
    for rect in merges:
        if rect.contains(row, column):
            if (row, column) != (rect.top, rect.left):
                return ""
            span = f" rowspan={rect.bottom - rect.top} colspan={rect.right - rect.left}"
    cell = sheet.cell(row, column)
    value = calculation.value(sheet, row, column)
    text = "" if value is None else formatted(calculation, sheet, cell, value)
    note = f' class=note title="{escape(cell.note, quote=True)}"' if cell.note else ""
    return f'<td{span}{note} style="{css(cell, value)}">{escape(text).replace(chr(10), "<br>")}'


def css(cell: Cell, value: object) -> str:
    """A cell in; its style out."""
    shown: Json = cell.format or {}
    text = shown.get("textFormat", {})
    right = isinstance(value, int | float) and not isinstance(value, bool)
    align = shown.get("horizontalAlignment", "RIGHT" if right else "LEFT").lower()
    rules = {
        "text-align": align,
        "background": css_color(shown.get("backgroundColor")),
        "color": css_color(text.get("foregroundColor")),
        "font-weight": "bold" if text.get("bold") else "",
        "font-style": "italic" if text.get("italic") else "",
        "font-size": f"{text['fontSize']}pt" if "fontSize" in text else "",
    }
    return ";".join(f"{name}:{rule}" for name, rule in rules.items() if rule)


def css_color(color: Json | None) -> str:
    """A Color in, rgb(…) out, "" for none."""
    if color is None:
        return ""
    return "rgb(" + ",".join(str(round(color.get(name, 0) * 255)) for name in ("red", "green", "blue")) + ")"
