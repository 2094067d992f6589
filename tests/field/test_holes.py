"""Days in the middle of the data that no file has, and a last one that is not over: named, unless business is so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.field.situation import Situation, prove, ran, table

LAST = date(2026, 8, 31)
HEARD = {"table": "calls", "columns": {"call_id": "ID", "started_at": "Начало", "talk_seconds": "Разговор"}}
NAMED = "строк вдвое меньше, чем в те же дни прежних недель"


def sold_on(days: list[date], says: str = "", name: str = "") -> Situation:
    """A sale a day."""
    rows = [f"{day:%d.%m.%Y};1000" for day in days]
    return Situation(
        name,
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма", *rows)},
        right=f"{len(rows)}000.00",
        says=says,
    )


def days(count: int, without: range = range(0), until: date = LAST) -> list[date]:
    """The last days until one, but for some of them."""
    return [until - timedelta(back) for back in reversed(range(count)) if back not in without]


@pytest.mark.slow
@pytest.mark.parametrize(
    "situation",
    [
        sold_on(days(120, range(40, 70)), "за дни 23.06.2026–22.07.2026 нет ни одной строки", "a month"),
        sold_on(days(90, range(20, 28)), "за дни 04.08.2026–11.08.2026 нет ни одной строки", "eight days"),
    ],
    ids=lambda one: one.name,
)
def test_days_without_a_row_are_named(tmp_path, situation):
    """A zero of a lost export looks like a week without customers."""
    prove(tmp_path / "client", situation, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "sold",
    [
        [day for day in days(120) if day.weekday() < 5],
        days(90, range(20, 26)),
        days(300, range(234, 245)),
        days(400, range(232, 243)),
        days(200)[::6],
        days(20, range(5, 15)),
        [day for place, day in enumerate(days(900)) if place % 3 and not 399 <= place < 407],
    ],
    ids=[
        "weekends",
        "six days",
        "a long break at New Year",
        "New Year",
        "a sale a week",
        "a young business",
        "a week among years of days of which a third has no sale",
    ],
)
def test_a_pause_of_the_business_is_not(tmp_path, sold):
    """Weekends, holidays, few sales."""
    told = " ".join(ran(tmp_path / "client", sold_on(sold), "").notes)
    assert "ни одной строки" not in told


def daily(counts: dict[date, int], says: str = "") -> Situation:
    """As many sales of 1000 on each day."""
    return sold_on([day for day, count in counts.items() for _ in range(count)], says)


def five_weeks(last: int, usual: int = 20, at_weekend: int = 20) -> dict[date, int]:
    """Days of five weeks, the last of them a Monday that had less."""
    usually = {day: at_weekend if day.weekday() > 4 else usual for day in days(35)}
    return usually | {LAST: last}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (five_weeks(7), f"за последние дни (31.08.2026) {NAMED}: 7, 7 000 ₽"),
        (five_weeks(6) | {date(2026, 8, 30): 5}, f"за последние дни (30.08.2026, 31.08.2026) {NAMED}: 11, 11 000 ₽"),
    ],
    ids=["a last day", "two last days"],
)
def test_last_days_that_are_not_over_are_named(tmp_path, counts, says):
    """A third of a Monday's sales by one o'clock is no bad Monday."""
    prove(tmp_path / "client", daily(counts, says), "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "counts",
    [
        five_weeks(13),
        five_weeks(1, usual=3),
        {day: count for day, count in five_weeks(20, at_weekend=4).items() if day < LAST},
        {day - timedelta(80): count for day, count in five_weeks(4).items()},
    ],
    ids=["a slow day", "few sales", "a Sunday", "a holiday"],
)
def test_a_last_day_that_may_be_so_is_not(tmp_path, counts):
    """By chance, or by the calendar."""
    assert NAMED not in " ".join(ran(tmp_path / "client", daily(counts), "").notes)


def heard(until: int) -> Situation:
    """Five weeks of twelve calls a day from nine to eight, on the last day until an hour."""
    hours = [(day, hour) for day in days(35) for hour in range(9, 21) if day < LAST or hour < until]
    rows = [f"{n};{day:%d.%m.%Y} {hour:02}:15;60" for n, (day, hour) in enumerate(hours)]
    return Situation("", {"calls": HEARD}, {"c.csv": table("ID;Начало;Разговор", *rows)})


@pytest.mark.slow
@pytest.mark.parametrize(("until", "is_named"), [(17, True), (21, False)])
def test_calls_of_which_the_last_day_breaks_off_are_named(tmp_path, until, is_named):
    """Eight of twelve by five o'clock: too few to tell by their number, but none came later, as on every other day."""
    told = " ".join(ran(tmp_path / "client", heard(until), "").notes)
    assert (f"за последние дни (31.08.2026) {NAMED}: {until - 9}" in told) is is_named
