"""What «Каналы» and «Клиенты» say first: the dearest call and the cheapest, whether the pool fills."""

from __future__ import annotations

from collections.abc import Iterator

from config.metrics import metric
from transforms import words
from transforms.layout.drawing.book import Book, Row, during, number, total
from transforms.layout.drawing.figures import read
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
