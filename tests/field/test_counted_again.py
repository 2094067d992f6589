"""Rows that hold again what other rows hold: sums of groups, running totals, pages, parts of a call, newer files."""

from __future__ import annotations

from itertools import accumulate
from random import Random

import pytest

from connectors.warehouse.loading.believed import sums_among
from tests.field.situation import BOTH_SIZES, CALL_HEAD, CALLS, LONG, Situation, prove, ran, table

SPEND = {
    "table": "ad_spend",
    "columns": {"spend_on": "Дата", "campaign": "Кампания", "spend_rub": "Расход"},
    "constants": {"channel": "VK"},
}
MONEY = {"table": "deals", "columns": {"closed_on": "Дата", "manager": "Кто", "revenue_rub": "Сумма"}}
LEADS = {"table": "leads", "columns": {"created_at": "Создан", "phone": "Телефон", "status": "Статус"}}
PEOPLE = {"table": "subscribers", "columns": {"email": "Email", "subscribed_on": "Добавлен"}}
DAYS = range(1, 29)
SPENT = "select sum(spend_rub)::varchar from staged.ad_spend"
COUNT_CALLS = "select count(*)::varchar from staged.calls"


def amount(day: int) -> int:
    """Roubles of a day, those of no two days alike."""
    return 900 + day * 137 % 1700


def with_sums(group: int, name: str) -> list[str]:
    """Spend of four weeks, day by day; below each group of days what they come to."""
    rows = []
    for day in DAYS:
        rows.append(f"{day:02}.08.2026;Поиск;{amount(day)}")
        if day % group == 0:
            rows.append(f"{day:02}.08.2026;{name};{sum(map(amount, range(day - group + 1, day + 1)))}")
    return rows


def running(group: int, campaign: str) -> list[str]:
    """The same days, each with all that was spent since its group began."""
    starts = [range(first, first + group) for first in range(1, 29, group)]
    return [
        f"{day:02}.08.2026;{campaign};{so_far}"
        for days in starts
        for day, so_far in zip(days, accumulate(map(amount, days)), strict=True)
    ]


def plain(campaign: str) -> list[str]:
    return [f"{day:02}.08.2026;{campaign};{amount(day * 3)}" for day in DAYS]


def passed_on(day: int, every: int) -> list[str]:
    """A call a day; of some the part of whom it was passed on to, under a number of its own."""
    call = f"{2 * day};{day:02}.08.2026 10:05:10;7000000{day:04};Анна;Отвечен;20"
    part = f"{2 * day + 1};{day:02}.08.2026 10:05:32;7000000{day:04};Борис;Отвечен;120"
    return [call, part] if day % every == 0 else [call]


def leads(status: str, last: int) -> str:
    return table(
        "Создан;Телефон;Статус", *(f"{n:02}.08.2026 10:0{n % 6};7000000{n:04};{status}" for n in range(1, last))
    )


