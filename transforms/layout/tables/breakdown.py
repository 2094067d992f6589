"""Tables of a page: by channel or manager for the running period, by month, and heat tables."""

from collections.abc import Sequence

from config.documents import Value
from config.metrics import metric
from config.reports import SAID_MOST, Breakdown, Form, Own, TableColumn
from transforms import words
from transforms.layout.drawing.book import WHOLE, Book, Number, Row, When, during, number, total
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import are_few, change_entry, column_header, is_change_of_few, value_entry
from transforms.layout.drawing.spans import Span

TIMES = {"of_ten": 10, "interval_of_ten": 10, "of_hundred": 100, "hundredths": 1}
"""What a share is multiplied by in a form."""
CASES = {
    "deals_won": "deal_of", "deals_lost": "deal_of",
    "csi_answers": "answer_of", "csat_answers": "answer_of", "nps_answers": "answer_of",
}  # fmt: skip
"""What it is that is few, by the column that counts it; clients if it is none of these, nor counted calls."""
MOVED = {"csi": "point_of"}
"""What it is that a mean moved by, all of its answers together."""
FREE_MOST = 5
"""Channels without spend that are named under the table."""
ZONES = {"green": ".better", "orange": ".doubtful", "red": ".worse"}
"""Colour of a score by its zone."""


def draw_breakdown(book: Book, canvas: Canvas, block: Breakdown) -> None:
    """One row per channel or manager, largest first, small ones grey, a totals row, a line that says what is grey."""
    span, span_before = spans_of(book, block)
    rows = sorted(shown_rows(book, block), key=lambda row: order_key(book, row, block))
    before = {row[block.by]: row for row in book.rows(block.of, span_before.first, "before")}
    if block.span == "whole" and book.is_begun_late(block.of, span.first):
        return
    block = _totalled(_comparable(book, without_unknown(block, rows), list(before.values())))
    every = [row for row in book.rows(block.of, span.first) if row[block.by] != WHOLE]
    told = rows or every
    if (not rows and _is_unknown(book, block)) or (block.title and told and not _is_anybody_named(book, block, told)):
        return
    if block.title:
        canvas.sentence(block.title.say(book.language), "heading")
    if not rows:
        nothing = block.nothing.say(book.language) if block.nothing and every else ""
        canvas.sentence(nothing or book.say("no_rows", during=during(book, span)))
        canvas.gap()
        return
    names = [f"{column.column}.change" if column.is_change else column.column for column in block.columns]
    place = canvas.header(block.key, [block.by, *names], _headers(book, block))
    for row in rows:
        canvas.line(_line(book, block, row, before.get(row[block.by])), place, key=f"{block.by}={row[block.by]}")
    if block.total != "none" and len(rows) > 1 and _is_anything_summed(block, rows):
        canvas.line(_total_line(book, block, rows), key="total")
    _draw_footnote(book, canvas, block, rows, before)
    canvas.gap()


def draw_own(book: Book, canvas: Canvas, block: Own) -> None:
    """The first figures of each manager, channel or partner whose report it is, a sentence each."""
    table = block.table
    span = spans_of(book, table)[0]
    rows = {str(row[table.by]): row for row in shown_rows(book, table)}
    for name in map(book.public_name, book.report.edition.names):
        row = rows.get(name)
        told = [text for column in table.columns if row and (text := _said(book, table, row, column))]
        figures = ", ".join(told[:SAID_MOST])
        key = "own_figures" if figures else "own_nothing"
        canvas.sentence(book.say(key, name=name, during=during(book, span), figures=figures))
    canvas.gap()


def _said(book: Book, block: Breakdown, row: Row, column: TableColumn) -> str | None:
    """`звонки — 120`; None for what is unknown, a change, or no figure."""
    if column.is_change or metric(block.of, column.column).unit in {"text", "flag"}:
        return None
    value = formed(block.of, row, column.column, column.form)
    if value is None:
        return None
    told = metric(block.of, column.column)
    title = book.say_of(told, column.title or told.heading)
    look = form_look(block.of, column.column, column.form)
    text = interval_text(book, row) if look == "figuretext" else words.figure(value, look, book.language)
    return book.say("own_figure", title=title if title.isupper() else title[0].lower() + title[1:], value=text)


