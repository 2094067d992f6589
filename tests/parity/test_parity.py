"""One report through both writers: the workbook and the spreadsheet agree cell by cell."""

from __future__ import annotations

import html
import io
import itertools
import re
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from config.documents import Area, Cell, Chart, ChartKind, Highlight, HighlightKind, Series, SeriesRole, Sheet
from config.letters import column_pixels
from config.theme import look, theme
from connectors.google_sheets.values import canonical, plain
from connectors.html import page_bytes
from connectors.html.written import written
from connectors.xlsx.write import workbook_bytes
from tests.connectors.google_sheets.report_sheets import channels, summary
from tests.helpers.further_tables import further_input
from transforms.layout import lay_out

NUMBERS = ("текст", "=1+1", "", None, 0, 12, -7, 1_284_500, Decimal("0.21"), 0.5, True)
DAYS = ("текст", None, date(2026, 9, 20), datetime(2026, 9, 21, 3, 4))
HEAD = re.compile(r"^\[\$-[0-9A-F]+\]")


def every_look() -> Sheet:
    """A sheet with each format plain, some under each style, over values of each kind; notes and merges among them."""
    looks = [*theme().formats, *(f"{name}.{style}" for name in ("text", "money", "change") for style in theme().styles)]
    cells = [
        Cell(row, column, value, look, note="Что это" if row == 0 else None)
        for row, look in enumerate(looks)
        for column, value in enumerate(DAYS if look.partition(".")[0] in {"date", "month", "moment"} else NUMBERS)
    ]
    below = len(looks)
    cells += [
        Cell(below, 0, "Слово", "title", columns=3),
        Cell(below + 1, 0, "Два\nряда", "warning", rows=2, columns=2),
    ]
    return Sheet("looks", "Виды", cells, widths=range(5, 5 + len(NUMBERS)), frozen_rows=1)


def every_chart() -> Sheet:
    """A sheet with each kind of chart, each role of a series, each kind of highlight."""
    roles = list(SeriesRole)
    cells = [Cell(0, column, role.value, "header") for column, role in enumerate(roles, 1)]
    cells += [Cell(row, 0, f"м{row}", "name") for row in range(1, 7)]
    cells += [Cell(row, column, row * column, "count") for row in range(1, 7) for column in range(1, len(roles) + 1)]
    series = [Series(role.value, Area(1, column, 6, column), role, running_points=1)
              for column, role in enumerate(roles, 1)]  # fmt: skip
    charts = [
        Chart(kind.value, kind, 9 + 12 * number, 0, Area(1, 0, 6, 0), series) for number, kind in enumerate(ChartKind)
    ]
    charts.append(Chart("lone", ChartKind.LINE, 50, 0, Area(1, 0, 6, 0), series[:1]))
    heats = [
        Highlight(kind, [Area(1, column, 3, column), Area(5, column, 6, column)])
        for column, kind in enumerate(HighlightKind, 1)
    ]
    return Sheet("charts", "Графики", cells, widths=(20,), highlights=heats, charts=charts, is_hidden=True)


FURTHER = ("clients", "economics", "winback", "satisfaction", "losses", "partners", "plan", "experiments")
SHEETS = (
    *(summary(), channels({"SEO": (5, 0), "Директ": (7, 3_000), "VK": (2, 100)}), every_look(), every_chart()),
    *(sheet for sheet in lay_out(further_input()) if sheet.key in FURTHER),
)
TITLES = [sheet.title for sheet in SHEETS]


@pytest.fixture(scope="module")
def workbook():
    """The report as a workbook, read back."""
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(SHEETS)))


@pytest.fixture(scope="module")
def spreadsheet(module_owner, module_publish):
    """The report as a spreadsheet, read back: title → the tab."""
    module_publish(*SHEETS)
    fields = ("sheets(properties,merges,conditionalFormats,charts,data(rowData.values(userEnteredValue,"
              "userEnteredFormat,note),columnMetadata.pixelSize))")  # fmt: skip
    answer = module_owner.look(fields, *(f"'{title}'" for title in TITLES))
    return {sheet["properties"]["title"]: sheet for sheet in answer["sheets"]}


def google_cells(tab):
    """Row and column from 0 → cell."""
    rows = tab["data"][0].get("rowData", [])
    return {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row.get("values", []))}


