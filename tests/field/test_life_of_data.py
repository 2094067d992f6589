"""What became of data before they lay here: brought over, exported in part, copied, written twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

SALES = {"table": "deals", "columns": {
    "deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон", "manager": "Кто"}}  # fmt: skip
SALES_HEAD = "Номер;Дата;Сумма;Телефон;Кто"
CALLS = {"table": "calls", "columns": {"started_at": "Начало", "phone": "Телефон", "is_answered": "Итог"},
         "constants": {"talk_seconds": "40"}}  # fmt: skip
SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": ["Расход без НДС", "Расход с НДС"],
                                          "clicks": "Клики"}, "constants": {"channel": "VK"}}  # fmt: skip
SPEND_HEAD = "Дата;Клики;Расход без НДС"
PLAN = {"table": "plan", "files": "exports/p.csv", "constants": {"grain": "month"},
        "columns": {"period_start": "Месяц", "metric": "Что", "planned": "План", "manager": "Кто"}}  # fmt: skip
SPENT = "select sum(spend_rub)::varchar from staged.ad_spend"
COUNT = "select count(*)::varchar from staged.calls"
AUGUST, JULY, JUNE = date(2026, 8, 1), date(2026, 7, 1), date(2026, 6, 1)


def sales(first: date, managers: str = "АБ", rows: int = 30, numbered: str = "") -> str:
    """A sale a day of 100, 101, … roubles, by each of these managers in turn."""
    days = [first + timedelta(place) for place in range(rows)]
    who = (managers * rows)[:rows]
    return table(SALES_HEAD, *(
        f"{numbered or day.month}{place};{day:%d.%m.%Y};{100 + day.day};7000{day:%m%d}000;{who[place]}"
        for place, day in enumerate(days)
    ))  # fmt: skip


def spend(first: date, heading: str = SPEND_HEAD, rub: int = 70, days: int = 30) -> str:
    """Clicks of a month, and what they cost."""
    return table(heading, *(f"{first + timedelta(n):%d.%m.%Y};{20 + n % 3};{rub and rub + n % 7}" for n in range(days)))


def calls(*seconds: int) -> str:
    """A call a day, written down at each of these seconds."""
    return table("Начало;Телефон;Итог", *(
        f"{n % 28 + 1:02}.08.2026 10:00:{second:02};7000000{n:04};Отвечен" for n in range(40) for second in seconds
    ))  # fmt: skip


SITUATIONS = (
    Situation("a month copied from another", {"s": SALES},
              {"s-2026-07.csv": sales(JULY), "s-2026-08.csv": sales(JULY, numbered="9")},
              says="s-2026-08.csv назван не тем месяцем: дни его строк 01.07.2026–30.07.2026", right="6930.00"),
    Situation("months called like those of the year before", {"s": SALES}, {"s июль 2025.csv": sales(JULY)},
              says="s июль 2025.csv назван не тем месяцем", right="3465.00"),
    Situation("a month of somebody who sees but their own", {"s": SALES},
              {"s7.csv": sales(JULY), "s8.csv": sales(AUGUST, "А")},
              says="s8.csv manager один на все строки (30, 3 465 ₽)", right="6930.00"),
    Situation("numbers that another program gave", {"s": SALES},
              {"s1.csv": sales(JUNE + timedelta(15)), "s2.csv": sales(JULY, numbered="Б-")},
              says="но под другими номерами: 15, 1 620 ₽", right="6930.00"),
    Situation("sales brought over on one day", {"s": SALES},
              {"s.csv": sales(AUGUST, rows=15) + "".join(f"7{n};20.08.2026;50;70009990{n:03};А\n" for n in range(40))},
              says="слишком многие продажи стоят одним днём, 20.08.2026: 40, 2 000 ₽", right="3620.00"),
    Situation("a call written down by two programs", {"c": CALLS}, {"c.csv": calls(1, 3)}, COUNT, "80",
              "звонки того же телефона через секунды после предыдущего: 40"),
    Situation("calls that the firm's own telephone made", {"c": CALLS},
              {"c.csv": calls(1) + "".join(f"{n:02}.08.2026 12:00:00;70009998877;Отвечен\n" for n in range(1, 26))},
              COUNT, "65", "один и тот же телефон или клиент в строках: 25"),
    Situation("clicks without their money", {"a": SPEND}, {"a7.csv": spend(JULY), "a8.csv": spend(AUGUST, rub=0)},
              SPENT, "2185.00", "за 08.2026 клики есть, а расхода нет ни рубля, строк: 30"),
    Situation("VAT in one file and not in the other", {"a": SPEND},
              {"a7.csv": spend(JULY), "a8.csv": spend(AUGUST, "Дата;Клики;Расход с НДС")},
              SPENT, "4370.00", "в exports/a7.csv суммы без НДС, в exports/a8.csv с НДС"),
    Situation("a month's spend on its first day", {"a": SPEND},
              {"a.csv": table(SPEND_HEAD, *(f"01.0{n}.2026;900;{n}000" for n in (5, 6, 7, 8)))},
              SPENT, "26000.00", "расход каждого месяца стоит одним днём, дней: 4"),
    Situation("the spend of two months on their first days", {"a": SPEND},
              {"a.csv": table(SPEND_HEAD, *(f"01.0{n}.2026;900;{n}000" for n in (7, 8)))},
              SPENT, "15000.00", "расход каждого месяца стоит одним днём, дней: 2"),
    Situation("a plan of whom nothing else names", {"s": {**SALES, "files": "exports/s.csv"}, "p": PLAN},
              {"s.csv": sales(AUGUST), "p.csv": table("Месяц;Что;План;Кто", "01.08.2026;revenue_rub;900;Анна",
                                                      "01.08.2026;revenue_rub;900;Б", "01.08.2026;revenue_rub;900;")},
              says="в плане имена, которых нет больше нигде: «Анна», строк: 1", right="3465.00"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_became_of_data_is_named(tmp_path, situation, padding):
    """The figures stand as the files have them, and the first page says why not to believe them."""
    prove(tmp_path / "client", situation, padding)


CLEAN = (
    Situation("months of several managers, then of a new one too", {"s": SALES},
              {"s-2026-06.csv": sales(JUNE), "s-2026-07.csv": sales(JULY), "s-2026-08.csv": sales(AUGUST, "АБВ")},
              right="10395.00"),
    Situation("files called by the day they were made on", {"s": SALES},
              {"s-2026-07.csv": sales(JUNE), "s-2026-08.csv": sales(JULY)}, right="6930.00"),
    Situation("a file of each manager", {"s": SALES},
              {"s1.csv": sales(AUGUST, "А"), "s2.csv": sales(AUGUST, "Б", numbered="7")}, right="6930.00"),
    Situation("calls", {"c": CALLS}, {"c.csv": calls(1)}, COUNT, "40"),
    Situation("spend of two months, with VAT", {"a": SPEND},
              {f"a{n}.csv": spend(first, "Дата;Клики;Расход с НДС") for n, first in ((7, JULY), (8, AUGUST))},
              SPENT, "4370.00"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("situation", CLEAN, ids=lambda one: one.name)
def test_what_only_looks_like_it_is_not(tmp_path, situation):
    """Figures stand, and nothing puts them in doubt."""
    summary = ran(tmp_path / "client", situation, "")
    assert [note for note in summary.notes if "svodka.yaml" in note or "похоже" in note] == []
    prove(tmp_path / "again", situation, "")


COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}
LEADS = {"table": "leads", "columns": {"created_at": "Создан", "phone": "Телефон"}}
GOODS = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон"}}


def costs(*times: int) -> str:
    """Two items of as many months, each so many roubles for what one is in the first."""
    return table("Месяц;Статья;Сумма", *(
        f"01.{month:02}.2026;{item};{rub / 1000 * much:g}"
        for month, much in enumerate(times, 9 - len(times)) for item, rub in (("Аренда", 90000), ("Связь", 3000))
    ))  # fmt: skip


MEASURES = (
    Situation("a plan in thousands", {"s": {**SALES, "files": "exports/s.csv"}, "p": PLAN},
              {"s.csv": sales(AUGUST, rows=31), "p.csv": table("Месяц;Что;План;Кто", "01.08.2026;revenue_rub;4;")},
              says="план выручки в сотни раз не такой, как сама выручка тех же месяцев, строк: 1", right="3596.00"),
    Situation("a last month in thousands", {"c": COSTS}, {"c.csv": costs(1000, 1000, 1)},
              "select sum(amount_rub)::varchar from staged.costs", "186093.00",
              "за 08.2026 все статьи в сто или в тысячу раз другие, чем месяцем раньше: 2, 93 ₽"),
    Situation("units in a row of their own", {"s": GOODS},
              {"s.csv": table("Дата;Сумма;Телефон", ";тыс. руб.;", *(f"{n:02}.08.2026;{n};" for n in range(1, 21)))},
              says="сказано, в чём суммы: «тыс. руб.»", right="210.00"),
    Situation("moments of which half say their zone", {"l": LEADS},
              {"l.csv": table("Создан;Телефон", *(
                  f"2026-08-{n:02}T10:00:00{'Z' * (n % 2)};7000000{n:04}" for n in range(1, 11)))},
              "select count(*)::varchar from staged.leads", "10", "одни моменты названы с поясом"),
    Situation("a whole amount, and nothing of it paid", {"s": GOODS},
              {"s.csv": table("Дата;Сумма;Телефон;Скидка, %", *(
                  f"{n:02}.08.2026;100;7000000{n:04};{'100' if n == 4 else '5'}%" for n in range(1, 11)))},
              says="скидка 100 %, а сумма посчитана целиком, строк: 1, 100 ₽", right="1000.00"),
    Situation("two people in one cell", {"s": SALES},
              {"s.csv": sales(AUGUST).replace(";Б\n", ";Б/А\n", 2)},
              says="в одной ячейке стоят два сотрудника: «Б/А»", right="3465.00"),
    Situation("a sale of the year to come", {"s": SALES},
              {"s.csv": sales(AUGUST) + "99;10.08.2027;500;70007770001;А\n"},
              says="строк ровно через год после остальных, а вокруг них ничего: 1, 500 ₽ (10.08.2027)",
              right="3965.00"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", MEASURES, ids=lambda one: one.name)
def test_what_is_measured_otherwise_is_named(tmp_path, situation, padding):
    """Thousands, zones, discounts, years: the figures stand as the files have them, with a doubt beside them."""
    prove(tmp_path / "client", situation, padding)


ALIKE = (
    Situation("a plan that was not met", {"s": {**SALES, "files": "exports/s.csv"}, "p": PLAN},
              {"s.csv": sales(AUGUST, rows=31), "p.csv": table("Месяц;Что;План;Кто", "01.08.2026;revenue_rub;90000;")},
              right="3596.00"),
    Situation("a month of other costs", {"c": COSTS}, {"c.csv": costs(1000, 1000, 5000)},
              "select sum(amount_rub)::varchar from staged.costs", "651000.00"),
    Situation("moments of one zone", {"l": LEADS},
              {"l.csv": table("Создан;Телефон", *(f"2026-08-{n:02}T10:00:00Z;7000000{n:04}" for n in range(1, 11)))},
              "select count(*)::varchar from staged.leads", "10"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("situation", ALIKE, ids=lambda one: one.name)
def test_what_is_measured_alike_is_not(tmp_path, situation):
    """Figures stand, and nothing puts them in doubt."""
    assert [note for note in ran(tmp_path / "client", situation, "").notes if "svodka.yaml" in note] == []
    prove(tmp_path / "again", situation, "")


CABINET = {"table": "ad_spend", "columns": {"campaign": "Кампания", "spend_rub": "Расход"},
           "constants": {"channel": "VK"}}  # fmt: skip
PERIODS = (
    Situation("one period in every row", {"a": CABINET},
              {"a.csv": table("Период;Кампания;Расход", *(
                  f"01.08.2026 - 31.08.2026;К{n};{n}00" for n in range(1, 5)))},
              "select sum(spend_rub) || ' ' || count(distinct spend_on) from staged.ad_spend", "1000.00 31"),
    Situation("weeks in the rows", {"a": CABINET},
              {"a.csv": table("Неделя;Кампания;Расход", "03.08.2026 - 09.08.2026;К;100",
                              "10.08.2026 - 16.08.2026;К;200")},
              says="a.csv: в столбце «Неделя» стоят промежутки, а не дни, например «03.08.2026 - 09.08.2026»"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("situation", PERIODS, ids=lambda one: one.name)
def test_a_period_in_every_row_is_the_period_if_it_is_one(tmp_path, situation):
    """Its money is spread over its days; several are asked about, and the column is named."""
    prove(tmp_path / "client", situation, "")