def spans_of(book: Book, block: Breakdown) -> tuple[Span, Span]:
    """The month of the table and the one that it is compared with."""
    spans = book.periods
    return (spans.whole, spans.whole_before) if block.span == "whole" else (spans.running, spans.running_before)


def without_unknown(block: Breakdown, rows: Sequence[Row]) -> Breakdown:
    """The block without columns of which nothing is known, if it asks for that."""
    if not block.drops_unknown:
        return block
    known = [column for column in block.columns if any(_is_told(block, row, column.column) for row in rows)]
    return block.model_copy(update={"columns": known})


def _comparable(book: Book, block: Breakdown, before: Sequence[Row]) -> Breakdown:
    """The block without changes against a month of which nothing is known; an old source has them, and says why."""
    if book.is_old(block.of):
        return block
    kept = [
        column
        for column in block.columns
        if not column.is_change or any(cell_value(block.of, row, column.column) is not None for row in before)
    ]
    return block.model_copy(update={"columns": kept})


def _totalled(block: Breakdown) -> Breakdown:
    """Of channels whose spend nobody knows, the total is that of all."""
    is_priced = any(column.column == "spend_rub" for column in block.columns)
    return block if is_priced or block.total != "paid" else block.model_copy(update={"total": "all"})


def _is_told(block: Breakdown, row: Row, column: str) -> bool:
    """Words stand there, or a figure that means something."""
    is_figure = metric(block.of, column).unit not in {"text", "flag"}
    return row.get(column) is not None and not (is_figure and cell_value(block.of, row, column) is None)


def shown_rows(book: Book, block: Breakdown) -> list[Row]:
    """Rows of the period of which the table has anything to show."""
    rows = book.rows(block.of, spans_of(book, block)[0].first)
    names = {column.column for column in block.columns}
    return [row for row in rows if row[block.by] != WHOLE and any(number(row.get(name)) for name in names)]


def _is_unknown(book: Book, block: Breakdown) -> bool:
    """There are rows, but nobody can know any figure of theirs: why is said elsewhere."""
    rows = book.rows(block.of, spans_of(book, block)[0].first)
    names = [column.column for column in block.columns]
    return bool(rows) and all(number(row.get(name)) is None for row in rows for name in names)


def _is_anybody_named(book: Book, block: Breakdown, rows: Sequence[Row]) -> bool:
    """One row «Не указан» would say again what stands above, as if it were somebody's."""
    return any(row[block.by] != book.unknown for row in rows)


def order_key(book: Book, row: Row, block: Breakdown) -> tuple[bool, bool, float, float, str]:
    """Unnamed last, those of a handful before them where a ratio orders; else by the block's order, then by revenue."""
    return (
        row[block.by] == book.unknown,
        not metric(block.of, block.order).adds_up and is_grey(book, block, row),
        -float(number(row.get(block.order)) or 0),
        -float(number(row.get("revenue_rub")) or 0),
        str(row[block.by]),
    )


def is_grey(book: Book, block: Breakdown, row: Row) -> bool:
    """Too few cases for the row's ratios to mean anything."""
    if block.grey == "none":
        return False
    if block.grey == "few_clients":
        clients = number(row.get("clients"))
        return clients is not None and clients < book.report.client.settings.channels.min_clients
    return row.get("callers") is not None and row.get("is_reliable") is not True


def _is_change_small(book: Book, block: Breakdown, column: str, before: Row, row: Row) -> bool:
    """Either side of the change rests on few cases, or it is of few: from 4 to 7 clients is no growth by 75 %."""
    return is_grey(book, block, before) or _is_of_few(book, block, column, before, row)