def both(workbook, spreadsheet, title):
    """Every cell of a sheet's document in both products."""
    sheet = next(sheet for sheet in SHEETS if sheet.title == title)
    cells = google_cells(spreadsheet[title])
    for cell in sheet.cells:
        yield cell, workbook[title].cell(cell.row + 1, cell.column + 1), cells.get((cell.row, cell.column), {})


@pytest.mark.parametrize("title", TITLES)
def test_values_are_the_same(workbook, spreadsheet, title):
    """A text is a text, a number a number, a date the same day in both."""
    for cell, xlsx, google in both(workbook, spreadsheet, title):
        value = google.get("userEnteredValue", {})
        assert canonical(plain(xlsx.value)) == canonical(next(iter(value.values()), None)), cell
        if isinstance(xlsx.value, str) and xlsx.value:
            assert (xlsx.data_type, list(value)) == ("s", ["stringValue"]), cell


@pytest.mark.parametrize("title", TITLES)
def test_number_patterns_are_the_same(workbook, spreadsheet, title):
    """But for the locale's head: in Google the spreadsheet's locale decides."""
    for cell, xlsx, google in both(workbook, spreadsheet, title):
        pattern = google.get("userEnteredFormat", {}).get("numberFormat", {}).get("pattern", "General")
        assert HEAD.sub("", xlsx.number_format) == pattern, cell


@pytest.mark.parametrize("title", TITLES)
def test_fill_and_letters_are_the_same(workbook, spreadsheet, title):
    """Fill, colour, size, bold, italic, alignment, wrapping, lines."""
    for cell, xlsx, google in both(workbook, spreadsheet, title):
        drawn = google.get("userEnteredFormat", {})
        text = drawn.get("textFormat", {})
        fill = xlsx.fill.fgColor.rgb[-6:] if xlsx.fill.patternType else None
        assert fill == rgb(drawn.get("backgroundColorStyle")), cell
        assert xlsx.font.color.rgb[-6:] == (rgb(text.get("foregroundColorStyle")) or "000000"), cell
        assert bool(xlsx.font.b) == text.get("bold", False), cell
        assert bool(xlsx.font.i) == text.get("italic", False), cell
        assert (xlsx.font.name, xlsx.font.sz) == (text.get("fontFamily", "Arial"), text.get("fontSize", 10)), cell
        assert bool(xlsx.alignment.wrap_text) == (drawn.get("wrapStrategy") == "WRAP"), cell
        vertical = xlsx.alignment.vertical or "bottom"
        assert {"center": "MIDDLE"}.get(vertical, vertical.upper()) == drawn.get("verticalAlignment", "BOTTOM"), cell
        for side in ("top", "bottom"):
            line = getattr(xlsx.border, side)
            style = {"thin": "SOLID", "medium": "SOLID_MEDIUM"}[line.style] if line and line.style else None
            assert style == drawn.get("borders", {}).get(side, {}).get("style"), cell


@pytest.mark.parametrize("title", TITLES)
def test_notes_and_merges_are_the_same(workbook, spreadsheet, title):
    """The same words over the same cells, the same cells joined."""
    for cell, xlsx, google in both(workbook, spreadsheet, title):
        assert (xlsx.comment.text if xlsx.comment else None) == google.get("note"), cell
    joined = {tuple(merged.bounds) for merged in workbook[title].merged_cells.ranges}
    assert joined == {bounds(merge) for merge in spreadsheet[title].get("merges", [])}


@pytest.mark.parametrize("title", TITLES)
def test_widths_frozen_rows_and_hiding_are_the_same(workbook, spreadsheet, title):
    """A column of 25 characters is as wide in both: 25 × 7 + 5 pixels."""
    sheet = next(sheet for sheet in SHEETS if sheet.title == title)
    metadata = spreadsheet[title]["data"][0]["columnMetadata"]
    for column, characters in enumerate(sheet.widths):
        width = width_of(workbook[title], column) - 5 / 7
        assert column_pixels([round(width)]) == metadata[column]["pixelSize"] == characters * 7 + 5
    pane = workbook[title].freeze_panes
    frozen = range_boundaries(pane)[1] - 1 if pane else 0
    properties = spreadsheet[title]["properties"]
    assert frozen == properties["gridProperties"].get("frozenRowCount", 0)
    assert (workbook[title].sheet_state == "hidden") == properties.get("hidden", False)


