"""What «Каналы», «Клиенты» and «Зависит ли конверсия от канала?» say first."""

from collections.abc import Iterator
from datetime import date

from config.documents import HighlightKind
from config.metrics import metric
from config.reports import Special
from transforms import words
from transforms.layout.drawing.book import Book, Row, during, number, total
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import column_header, read, value_entry
from transforms.layout.summary.main_points import sentence, size

VAIN_MOST = 3
"""Channels named in one sentence."""


def largest_channel(book: Book) -> Iterator[str]:
    """The channel that brings most, where no channel is known to have cost anything."""
    months = book.months("channel_period", 1000)
    if any(number(row.get("spend_rub")) for first in months for row in book.rows("channel_period", first)):
        return
    rows = book.rows("channel_period", book.periods.running.first)
    column = next((name for name in ("revenue_rub", "counted_calls") if total(rows, name)), None)
    named = [row for row in rows if row["channel"] != book.unknown and column and number(row.get(column))]
    if column and named and not book.is_old("channel_period"):
        row, whole = max(named, key=lambda row: number(row[column]) or 0), total(rows, column) or 0
        yield book.say(
            f"largest_channel_{column}",
            channel=book.say("quoted", name=row["channel"]),
            amount=words.figure(number(row[column]), metric("channel_period", column).look, book.language),
            whole=words.figure(whole, metric("channel_period", column).look, book.language),
            share=words.figure(float(number(row[column]) or 0) / float(whole), "share", book.language),
            during=during(book, book.periods.running),
        )


def dearest_and_cheapest_call(book: Book) -> Iterator[str]:
    """The dearest and the cheapest call of the running month, and who took money in vain."""
    rows = book.rows("channel_period", book.periods.running.first)
    if book.is_stale(("ad_spend", "calls")):
        return
    paid = [row for row in rows if number(row["spend_rub"]) and number(row["cost_per_call_rub"]) is not None]
    if not paid:
        if not any(number(row["counted_calls"]) is not None for row in rows):
            loaded = {row["table_name"] for row in book.ops("sources")}
            yield book.say("no_calls_but_leads" if "leads" in loaded and "calls" not in loaded else "no_calls")
        elif any(number(row["counted_calls"]) == 0 for row in rows if number(row["spend_rub"])):
            yield book.say("no_paid_calls")
        return
    silent = _spent_in_vain(book, rows)
    least = book.report.client.settings.channels.min_clients
    enough = [row for row in paid if (number(row["counted_calls"]) or 0) >= least]
    if len(enough) <= 1 < len(paid):
        yield book.say("call_prices_of_few", least=words.counted(least, book.noun_of_counted("call_of"), book.language))
    else:
        yield _prices(book, enough if len(paid) > 1 else paid, "one_caller" if silent else "one_call_price")
    if silent:
        yield book.say("spent_in_vain", names=silent)


def _prices(book: Book, paid: list[Row], of_one: str) -> str:
    paid = sorted(paid, key=lambda row: float(number(row["cost_per_call_rub"]) or 0))
    facts = {
        "dearest": book.say("quoted", name=paid[-1]["channel"]),
        "dear": _money(book, paid[-1], "cost_per_call_rub"),
        "cheapest": book.say("quoted", name=paid[0]["channel"]),
        "cheap": _money(book, paid[0], "cost_per_call_rub"),
    }
    return book.say("dearest_and_cheapest_call" if len(paid) > 1 else of_one, **facts)


def _spent_in_vain(book: Book, rows: list[Row]) -> str:
    """Channels that took money and brought no call, the most expensive first: their call has no price at all."""
    vain = [row for row in rows if number(row["spend_rub"]) and number(row["counted_calls"]) == 0]
    vain.sort(key=lambda row: -float(number(row["spend_rub"]) or 0))
    names = [f"{book.say('quoted', name=row['channel'])} ({_money(book, row, 'spend_rub')})" for row in vain]
    more = f" +{len(names) - VAIN_MOST}" if len(names) > VAIN_MOST else ""
    return ", ".join(names[:VAIN_MOST]) + more


def calls_per_1000_change(book: Book) -> Iterator[str]:
    """How the calls that a thousand roubles bring changed."""
    yield from _figure_sentence(book, "calls_per_1000_rub")


def repeat_change(book: Book) -> Iterator[str]:
    """How the share of repeat purchases changed."""
    yield from _figure_sentence(book, "repeat_share")


def _figure_sentence(book: Book, name: str) -> Iterator[str]:
    now, before = book.periods.running, book.periods.running_before
    reading = read(book, name, now.first, before.first)
    if not reading.is_stale and not reading.is_change_small and size(reading):
        yield sentence(book, reading, now, before)


def pool_net(book: Book) -> Iterator[str]:
    """By how many the pool of clients grew or shrank, and what flowed in and out."""
    row = book.one("client_period", book.periods.running.first)
    if number(row.get("clients_end")) is None or book.is_stale(("deals",)):
        return
    net = int(number(row["clients_end"]) or 0) - int(number(row["clients_start"]) or 0)
    flows = {name: words.figure(number(row[name]), "count", book.language) for name in ("new", "returned", "lost")}
    key = "pool_steady" if net == 0 else "pool_filled" if net > 0 else "pool_drained"
    size_text = words.number(abs(net), 0, book.language)
    yield book.say(key, net=size_text, during=during(book, book.periods.running), **flows)


def _money(book: Book, row: Row, column: str) -> str:
    return words.figure(number(row[column]), "money", book.language)


# «Зависит ли конверсия от канала?»: the test's answer for the last ripe month, managers down and channels across.

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
    is_real = bool(book.one("channel_dependence", first).get("is_dependent"))
    # what may be chance is neither green nor red
    canvas.heat(HighlightKind.HEAT_HIGH_IS_GOOD if is_real else HighlightKind.HEAT_NEUTRAL, place, 1, len(channels))
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
