"""The workbook as openpyxl reads it back: values, formats, notes, charts, print setup."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from config.documents import Area, Cell, Chart, ChartKind, Highlight, HighlightKind, Series, SeriesRole, Sheet
from connectors.xlsx import workbook_bytes
from tests.helpers.report_input import report_input
from transforms.layout import lay_out

SHEET = Sheet("summary", "Сводка", (), widths=(25, 12, 12))


def opened(*cells, language="ru", **changes):
    sheet = replace(SHEET, cells=cells, **changes)
    return load_workbook(io.BytesIO(workbook_bytes([sheet], language)))["Сводка"]


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", '=cmd|"/c calc"!A1', "#REF!", "'=1"])
def test_text_never_becomes_a_formula(text):
    """A channel called =1+1 is a text, also after somebody edits the cell."""
    cell = opened(Cell(0, 0, text, "name"))["A1"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_a_title_that_no_tab_may_bear_is_cut():
    """A consultant may call the page of all clients anything; its links and charts go by the tab's title."""
    sheet = replace(SHEET, key="clients", title="Клиенты агентства «Ромашка»: итоги за год/квартал", cells=())
    linking = replace(SHEET, cells=(Cell(0, 0, "все", "link", link="#clients"),))
    book = load_workbook(io.BytesIO(workbook_bytes([linking, sheet])))
    assert book.sheetnames == ["Сводка", "Клиенты агентства «Ромашка»  ит"]
    assert book["Сводка"]["A1"].hyperlink.location == "'Клиенты агентства «Ромашка»  ит'!A1"


def test_characters_that_break_a_workbook_are_dropped():
    """An export may hold a vertical tab or a zero byte."""
    assert opened(Cell(0, 0, "a\x00b\x0bc", "name"))["A1"].value == "abc"


@pytest.mark.parametrize(
    ("value", "look", "pattern"),
    [
        (Decimal("1284500.40"), "money", '[$-419]#,##0" ₽";−#,##0" ₽"'),
        (1.94, "ratio", "[$-419]#,##0.0"),
        (0.31, "share", "[$-419]0 %;−0 %"),
        (-0.21, "change.worse", '[$-419]▲ 0 %;▼ 0 %;"="'),
        (date(2026, 9, 20), "date", "[$-419]d mmm yyyy"),
        (datetime(2026, 9, 21, 3, 4), "moment", "[$-419]d mmm, hh:mm"),
    ],
)
def test_figures_are_native_with_russian_formats(value, look, pattern):
    """Numbers stay numbers and dates stay dates, whatever the reader's system speaks."""
    cell = opened(Cell(0, 1, value, look))["B1"]
    assert (cell.number_format, cell.data_type) == (pattern, "d" if isinstance(value, date) else "n")


def test_an_english_report_has_english_formats():
    """The separator follows the report's language."""
    assert opened(Cell(0, 0, 1500, "count"), language="en")["A1"].number_format == "[$-409]#,##0"


def test_a_merged_text_is_dressed_whole():
    """Fill and lines cover every cell of the merge."""
    sheet = replace(SHEET, cells=(Cell(0, 0, "Осторожно", "warning", columns=3),))
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([sheet]))) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<mergeCell ref="A1:C1"' in xml
    assert len(set(re.findall(r'<c r="[ABC]1" s="(\d+)"', xml))) == 1
    assert len(re.findall(r'<c r="[ABC]1" s="(\d+)"', xml)) == 3


def test_a_note_is_a_comment():
    """The header explains itself."""
    assert opened(Cell(0, 0, "ROMI", "header", note="Возврат денег"))["A1"].comment.text == "Возврат денег"


def test_a_link_jumps_to_another_page():
    """By the page's title, whatever its key."""
    assert opened(Cell(0, 0, "и ещё 3", "link", link="#summary"))["A1"].hyperlink.location == "'Сводка'!A1"


