"""«Цепочка»: steps as rows, months as columns, the share kept from the step before in grey."""

from collections.abc import Iterator
from datetime import date

from config.metrics import metric
from config.reports import Chain, reports
from transforms import words
from transforms.layout.drawing.book import WHOLE, Book, Number, Row, When, during_before, nothing_to_compare, number
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import change_entry, column_note, is_change_of_few, relative, value_entry
from transforms.layout.tables.months import heat_month

PROFITS = frozenset({"gross_profit_rub", "profit_rub"})
"""Steps whose name says so where costs are not known."""
CLICKED = "calls_per_click"
"""The step that is not of all channels."""


def draw_chain(book: Book, canvas: Canvas, block: Chain) -> None:
    """The steps that anybody can know, month by month, and their change."""
    months = book.months(block.of, block.months)
    heads = [Entry(book.say("step"), "headerleft", book.say("note_step"))]
    heads += [
        Entry(heat_month(book, first, with_year=first == months[0]), "header", book.say("note_month"))
        for first in months
    ]
    is_compared = book.is_old(block.of) or _is_anything_before(book, block)
    if is_compared:
        heads.append(Entry(book.periods.running_before.against(book.language), "header", book.say("note_change")))
    names = ["step", *(first.isoformat() for first in months), *(["change"] if is_compared else [])]
    place = canvas.header(block.key, names, heads)
    drawn: dict[str, str] = {}
    for step in block.steps:
        for table, column in step.columns(block.of):
            # without costs revenue keeps all of itself, which says nothing
            is_empty = column == "gross_margin" and book.has_no_costs
            if not is_empty and any(_value(book, table, first, column) for first in months):
                style = ".under" if column == step.share else ""
                drawn[column] = table
                line = _line(book, table, months, column, style)
                canvas.line(line[: len(names)], place, key=f"step={column}")
    said = ["chain_note", *(["chain_note_clicks"] if CLICKED in drawn else [])]
    if book.is_old(block.of):
        said.append("figures_stale")
    elif any(_is_few(book, table, name) and _seen_change(book, table, name) for name, table in drawn.items()):
        said.append("chain_note_few")
    canvas.sentence(" ".join(book.say(key) for key in said), "footnote")
    canvas.gap()


def _is_anything_before(book: Book, block: Chain) -> bool:
    """Whether any step of the same days a month before is known."""
    first = book.periods.running_before.first
    steps = [pair for step in block.steps for pair in step.columns(block.of)]
    return any(_value(book, table, first, column, "before") is not None for table, column in steps)


def weakest_step(book: Book) -> Iterator[str]:
    """The share that fell most against the same days of the month before."""
    block = next(block for report in reports() for block in report.blocks if isinstance(block, Chain))
    if book.is_old(block.of):
        return
    now, before = book.periods.running, book.periods.running_before
    shares = [(step.share_of or block.of, step.share) for step in block.steps if step.share]
    falls = [
        (change, table, share)
        for table, share in shares
        if not _is_few(book, table, share) and (change := _seen_change(book, table, share))
    ]
    if all(_value(book, table, before.first, share, "before") is None for table, share in shares):
        yield nothing_to_compare(book)
        return
    change, table, share = min(falls, default=(0, "", ""))
    if change >= 0:
        yield book.say("no_weak_step")
        return
    told = metric(table, share)
    yield book.say(
        "weakest_step",
        step=told.heading.say(book.language),
        now=words.figure(_value(book, table, now.first, share), told.look, book.language),
        before=words.figure(_value(book, table, before.first, share, "before"), told.look, book.language),
        during_before=during_before(book, before),
    )


def _seen_change(book: Book, table: str, share: str) -> float | None:
    """The relative change of a share; None where both are written alike: 2,1 % against 2,1 % is no fall."""
    look, spans = metric(table, share).look, book.periods
    old, now = (
        _value(book, table, spans.running_before.first, share, "before"),
        _value(book, table, spans.running.first, share),
    )
    is_seen = words.figure(old, look, book.language) != words.figure(now, look, book.language)
    return relative(old, now) if is_seen else None


def _line(book: Book, table: str, months: list[date], column: str, style: str) -> list[Entry]:
    told = metric(table, column)
    title = told.heading.say(book.language)
    if column == "profit_rub" and not any(row.get("table_name") == "costs" for row in book.ops("sources")):
        title = book.say("profit_without_costs")
    if column in PROFITS and book.has_no_costs:
        title = book.say("without_cost", title=title)
    cells = [Entry(title, f"words{style}", column_note(book, table, column))]
    for first in months:
        is_running = first == book.periods.running.first
        strong = ".strong" if first == months[-1] and not style else ""
        if is_running and (book.is_old(table) or book.periods.running.is_just_begun):
            strong += ".grey"
        cells.append(value_entry(told.look, _value(book, table, first, column), f"{style}{strong}", book.language))
    old = None if book.is_old(table) else _value(book, table, book.periods.running_before.first, column, "before")
    drawn = f"{style and '.plain'}{'.grey' if _is_few(book, table, column) else ''}"
    return [*cells, change_entry(old, _value(book, table, book.periods.running.first, column), told.good, drawn)]


def _is_few(book: Book, table: str, column: str) -> bool:
    """Whether the change of a step may be chance: of a handful of cases, or resting on one, now or a month before."""
    told = metric(table, column)
    rests_on = told.rests_on or (column if told.unit == "count" else None)
    if rests_on is None:
        return False
    spans = book.periods
    moments: tuple[tuple[date, When], ...] = ((spans.running.first, "now"), (spans.running_before.first, "before"))
    now, before = (_value(book, table, first, column, when) for first, when in moments)
    cases = [_value(book, table, first, rests_on, when) for first, when in moments]
    brought = [_value(book, table, first, told.left_of, when) for first, when in moments] if told.left_of else []
    return is_change_of_few(told, before, now, cases, book.report.client.settings.channels.min_clients, brought)


def _value(book: Book, table: str, first: date, column: str, when: When = "now") -> Number | None:
    rows = book.rows(table, first, when)
    row: Row = next((row for row in rows if row.get("channel", WHOLE) == WHOLE), {})
    return number(row.get(column))
