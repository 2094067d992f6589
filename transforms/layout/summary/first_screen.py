"""Blocks of «Сводка»: the figures of the first screen, and freshness per source."""

from config.reports import Figures
from transforms import words
from transforms.layout.drawing.book import Book, Row, number, total
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import Reading, change_entry, figure_note, headers, shown, value_entry

FIGURE_COLUMNS = 2
"""A figure's name and what it is now stand there, known or not."""


def draw_figures(book: Book, canvas: Canvas, block: Figures) -> None:
    """Seven rows: running period, its change, last whole month, its change. Figures nobody can know are left out.

    So are changes, and the whole month, where none is known.
    """
    spans = book.periods
    pairs = shown(book, block.figures)
    if not pairs:
        return
    heads = [
        Entry("", "headerleft"),
        Entry(spans.running.header(book.language), "header", book.say("note_running")),
        Entry(spans.running_before.against(book.language), "header", book.say("note_change")),
        Entry(spans.whole.header(book.language), "header", book.say("note_whole")),
        Entry(spans.whole_before.against(book.language), "header", book.say("note_whole_change")),
    ]
    names = ["title", "running", "change", "whole", "whole_change"]
    lines = [_figure_line(book, new, old) for new, old in pairs]
    told = [
        at for at in range(len(names)) if at < FIGURE_COLUMNS or any(line[at].value != words.DASH for line in lines)
    ]
    place = canvas.header("figures", [names[at] for at in told], [heads[at] for at in told])
    for (new, _), line in zip(pairs, lines, strict=True):
        canvas.line([line[at] for at in told], place, key=f"figure={new.name}")
    _draw_footnotes(book, canvas, [new for new, _ in pairs])
    canvas.gap()


def figure_title(book: Book, reading: Reading) -> str:
    """The figure's name; it says so where costs are not known."""
    title = book.say_of(reading.spec.column, reading.spec.title)
    if reading.spec.without_cost and book.has_no_costs:
        return book.say("without_cost", title=title)
    return title


def _figure_line(book: Book, new: Reading, old: Reading) -> list[Entry]:
    name_style = ".grey" if new.is_stale or new.is_small else ""
    return [
        Entry(figure_title(book, new), f"words{name_style}", note=figure_note(book, new.spec)),
        value_entry(new.spec.look, new.now, f".main{name_style}", book.language),
        _change(new),
        value_entry(old.spec.look, None if _is_part(book, old) else old.now, ".earlier", book.language),
        _change(old),
    ]


def _is_part(book: Book, reading: Reading) -> bool:
    """A sum of what is known of a month since its last day is not what the month brought; a ratio is what it is."""
    return reading.spec.column.adds_up and any(
        book.reach.is_late(table, book.periods.whole.first) for table in reading.spec.feeds
    )


def _change(reading: Reading) -> Entry:
    if reading.is_stale:
        return Entry(words.DASH, "dash.grey")
    style = ".grey" if reading.is_change_small else ""
    return change_entry(reading.before, reading.now, reading.spec.good, style)


def _draw_footnotes(book: Book, canvas: Canvas, readings: list[Reading]) -> None:
    if any(reading.is_stale for reading in readings):
        canvas.sentence(book.say("figures_stale"), "footnote")
    if any(reading.is_change_small for reading in readings):
        canvas.sentence(book.say("figures_small"), "footnote")
    if any(reading.name == "clients_per_10_calls" and reading.now is not None for reading in readings):
        _draw_clients_without_calls(book, canvas)


def _draw_clients_without_calls(book: Book, canvas: Canvas) -> None:
    rows = book.rows("manager_period", book.periods.running.first)
    left = [row for row in rows if not number(row["calls"]) and number(row["clients"])]
    clients = int(total(left, "clients") or 0)
    if clients:
        nobody = book.say("manager_not_stated")
        names = ", ".join(nobody if row["manager"] == book.unknown else str(row["manager"]) for row in left)
        said = words.counted(clients, "client", book.language)
        canvas.sentence(book.say("clients_without_calls", clients=said, names=names), "footnote")


def draw_freshness(book: Book, canvas: Canvas) -> None:
    """Per source: data up to, loaded at, rows, refused."""
    sources = book.ops("sources")
    if not sources:
        return
    canvas.sentence(book.say("freshness_heading"), "heading")
    names = ["source", "data_to_on", "loaded_at", "rows_staged_now", "rows_refused_now"]
    place = canvas.header("freshness", names, headers(book, names))
    for row in sources:
        canvas.line(_source_line(book, row), place, key=f"source={row['source']}")
    canvas.gap()


def _source_line(book: Book, row: Row) -> list[Entry]:
    is_old = bool(row.get("is_stale")) or row.get("is_available") is False
    style = ".alert" if is_old else ""
    refused = refused_rows(book, str(row["source"]))
    return [
        Entry(book.source_title(str(row["source"])), "name"),
        _known(row.get("data_to_on"), f"date{style}"),
        _known(row.get("loaded_at"), "moment"),
        _known(row.get("rows_staged"), "count"),
        Entry(refused, "count.worse" if refused else "count.grey"),
    ]


def _known(value: object, look: str) -> Entry:
    return Entry(words.DASH, "dash") if value is None else Entry(value, look)  # type: ignore[arg-type]  # a row of the warehouse holds objects


def refused_rows(book: Book, source: str) -> int:
    """Rows of the source that were refused."""
    return int(total([row for row in book.ops("loads") if row["source"] == source], "rows_rejected") or 0)