def test_widths_heights_panes_gridlines_and_print():
    """25 characters wide, no gridlines, A4, as wide as the page."""
    sheet = opened(Cell(0, 0, "x", "name"), heights={0: 40}, frozen_rows=2, frozen_columns=1, repeat_rows=(1, 1))
    assert sheet.column_dimensions["A"].width == pytest.approx(25 + 5 / 7, abs=0.005)
    assert sheet.row_dimensions[1].height == 39.75  # 53 pixels: Excel knows no parts of them
    assert sheet.freeze_panes == "B3"
    assert sheet.sheet_view.showGridLines is False
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1) == (9, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$2"


def test_heat_is_a_colour_scale():
    """Low is red where high is good."""
    highlight = Highlight(HighlightKind.HEAT_HIGH_IS_GOOD, [Area(0, 1, 3, 4), Area(5, 1, 5, 2)])
    sheet = opened(Cell(0, 1, 1, "count"), highlights=(highlight,))
    (ranges,) = sheet.conditional_formatting
    assert str(ranges.sqref) == "B1:E4 B6:C6"
    assert [color.rgb for color in ranges.rules[0].colorScale.color] == ["FFF9D5CF", "FFFFFFFF", "FFCDE9DA"]


def chart_xml(**changes):
    chart = Chart(
        "active", ChartKind.LINE, 5, 0, Area(1, 0, 3, 0),
        (
            Series("Активные", Area(1, 1, 3, 1), SeriesRole.ACTUAL, 1),
            Series("Вся база", Area(1, 2, 3, 2), SeriesRole.EARLIER),
        ),
    )  # fmt: skip
    sheet = replace(SHEET, cells=(Cell(1, 1, 5, "count"),), charts=(replace(chart, **changes),))
    with zipfile.ZipFile(io.BytesIO(workbook_bytes([sheet]))) as book:
        return book.read("xl/charts/chart1.xml").decode()


def test_chart_axes_are_drawn_from_zero_without_a_title_inside():
    """A title inside squeezes the plot."""
    xml = chart_xml()
    axes = re.search(r"<c:catAx>.*</c:valAx>", xml)[0]
    assert "<c:delete" not in axes
    assert '<c:min val="0"' in xml
    assert "<c:title>" not in xml


def test_a_running_month_is_a_dot_and_not_a_fall():
    """The line ends at the last whole month; the dot is a series of its own without a name in the legend."""
    xml = chart_xml()
    assert "Сводка!$B$2:$B$3" in xml
    assert (xml.count('symbol val="circle"'), xml.count("<c:dPt>")) == (1, 1)
    assert '<c:legendEntry><c:idx val="2"' in xml


def test_a_running_month_is_a_light_bar():
    """The last column is filled light with a dashed edge."""
    xml = chart_xml(kind=ChartKind.COLUMN)
    assert xml.count("<c:dPt>") == 1
    assert "sysDash" in xml


def test_the_first_row_is_the_highest_bar():
    """As in the table above it and on the page; the values of the axis stay below."""
    lying, standing = chart_xml(kind=ChartKind.BAR), chart_xml(kind=ChartKind.COLUMN)
    names, figures = (re.search(rf"<c:{axis}>.*</c:{axis}>", lying)[0] for axis in ("catAx", "valAx"))
    assert ('<c:orientation val="maxMin"' in names, '<c:crosses val="max"' in figures) == (True, True)
    assert '<c:orientation val="maxMin"' not in standing


def test_few_figures_stand_below_bars_that_lie():
    """5 is the largest: 0, 2.5 and 5; below columns the program takes as many as it likes."""
    figures = re.search(r"<c:valAx>.*</c:valAx>", chart_xml(kind=ChartKind.BAR))[0]
    assert ('<c:majorUnit val="2.5"' in figures, '<c:max val="5.0"' in figures) == (True, True)
    assert "<c:majorUnit" not in chart_xml(kind=ChartKind.COLUMN)


def test_equal_sheets_are_equal_bytes():
    """Nothing in the workbook depends on the clock."""
    sheets = lay_out(report_input())
    assert workbook_bytes(sheets) == workbook_bytes(lay_out(report_input()))


def test_only_the_stamp_differs_between_two_mornings():
    """The same data, made an hour later: only the texts that say how fresh a page is are others."""
    later = report_input(updated_at=datetime(2026, 9, 21, 4, 4))
    first, second = workbook_bytes(lay_out(report_input())), workbook_bytes(lay_out(later))
    with zipfile.ZipFile(io.BytesIO(first)) as old, zipfile.ZipFile(io.BytesIO(second)) as new:
        changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
        texts = [re.findall(r"<si>.*?</si>", book.read("xl/sharedStrings.xml").decode()) for book in (old, new)]
    assert changed == ["xl/sharedStrings.xml"]
    differing = [pair for pair in zip(*texts, strict=True) if pair[0] != pair[1]]
    assert differing
    assert all("обновлено" in one for pair in differing for one in pair)


def test_no_figure_is_wider_than_its_column():
    """##### is not a figure: every number of every page fits, bold ones too."""
    from config.letters import column_pixels, text_pixels
    from transforms.words import figure

    for sheet in lay_out(report_input()):
        for cell in sheet.cells:
            family, *styles = cell.look.split(".")
            if isinstance(cell.value, int | float | Decimal) and family in {"money", "count", "kopecks"}:
                bold = bool({"main", "strong", "total"} & set(styles))
                shown = figure(cell.value, family, "ru")
                room = column_pixels([sheet.widths[cell.column]])
                assert text_pixels(shown, 11 if "main" in styles else 10, bold=bold) <= room, (sheet.key, shown)


def test_a_heading_is_printed_with_its_table():
    """Pages of 40 rows of 19 points; a table of 24 rows that would be cut begins on the third, one of 60 is cut."""
    assert int((842 - (0.35 + 0.45) * 72 - 8) / 19) == 40
    rows = [Cell(row, 0, "слово", "name") for row in range(65)]
    heads = [Cell(65, 0, "По каналам", "heading"), Cell(66, 0, "Канал", "headerleft")]
    for length, breaks in ((22, [40, 65]), (60, [40, 80, 120])):
        below = [Cell(row, 0, "слово", "name") for row in range(67, 67 + length)]
        sheet = opened(*rows, *heads, *below, heights=dict.fromkeys(range(140), 19))
        assert [broken.id for broken in sheet.row_breaks.brk] == breaks


def test_a_header_that_is_repeated_takes_its_room_on_every_page():
    """A header of two rows: forty rows on the first page, two less on each of the others, or one would stand alone."""
    cells = [Cell(row, 0, "слово", "name") for row in range(130)]
    sheet = opened(*cells, heights=dict.fromkeys(range(130), 19), repeat_rows=(3, 4))
    assert [broken.id for broken in sheet.row_breaks.brk] == [40, 78, 116]


def breaks_of(looks: list[str]) -> list[int]:
    """Rows of 19 points with these looks in, 40 of them a page; the first rows of the pages after the first out."""
    cells = [Cell(row, 0, "слово", look) for row, look in enumerate(looks)]
    return [broken.id for broken in opened(*cells, heights=dict.fromkeys(range(len(looks)), 19)).row_breaks.brk]


def test_a_section_is_printed_with_its_first_row():
    """«Партнёры» does not end a page whose next begins with what the partners' columns mean."""
    assert breaks_of([*["words"] * 39, "section", *["words"] * 30]) == [39]
    assert breaks_of([*["words"] * 38, "section", *["words"] * 31]) == [40]


def test_a_note_or_a_total_is_printed_with_its_table():
    """No page that says only what is hidden, or what all rows come to, of rows on the page before: three go with it."""
    assert breaks_of([*["name"] * 40, "footnote", "footnote", *["words"] * 17]) == [37]
    assert breaks_of([*["name"] * 40, "name.total", *["words"] * 18]) == [37]
    assert breaks_of([*["name"] * 41, "footnote", *["words"] * 17]) == [38]
