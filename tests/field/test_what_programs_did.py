"""What a program did to a column or to a call is undone where one reading is left, else asked about or named."""

from __future__ import annotations

from datetime import date

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, table

SALES = {"table": "deals", "columns": {"deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма"}}
CALLS = {"table": "calls", "columns": {
    "started_at": "Начало", "phone": "Телефон", "manager": "Кто", "is_answered": "Итог"}}  # fmt: skip
DAYS = "select min(closed_on) || ' ' || max(closed_on) from staged.deals"
COUNT = "select count(*)::varchar from staged.calls"


def sales(low: str) -> str:
    """A sale a day, days up to the twelfth of August as the pattern has them, the others as text."""
    days = [low.format(day=day) if day <= 12 else f"{day}.08.2026" for day in range(1, 21)]
    return table("Номер;Дата;Сумма", *(f"{number};{day};100" for number, day in enumerate(days, 1)))


EPOCHS = {"1900": date(1899, 12, 30), "1904": date(1904, 1, 1)}


def counted(epoch: str, *written: str) -> str:
    """Twenty days of August 2026 as a workbook counts them, a sale each; then days that are written out."""
    days = [str((date(2026, 8, day) - EPOCHS[epoch]).days) for day in range(1, 21)]
    return table("Номер;Дата;Сумма", *(f"{number};{day};100" for number, day in enumerate([*days, *written], 1)))


def call(day: int, second: int, who: str, what: str) -> str:
    return f"{day:02}.08.2026 10:00:{second:02};700000000{day:02};{who};{what}"


HEAD = "Начало;Телефон;Кто;Итог"
SITUATIONS = (
    Situation(
        "days and months swapped in a text file, where a program could",
        {"sales": SALES},
        {"s.csv": sales("2026-{day:02}-08 00:00:00")},
        DAYS,
        "2026-08-01 2026-08-20",
    ),
    Situation(
        "days in two forms, none swapped",
        {"sales": SALES},
        {"s.csv": sales("2026-08-{day:02}")},
        DAYS,
        "2026-08-01 2026-08-20",
    ),
    Situation(
        "numbers of days that are of now only if they count from 1904",
        {"sales": SALES},
        {"s.csv": counted("1904")},
        says="от 1904-го — 01.08.2026 … 20.08.2026",
    ),
    Situation(
        "numbers of days from 1904, as svodka.yaml says",
        {"sales": SALES | {"formats": {"closed_on": "1904"}}},
        {"s.csv": counted("1904")},
        DAYS,
        "2026-08-01 2026-08-20",
    ),
    Situation(
        "sales of four years ago, as svodka.yaml says",
        {"sales": SALES | {"formats": {"closed_on": "1900"}}},
        {"s.csv": counted("1904")},
        DAYS,
        "2022-07-31 2022-08-19",
    ),
    Situation(
        "numbers of days from 1904 beside days that are written out",
        {"sales": SALES},
        {"s.csv": counted("1904", "21.08.2026", "22.08.2026")},
        DAYS,
        "2026-08-01 2026-08-22",
    ),
    Situation(
        "the year before in two of forty sales",
        {"sales": SALES},
        {
            "s.csv": table(
                "Номер;Дата;Сумма",
                *(f"{n};{1 + n % 28:02}.08.{2025 if n in (4, 9) else 2026};100" for n in range(40)),
            )
        },
        DAYS,
        "2025-08-05 2026-08-28",
        "строк ровно за год до остальных, а вокруг них ничего: 2, 200 ₽ (05.08.2025, 10.08.2025)",
    ),
    Situation(
        "a month of the year before and this year's",
        {"sales": SALES},
        {"s.csv": table("Номер;Дата;Сумма", *(f"{n};{1 + n % 28:02}.08.{2025 + n % 2};100" for n in range(40)))},
        "select count(*)::varchar from ops.notices where kind = 'years_apart'",
        "0",
    ),
    Situation(
        "numbers of days as they are usually counted",
        {"sales": SALES},
        {"s.csv": counted("1900")},
        DAYS,
        "2026-08-01 2026-08-20",
    ),
    Situation(
        "a call without a number that rang at two people",
        {"calls": CALLS},
        {
            "c.csv": table(
                HEAD,
                *(
                    one
                    for day in range(1, 11)
                    for one in (call(day, 0, "Анна", "Пропущен"), call(day, 12, "Борис", "Отвечен"))
                ),
            )
        },
        COUNT,
        "20",
        "сразу следом у другого сотрудника, сверх первой: 10",
    ),
    Situation(
        "people who call again",
        {"calls": CALLS},
        {
            "c.csv": table(
                HEAD,
                *(call(day, 0, "Анна", "Пропущен") for day in range(1, 11)),
                *(call(day, 50, "Борис", "Отвечен") for day in range(1, 11)),
            )
        },
        COUNT,
        "20",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_a_program_did_is_undone_or_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)
