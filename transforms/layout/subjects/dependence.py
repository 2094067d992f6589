"""«Зависит ли конверсия от канала?»: the test's answer for the last ripe month, managers down and channels across."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.documents import Area, Highlight, HighlightKind
from config.reports import Special
from transforms import words
from transforms.layout.drawing.book import Book, Row, number
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import column_header, value_entry

CHANNELS_MOST = 8
LEAST_EXPECTED = 5
"""A channel is compared if so many buyers, and so many who did not buy, may be expected of it."""
MANAGERS_MOST = 12
"""Of more managers, those alone of whom some cell is more than a handful."""
NAME_MOST = 36
"""Letters of a channel above a column: three lines, that none is cut off."""


def conversion_by_channel(book: Book) -> Iterator[str]:
    """Yes, with the two channels that differ most, or no; silent where nobody can say."""
    first = _month(book)
    if first is None or book.is_old("channel_dependence"):
        return
    row = book.one("channel_dependence", first)
    rates = _rates(book.rows("manager_channel_period", first), book.unknown)
    if row.get("is_dependent") is None or len(rates) < 2:
        return
    best, worst = max(rates, key=lambda name: rates[name]), min(rates, key=lambda name: rates[name])
    yield book.say(
        "conversion_depends" if row["is_dependent"] else "conversion_does_not_depend",
        month=f"{words.month(first, 'in', book.language)} {first.year}",
        best=book.say("quoted", name=best),
        best_rate=words.number(10 * rates[best], 1, book.language),
        worst=book.say("quoted", name=worst),
        worst_rate=words.number(10 * rates[worst], 1, book.language),
        chance=words.figure(number(row["p_value"]), "share", book.language),
    )


def draw_dependence(book: Book, canvas: Canvas, block: Special) -> None:
    """Buyers of ten callers by manager and channel; cells of few callers are grey."""
    first = _month(book)
    if first is None:
        return
    rows = [row for row in book.rows("manager_channel_period", first) if number(row["callers"])]
    if all(number(row["conversion"]) is None for row in rows):
        return
    channels = _largest(rows, "channel")[: min(CHANNELS_MOST, len(canvas.widths) - 1)]
    least = book.report.client.settings.managers.min_callers
    # where every cell is of a handful, the table tells nothing about channels; else no manager is left out of a few
    told = {row["manager"] for row in rows if row["channel"] in channels and (number(row["callers"]) or 0) >= least}
    everybody = _largest(rows, "manager")
    managers = everybody if len(everybody) <= MANAGERS_MOST else [name for name in everybody if name in told]
    if len(channels) < 2 or not told:
        return
    month = f"{words.month(first, 'name', book.language)} {first.year}"
    canvas.sentence(book.say("dependence_heading", month=month), "heading")
    heads = [column_header(book, "manager_channel_period", "manager")]
    heads += [Entry(words.shortened(name, NAME_MOST), "header", book.say("note_dependence")) for name in channels]
    place = canvas.header(block.key, ["manager", *channels], heads)
    cells = {(row["manager"], row["channel"]): row for row in rows}
    for manager in managers:
        line = [Entry(manager, "name")]
        line += [_cell(book, cells.get((manager, channel)), least) for channel in channels]
        canvas.line(line, place, key=f"manager={manager}")
    canvas.highlights.append(
        Highlight(HighlightKind.HEAT_HIGH_IS_GOOD, Area(place.first_row, 1, place.last_row, len(channels)))
    )
    if any((number(cell["callers"]) or 0) < least for (name, _), cell in cells.items() if name in managers):
        callers = words.counted(least, "caller_of", book.language)
        canvas.sentence(book.say("grey_few", least=callers), "footnote")
    canvas.gap()


def _month(book: Book) -> date | None:
    """The last month that has ripened."""
    months = [
        first
        for first in book.months("channel_dependence", 1000)
        if book.one("channel_dependence", first).get("is_mature")
    ]
    return months[-1] if months else None


def _rates(rows: list[Row], nobody: str) -> dict[str, float]:
    """Channel → share of its callers who bought, of channels that can be compared."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row["channel"] != nobody and number(row["callers"]):
            callers, bought = sums.get(str(row["channel"]), (0, 0))
            more, sold = int(number(row["callers"]) or 0), int(number(row["converted_callers"]) or 0)
            sums[str(row["channel"])] = callers + more, bought + sold
    whole, all_bought = (sum(each[side] for each in sums.values()) for side in (0, 1))
    return {
        name: bought / callers
        for name, (callers, bought) in sums.items()
        if min(callers * all_bought, callers * (whole - all_bought)) >= LEAST_EXPECTED * whole
    }


def _largest(rows: list[Row], by: str) -> list[str]:
    weight: dict[str, int] = {}
    for row in rows:
        weight[str(row[by])] = weight.get(str(row[by]), 0) + int(number(row["callers"]) or 0)
    return sorted(weight, key=lambda name: (-weight[name], name))


def _cell(book: Book, row: Row | None, least: int) -> Entry:
    rate = number(row["conversion"]) if row else None
    if row is None or rate is None:
        return Entry(words.DASH, "dash")
    few = ".grey" if (number(row["callers"]) or 0) < least else ""
    return value_entry("ratio", 10 * float(rate), few, book.language)