def _is_of_few(book: Book, block: Breakdown, column: str, before: Row, row: Row) -> bool:
    told = metric(block.of, column)
    if told.rests_on is None or told.rests_on not in row or told.rests_on not in before:
        return False
    now, old = (cell_value(block.of, side, column) for side in (row, before))
    cases = [number(side[told.rests_on]) for side in (row, before)]
    return is_change_of_few(told, old, now, cases, book.report.client.settings.channels.min_clients)


def _is_told_of_few(book: Book, block: Breakdown, column: str, before: Row, row: Row) -> bool:
    """A change stands there, and it is grey for the few cases behind it."""
    is_told = all(cell_value(block.of, side, column) is not None for side in (before, row))
    return is_told and _is_of_few(book, block, column, before, row)


def _rests_on_few(book: Book, block: Breakdown, column: str, before: Row, row: Row) -> bool:
    """Either side is of few cases, not the change alone."""
    count = metric(block.of, column).rests_on or ""
    return are_few(
        [number(side.get(count)) for side in (before, row)], book.report.client.settings.channels.min_clients
    )


def cell_value(table: str, row: Row, column: str) -> Number | None:
    """The row's figure; unknown where the price of nothing is asked."""
    needs = metric(table, column).needs
    if needs is not None and not number(row.get(needs)):
        return None
    return number(row.get(column))


def formed(table: str, row: Row, column: str, form: Form) -> Number | None:
    """The row's figure as a number in the form that the page gives it."""
    value = cell_value(table, row, column)
    return value if value is None or form not in TIMES else float(value) * TIMES[form]


def form_look(table: str, column: str, form: Form) -> str:
    """How a figure in that form is written."""
    usual = metric(table, column).look
    return {
        "figure": usual,
        "of_ten": "ratio",
        "interval_of_ten": "figuretext",
        "of_hundred": "count",
        "hundredths": "ratio2",
        "kopecks": "kopecks",
    }[form]


def _headers(book: Book, block: Breakdown) -> list[Entry]:
    found = [column_header(book, block.of, block.by), *(_header(book, block, column) for column in block.columns)]
    return (
        [*found, Entry(book.say("rule_column"), "headerleft.indent", book.say("note_rule"))]
        if block.has_rule
        else found
    )


def _header(book: Book, block: Breakdown, column: TableColumn) -> Entry:
    if column.is_change:
        return Entry(spans_of(book, block)[1].against(book.language), "header", book.say("note_change"))
    return column_header(book, block.of, column.column, column.title, column.form)


def _line(book: Book, block: Breakdown, row: Row, before: Row | None) -> list[Entry]:
    style = ".grey" if is_grey(book, block, row) or book.is_old(block.of) else ""
    cells = [Entry(row[block.by], f"name{style}")]
    for column in block.columns:
        if column.is_change:
            old = None if book.is_old(block.of) else before
            few = ".grey" if not style and old and _is_change_small(book, block, column.column, old, row) else style
            cells.append(_change(block, column.column, old, row, few))
        else:
            cells.append(_figure(book, block, row, column, f"{style}.strong" if column.is_main else style))
    return [*cells, Entry(_rule(book, row), "words.indent")] if block.has_rule else cells


def _rule(book: Book, row: Row) -> str:
    """By what rule a partner is paid: `10 % выручки`, `700 ₽ за нового клиента`."""
    rule = next((one for one in book.listed("partner_rule") if one["partner"] == row["partner"]), {})
    share, per_client = number(rule.get("share")), number(rule.get("rub_per_client"))
    if share is not None:
        per_cent = round(100 * float(share), 2)
        places = next(places for places in range(3) if round(per_cent, places) == per_cent)
        return book.say("rule_share", share=words.number(per_cent, places, book.language))
    if per_client is not None:
        look = "money" if per_client == int(per_client) else "kopecks"
        return book.say("rule_client", money=words.figure(per_client, look, book.language))
    return words.DASH


