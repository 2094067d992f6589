"""The page: the same Sheets as in the workbook, nothing that runs, nothing fetched, and a phone shows it whole."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from config.documents import Area, Cell, Chart, ChartKind, Highlight, HighlightKind, Series, SeriesRole, Sheet
from config.theme import theme
from connectors.html import page_bytes
from connectors.html.charts import LETTER_PX, rounded_range
from tests.connectors.google_sheets.report_sheets import channels, summary

FIGURES = {"SEO": (5, 0), "Директ": (7, 3_000), "<b>VK</b>": (2, 100)}
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


class Seen(HTMLParser):
    """Tags with their attributes, and the texts of the cells."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        """A tag, and a new text where it is a cell."""
        self.tags.append((tag, dict(attrs)))
        if tag == "td":
            self.texts.append("")

    def handle_data(self, data):
        """A text belongs to the last cell."""
        if self.texts:
            self.texts[-1] += data


def test_every_cell_stands_on_the_page():
    """Words, figures and days of both sheets, a merged cell once."""
    seen = Seen(page_bytes([summary(), channels(FIGURES)]))
    shown = {text.replace("\N{NO-BREAK SPACE}", " ") for text in seen.texts}
    assert {"Школа «Ромашка»", "20 сен 2026", "21 сен, 03:04", "▼ 21 %", "=1+1", "3 000 ₽", "50 %"} <= shown


def test_a_name_is_never_a_tag():
    """What a person typed into an export is text on the page, whatever it looks like."""
    page = page_bytes([channels(FIGURES)])
    assert b"<b>VK" not in page
    assert html.escape("<b>VK</b>").encode() in page


def test_nothing_runs_and_nothing_is_fetched():
    """No script, no style or picture from elsewhere, no handler; links lead to sheets of the page or to https."""
    seen = Seen(page_bytes([summary(), channels(FIGURES)]))
    assert not {tag for tag, _ in seen.tags} & {"script", "link", "img", "iframe", "object", "form", "input"}
    names = {name for _, attributes in seen.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "src"]
    assert {attributes["href"] for tag, attributes in seen.tags if tag == "a"} == {"#summary", "#channels"}


def test_a_link_that_runs_is_no_link():
    """An address that is neither a sheet nor https stays text."""
    sheet = Sheet("s", "С", [Cell(0, 0, "сюда", "link", link="javascript:alert(1)")])
    assert b"javascript" not in page_bytes([sheet])


def test_hidden_sheets_stay_hidden():
    """A hidden sheet is neither shown nor linked."""
    hidden = Sheet("secret", "Скрытый", [Cell(0, 0, "секрет")], is_hidden=True)
    assert "секрет" not in page_bytes([summary(), hidden]).decode()


def test_a_chart_draws_each_series_in_its_stroke():
    """A line breaks where nothing is known; the running month is a dot, not a fall."""
    values = [10, 20, None, 40, 5]
    cells = [Cell(row, 0, f"м{row}") for row in range(5)]
    cells += [Cell(row, 1, value, "count") for row, value in enumerate(values)]
    series = Series("Звонки", Area(0, 1, 4, 1), SeriesRole.ACTUAL, running_points=1)
    sheet = Sheet("s", "С", cells, charts=[Chart("c", ChartKind.LINE, 6, 0, Area(0, 0, 4, 0), [series])])
    page = page_bytes([sheet]).decode()
    actual = theme().strokes[SeriesRole.ACTUAL].color
    assert len(re.findall(f'<polyline [^>]*stroke="#{actual}"', page)) == 1
    assert len(re.findall(f'<circle [^>]*r="2" fill="#{actual}"', page)) == 1  # the month after the gap
    assert len(re.findall(f'<circle [^>]*r="3.5" fill="#{actual}"', page)) == 1  # the running one


@pytest.mark.parametrize(
    ("low", "high", "ends"), [(0, 7.3, (0, 8)), (0, 100, (0, 100)), (-30, 60, (-50, 75)), (0, 0, (0, 4))]
)
def test_an_axis_ends_at_round_values(low, high, ends):
    """Four or more equal round steps hold every value."""
    assert rounded_range(low, high) == ends


def test_heat_runs_from_the_lowest_to_the_highest():
    """The lowest value takes the colour of low, the median that of the middle, the highest that of high."""
    cells = [Cell(row, 0, value, "count") for row, value in enumerate((1, 5, 9))]
    sheet = Sheet("s", "С", cells, highlights=[Highlight(HighlightKind.HEAT_HIGH_IS_GOOD, [Area(0, 0, 2, 0)])])
    heat = theme().heats[HighlightKind.HEAT_HIGH_IS_GOOD]
    found = re.findall(r'style="background:#(\w{6})"', page_bytes([sheet]).decode())
    assert found == [heat.low, heat.middle, heat.high]


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_phone_scrolls_the_page_only_down(tmp_path):
    """At 360 pixels nothing sticks out of the page: a wide table scrolls inside its own frame."""
    measure = "<script>document.title=document.documentElement.scrollWidth+'/'+window.innerWidth</script>"
    page = page_bytes([summary(), channels(FIGURES)]).decode().replace("</body>", measure + "</body>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    frame = '<iframe src="page.html" width="360" height="3000"></iframe><script>onload=()=>{document.title="w"+document.querySelector("iframe").contentDocument.title}</script>'  # noqa: E501 - a page in a page
    (tmp_path / "phone.html").write_text(f"<!doctype html>{frame}", encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom"]
    done = subprocess.run(
        [str(BROWSER), *flags, (tmp_path / "phone.html").as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = re.search(r"<title>w(\d+)/(\d+)</title>", done.stdout)
    assert found, done.stdout
    assert int(found[1]) <= int(found[2])


def test_the_ground_of_a_warning_is_not_painted_over():
    """The first cell of a row stays in place while a table is moved, on white, unless it has a ground of its own."""
    sheet = Sheet("summary", "Сводка", (Cell(0, 0, "Источник устарел", "warning"),), (25, 12, 12))
    page = page_bytes([sheet]).decode()
    assert "td:first-child{position:sticky;left:0}" in page
    assert page.index("td{background:#fff;") < page.index("background:#FFF4D6")


def test_a_sentence_broken_into_rows_is_whole_again():
    """Beside a frozen column a spreadsheet takes a row for each line; a screen breaks the sentence itself."""
    lines = ["Дороже всего звонок обходится в «Авито»: 533 ₽; дешевле", "всего в «Яндекс.Директ»:", "313 ₽.", "Дальше."]
    cells = [Cell(row, 0, line, "text.unwrapped") for row, line in enumerate(lines)]
    seen = Seen(page_bytes([Sheet("channels", "Каналы", cells, widths=(20, 10), continued=frozenset({1, 2}))]))
    assert [text.strip() for text in seen.texts] == [" ".join(lines[:3]), "Дальше."]


def chart_page(names: list[str], kind: ChartKind, width: int = 700) -> str:
    """A page with a chart of that many pixels: a series per name, or a lying bar per name."""
    rows = [[f"{name}", 1.0, 2.0] for name in names]
    cells = [Cell(row, column, value, "ratio") for row, line in enumerate(rows) for column, value in enumerate(line)]
    if kind is ChartKind.LINE:
        head = [Cell(9, 1, "авг", "header"), Cell(9, 2, "сен", "header")]
        series = [Series(name, Area(row, 1, row, 2), SeriesRole.EARLIER) for row, name in enumerate(names)]
        chart = Chart("a", kind, 20, 0, Area(9, 1, 9, 2), series, width, 200, "ratio")
        cells += head
    else:
        line = [Series("₽", Area(0, 1, len(names) - 1, 1), SeriesRole.WORSE)]
        chart = Chart("a", kind, 20, 0, Area(0, 0, len(names) - 1, 0), line, width, 200, "ratio")
    return page_bytes([Sheet("a", "А", cells, widths=(20, 9, 9), charts=[chart])]).decode().partition("<svg")[2]


def test_a_chart_is_drawn_as_narrow_as_its_letters_can_be_read():
    """700 pixels on a phone of 360 would make letters of five; names that do not fit a line take another."""
    svg = chart_page(
        ["Канал Листовки № 28", "Канал ВКонтакте № 30", "Канал Авито № 27", "Канал Яндекс № 29"], ChartKind.LINE
    )
    assert 'viewBox="0 0 400 214"' in svg
    assert len(set(re.findall(r'y="([\d.]+)" text-anchor="start"', svg))) == 2


def test_the_names_of_bars_are_told_whole():
    """«конверсия в первую покупку» takes the room that it needs."""
    assert ">конверсия в первую покупку<" in chart_page(["конверсия в первую покупку", "средний чек"], ChartKind.BAR)


def test_figures_below_lying_bars_do_not_run_into_each_other():
    """«1 500 тыс. ₽» is as wide as the way from one line of the grid to the next: every other one is told."""
    names = ["конверсия в первую покупку", "средний чек"]
    cells = [
        cell
        for row, name in enumerate(names)
        for cell in (Cell(row, 0, name, "name"), Cell(row, 1, 1_330_000.0, "money"))
    ]
    line = [Series("₽", Area(0, 1, 1, 1), SeriesRole.WORSE)]
    chart = Chart("a", ChartKind.BAR, 20, 0, Area(0, 0, 1, 0), line, 400, 200, "moneyk")
    svg = page_bytes([Sheet("a", "А", cells, widths=(20, 9), charts=[chart])]).decode().partition("<svg")[2]
    told = [(float(x), text) for x, text in re.findall(r'<text x="([\d.]+)" y="192[^>]*>([^<]*тыс[^<]*)<', svg)]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for _, text in told] == ["0 тыс. ₽", "1 000 тыс. ₽", "2 000 тыс. ₽"]
    assert all(right - left > LETTER_PX * len(text) for (left, _), (right, text) in pairwise(told))
