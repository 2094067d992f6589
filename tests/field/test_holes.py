"""Days in the middle of the data that no file has: named, unless work stood still or the business has few days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.field.situation import Situation, prove, ran, table

LAST = date(2026, 8, 31)


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
