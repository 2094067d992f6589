"""«Цепочка»: steps as rows, months as columns, the share kept from the step before in grey."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.labels import labels
from config.reports import Chain
from transforms import words
from transforms.layout.book import WHOLE, Book, Number, Row, When, number, total
from transforms.layout.canvas import Canvas, Entry
from transforms.layout.figures import change_entry, column_note, relative, value_entry
from transforms.layout.main_points import during_before
from transforms.layout.months import heat_month
from transforms.layout.tables import FEEDS

STEPS = (
    ("spend_rub", None),
    ("impressions", None),
    ("clicks", "clicks_per_impression"),
    ("calls", "calls_per_click"),
    ("target_calls", "target_per_call"),
    ("clients", "clients_per_target_call"),
    ("revenue_rub", "revenue_per_client_rub"),
    ("gross_profit_rub", "gross_margin"),
    ("profit_rub", None),
)
"""Each step with the share kept from the one before."""
PROFITS = frozenset({"gross_profit_rub", "profit_rub"})
TABLE = "chain_period"


def draw_chain(book: Book, canvas: Canvas, block: Chain) -> None:
    """The steps that anybody can know, month by month, and their change."""
    months = book.months(TABLE, block.months)
    heads = [Entry(book.say("step"), "headerleft", book.say("note_step"))]
    heads += [
        Entry(heat_month(book, first, with_year=first == months[0]), "header", book.say("note_month"))
        for first in months
    ]
    heads.append(Entry(book.periods.running_before.against(book.language), "header", book.say("note_change")))
    place = canvas.header(block.key, ["step", *(first.isoformat() for first in months), "change"], heads)
    for step, share in STEPS:
        # without costs revenue keeps all of itself, which says nothing
        is_empty = share == "gross_margin" and book.has_no_costs
        if share and not is_empty and _is_known(book, months, share):
            canvas.line(_line(book, months, share, ".under"), place, key=f"step={share}")
        if _is_known(book, months, step):
            canvas.line(_line(book, months, step, ""), place, key=f"step={step}")
    canvas.sentence(book.say("chain_note"), "footnote")
    if book.is_stale(FEEDS[TABLE]):
        canvas.sentence(book.say("figures_stale"), "footnote")
    canvas.gap()


def weakest_step(book: Book) -> Iterator[str]:
    """The share that fell most against the same days of the month before."""
    if book.is_stale(FEEDS[TABLE]):
        return
    now, before = book.periods.running, book.periods.running_before
    falls = [
        (change, share)
        for _, share in STEPS
        if share and (change := relative(_kept(book, before.first, share, "before"), _kept(book, now.first, share)))
    ]
    if not falls:
        return
    change, share = min(falls)
    if change >= 0:
        yield book.say("no_weak_step")
        return
    label = labels().columns[share]
    yield book.say(
        "weakest_step",
        step=book.say("calls_per_paid_click") if share == "calls_per_click" else label.say(book.language),
        now=words.figure(_kept(book, now.first, share), label.look, book.language),
        before=words.figure(_kept(book, before.first, share, "before"), label.look, book.language),
        during_before=during_before(book, before),
    )


def _kept(book: Book, first: date, share: str, when: When = "now") -> Number | None:
    """The share of all channels; calls per click of those with clicks, for a call without advertising lost no click."""
    if share != "calls_per_click":
        return _value(book, first, share, when)
    paid = [row for row in book.rows(TABLE, first, when) if row["channel"] != WHOLE and number(row.get("clicks"))]
    calls, clicks = total(paid, "calls"), total(paid, "clicks")
    return float(calls) / float(clicks) if calls is not None and clicks else None


def _line(book: Book, months: list[date], column: str, style: str) -> list[Entry]:
    label = labels().columns[column]
    title = label.say(book.language)
    if column == "profit_rub" and not any(row.get("table_name") == "costs" for row in book.ops("sources")):
        title = book.say("profit_without_costs")
    if column in PROFITS and book.has_no_costs:
        title = book.say("without_cost", title=title)
    cells = [Entry(title, f"words{style}", column_note(TABLE, column, book.language))]
    for first in months:
        strong = ".strong" if first == months[-1] and not style else ""
        if first == book.periods.running.first and book.is_stale(FEEDS[TABLE]):
            strong += ".grey"
        cells.append(value_entry(label.look, _value(book, first, column), f"{style}{strong}", book.language))
    old = None if book.is_stale(FEEDS[TABLE]) else _value(book, book.periods.running_before.first, column, "before")
    changed = change_entry(old, _value(book, book.periods.running.first, column), label.good, style and ".plain")
    return [*cells, changed]


def _is_known(book: Book, months: list[date], column: str) -> bool:
    return any(_value(book, first, column) for first in months)


def _value(book: Book, first: date, column: str, when: When = "now") -> Number | None:
    row: Row = next((row for row in book.rows(TABLE, first, when) if row["channel"] == WHOLE), {})
    return number(row.get(column))
