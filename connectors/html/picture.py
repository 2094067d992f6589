"""The first screen of a Sheet → a picture as wide as a phone: drawn as SVG, made PNG without a browser."""

from collections.abc import Iterator, Mapping
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from config.documents import Cell, Sheet
from config.letters import broken, column_pixels
from config.messages import DEFAULT_LANGUAGE, Language
from config.theme import Look, look, theme
from connectors.html.charts import Cells, chart_svg
from connectors.html.written import PHONE_COLUMNS, written

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Arimo"
"""As wide as Arial letter by letter, with Cyrillic; shipped, since a server has no fonts."""
USUAL_POINTS = 15
PIXELS_PER_POINT = 96 / 72
SCREEN_PX = 900
"""Height of what a phone shows at first, and a little more."""
MARGIN_PX = 8
CELL_PADDING = 4


class Grid(NamedTuple):
    """Where columns and rows begin, in pixels; the last entry is where they end."""

    columns: tuple[int, ...]
    rows: tuple[float, ...]


def picture(sheet: Sheet, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """The sheet in; PNG of its first screen out, twice as fine as it is wide, so that a phone shows it sharp."""
    import resvg_py

    png: bytes = resvg_py.svg_to_bytes(
        svg_string=picture_svg(sheet, language),
        font_dirs=[str(FONTS)],
        skip_system_fonts=True,
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        background="#ffffff",
        zoom=2.0,
    )
    return bytes(png)


def picture_svg(sheet: Sheet, language: Language = DEFAULT_LANGUAGE) -> str:
    """The rows and charts that a first screen holds, as one `<svg>`."""
    grid = _grid(sheet)
    last = _last_row(sheet, grid)
    cells: Cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    width, height = grid.columns[-1] + 2 * MARGIN_PX, grid.rows[last + 1] + 2 * MARGIN_PX
    body = "".join(piece for cell in sheet.cells if cell.row <= last for piece in _cell(cell, grid, language))
    charts = "".join(_charts(sheet, last, grid, cells, language))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:.0f}" font-family="{FAMILY}">'
        f'<g transform="translate({MARGIN_PX} {MARGIN_PX})">{body}{charts}</g></svg>'
    )


def _grid(sheet: Sheet) -> Grid:
    rows = max((cell.row + cell.rows for cell in sheet.cells), default=1)
    rows = max([rows, *(chart.anchor_row + 1 for chart in sheet.charts)])
    heights = [sheet.heights.get(row, USUAL_POINTS) * PIXELS_PER_POINT for row in range(rows)]
    widths = [column_pixels([width]) for width in sheet.widths[:PHONE_COLUMNS]]
    return Grid(tuple(accumulate(widths, initial=0)), tuple(accumulate(heights, initial=0.0)))


def _last_row(sheet: Sheet, grid: Grid) -> int:
    """The last row that fits, before a chart that would be cut with its title."""
    fitting = max((row for row in range(len(grid.rows) - 1) if grid.rows[row + 1] <= SCREEN_PX), default=0)
    for chart in sorted(sheet.charts, key=lambda chart: chart.anchor_row):
        if chart.anchor_row <= fitting and grid.rows[chart.anchor_row] + chart.height_px > SCREEN_PX:
            return max(0, chart.anchor_row - 2)
    return fitting


def _cell(cell: Cell, grid: Grid, language: Language) -> Iterator[str]:
    """Fill, lines and words of a cell."""
    if cell.column >= len(grid.columns) - 1:
        return
    drawn = look(cell.look)
    left, right = grid.columns[cell.column], grid.columns[min(cell.column + cell.columns, len(grid.columns) - 1)]
    top, bottom = grid.rows[cell.row], grid.rows[min(cell.row + cell.rows, len(grid.rows) - 1)]
    if drawn.fill:
        size = f'width="{right - left}" height="{bottom - top:.1f}"'
        yield f'<rect x="{left}" y="{top:.1f}" {size} fill="#{drawn.fill}"/>'
    for y, line in ((top, drawn.top), (bottom, drawn.bottom)):
        if line != "none":
            stroke = f'stroke="#{theme().lines[line]}" stroke-width="{2 if line == "strong" else 1}"'
            yield f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" {stroke}/>'
    yield from _words(written(cell.value, drawn, language), drawn, (left, right), (top, bottom))


def _words(text: str, drawn: Look, across: tuple[int, int], down: tuple[float, float]) -> Iterator[str]:
    (left, right), (top, bottom) = across, down
    lines = [line for part in text.split("\n") for line in _wrapped(part, right - left, drawn)]
    step, size = drawn.size * 1.3 * PIXELS_PER_POINT, drawn.size * PIXELS_PER_POINT
    free = bottom - top - step * len(lines)
    start = top + {"top": 1.0, "center": free / 2, "bottom": free - 1}[drawn.vertical] + size * 0.98
    indent = CELL_PADDING + 8 * drawn.indent
    x, anchor = {"left": (left + indent, "start"), "right": (right - indent, "end")}.get(
        drawn.align, ((left + right) / 2, "middle")
    )
    weight = ' font-weight="bold"' if drawn.bold else ""
    slant = ' font-style="italic"' if drawn.italic else ""
    for number, line in enumerate(lines):
        place = f'x="{x}" y="{start + step * number:.1f}" text-anchor="{anchor}" font-size="{size:.1f}"'
        yield f'<text {place} fill="#{drawn.color}"{weight}{slant}>{escape(line)}</text>'


def _wrapped(text: str, room: int, drawn: Look) -> list[str]:
    if not text:
        return []
    return broken(text, room, drawn.size, bold=drawn.bold) if drawn.wrap else [text]


def _charts(
    sheet: Sheet, last: int, grid: Grid, cells: Mapping[tuple[int, int], Cell], language: Language
) -> Iterator[str]:
    for chart in sheet.charts:
        if chart.anchor_row <= last:
            x, y = grid.columns[chart.anchor_column], grid.rows[chart.anchor_row]
            drawn = chart_svg(chart, cells, language)
            yield drawn.replace("<svg ", f'<svg x="{x}" y="{y:.1f}" ', 1)
