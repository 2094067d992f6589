"""Figures by month: a row per month, or a heat table with a column per month."""

from datetime import date

from config.documents import HighlightKind
from config.metrics import metrics
from config.reports import Heat, Months, figures
from transforms import words
from transforms.layout.drawing.book import WHOLE, Book, Number, number
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import column_header, column_note, figure_note, figure_row, headers, value_entry
from transforms.layout.tables.breakdown import form_look, formed

HEATS = {
    "high": HighlightKind.HEAT_HIGH_IS_GOOD, "low": HighlightKind.HEAT_LOW_IS_GOOD, "none": HighlightKind.HEAT_NEUTRAL
}  # fmt: skip
LEAST_MONTHS = 2
"""A single month stands on the page already."""


def draw_months(book: Book, canvas: Canvas, block: Months) -> None:
    """One row per month, the latest last; the running one says its days."""
    months = _months_of(book, block)
    columns = [name for name in block.columns if _is_told(book, block, name, months)]
    if not columns or (block.main and not set(block.main) & set(columns)) or _is_said_above(block, months):
        return
    title = block.title if _adds_up(block, columns) else block.part_title
    if title:
        canvas.sentence(title.say(book.language), "heading", columns=block.title_columns)
    heads = [headers(book, ["month"])[0]]
    heads += [_header(book, block, column) for column in columns]
    place = canvas.header(block.key, ["month", *columns], heads)
    place.running = 0 if book.periods.running.is_whole else 1
    for first in months:
        style = ".grey" if first == book.periods.running.first and place.running else ""
        line = [Entry(heat_month(book, first, with_year=first == months[0]), f"name{style}")]
        for column in columns:
            family, value = _value(book, block, column, first)
            family = "ratio2" if column in block.hundredths else family
            strong = ".strong" if column in block.main else ""
            line.append(value_entry(family, value, f"{style}{strong}", book.language))
        canvas.line(line, place, key=f"month={first.isoformat()}")
    canvas.gap()


def _is_said_above(block: Months, months: list[date]) -> bool:
    """Whether the figures of «Сводка» have told the only month: tables of other pages have columns of their own."""
    return len(months) < LEAST_MONTHS and not block.of


def _adds_up(block: Months, columns: list[str]) -> bool:
    """Whether the columns up to the main one, of which the title is, are all there."""
    if block.part_title is None:
        return True
    summed = block.columns[: 1 + max(block.columns.index(name) for name in block.main)]
    return set(summed) <= set(columns)


def _is_told(book: Book, block: Months, name: str, months: list[date]) -> bool:
    """Known in some month; where no deal has a cost, a cost of 0 ₽ would say that goods are free."""
    if name == "cogs_per_order_rub" and book.has_no_costs:
        return False
    return any(_value(book, block, name, first)[1] is not None for first in months)


def draw_heat(book: Book, canvas: Canvas, block: Heat) -> None:
    """A row per channel or manager, a column per month, coloured; unripe months are grey and starred."""
    months = book.months(block.of, block.months)
    names = heat_names(book, block)
    if not names or len(months) < LEAST_MONTHS:
        return
    canvas.sentence(book.say_of(metrics().tables[block.of].columns[block.column], block.title), "heading")
    unripe = [first for first in months if block.unripe and _is_unripe(book, block, first)]
    heads = [column_header(book, block.of, block.by)]
    note = column_note(book, block.of, block.column, block.form)
    heads += [Entry(heat_month(book, first) + ("*" if first in unripe else ""), "header", note) for first in months]
    place = canvas.header(block.key, [block.by, *(first.isoformat() for first in months)], heads)
    place.running = 0 if book.periods.running.is_whole else 1
    look = form_look(block.of, block.column, block.form)
    for name in names:
        line = [Entry(name, "name")]
        for first in months:
            style = ".grey" if first in unripe else ".strong" if first == months[-1] else ""
            line.append(value_entry(look, _by_name(book, block, name, first), style, book.language))
        place.rows[name] = canvas.row
        canvas.line(line, place, key=f"{block.by}={name}")
    canvas.heat(HEATS[block.good], place, 1, len(months))
    if unripe:
        days = words.counted(book.report.client.settings.attribution.lookback_days, "day", book.language)
        canvas.sentence(book.say("unripe", days=days), "footnote")
    canvas.gap()


def month_line(book: Book, block: Months, column: str) -> list[Number | None]:
    """One column of a table by month, the latest last."""
    return [_value(book, block, column, first)[1] for first in _months_of(book, block)]


def heat_lines(book: Book, block: Heat) -> list[list[Number | None]]:
    """The rows of a heat table, the largest first."""
    months = book.months(block.of, block.months)
    return [[_by_name(book, block, name, first) for first in months] for name in heat_names(book, block)]


def _months_of(book: Book, block: Months) -> list[date]:
    return sorted({first for table in _tables(block) for first in book.months(table, block.months)})[-block.months :]


def _tables(block: Months) -> set[str]:
    return {block.of} if block.of else {figures()[name].table for name in block.columns}


def heat_month(book: Book, first: date, *, with_year: bool = False) -> str:
    """`авг`; the running month: `1–20 сен`; January names its year, as does the first month of a list."""
    running = book.periods.running
    if first == running.first and not running.is_whole:
        # an ordinary space, so that an axis may break the label
        return words.span(first, running.last, book.language).replace(words.NBSP, " ")
    short = words.month(first, "short", book.language)
    return f"{short} {first.year}" if first.month == 1 or with_year else short


def _header(book: Book, block: Months, column: str) -> Entry:
    if block.of:
        return column_header(book, block.of, column)
    spec = figures()[column]
    return Entry(book.say_of(spec.column, spec.title), "header", figure_note(book, spec))


def _value(book: Book, block: Months, column: str, first: date) -> tuple[str, Number | None]:
    if block.of:
        told = metrics().tables[block.of]
        row = {} if book.is_silent(told.feeds, first) else book.one(block.of, first)
        return told.columns[column].look, number(row.get(column))
    spec = figures()[column]
    return spec.look, number(figure_row(book, spec, first).get(column))


def heat_names(book: Book, block: Heat) -> list[str]:
    """Names with any figure in the months of the table, by their spend or calls."""
    weight: dict[str, float] = {}
    for first in book.months(block.of, block.months):
        for row in book.rows(block.of, first):
            if row[block.by] != WHOLE and formed(block.of, row, block.column, block.form) is not None:
                name = str(row[block.by])
                weight[name] = weight.get(name, 0.0) + float(number(row.get("spend_rub", row.get("calls"))) or 0)
    return sorted((name for name in weight if weight[name]), key=lambda name: (-weight[name], name))


def _by_name(book: Book, block: Heat, name: str, first: date) -> Number | None:
    for row in book.rows(block.of, first):
        if row[block.by] == name:
            return formed(block.of, row, block.column, block.form)
    return None


def _is_unripe(book: Book, block: Heat, first: date) -> bool:
    return any(row.get("is_mature") is False for row in book.rows(block.of, first))