def _figure(book: Book, block: Breakdown, row: Row, column: TableColumn, style: str) -> Entry:
    if column.form == "interval_of_ten":
        return Entry(interval_text(book, row), f"figuretext{style}")
    if metric(block.of, column.column).unit in {"text", "flag"}:
        return Entry(book.value_word(column.column, row.get(column.column)), f"words.indent{style}")
    look = form_look(block.of, column.column, column.form)
    if column.form == "hundredths":
        value = cell_value(block.of, row, column.column)
        zone = ZONES.get(str(row.get(f"{column.column}_zone")), "")
        return Entry(words.DASH, f"dash{style}") if value is None else Entry(value, f"{look}{style}{zone}")
    return value_entry(look, formed(block.of, row, column.column, column.form), style, book.language)


def interval_text(book: Book, row: Row) -> str:
    """Conversion of ten callers with its 95 % interval: `2,1 (1,4–3,0)`."""
    shares = [number(row.get(name)) for name in ("conversion", "conversion_low", "conversion_high")]
    if shares[0] is None:
        return words.DASH
    middle, low, high = (words.number(10 * float(share or 0), 1, book.language) for share in shares)
    return f"{middle} ({low}–{high})"


def _change(block: Breakdown, column: str, before: Row | None, row: Row, style: str) -> Entry:
    old = cell_value(block.of, before, column) if before else None
    return change_entry(old, cell_value(block.of, row, column), metric(block.of, column).good, style)


def _is_anything_summed(block: Breakdown, rows: Sequence[Row]) -> bool:
    """Where no channel is known to be paid, «Всего, платные» would be a line of dashes."""
    return block.total != "paid" or any(number(row["spend_rub"]) for row in rows)


def _total_line(book: Book, block: Breakdown, rows: Sequence[Row]) -> list[Entry]:
    style = ".total.grey" if book.is_old(block.of) else ".total"
    return [
        Entry(book.say("total_all" if block.total == "row" else f"total_{block.total}"), f"name{style}"),
        *(_total(book, block, column, rows, style) for column in block.columns),
        *([Entry(None, f"words{style}")] if block.has_rule else []),
    ]


def _total(book: Book, block: Breakdown, column: TableColumn, rows: Sequence[Row], style: str) -> Entry:
    """The foot of a column: the sum of what adds up, of a ratio what is true of the whole; else nothing is said."""
    told = metric(block.of, column.column)
    least = book.report.client.settings.channels.min_clients
    if block.total == "row":
        return _row_total(book, block, column, style)
    if column.total is not None:
        told = metric("whole_period", column.total)
        sides = [book.one("whole_period", span.first, when) for span, when in _moments(book)]
        now, before = (number(side.get(column.total)) for side in sides)
        cases = [number(side.get(told.rests_on or "")) for side in sides]
    elif told.adds_up or column.is_part:
        summed = [row for row in rows if number(row.get("spend_rub"))] if block.total == "paid" else list(rows)
        # what nobody named belongs to all, but to none of those that cost money
        is_partly_known = block.total == "paid" and any(number(row.get(column.column)) is None for row in summed)
        now = None if is_partly_known else total(summed, column.column)
        old = book.rows(block.of, book.periods.running_before.first, "before")
        before = total(old, column.column)
        cases = [total(side, told.rests_on or "") for side in (summed, old)]
    elif told.unit in {"text", "flag"}:
        return Entry(None, f"words{style}")
    else:
        return Entry(words.DASH, f"dash{style}")
    if column.is_change:
        few = ".grey" if is_change_of_few(told, before, now, cases, least) else ""
        return change_entry(None if book.is_old(block.of) else before, now, told.good, f"{style}{few}")
    few = ".grey" if are_few(cases[:1], least) and not told.adds_up else ""
    return value_entry("kopecks" if column.form == "kopecks" else told.look, now, f"{style}{few}", book.language)


