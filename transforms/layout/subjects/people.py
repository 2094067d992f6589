"""What «Менеджеры» and «Подписчики» say first: real or chance, who misses calls, how many are alive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from transforms import words
from transforms.chance import ChiSquare, chi_square
from transforms.layout.drawing.book import Book, Row, during, number, total
from transforms.layout.summary.main_points import subscriber_flows

REMARKABLE_MISSES, TWICE = 0.05, 2
"""A manager is named for missed calls from this share on, and if it is twice that of the others."""
SHORT = 0.75
"""A manager is named for short calls if the share of target ones is so much below that of the others."""
FALL, HOLD = -0.2, 0.1
"""The story of dead addresses: conversion of the whole list fell by a fifth or more, that of the active held."""
MONTHS_OF_STORY = 36


def managers_real_or_chance(book: Book) -> Iterator[str]:
    """Chi-square over managers with enough callers: is it real, over all ripe months, else in this one."""
    if book.is_stale(("calls", "deals")):
        return
    months, rows = _ripe(book)
    test = _test(rows)
    if test is not None:
        yield _ripe_verdict(book, months, rows, test)
        return
    rows = reliable(book, book.periods.running.first)
    test = _test(rows)
    if test is not None:
        yield _verdict(book, rows, test)
    elif not _is_nothing_known(book):
        yield _too_early(book, rows)


def do_managers_differ(book: Book) -> bool:
    """Whether the difference between managers is real: where it may be chance, no colour calls one of them worse."""
    test = _test(_ripe(book)[1]) or _test(reliable(book, book.periods.running.first))
    return test is not None and test.is_real


def _is_nothing_known(book: Book) -> bool:
    """Calls and deals are there, yet nobody's calls can be told to have sold: why is said beside."""
    loaded = {str(row["table_name"]) for row in book.ops("sources")}
    rows = book.rows("manager_period", book.periods.running.first)
    named = [row for row in rows if row["manager"] != book.unknown]
    return {"calls", "deals"} <= loaded and bool(named) and all(row.get("converted_callers") is None for row in named)


def _too_early(book: Book, rows: list[Row]) -> str:
    """Why managers cannot be compared: no deals are loaded, few have callers enough, or few callers bought."""
    loaded = {row["table_name"] for row in book.ops("sources")}
    for table in ("calls", "deals"):
        if table not in loaded:
            is_of_leads = table == "calls" and "leads" in loaded
            return book.say("managers_no_calls_but_leads" if is_of_leads else f"managers_no_{table}")
    if len(rows) >= TWICE:
        return book.say("managers_few_sales")
    if len(_named(book)) == 1:
        return book.say("managers_one")
    least = words.counted(book.report.client.settings.managers.min_callers, "caller_of", book.language)
    if not rows:
        return book.say("managers_none", least=least)
    return book.say("managers_unknown", count=words.counted(len(rows), "manager_of", book.language), least=least)


def _named(book: Book) -> set[str]:
    """Managers of any month."""
    months = book.months("manager_period", 1000)
    return {str(row["manager"]) for first in months for row in book.rows("manager_period", first)} - {book.unknown}


def _ripe(book: Book) -> tuple[list[date], list[Row]]:
    """The months that have ripened; each manager's callers and buyers over all of them, best conversion first."""
    months = [
        first
        for first in book.months("manager_period", 1000)
        if (rows := book.rows("manager_period", first)) and all(row.get("is_mature") for row in rows)
    ]
    by_name: dict[str, list[Row]] = {}
    for row in (row for first in months for row in book.rows("manager_period", first)):
        by_name.setdefault(str(row["manager"]), []).append(row)
    by_name.pop(book.unknown, None)
    sums: list[Row] = [
        {"manager": name, **{column: total(rows, column) or 0 for column in ("callers", "converted_callers")}}
        for name, rows in by_name.items()
    ]
    enough = [row for row in sums if _count(row, "callers") >= book.report.client.settings.managers.min_callers]
    found = [row | {"conversion": _count(row, "converted_callers") / _count(row, "callers")} for row in enough]
    return months, _best_first(found)


def _ripe_verdict(book: Book, months: list[date], rows: list[Row], test: ChiSquare) -> str:
    first, last = (words.short_month(month, book.language) for month in (months[0], months[-1]))
    said = book.say("managers_ripe_months" if len(months) > 1 else "managers_ripe_month", first=first, last=last)
    if not test.is_real:
        return book.say("managers_ripe_chance", months=said, chance=_per_cent(book, test.p_value))
    return book.say(
        "managers_ripe_real",
        months=said,
        best=rows[0]["manager"],
        best_rate=_of_ten(book, rows[0]),
        worst=rows[-1]["manager"],
        worst_rate=_of_ten(book, rows[-1]),
        chance=_per_cent(book, _rounded_up(test.p_value)),
    )


def reliable(book: Book, first: date) -> list[Row]:
    """Managers with enough callers in the month, best conversion first."""
    rows = [row for row in book.rows("manager_period", first) if row["is_reliable"] and row["manager"] != book.unknown]
    return _best_first(rows)


def _best_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-float(number(row["conversion"]) or 0), str(row["manager"])))


def most_missed(book: Book) -> Iterator[str]:
    """The manager whose share of missed calls stands out."""
    rows = [row for row in book.rows("manager_period", book.periods.running.first) if row["manager"] != book.unknown]
    known = [row for row in rows if _taken(row) >= book.report.client.settings.managers.min_callers]
    if len(known) < TWICE or book.is_stale(("calls",)):
        return
    worst = max(known, key=lambda row: _count(row, "missed_calls") / _taken(row))
    others = [row for row in known if row is not worst]
    share = _count(worst, "missed_calls") / _taken(worst)
    usual = sum(_count(row, "missed_calls") for row in others) / sum(_taken(row) for row in others)
    if share < REMARKABLE_MISSES or share < TWICE * usual:
        return
    yield book.say(
        "most_missed",
        manager=worst["manager"],
        missed=words.number(_count(worst, "missed_calls"), 0, book.language),
        all=words.counted(_taken(worst), "call_of", book.language),
        share=words.figure(share, "share", book.language),
        others=words.figure(usual, "share", book.language),
    )