WHOLE = sum(map(amount, DAYS))
TWICE = f"{2 * WHOLE}.00"
DICE = Random(7).choices(range(11), k=300)
PAGE = [f"{day:02}.08.2026;Анна;{amount(day)}" for day in DAYS]
SITUATIONS = (
    Situation(
        "what each week came to",
        {"ad": SPEND},
        {"a.csv": table("Дата;Кампания;Расход", *with_sums(7, "Поиск"))},
        SPENT,
        TWICE,
        "строки 9, 17, 25, … (всего 4) равны суммам строк рядом, 46 822 ₽",
    ),
    Situation(
        "what follows each sum, and what all came to",
        {"ad": SPEND},
        {"a.csv": table("Дата;Кампания;Расход", f"01.08.2026;Поиск;{WHOLE}", *reversed(with_sums(14, "Поиск")))},
        SPENT,
        f"{3 * WHOLE}.00",
        "(всего 3) равны суммам строк рядом",
    ),
    Situation(
        "all of a week so far",
        {"ad": SPEND},
        {"a.csv": table("Дата;Кампания;Расход", *running(7, "Поиск"), *plain("Сети"))},
        says="суммы день ото дня только растут, пока не начнутся заново",
        sql="select count(*)::varchar from staged.ad_spend",
        right="56",
    ),
    Situation(
        "takings of a till so far",
        {"sales": MONEY},
        {"s.csv": table("Дата;Кто;Сумма", *running(28, "Анна"))},
        says="суммы день ото дня только растут, пока не начнутся заново",
        sql="select count(*)::varchar from staged.deals",
        right="28",
    ),
    Situation(
        "pages that overlap, one after another",
        {"sales": MONEY},
        {"s.csv": table("Дата;Кто;Сумма", *PAGE[:16], *PAGE[13:])},
        right=f"{WHOLE + sum(map(amount, (14, 15, 16)))}.00",
        says="(18–20), слово в слово и в том же порядке: 3, ",
    ),
    Situation(
        "pages that overlap, each row once",
        {"sales": {**MONEY, "repeats": "drop"}},
        {"s.csv": table("Дата;Кто;Сумма", *PAGE[:16], *PAGE[13:])},
        right=f"{WHOLE}.00",
    ),
    Situation(
        "calls that were passed on",
        {"calls": CALLS},
        {"c.csv": table(CALL_HEAD, *(row for day in DAYS for row in passed_on(day, 9)))},
        COUNT_CALLS,
        "31",
        "сразу после разговора с другим сотрудником, строк сверх первой: 3",
    ),
    Situation(
        "enquiries whose stages went on",
        {"leads": LEADS},
        {"l1.csv": leads("Новый", 21), "l2.csv": leads("Квалифицирован", 29)},
        "select count(*)::varchar from staged.leads",
        "48",
        "говорят о тех же людях в то же время, но по-разному, и посчитано то и другое: 20",
    ),
    Situation(
        "a list that was brought over",
        {"list": PEOPLE},
        {"l.csv": table("Email;Добавлен", *(f"u{n}@example.org;{max(n, 30) % 28 + 1:02}.08.2026" for n in range(56)))},
        "select count(*)::varchar from staged.subscribers",
        "56",
        "слишком многие пришли в один день, 03.08.2026: 31",
    ),
    Situation(
        "sums before a discount",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма;Скидка;К оплате", *(f"{n:02}.08.2026;100;{n};{100 - n}" for n in DAYS))},
        right="2800.00",
        says="в «К оплате» (exports/s.csv), стоят со скидкой, строк: 28, 406 ₽",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_counts_again_is_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


CLEAN = {
    "spend that goes up and down": ({"ad": SPEND}, {"a.csv": table("Дата;Кампания;Расход", *plain("Поиск"))}),
    "calls again from one phone, later or of the same person": (
        {"calls": CALLS},
        {
            "c.csv": table(
                CALL_HEAD,
                *(row.replace("10:05:32", "10:09:00") for day in DAYS for row in passed_on(day, 3)),
                *(f"9{n};{n:02}.08.2026 12:00:1{k};7000001{n:04};Анна;Отвечен;5" for n in DAYS for k in (0, 9)),
            )
        },
    ),
    "few prices, many sales of a day": (
        {"sales": MONEY},
        {
            "s.csv": table(
                "Дата;Кто;Сумма",
                *(f"{n // 12 + 1:02}.08.2026;Анна;{100 + 50 * DICE[n]}" for n in range(300)),
            )
        },
    ),
    "two branches with people of their own": (
        {"leads": LEADS},
        {"l1.csv": leads("Новый", 21), "l2.csv": leads("Новый", 29).replace("7000000", "7000001")},
    ),
    "what is left after a part was paid": (
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма;К оплате", *(f"{n:02}.08.2026;100;{n}" for n in DAYS))},
    ),
    "subscribers who come one by one": (
        {"list": PEOPLE},
        {"l.csv": table("Email;Добавлен", *(f"u{n}@example.org;{n % 28 + 1:02}.08.2026" for n in range(90)))},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize("padding", ["", LONG], ids=["short", "long"])
def test_what_counts_once_is_not(tmp_path, name, padding):
    """What only looks like it."""
    sources, files = CLEAN[name]
    loaded = ran(tmp_path / "client", Situation(name, sources, files), padding)
    assert (loaded.exit_code, loaded.problems, loaded.notes) == (0, [], [])


@pytest.mark.parametrize(
    ("amounts", "places"),
    [
        ((1, 2, 4, 7, 3, 5, 9, 17), []),
        ((10, 21, 42, 73, 35, 57, 99, 191, 113, 131, 64, 308), [3, 7, 11]),
        ((10, 21, 42, 73, 35, 57, 99, 191, 113, 131, 64, 308, 572), [3, 7, 11, 12]),
        ((10, 21, 42, 73, 35, 57, 99, 191, 113, 131, 64, 309), []),
        ((5, 5) * 12, []),
        ((100, 200, 100, 100, 300, 200, 100, 200) * 3, []),
        ((), []),
    ],
    ids=["few", "groups", "and all of them", "the last is none", "equal", "few prices", "nothing"],
)
def test_sums_among_amounts_end_groups_that_are_no_chance(amounts, places):
    """Each row stands in a group that ends with its sum."""
    assert sums_among(amounts) == places