def _row_total(book: Book, block: Breakdown, column: TableColumn, style: str) -> Entry:
    """What the table's own row of the whole says."""
    span, span_before = spans_of(book, block)
    row = book.one(block.of, span.first)
    if not column.is_change:
        return _figure(book, block, row, column, style)
    before = {} if book.is_old(block.of) else book.one(block.of, span_before.first, "before")
    few = ".grey" if before and _is_of_few(book, block, column.column, before, row) else ""
    return _change(block, column.column, before, row, f"{style}{few}")


def _moments(book: Book) -> tuple[tuple[Span, When], ...]:
    return (book.periods.running, "now"), (book.periods.running_before, "before")


def _grey_below(book: Book, block: Breakdown, rows: Sequence[Row], before: dict[Value, Row]) -> list[str]:
    """Below which counts something of the table is grey: `30 позвонивших`, `5 клиентов`."""
    settings = book.report.client.settings
    pairs = [(row, before[row[block.by]]) for row in rows if row[block.by] in before]
    changes = [column.column for column in block.columns if column.is_change]
    by_rows = any(is_grey(book, block, row) for pair in pairs for row in pair) or any(
        is_grey(book, block, row) for row in rows
    )
    few = _nouns_of_few(book, block, changes, pairs, by_sides=True)
    found = []
    if by_rows and block.grey == "few_callers":
        found.append(words.counted(settings.managers.min_callers, "caller_of", book.language))
    nouns = few | ({"client_of"} if by_rows and block.grey == "few_clients" else set())
    found += [words.counted(settings.channels.min_clients, noun, book.language) for noun in sorted(nouns)]
    return found


def _grey_changes_below(book: Book, block: Breakdown, rows: Sequence[Row], before: dict[Value, Row]) -> list[str]:
    """By fewer than how many something changed, where that is why it is grey: `5 клиентов`."""
    pairs = [(row, before[row[block.by]]) for row in rows if row[block.by] in before]
    changes = [column.column for column in block.columns if column.is_change]
    nouns = _nouns_of_few(book, block, changes, pairs, by_sides=False)
    least = book.report.client.settings.channels.min_clients
    return [words.counted(least, noun.removesuffix("_of"), book.language) for noun in sorted(nouns)]


def _nouns_of_few(
    book: Book, block: Breakdown, changes: Sequence[str], pairs: Sequence[tuple[Row, Row]], *, by_sides: bool
) -> set[str]:
    """What it is that is few behind changes that are told in grey, on either side or in the change alone."""
    return {
        (not by_sides and MOVED.get(name)) or _noun_of(book, metric(block.of, name).rests_on)
        for name in changes
        for row, old in pairs
        if _is_told_of_few(book, block, name, old, row) and _rests_on_few(book, block, name, old, row) is by_sides
    }


def _noun_of(book: Book, rests_on: str | None) -> str:
    if rests_on == "counted_calls":
        return book.noun_of_counted("call_of")
    return CASES.get(rests_on or "", "client_of")


def _draw_footnote(book: Book, canvas: Canvas, block: Breakdown, rows: Sequence[Row], before: dict[Value, Row]) -> None:
    below = _grey_below(book, block, rows, before)
    changes = _grey_changes_below(book, block, rows, before)
    said = []
    if book.is_old(block.of):
        said.append(book.say("figures_stale"))
    elif below or changes:
        key = "grey_few" if not changes else "grey_few_changes" if below else "grey_changes"
        said.append(book.say(key, least=book.say("or").join(below), change=book.say("or").join(changes)))
    is_priced = block.total == "paid" and any(not metric(block.of, one.column).adds_up for one in block.columns)
    free = [str(row[block.by]) for row in rows if is_priced and number(row["spend_rub"]) == 0]
    if free:
        more = len(free) - FREE_MOST
        key = "without_spend_more" if more > 0 else "without_spend"
        said.append(book.say(key, names=", ".join(free[:FREE_MOST]), more=more))
    if book.has_no_costs and any(number(row.get("romi")) is not None for row in rows):
        said.append(book.say("romi_without_cost"))
    if said:
        canvas.sentence(" ".join(said), "footnote")
