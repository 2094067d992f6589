"""«Что изменилось»: past figures that differ from those the last report showed, and the rows that moved them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from config.labels import MonthForm
from config.metrics import MetricColumn, metrics
from config.reports import Restated
from transforms import words
from transforms.layout.drawing.book import Book, Number, Row, number
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import headers, value_entry

COLUMNS = ["restated_figure", "month", "was", "is_now", "restated_change", "moved_by"]
GROSS = "gross_profit_rub"
MOST = 100
"""More rows than an owner would read; how many there are in all is told."""
FILES_MOST = 3
"""Files named in one cell."""


def restated(book: Book) -> Iterator[str]:
    """The largest change of a closed month and what moved it, or that the past stands as it was."""
    found = _found(book)
    closed = _closed(found)
    if not found:
        yield book.say("restated_none")
    elif not closed:
        yield book.say("restated_known" if any(row["is_closed"] for row in found) else "restated_open")
    else:
        largest = max(closed, key=_weight)
        yield _closed_sentence(book, largest)
        if len(closed) > 1:
            yield book.say("restated_more", count=words.counted(len(closed) - 1, "figure", book.language))


def restated_doubts(book: Book) -> Iterator[str]:
    """Every closed month whose figures moved, a line each: the largest change of it."""
    closed = _closed(_found(book))
    for month in sorted({cast(date, row["period_start"]) for row in closed}, reverse=True):
        yield _closed_sentence(book, max((row for row in closed if row["period_start"] == month), key=_weight))


def draw_restated(book: Book, canvas: Canvas, _block: Restated) -> None:
    """A row a figure: what it was, what it is, which files moved it; closed months stand first already."""
    found = _found(book)
    if not found:
        return
    place = canvas.header("restated", COLUMNS, headers(book, COLUMNS))
    for row in found[:MOST]:
        canvas.line(_line(book, row), place, key=f"{row['period_start']} {row['table_name']}.{row['column_name']}")
    if len(found) > MOST:
        canvas.sentence(book.say("restated_cut", shown=MOST, count=len(found)), "footnote")
    closed_after = book.report.client.settings.closed_months.after_days
    canvas.sentence(
        book.say("restated_footnote", days=words.counted(closed_after, "day_of", book.language)), "footnote"
    )
    canvas.gap()


def _found(book: Book) -> list[Row]:
    """What differs; where no deal has a cost, gross profit is revenue told twice."""
    return [row for row in book.ops("restated") if row["column_name"] != GROSS or not book.has_no_costs]


def _closed(found: Sequence[Row]) -> list[Row]:
    """Of what differs, figures of closed months that were known: what a new source tells contradicts nobody."""
    return [row for row in found if row["is_closed"] and row["was"] is not None]


def _line(book: Book, row: Row) -> list[Entry]:
    column = _column(row)
    style = "" if row["is_closed"] else ".grey"
    was, now = _figure(column, row["was"]), _figure(column, row["is_now"])
    return [
        Entry(book.say_of(column, column.name), f"name{style}"),
        Entry(_month(book, row), f"words{style}"),
        value_entry(column.look, was, style, book.language),
        value_entry(column.look, now, style, book.language),
        _difference(column, was, now, style),
        Entry(_moved_by(book, row), f"words.indent{style}"),
    ]


def _difference(column: MetricColumn, was: Number | None, now: Number | None, style: str) -> Entry:
    """By how much it moved; a percentage of a large sum would hide a small one."""
    if was is None or now is None:
        return Entry(words.DASH, f"dash{style}")
    return Entry(float(now) - float(was), f"{'moneyadded' if column.look == 'money' else 'added'}{style}")


def _closed_sentence(book: Book, row: Row) -> str:
    column = _column(row)
    facts = {name: _written(book, column, row[name]) for name in ("was", "is_now")}
    return book.say(
        "restated_closed",
        month=_month(book, row, "name").capitalize(),
        figure=book.say_of(column, column.name),
        cause=_moved_by(book, row),
        **facts,
    )


def _moved_by(book: Book, row: Row) -> str:
    """The files whose rows of that month came or went, with their numbers and roubles; else what else it can be."""
    feeds = metrics().tables[str(row["table_name"])].columns[str(row["column_name"])].tables
    moved = [
        one for one in book.ops("moved") if one["period_start"] == row["period_start"] and one["table_name"] in feeds
    ] or [one for one in book.ops("moved") if one["table_name"] in feeds]
    if not moved:
        return book.say("restated_by_settings")
    told = "; ".join(_file(book, one) for one in moved[:FILES_MOST])
    return told + (f"; +{len(moved) - FILES_MOST}" if len(moved) > FILES_MOST else "")


def _file(book: Book, row: Row) -> str:
    """`orders.csv: +1 строка, −2 строки, стр. 5, 7`."""
    parts = [
        f"{sign}{words.counted(int(number(row[f'rows_{way}']) or 0), 'row', book.language)}{_money(book, row, way)}"
        for sign, way in (("+", "come"), ("−", "gone"))
        if number(row[f"rows_{way}"])
    ]
    return f"{row['source_file']}: {', '.join(parts)}{_places(book, row)}"


def _places(book: Book, row: Row) -> str:
    """`, строки файла 5, 7`; that there are others, if more rows came or went than are named."""
    if not row["places"]:
        return ""
    named = str(row["places"]).count(",") + 1
    most = max(int(number(row[f"rows_{way}"]) or 0) for way in ("come", "gone"))
    key = "restated_place" if named == most == 1 else "restated_places" if named >= most else "restated_places_more"
    return book.say(key, places=row["places"])


def _money(book: Book, row: Row, way: str) -> str:
    money = number(row[f"money_{way}_rub"])
    return f" ({words.figure(money, 'money', book.language)})" if money else ""


def _column(row: Row) -> MetricColumn:
    return metrics().tables[str(row["table_name"])].columns[str(row["column_name"])]


def _figure(column: MetricColumn, value: object) -> Number | None:
    """A figure kept as a plain number, whole again where it counts things."""
    known = number(value)  # type: ignore[arg-type]  # a value of a row
    return round(float(known)) if known is not None and column.unit == "count" else known


def _written(book: Book, column: MetricColumn, value: object) -> str:
    known = _figure(column, value)
    return words.DASH if known is None else words.figure(known, column.look, book.language)


def _month(book: Book, row: Row, form: MonthForm = "short") -> str:
    first = cast(date, row["period_start"])
    return f"{words.month(first, form, book.language)} {first.year}"


def _weight(row: Row) -> float:
    """How much a figure moved against what it was."""
    was, now = float(number(row["was"]) or 0), float(number(row["is_now"]) or 0)
    return abs(now - was) / (abs(was) or 1)