def test_charts_draw_the_same_cells(workbook, spreadsheet):
    """Kind, categories, series and their names, of every chart."""
    for title in ("Каналы", "Графики"):
        pairs = list(zip(workbook[title]._charts, spreadsheet[title]["charts"], strict=True))
        assert pairs
        for xlsx, google in pairs:
            basic = google["spec"]["basicChart"]
            assert kind_of(xlsx) == basic["chartType"]
            categories = basic["domains"][0]["domain"]["sourceRange"]["sources"][0]
            assert cells_of(xlsx.series[0].cat.numRef or xlsx.series[0].cat.strRef) == below_name(categories, basic)
            for one, other in itertools.zip_longest(drawn(xlsx), basic["series"]):
                source = other["series"]["sourceRange"]["sources"][0]
                assert cells_of(one.val.numRef) == below_name(source, basic)
                named = (source["startRowIndex"], source["startColumnIndex"])
                assert one.tx.v == google_cells(spreadsheet[title])[named]["userEnteredValue"]["stringValue"]


def test_heat_colours_are_the_same(workbook, spreadsheet):
    """The same three colours over the same cells."""
    rules = {
        str(cells.sqref): [color.rgb[-6:] for color in rules[0].colorScale.color]
        for cells, rules in workbook["Графики"].conditional_formatting._cf_rules.items()
    }
    points = ("minpoint", "midpoint", "maxpoint")
    found = {}
    for rule in spreadsheet["Графики"]["conditionalFormats"]:
        areas = (bounds(area) for area in rule["ranges"])
        cells = " ".join(
            f"{openpyxl.utils.get_column_letter(left)}{top}:{openpyxl.utils.get_column_letter(right)}{bottom}"
            for left, top, right, bottom in areas
        )
        found[cells] = [rgb(rule["gradientRule"][point]["colorStyle"]) or "000000" for point in points]
    assert found == rules


def width_of(worksheet, column):
    """The width of a column counted from 0; neighbours that are as wide are told of together."""
    return next(one.width for one in worksheet.column_dimensions.values() if one.min <= column + 1 <= one.max)


def rgb(style):
    """Google's colour as RRGGBB; None if there is none."""
    if not style:
        return None
    color = style["rgbColor"]
    return "".join(f"{round(color.get(name, 0) * 255):02X}" for name in ("red", "green", "blue"))


def bounds(range_):
    """A range of Google's as first column, first row, last column, last row, counted from 1."""
    return (
        range_.get("startColumnIndex", 0) + 1,
        range_.get("startRowIndex", 0) + 1,
        range_["endColumnIndex"],
        range_["endRowIndex"],
    )


def cells_of(reference):
    """A workbook's chart reference as bounds."""
    return range_boundaries(reference.f.rpartition("!")[2].replace("$", ""))


def below_name(source, basic):
    """A source of Google's without its name cell, as bounds."""
    left, top, right, bottom = bounds(source)
    named = basic.get("headerCount", 0)
    return (left, top + named, right, bottom) if left == right else (left + named, top, right, bottom)


def drawn(chart):
    """The series of a workbook's chart to compare with Google's: of several lines the whole ones, else all.

    The workbook draws what still runs as dots of their own and leaves them out of the legend. Google's legend names
    every series, so there only a lone line has them; of several, each is whole, with a dot on it.
    """
    half = len(chart.series) // 2
    return chart.series[half:] if kind_of(chart) == "LINE" and half > 1 else chart.series


def kind_of(chart):
    """A workbook's chart as Google names its kind."""
    name = type(chart).__name__
    return "LINE" if name == "LineChart" else {"bar": "BAR", "col": "COLUMN"}[chart.type]


@pytest.mark.parametrize("title", TITLES)
def test_the_page_shows_every_cell_of_the_workbook(title):
    """Each value of a visible sheet stands on the page as its look writes it; a hidden sheet does not."""
    sheet = next(sheet for sheet in SHEETS if sheet.title == title)
    page = page_bytes([sheet]).decode()
    texts = [written(cell.value, look(cell.look), "ru") for cell in sheet.cells]
    shown = [html.escape(text).replace("\n", "<br>") in page for text in texts]
    assert all(shown) if not sheet.is_hidden else not page.count("<td")
