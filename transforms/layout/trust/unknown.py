"""What the report cannot know, and what to add so that it can: names that no row bears, costs and history not there."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from transforms import words
from transforms.layout.drawing.book import WHOLE, Book, Row, number, total
from transforms.layout.drawing.spans import SPANNED

LATEST = 3
"""Months that are looked at: what is missing in older ones is past mending."""
UNNAMED_LEAST = 0.1
"""Of the spend: less that names no channel moves no price by much."""
NAMED = 3
"""People or sources of a kind told by name."""


def unknowns(book: Book) -> Iterator[str]:
    """Everything of the kind, a sentence each."""
    # a notice of two spellings of one name says why no name is in both, and what to do
    are_alike = any(row["kind"] == "names_alike" for row in book.ops("notices"))
    managers = _unnamed_managers if are_alike else unknown_managers
    for told in (unknown_months, unknown_channels, managers, unknown_clients, unknown_costs):
        yield from told(book)


def unknown_days(book: Book) -> Iterator[str]:
    """The last days of the report of which no source says anything yet: the month is set against a longer one."""
    now, before = book.periods.running, book.periods.running_before
    days = book.data_days
    if days is None or not now.first <= days[1] < now.last or book.is_stale(SPANNED):
        return
    yield book.say(
        "days_missing",
        days=words.span(days[1] + timedelta(days=1), now.last, book.language),
        now=now.header(book.language),
        known=words.counted(days[1].day, "day", book.language),
        before=before.header(book.language),
        whole=words.number(before.last.day, 0, book.language),
    )


def unknown_months(book: Book) -> Iterator[str]:
    """Sources that begin so late in a month of the report that the month is no measure of another."""
    spans = book.periods
    for first in (spans.whole_before.first, spans.whole.first, spans.running.first):
        begun = {
            table: day
            for table, day in book.reach.begun.items()
            if table in SPANNED and day.replace(day=1) == first and book.reach.is_late(table, first)
        }
        for day in sorted(set(begun.values())):
            titles = [book.source_title(str(row["source"])) for row in book.ops("sources")
                      if begun.get(str(row["table_name"])) == day]  # fmt: skip
            yield book.say(
                "month_begun" if first == spans.running.first else "month_incomplete",
                since=words.full_day(day, book.language),
                sources=", ".join(titles),
                month=words.month(first, "name", book.language),
                now=spans.running.header(book.language),
            )


def unknown_channels(book: Book) -> Iterator[str]:
    """Calls, deals or spend of which no row names a channel, though channels are known."""
    rows = book.rows("channel_period", book.periods.running.first)
    for column, key, table in (
        ("calls", "calls", "calls"), ("deals_won", "deals", "deals"), ("spend_rub", "spend", "ad_spend")
    ):  # fmt: skip
        if _is_nobodys(book, rows, "channel", column):
            yield book.say(f"{key}_without_channel", source=_sources(book, table))
    yield from _spend_of_nobody(book, rows)


def _spend_of_nobody(book: Book, rows: list[Row]) -> Iterator[str]:
    """A good part of the spend that names no channel, beside spend that does: its channels look free, or cheap."""
    spent = float(total(rows, "spend_rub") or 0)
    nobodys = float(total((row for row in rows if row["channel"] == book.unknown), "spend_rub") or 0)
    if nobodys < spent and nobodys >= spent * UNNAMED_LEAST > 0:
        money, whole = (words.figure(value, "money", book.language) for value in (nobodys, spent))
        yield book.say("spend_partly_without_channel", money=money, total=whole)


def unknown_managers(book: Book) -> Iterator[str]:
    """Calls and deals that name no manager, or not the same ones."""
    yield from _unnamed_managers(book)
    yield from _managers_apart(book)


def _unnamed_managers(book: Book) -> Iterator[str]:
    """Calls or deals of which no row names a manager, though managers are known."""
    rows = book.rows("manager_period", book.periods.running.first)
    for column, key in (("calls", "calls"), ("deals_won", "deals")):
        if _is_nobodys(book, rows, "manager", column):
            yield book.say(f"{key}_without_manager", source=_sources(book, key))


def _managers_apart(book: Book) -> Iterator[str]:
    """Calls and deals that never name the same people: extensions beside names, or two ways to write them."""
    rows = [row for first in book.months("manager_period", LATEST) for row in book.rows("manager_period", first)]
    named = [row for row in rows if row["manager"] != book.unknown]
    answering = dict.fromkeys(str(row["manager"]) for row in named if number(row.get("calls")))
    selling = dict.fromkeys(str(row["manager"]) for row in named if number(row.get("deals_won")))
    if answering and selling and answering.keys().isdisjoint(selling):
        yield book.say("managers_apart", answering=_quoted(book, answering), selling=_quoted(book, selling))


def _sources(book: Book, table: str) -> str:
    """What the owner calls the sources of a table: there it is to be added."""
    names = [str(row["source"]) for row in book.ops("sources") if row["table_name"] == table]
    return _quoted(book, map(book.source_title, names or [table]))


def _quoted(book: Book, names: Iterable[str]) -> str:
    """So many as make it clear which they are."""
    listed = [book.say("quoted", name=name) for name in names]
    return ", ".join(listed[:NAMED]) + (", …" if len(listed) > NAMED else "")


def unknown_clients(book: Book) -> Iterator[str]:
    """Deals without persons, or a history shorter than the time after which a client is lost."""
    if _has_no_persons(book):
        yield book.say("deals_without_person", source=_sources(book, "deals"))
        return
    if book.one("client_period", book.periods.running.first).get("is_history_known") is not False:
        return
    since, known_from = book.first_sale_on, book.clients_known_from
    if since and known_from:
        language = book.language
        yield book.say("history_young", since=words.full_day(since, language), day=words.full_day(known_from, language))
    else:
        yield book.say("history_unnamed", source=_sources(book, "deals"))


def unknown_buyers(book: Book) -> Iterator[str]:
    """Nothing is in both the list of subscribers and the deals by which one could be told to be the other's."""
    loaded = {str(row["table_name"]) for row in book.ops("sources")}
    if not {"subscribers", "deals"} <= loaded or _has_no_persons(book):
        return
    rows = [book.one("subscriber_period", first) for first in book.months("subscriber_period", LATEST)]
    if any(number(row.get("total_end")) for row in rows) and all(row.get("buyers") is None for row in rows):
        yield book.say("buyers_unknown", subscribers=_sources(book, "subscribers"), deals=_sources(book, "deals"))


def unknown_costs(book: Book) -> Iterator[str]:
    """Months whose costs nobody has entered yet."""
    months = [first for first in book.months("chain_period", LATEST) if not _are_costs_known(book, first)]
    if months:
        named = [words.month(first, "of", book.language) for first in months]
        yield book.say("costs_not_entered", month=book.say("and").join(named), source=_sources(book, "costs"))


def _are_costs_known(book: Book, first: date) -> bool:
    whole = (row for row in book.rows("chain_period", first) if row["channel"] == WHOLE)
    return all(row.get("is_cost_known") is not False for row in whole)


def _is_nobodys(book: Book, rows: list[Row], by: str, column: str) -> bool:
    """All of it stands in the row that nobody named, and there are names to which it could belong."""
    named = [row for row in rows if row[by] != book.unknown]
    nobodys = any(number(row.get(column)) for row in rows if row[by] == book.unknown)
    return bool(named) and nobodys and all(number(row.get(column)) is None for row in named)


def _has_no_persons(book: Book) -> bool:
    rows = book.rows("channel_period", book.periods.running.first)
    return any(number(row.get("deals_won")) for row in rows) and all(number(row.get("clients")) is None for row in rows)
