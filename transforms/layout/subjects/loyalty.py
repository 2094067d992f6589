"""«Клиенты» and «Вернуть клиентов»: who buys again, which clients there are, and whom to call first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle
from typing import cast

from config.documents import HighlightKind
from config.reports import Special
from transforms import words
from transforms.layout.drawing.book import Book, Row, number, total
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import column_header, look_for, value_entry

THIRD = 3
"""The month after the first purchase in which cohorts are compared."""
LEAST_BUYERS = 5
SEGMENTS = ("best", "regular", "new", "leaving", "one_off", "lost_valuable", "lost")
"""Best first."""
OWNERS_CALLS = 20
"""So many of the freshest the owner calls; the others fall to managers in turn."""


def third_month(book: Book) -> Iterator[str]:
    """Share of a cohort that buys again in its third month, against the cohort a year earlier."""
    rows = {cast(date, row["cohort_on"]): row for row in _complete(book) if row["month_number"] == THIRD}
    if not rows or book.is_old("cohort_month"):
        return
    last = max(rows)
    old = rows.get(last.replace(year=last.year - 1))
    if any((number(row["buyers"]) or 0) < LEAST_BUYERS for row in (rows[last], old) if row):
        return
    yield book.say(
        "third_month" if old else "third_month_alone",
        month=words.month(last, "in", book.language),
        now=words.figure(number(rows[last]["retention"]), "share", book.language),
        before=words.figure(number(old["retention"]), "share", book.language) if old else "",
    )


def draw_cohorts(book: Book, canvas: Canvas, block: Special) -> None:
    """Months of the first purchase down, months after it across, the share that bought again, coloured."""
    rows = [row for row in _complete(book) if number(row["clients"])]
    cohorts = sorted({cast(date, row["cohort_on"]) for row in rows})[-block.months :]
    shares = {(row["cohort_on"], cast(int, row["month_number"])): number(row["retention"]) for row in rows}
    last = min(max((number_of for first, number_of in shares if first in cohorts), default=0), len(canvas.widths) - 2)
    if len(cohorts) < 2 or last < 1:
        return
    sizes = {row["cohort_on"]: number(row["clients"]) for row in rows}
    canvas.sentence(book.say("cohorts_heading"), "heading", columns=len(canvas.widths))
    if not any(share for (first, after), share in shares.items() if first in cohorts and after):
        canvas.sentence(_all_gone(book, cohorts[0], int(sum(sizes[first] or 0 for first in cohorts))))
        canvas.gap()
        return
    after = [f"+{n}" for n in range(1, last + 1)]
    heads = [
        Entry(book.say("cohort_column"), "headerleft", book.say("note_cohort")),
        column_header(book, "cohort_month", "clients"),
        *(Entry(name, "header", book.say("note_retention")) for name in after),
    ]
    place = canvas.header(block.key, ["cohort", "clients", *after], heads)
    least = book.report.client.settings.channels.min_clients
    few = {first for first in cohorts if (sizes[first] or 0) < least}
    for first in cohorts:
        line = [
            Entry(words.short_month(first, book.language), "name"),
            value_entry("count", sizes[first], "", book.language),
        ]
        known = [shares.get((first, n)) for n in range(1, last + 1)]
        style = ".grey" if first in few else ""
        line += [
            Entry(None, f"text{style}") if share is None else value_entry("share", share, style, book.language)
            for share in known
        ]
        canvas.line(line, place, key=f"cohort={first.isoformat()}")
    canvas.heat(HighlightKind.HEAT_HIGH_IS_GOOD, place, 2, 1 + last)
    if few:
        canvas.sentence(book.say("grey_few", least=words.counted(least, "client_of", book.language)), "footnote")
    canvas.gap()


def _all_gone(book: Book, first: date, clients: int) -> str:
    """A sentence where nobody of so many who came since a month bought again."""
    since = f"{words.month(first, 'of', book.language)} {first.year}"
    return book.say("cohorts_gone", clients=words.counted(clients, "client_of", book.language), since=since)


def _complete(book: Book) -> list[Row]:
    return [row for row in book.listed("cohort_month") if row["is_complete"]]


def draw_segments(book: Book, canvas: Canvas, block: Special) -> None:
    """One row per segment: how many clients, what part of all, what they brought; none while all of them look new."""
    rows = {str(row["segment"]): row for row in book.listed("segment_sum")}
    whole = total(rows.values(), "clients")
    if not whole or book.clients_known_from:
        return
    canvas.sentence(book.say("segments_heading"), "heading")
    names = ["segment", "clients", "share", "revenue_rub"]
    heads = [Entry(book.say(f"segment_{name}"), "header", book.say(f"note_segment_{name}")) for name in names[1:]]
    said = column_header(book, "client_segment", "segment")
    place = canvas.header(block.key, names, [replace(said, look="headerleft"), *heads])
    # one column, one unit: 88 331 510 ₽ over 105,6 млн ₽ would look the larger
    money = look_for("money", max(number(row["revenue_rub"]) or 0 for row in rows.values()), book.language)
    for name in (name for name in SEGMENTS if name in rows):
        count = number(rows[name]["clients"]) or 0
        line = [
            Entry(book.value_word("segment", name), "name"),
            value_entry("count", count, "", book.language),
            value_entry("share", float(count) / float(whole), "", book.language),
            value_entry(money, number(rows[name]["revenue_rub"]), "", book.language),
        ]
        canvas.line(line, place, key=f"segment={name}")
    canvas.gap()


def whom_to_win_back(book: Book) -> Iterator[str]:
    """How many are gone, what they brought, how many of them left within three months."""
    if book.is_old("winback"):
        return
    row = next(iter(book.listed("winback_sum")), None)
    if row is None:
        yield _nobody(book)
        return
    count, lately = (int(number(row[name]) or 0) for name in ("clients", "left_lately"))
    told = book.say(
        "winback" if count > 1 else "winback_one",
        clients=words.number(count, 0, book.language),
        money=words.figure(number(row["revenue_rub"]), "money", book.language),
    )
    key = "winback_lately" if lately > 1 else "winback_lately_one" if lately else "winback_lately_none"
    yield told if count == 1 else f"{told} {book.say(key, lately=words.number(lately, 0, book.language))}"


def _nobody(book: Book) -> str:
    """Too early, everybody is there, no deal is paid, or none says whose it is."""
    day, since = book.clients_known_from, book.first_sale_on
    if not book.listed("segment_sum"):
        return book.say(_why_nobody(book))
    if day is None or since is None:
        return book.say("winback_nobody")
    days = words.counted(book.report.client.settings.clients.client_days, "day", book.language)
    since_text, day_text = (words.full_day(one, book.language) for one in (since, day + timedelta(days=1)))
    return book.say("winback_early", days=days, since=since_text, day=day_text)


def _why_nobody(book: Book) -> str:
    """No deal is paid, or none says whose it is."""
    months = book.months("whole_period", 1000)
    is_paid = any(number(book.one("whole_period", first).get("deals_won")) for first in months)
    return "winback_unknown" if is_paid else "winback_no_deals"


def draw_winback(book: Book, canvas: Canvas, block: Special) -> None:
    """The freshest first: who, when, how often and for how much, from whom, and who calls (never who lost them)."""
    rows = book.listed("winback_first")
    if not rows:
        return
    names = [name for name in block.columns if any(row[name] not in (None, "", book.unknown) for row in rows)]
    heads = [column_header(book, "winback", name) for name in names]
    caller = Entry(book.say("caller_column"), "headerleft.indent", book.say("note_caller"))
    who = Entry(book.say("client_column"), "headerleft", book.say("note_client_number"))
    place = canvas.header(block.key, ["client", *names, "caller"], [who, *heads, caller], is_main=True)
    managers = _callers(book)
    for place_in_list, row in enumerate(rows, start=1):
        line = _winback_line(book, row, place_in_list, managers)
        canvas.line([line[name] for name in ("client", *names, "caller")], place, key=f"client={place_in_list}")
    whole = number(next(iter(book.listed("winback_sum")), {}).get("clients")) or 0
    if whole > len(rows):
        count = words.number(whole, 0, book.language)
        canvas.sentence(book.say("winback_cut", shown=len(rows), count=count), "footnote")
    if book.report.client.settings.personal_data == "mask":
        canvas.sentence(book.say("winback_hidden"), "footnote")
    canvas.gap()


def _winback_line(book: Book, row: Row, place: int, managers: list[str]) -> dict[str, Entry]:
    is_hidden = book.report.client.settings.personal_data == "mask"
    last_manager = str(row["last_manager"])
    others = [name for name in managers if name != last_manager]
    is_owners = place <= OWNERS_CALLS or not others
    caller = (
        book.say("owner_calls") if is_owners else next(name for turn, name in enumerate(cycle(others)) if turn == place)
    )
    product = book.shown(str(row["last_product"])) if row["last_product"] else words.DASH
    return {
        "client": Entry(book.say("client_number", number=place) if is_hidden else str(row["client_key"]), "name"),
        "lost_on": Entry(row["lost_on"], "date"),
        "months_lost": value_entry("count", number(row["months_lost"]), "", book.language),
        "last_deal_on": Entry(row["last_deal_on"], "date"),
        "orders": value_entry("count", number(row["orders"]), "", book.language),
        "revenue_rub": value_entry("money", number(row["revenue_rub"]), "", book.language),
        "last_product": Entry(product, "words.indent"),
        "last_manager": Entry(
            book.shown(last_manager) if last_manager != "Не указан" else book.unknown, "words.indent"
        ),
        "caller": Entry(caller, "words.indent"),
    }


def _callers(book: Book) -> list[str]:
    """Managers who took calls in the last whole month."""
    rows = book.rows("manager_period", book.periods.whole.first)
    return sorted(str(row["manager"]) for row in rows if number(row["calls"]) and row["manager"] != book.unknown)
