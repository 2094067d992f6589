"""Finished Sheets in, the bytes of one page out: every sheet a section, a table each, charts where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from html import escape
from itertools import count, takewhile
from statistics import median

from config.documents import Area, Cell, Chart, Highlight, Sheet, Value
from config.messages import DEFAULT_LANGUAGE, Language
from config.theme import Look, look, theme
from connectors.html.charts import chart_svg, places
from connectors.html.written import written

CHARACTER_PX = 7
"""Width of a character that column widths are counted in; 49 of them fit a phone."""
STYLE = """
*{box-sizing:border-box}body{margin:0;padding:8px;font:13px/1.3 Arial,"Liberation Sans",sans-serif;color:#1F2937;
background:#fff}nav{display:flex;flex-wrap:wrap;gap:4px 12px;padding:4px 0 8px;border-bottom:1px solid #D5D9E0}
nav a,td a{color:#1D4E89}section{padding-top:14px}.wide{overflow-x:auto;max-width:100%}
table{border-collapse:separate;border-spacing:0;table-layout:fixed}
td{padding:2px 4px;overflow-wrap:break-word;vertical-align:middle}
td.chart{padding:0}
.l-heading,.l-charthead,.l-warnhead{padding-top:10px}
td{background:#fff;background-clip:padding-box}td:first-child{position:sticky;left:0}
.say,td.chart svg{max-width:calc(100vw - 24px)}svg{display:block;height:auto}
abbr{text-decoration:none;cursor:help}
@media print{section{break-before:page}nav{display:none}.wide{overflow:visible}}
"""


def page_bytes(sheets: Sequence[Sheet], language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Sheets in, UTF-8 of the whole page out; the same Sheets give the same bytes."""
    shown = [sheet for sheet in sheets if not sheet.is_hidden]
    links = "".join(f'<a href="#{escape(sheet.key)}">{escape(sheet.title)}</a>' for sheet in shown)
    body = "".join(_section(sheet, language) for sheet in shown)
    title = escape(shown[0].title) if shown else ""
    classes = "".join(f".{name}{{{rule}}}" for name, rule in sorted(_classes(shown).items()))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{STYLE}{classes}</style></head>"
        f"<body><nav>{links}</nav>{body}</body></html>\n"
    ).encode()


def _section(sheet: Sheet, language: Language) -> str:
    columns = max((cell.column + cell.columns for cell in sheet.cells), default=1)
    widths = [*sheet.widths, *[10] * (columns - len(sheet.widths))][:columns]
    sized = "".join(f'<col style="width:{width * CHARACTER_PX}px">' for width in widths)
    rows = "".join(_rows(sheet, columns, language))
    table = f'<table style="width:{sum(widths) * CHARACTER_PX}px"><colgroup>{sized}</colgroup>{rows}</table>'
    return f'<section id="{escape(sheet.key)}"><div class="wide">{table}</div></section>'


def _rows(sheet: Sheet, columns: int, language: Language) -> Iterator[str]:
    """Every row that holds something; a chart is a row of its own, at its place or below the rows that it stands on."""
    by_place = {(cell.row, cell.column): cell for cell in sheet.cells}
    heats = heat_colors(sheet.highlights, by_place)
    filled = sorted({cell.row for cell in sheet.cells})
    waiting = sorted(sheet.charts, key=lambda chart: chart.anchor_row)
    covered = {place for cell in sheet.cells for place in _inside(cell)}
    for row in (row for row in filled if row not in sheet.continued):
        before = [chart for chart in waiting if chart.anchor_row < row and chart.anchor_row not in filled]
        for chart in before:
            yield _chart_row(chart, by_place, columns, language)
            waiting.remove(chart)
        open_places = [(row, column) for column in range(columns) if (row, column) not in covered]
        shown = [by_place.get(place) for place in open_places]
        if shown[0] and not any(shown[1:]) and look(shown[0].look).is_text:
            whole = replace(shown[0], value=_whole(shown[0], by_place, sheet.continued), columns=columns)
            yield f"<tr>{_cell(whole, None, language, spoken=True)}</tr>"
            continue
        cells = "".join(_cell(by_place.get(place), heats.get(place), language) for place in open_places)
        yield f"<tr>{cells}</tr>"
    for chart in waiting:
        yield _chart_row(chart, by_place, columns, language)


def _whole(cell: Cell, by_place: Mapping[tuple[int, int], Cell], continued: frozenset[int]) -> Value:
    """A sentence as it was before it was broken into rows: a screen breaks it again."""
    rows = takewhile(continued.__contains__, count(cell.row + 1))
    return " ".join([str(cell.value), *(str(by_place[row, 0].value) for row in rows)])


def _inside(cell: Cell) -> Iterator[tuple[int, int]]:
    """The places that a merged cell covers beside its own."""
    area = Area(cell.row, cell.column, cell.row + cell.rows - 1, cell.column + cell.columns - 1)
    return (place for place in places(area) if place != (cell.row, cell.column))


def _chart_row(chart: Chart, cells: Mapping[tuple[int, int], Cell], columns: int, language: Language) -> str:
    return f'<tr><td class="chart" colspan="{columns}">{chart_svg(chart, cells, language)}</td></tr>'


def _cell(cell: Cell | None, heat: str | None, language: Language, *, spoken: bool = False) -> str:
    """One cell; words that have a row for themselves keep to the width of the screen."""
    if cell is None:
        return "<td></td>"
    drawn = look(cell.look)
    text = escape(written(cell.value, drawn, language)).replace("\n", "<br>")
    if cell.link and (cell.link.startswith("#") or cell.link.startswith("https://")):
        text = f'<a href="{escape(cell.link)}" rel="noreferrer">{text}</a>'
    if cell.note:
        text = f'<abbr title="{escape(cell.note)}">{text}</abbr>'
    text = f'<div class="say">{text}</div>' if spoken else text
    spans = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    spans += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    fill = f' style="background:#{heat}"' if heat else ""
    return f'<td class="{_class(cell.look)}"{spans}{fill}>{text}</td>'


def _class(name: str) -> str:
    return "l-" + name.replace(".", "-")


def _classes(sheets: Sequence[Sheet]) -> dict[str, str]:
    """The style of every look that stands on the sheets, by the name of its class."""
    return {_class(name): _rule(look(name)) for sheet in sheets for name in {cell.look for cell in sheet.cells}}


@cache
def _rule(drawn: Look) -> str:
    parts = [f"color:#{drawn.color}", f"font-size:{drawn.size * 1.3:.0f}px", f"text-align:{drawn.align}"]
    parts.append(f"vertical-align:{'middle' if drawn.vertical == 'center' else drawn.vertical}")
    parts += [f"background:#{drawn.fill}"] if drawn.fill else []
    parts += ["white-space:nowrap", "padding-left:0"] if drawn.align == "right" and not drawn.is_text else []
    parts += ["font-weight:bold"] if drawn.bold else []
    parts += ["font-style:italic"] if drawn.italic else []
    parts += [f"padding-left:{8 * drawn.indent + 4}px"] if drawn.indent and drawn.align == "left" else []
    for side, line in (("top", drawn.top), ("bottom", drawn.bottom)):
        if line != "none":
            parts.append(f"border-{side}:{2 if line == 'strong' else 1}px solid #{theme().lines[line]}")
    return ";".join(parts)


def heat_colors(highlights: Sequence[Highlight], cells: Mapping[tuple[int, int], Cell]) -> dict[tuple[int, int], str]:
    """The fill of each cell of a heat table: lowest, median and highest value take the theme's three colours."""
    colors: dict[tuple[int, int], str] = {}
    for highlight in highlights:
        figures = {
            place: float(cell.value)
            for area in highlight.areas
            for place in places(area)
            if (cell := cells.get(place)) and isinstance(cell.value, int | float | Decimal)
        }
        if figures:
            heat = theme().heats[highlight.kind]
            low, middle, high = min(figures.values()), median(figures.values()), max(figures.values())
            for place, value in figures.items():
                if value <= middle:
                    colors[place] = _between(heat.low, heat.middle, (value - low) / (middle - low or 1))
                else:
                    colors[place] = _between(heat.middle, heat.high, (value - middle) / (high - middle or 1))
    return colors


def _between(one: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
