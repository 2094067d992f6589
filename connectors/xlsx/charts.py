"""Charts of a Sheet as real charts over its cells; they survive Excel and LibreOffice."""

from __future__ import annotations

from dataclasses import replace

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series as XlsxSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RichTextProperties
from openpyxl.worksheet.worksheet import Worksheet

from config.documents import Area, Chart, ChartKind, Series, Sheet
from config.messages import Language
from config.theme import Look, Stroke, look, theme
from connectors.xlsx.cells import number_pattern

CM_PER_PIXEL = 2.54 / 96
EMU_PER_POINT = 12_700
NO_LINE = LineProperties(noFill=True)


def add_charts(worksheet: Worksheet, sheet: Sheet, language: Language) -> None:
    """Every chart of the sheet at its anchor."""
    for chart in sheet.charts:
        made = _make(worksheet, chart, language)
        made.width = chart.width_px * CM_PER_PIXEL  # type: ignore[assignment]  # centimetres, as height; its stubs say whole
        made.height = chart.height_px * CM_PER_PIXEL
        worksheet.add_chart(made, worksheet.cell(chart.anchor_row + 1, chart.anchor_column + 1).coordinate)


def _make(worksheet: Worksheet, chart: Chart, language: Language) -> LineChart | BarChart:
    made = LineChart() if chart.kind is ChartKind.LINE else BarChart()
    if isinstance(made, BarChart):
        made.type = "bar" if chart.kind is ChartKind.BAR else "col"
        made.gapWidth = 60
    for series in chart.series:
        made.series.append(_series(worksheet, series, chart.kind))
    if chart.kind is ChartKind.LINE:
        made.series.extend(_dots(worksheet, series) for series in chart.series if series.running_points)
    made.set_categories(_reference(worksheet, chart.categories))
    made.title = None
    made.display_blanks = "gap"
    made.graphical_properties = GraphicalProperties(noFill=True, ln=NO_LINE)
    _dress_axes(made, number_pattern(look(chart.look), language))
    if not chart.has_negative:
        made.y_axis.scaling.min = 0
    if chart.kind is ChartKind.BAR:  # else the first row of the table is the lowest bar
        made.x_axis.scaling.orientation = "maxMin"
        made.y_axis.crosses = "max"
    if len(chart.series) > 1:
        made.legend = Legend(legendPos="t", txPr=_small_text())
        made.legend.legendEntry = [
            LegendEntry(idx=index, delete=True) for index in range(len(chart.series), len(made.series))
        ]
    else:
        made.legend = None
    return made


def _dress_axes(made: LineChart | BarChart, pattern: str) -> None:
    for axis in (made.x_axis, made.y_axis):
        # without this openpyxl 3.1 writes axes that Excel does not draw
        axis.delete = False
        axis.title = None
        axis.txPr = _small_text()
        axis.majorTickMark = axis.minorTickMark = "none"
    made.x_axis.graphicalProperties = GraphicalProperties(ln=_line(theme().lines["hair"], 0.75))
    made.x_axis.majorGridlines = None
    made.x_axis.tickLblPos = "low"
    made.y_axis.graphicalProperties = GraphicalProperties(ln=NO_LINE)
    made.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(theme().lines["gridline"], 0.5)))
    made.y_axis.number_format = pattern
    made.y_axis.numFmt.sourceLinked = False


def _series(worksheet: Worksheet, series: Series, kind: ChartKind) -> XlsxSeries:
    is_line = kind is ChartKind.LINE
    made = _over(worksheet, _finished(series) if is_line else series.values, series.name)
    stroke = theme().strokes[series.role]
    if is_line:
        made.graphicalProperties = GraphicalProperties(ln=_stroke_line(stroke))
    else:
        made.graphicalProperties = _bar(stroke)
        made.invertIfNegative = False
        made.dPt = [_light_bar(index, stroke) for index in _running(series)]
    return made


def _dots(worksheet: Worksheet, series: Series) -> XlsxSeries:
    """The running months of a line as dots of their own, so that an unfinished month is not drawn as a fall."""
    made = _over(worksheet, series.values, series.name)
    made.graphicalProperties = GraphicalProperties(ln=NO_LINE)
    stroke = theme().strokes[series.role]
    made.dPt = [_dot(index, stroke) for index in _running(series)]
    return made


def _over(worksheet: Worksheet, area: Area, name: str) -> XlsxSeries:
    made: XlsxSeries = SeriesFactory(_reference(worksheet, area), title=None)
    made.tx = SeriesLabel(v=name)
    made.smooth = False
    made.marker = Marker(symbol="none")
    return made


def _finished(series: Series) -> Area:
    """The part of a line that no running month belongs to."""
    area = series.values
    if area.row == area.last_row:
        return replace(area, last_column=area.last_column - series.running_points)
    return replace(area, last_row=area.last_row - series.running_points)


def _running(series: Series) -> range:
    count = _points(series.values)
    return range(count - series.running_points, count)


def _dot(index: int, stroke: Stroke) -> DataPoint:
    point = DataPoint(idx=index)
    point.marker = Marker(symbol="circle", size=7)
    point.marker.graphicalProperties = GraphicalProperties(solidFill=stroke.color, ln=_line(stroke.color, 0.75))
    point.graphicalProperties = GraphicalProperties(ln=NO_LINE)
    return point


def _light_bar(index: int, stroke: Stroke) -> DataPoint:
    point = DataPoint(idx=index, invertIfNegative=False)
    outline = _line(stroke.color, 1)
    outline.prstDash = "sysDash"
    point.graphicalProperties = GraphicalProperties(solidFill=theme().running_fill, ln=outline)
    return point


def _bar(stroke: Stroke) -> GraphicalProperties:
    if stroke.is_outline:
        return GraphicalProperties(noFill=True, ln=_line(stroke.color, 1))
    return GraphicalProperties(solidFill=stroke.color, ln=NO_LINE)


def _stroke_line(stroke: Stroke) -> LineProperties:
    line = _line(stroke.color, stroke.width_pt)
    if stroke.is_dashed or stroke.is_outline:
        line.prstDash = "dash"
    return line


def _line(color: str, points: float) -> LineProperties:
    return LineProperties(solidFill=color, w=round(points * EMU_PER_POINT))


def _small_text() -> RichText:
    letters = CharacterProperties(
        sz=theme().axis_size * 100, b=False, solidFill=theme().axis_color, latin=Font(typeface=Look().font)
    )
    upright = RichTextProperties(rot=0, vert="horz")
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)
    return RichText(bodyPr=upright, p=[paragraph])


def _reference(worksheet: Worksheet, area: Area) -> Reference:
    return Reference(
        worksheet,
        min_row=area.row + 1,
        min_col=area.column + 1,
        max_row=area.last_row + 1,
        max_col=area.last_column + 1,
    )


def _points(area: Area) -> int:
    return (area.last_row - area.row + 1) * (area.last_column - area.column + 1)
