"""«Цепочка»: steps as rows, months as columns, the share kept from the step before in grey."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.metrics import metric
from config.reports import Chain, reports
from transforms import words
from transforms.layout.book import WHOLE, Book, Number, Row, Span, When, number
from transforms.layout.canvas import Canvas, Entry
from transforms.layout.figures import change_entry, column_note, relative, value_entry
from transforms.layout.main_points import during_before
from transforms.layout.months import heat_month

PROFITS = frozenset({"gross_profit_rub", "profit_rub"})
"""Steps whose name says so where costs are not known."""
PAID_ALONE = frozenset({"calls_per_click"})
"""Shares that only channels with clicks have: whole_period tells them."""


def draw_chain(book: Book, canvas: Canvas, block: Chain) -> None:
    """The steps that anybody can know, month by month, and their change."""
    months = book.months(block.of, block.months)
    heads = [Entry(book.say("step"), "headerleft", book.say("note_step"))]
    heads += [
        Entry(heat_month(book, first, with_year=first == months[0]), "header", book.say("note_month"))
        for first in months
    ]
    heads.append(Entry(book.periods.running_before.against(book.language), "header", book.say("note_change")))
    place = canvas.header(block.key, ["step", *(first.isoformat() for first in months), "change"], heads)
    for step in block.steps:
        # without costs revenue keeps all of itself, which says nothing
        is_empty = step.share == "gross_margin" and book.has_no_costs
        if step.share and not is_empty and _is_known(book, block, months, step.share):
            canvas.line(_line(book, block, months, step.share, ".under"), place, key=f"step={step.share}")
        if _is_known(book, block, months, step.column):
            canvas.line(_line(book, block, months, step.column, ""), place, key=f"step={step.column}")
    canvas.sentence(book.say("chain_note"), "footnote")
    if book.is_old(block.of):
        canvas.sentence(book.say("figures_stale"), "footnote")
    canvas.gap()


def weakest_step(book: Book) -> Iterator[str]:
    """The share that fell most against the same days of the month before."""
    block = next(block for report in reports() for block in report.blocks if isinstance(block, Chain))
    if book.is_old(block.of):
        return
    now, before = book.periods.running, book.periods.running_before
    falls = [
        (change, step.share)
        for step in block.steps
        if step.share
        and (change := relative(_kept(book, block, before, step.share, "before"), _kept(book, block, now, step.share)))
    ]
    if not falls:
        return
    change, share = min(falls)
    if change >= 0:
        yield book.say("no_weak_step")
        return
    told = metric(block.of, share)
    yield book.say(
        "weakest_step",
        step=book.say("calls_per_paid_click") if share == "calls_per_click" else told.heading.say(book.language),
        now=words.figure(_kept(book, block, now, share), told.look, book.language),
        before=words.figure(_kept(book, block, before, share, "before"), told.look, book.language),
        during_before=during_before(book, before),
    )


def _kept(book: Book, block: Chain, span: Span, share: str, when: When = "now") -> Number | None:
    """The share of all channels; calls per click of those with clicks, for a call without advertising lost no click."""
    if share in PAID_ALONE:
        return number(book.one("whole_period", span.first, when).get(share))
    return _value(book, block, span.first, share, when)


def _line(book: Book, block: Chain, months: list[date], column: str, style: str) -> list[Entry]:
    told = metric(block.of, column)
    title = told.heading.say(book.language)
    if column == "profit_rub" and not any(row.get("table_name") == "costs" for row in book.ops("sources")):
        title = book.say("profit_without_costs")
    if column in PROFITS and book.has_no_costs:
        title = book.say("without_cost", title=title)
    cells = [Entry(title, f"words{style}", column_note(block.of, column, book.language))]
    for first in months:
        strong = ".strong" if first == months[-1] and not style else ""
        if first == book.periods.running.first and book.is_old(block.of):
            strong += ".grey"
        cells.append(value_entry(told.look, _value(book, block, first, column), f"{style}{strong}", book.language))
    old = None if book.is_old(block.of) else _value(book, block, book.periods.running_before.first, column, "before")
    changed = change_entry(old, _value(book, block, book.periods.running.first, column), told.good, style and ".plain")
    return [*cells, changed]


def _is_known(book: Book, block: Chain, months: list[date], column: str) -> bool:
    return any(_value(book, block, first, column) for first in months)


def _value(book: Book, block: Chain, first: date, column: str, when: When = "now") -> Number | None:
    row: Row = next((row for row in book.rows(block.of, first, when) if row["channel"] == WHOLE), {})
    return number(row.get(column))