def few_target(book: Book) -> Iterator[str]:
    """The manager whose answered calls are short beyond the usual: that is how missed ones hide."""
    settings = book.report.client.settings
    rows = [row for row in book.rows("manager_period", book.periods.running.first) if row["manager"] != book.unknown]
    known = [row for row in rows if _count(row, "calls") >= settings.managers.min_callers]
    if len(known) < TWICE or book.is_stale(("calls",)):
        return
    worst = min(known, key=lambda row: _count(row, "target_calls") / _count(row, "calls"))
    others = [row for row in known if row is not worst]
    share = _count(worst, "target_calls") / _count(worst, "calls")
    usual = sum(_count(row, "target_calls") for row in others) / sum(_count(row, "calls") for row in others)
    if share > SHORT * usual:
        return
    yield book.say(
        "few_target",
        manager=worst["manager"],
        seconds=words.counted(settings.calls.target_seconds, "second_of", book.language),
        target=words.number(_count(worst, "target_calls"), 0, book.language),
        calls=words.counted(_count(worst, "calls"), "call_of", book.language),
        share=words.figure(share, "share", book.language),
        others=words.figure(usual, "share", book.language),
    )


def alive_of_total(book: Book) -> Iterator[str]:
    """Alive of total, and who came and went since the month began."""
    row = book.one("subscriber_period", book.periods.running.first)
    if not row or book.is_stale(("subscribers", "activity")):
        return
    active, whole = number(row["active_end"]), number(row["total_end"])
    if active is None or not whole:
        yield book.say("total_only", total=words.counted(whole or 0, "subscriber", book.language))
        return
    yield book.say(
        "alive_of_total",
        active=words.figure(active, "count", book.language),
        total=words.figure(whole, "count", book.language),
        share=words.figure(float(active) / float(whole), "share", book.language),
        flows=subscriber_flows(book, book.periods.running) or "",
    ).strip()


def conversions_story(book: Book) -> Iterator[str]:
    """Two conversions side by side: does the whole list's fall because of dead addresses alone."""
    if book.is_stale(("subscribers", "activity", "deals")):
        return
    last = book.periods.whole.first
    months = [first for first in book.months("subscriber_period", 1000) if first <= last][-MONTHS_OF_STORY - 1 :]
    told = [(first, *_conversions(book, first)) for first in months]
    known = [(first, whole, alive) for first, whole, alive in told if whole is not None and alive]
    if not known or known[-1][0] != last:
        return
    then, whole_before, alive_before = known[0]
    _, whole_now, alive_now = known[-1]
    facts = {
        "total_now": words.figure(whole_now, "share", book.language),
        "active_now": words.figure(alive_now, "share", book.language),
    }
    if whole_before and _change(whole_before, whole_now) <= FALL and abs(_change(alive_before, alive_now)) <= HOLD:
        yield book.say(
            "conversions_story",
            total_before=words.figure(whole_before, "share", book.language),
            active_before=words.figure(alive_before, "share", book.language),
            then=words.short_month(then, book.language),
            now=words.short_month(last, book.language),
            **facts,
        )
    else:
        yield book.say("conversions_plain", during=during(book, book.periods.whole), **facts)


def _verdict(book: Book, rows: list[Row], test: ChiSquare) -> str:
    if not test.is_real:
        return book.say("managers_chance", chance=_per_cent(book, test.p_value))
    best, worst = rows[0], rows[-1]
    running = book.periods.running
    told = book.say(
        "managers_real" if running.is_whole else "managers_real_so_far",
        span=running.header(book.language),
        best=best["manager"],
        best_rate=_of_ten(book, best),
        worst=worst["manager"],
        worst_rate=_of_ten(book, worst),
        chance=_per_cent(book, _rounded_up(test.p_value)),
    )
    return told if best["is_mature"] else f"{told} {book.say('managers_unripe')}"


def _rounded_up(p_value: float) -> float:
    """The next of 0.1 %, 1 %, 5 % above the p-value: what an owner can hold in mind."""
    return next(level for level in (0.001, 0.01, 0.05) if p_value < level)


def _per_cent(book: Book, share: float) -> str:
    return f"{words.number(100 * share, 0 if share >= 0.01 else 1, book.language)}{words.NBSP}%"


def _of_ten(book: Book, row: Row) -> str:
    return words.number(10 * float(number(row["conversion"]) or 0), 1, book.language)


def _count(row: Row, column: str) -> int:
    return int(number(row[column]) or 0)


def _test(rows: list[Row]) -> ChiSquare | None:
    return chi_square([[_count(row, "converted_callers"), _unconverted(row)] for row in rows])


def _unconverted(row: Row) -> int:
    return _count(row, "callers") - _count(row, "converted_callers")


def _taken(row: Row) -> int:
    return _count(row, "calls") + _count(row, "missed_calls")


def _conversions(book: Book, first: date) -> tuple[float | None, float | None]:
    row = book.rows("subscriber_period", first)[0]
    whole, alive = number(row["conversion_of_total"]), number(row["conversion_of_active"])
    return None if whole is None else float(whole), None if alive is None else float(alive)


def _change(before: float, now: float) -> float:
    return now / before - 1
