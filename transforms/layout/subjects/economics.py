"""«Юнит-экономика»: which figure is furthest below its own best, what that costs, what 10 % would bring."""

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


def no_constraint_yet(book: Book) -> Iterator[str]:
    """What it takes to see what holds the profit back, while that is not seen."""
    if book.is_old("lever") or _first(book.rows("lever", book.periods.whole.first)) is not None:
        return
    settings = book.report.client.settings.economics
    months = (book.periods.whole.first, book.periods.running.first)
    if all(number(book.one("unit_economics_period", first).get("ua")) is None for first in months):
        loaded = {row["table_name"] for row in book.ops("sources")}
        yield book.say("no_units_but_leads" if "leads" in loaded and "calls" not in loaded else "no_units")
        return
    yield book.say("no_lever", units=settings.min_units, buyers=settings.min_buyers)


def draw_levers(book: Book, canvas: Canvas, block: Special) -> None:
    """A row per figure of the last whole month, the one that costs most first."""
    rows = book.rows("lever", book.periods.whole.first)
    rows = sorted(rows, key=lambda row: (number(row["shortfall_rank"]) or 99, number(row["rank"]) or 99))
    if not any(number(row[name]) is not None for row in rows for name in ("lift_rub", "shortfall_rub")):
        return
    if book.is_begun_late("lever", book.periods.whole.first):
        return
    month = words.month(book.periods.whole.first, "name", book.language)
    names = [name for name in block.columns if any(row[name] is not None for row in rows)]
    is_ranked = "shortfall_rub" in names
    canvas.sentence(book.say("levers_heading" if is_ranked else "levers_heading_lift", month=month), "heading")
    heads = [Entry(book.say("lever_column"), "headerleft", book.say("note_lever"))]
    place = canvas.header(
        block.key, ["lever", *names], [*heads, *(column_header(book, "lever", name) for name in names)]
    )
    for row in (row for row in rows if row["lever"] != COST or not book.has_no_costs):
        line = _line(book, row)
        canvas.line([line[name] for name in ("lever", *names)], place, key=f"lever={row['lever']}")
    if is_ranked:
        said = ["levers_note", *(["levers_note_lift"] if "lift_rub" in names else [])]
        canvas.sentence(" ".join(book.say(key) for key in said), "footnote")
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


def _line(book: Book, row: Row) -> dict[str, Entry]:
    """Column → its cell."""
    name = str(row["lever"])
    look = LOOKS.get(name, "money")
    best_on = cast(date | None, row["best_on"])
    main = ".strong" if row["shortfall_rank"] == 1 else ""
    return {
        "lever": Entry(lever_title(book, name), f"words{main}"),
        "base_value": _value(book, look, number(row["base_value"]), main),
        "best_value": _value(book, look, number(row["best_value"]), ""),
        "best_on": Entry(words.short_month(best_on, book.language) if best_on else words.DASH, "figuretext"),
        "shortfall_rub": value_entry("money", number(row["shortfall_rub"]), main, book.language),
        "lift_rub": value_entry("money", number(row["lift_rub"]), ".grey", book.language),
    }


def _value(book: Book, look: str, value: Number | None, style: str) -> Entry:
    if look == "ratio2" and value is not None:
        return Entry(value, f"ratio2{style}")
    return value_entry(look, value, style, book.language)


def _written(book: Book, name: str, value: Value) -> str:
    return words.figure(number(value), LOOKS.get(name, "money"), book.language)
