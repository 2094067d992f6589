"""«Юнит-экономика»: which figure is furthest below its own best, what that costs, what 10 % would bring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from config.documents import Value
from config.reports import Special
from transforms import words
from transforms.layout.drawing.book import Book, Number, Row, number
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import column_header, value_entry

LOOKS = {"c1": "share", "ua": "count", "apc": "ratio2"}
"""How the value of a lever is written; the others are money."""
COST = "cogs_per_order"
SLIGHT = 0.05
"""Below this part of the margin the largest shortfall is no constraint."""


def constraint(book: Book) -> Iterator[str]:
    """The last whole month: what is furthest below its own best, since when, what it costs, and what it was before."""
    if book.is_old("lever"):
        return
    span, span_before = book.periods.whole, book.periods.whole_before
    first = _first(book.rows("lever", span.first))
    if first is None:
        return
    short, margin = number(first["shortfall_rub"]), number(first["margin_before_rub"])
    month = span.during(book.language)
    if short is None or margin is None or float(short) < SLIGHT * abs(float(margin)):
        yield book.say("lever_none", month=month)
        return
    name = str(first["lever"])
    yield book.say(
        "lever_first",
        month=month,
        lever=lever_title(book, name),
        now=_written(book, name, first["base_value"]),
        best=_written(book, name, first["best_value"]),
        best_month=words.short_month(cast(date, first["best_on"]), book.language),
        money=words.figure(short, "money", book.language),
    )
    before = _first(book.rows("lever", span_before.first, "before"))
    if before is not None:
        other = str(before["lever"])
        yield book.say("lever_same" if other == name else "lever_other", lever=lever_title(book, other))


def draw_levers(book: Book, canvas: Canvas, block: Special) -> None:
    """A row per figure of the last whole month, the one that costs most first."""
    rows = book.rows("lever", book.periods.whole.first)
    rows = sorted(rows, key=lambda row: (number(row["shortfall_rank"]) or 99, number(row["rank"]) or 99))
    if not any(number(row[name]) is not None for row in rows for name in ("lift_rub", "shortfall_rub")):
        return
    month = words.month(book.periods.whole.first, "name", book.language)
    canvas.sentence(book.say("levers_heading", month=month), "heading")
    names = block.columns
    heads = [Entry(book.say("lever_column"), "headerleft", book.say("note_lever"))]
    place = canvas.header(
        block.key, ["lever", *names], [*heads, *(column_header(book, "lever", name) for name in names)]
    )
    for row in (row for row in rows if row["lever"] != COST or not book.has_no_costs):
        canvas.line(_line(book, row), place, key=f"lever={row['lever']}")
    canvas.sentence(book.say("levers_note"), "footnote")
    canvas.gap()


def cost_not_known(book: Book) -> Iterator[str]:
    """That no deal has a cost of goods, so that none is deducted here."""
    if book.has_no_costs:
        yield book.say("no_cost_deducted")


def lever_title(book: Book, name: str) -> str:
    """A lever in the reader's words."""
    return book.say(f"lever_{name}")


def _first(rows: list[Row]) -> Row | None:
    return next((row for row in rows if row["shortfall_rank"] == 1), None)


def _line(book: Book, row: Row) -> list[Entry]:
    name = str(row["lever"])
    look = LOOKS.get(name, "money")
    best_on = cast(date | None, row["best_on"])
    main = ".strong" if row["shortfall_rank"] == 1 else ""
    return [
        Entry(lever_title(book, name), f"words{main}"),
        _value(book, look, number(row["base_value"]), main),
        _value(book, look, number(row["best_value"]), ""),
        Entry(words.short_month(best_on, book.language) if best_on else words.DASH, "figuretext"),
        value_entry("money", number(row["shortfall_rub"]), main, book.language),
        value_entry("money", number(row["lift_rub"]), ".grey", book.language),
    ]


def _value(book: Book, look: str, value: Number | None, style: str) -> Entry:
    if look == "ratio2" and value is not None:
        return Entry(value, f"ratio2{style}")
    return value_entry(look, value, style, book.language)


def _written(book: Book, name: str, value: Value) -> str:
    return words.figure(number(value), LOOKS.get(name, "money"), book.language)
