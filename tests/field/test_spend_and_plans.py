"""Advertising, costs and plans that were read as another figure than they are: each is told, and a clean one is not."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

DAYS = range(1, 11)
SPENT = "select sum(spend_rub)::varchar from staged.ad_spend"
SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "campaign": "Кампания", "spend_rub": "Расход"},
         "constants": {"channel": "VK"}}  # fmt: skip
HEAD = "Дата;Кампания;Расход"
COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "План"}}
PLAN = {"table": "plan", "columns": {"period_start": "Месяц", "metric": "Что", "planned": "План"},
        "constants": {"grain": "month"}}  # fmt: skip
GOOGLE = {"table": "ad_spend", "profile": "google_ads_ru"}
DIRECT = "Дата;Кампания;Цель;Показы;Клики;Расход (руб.)"
GOOGLE_HEAD = "Day;Campaign;Currency code;Impr.;Clicks;Cost"


def spend(name: str, heading: str, cells: dict[int, str], says: str = "", right: str = "1055.00") -> Situation:
    """Ten days of 101 to 110 roubles, and what stands beside some of them."""
    rows = [f"{n:02}.08.2026;К;{100 + n};{cells.get(n, '')}" for n in DAYS]
    return Situation(name, {"a": SPEND}, {"a.csv": table(f"{HEAD};{heading}", *rows)}, SPENT, right, says)


def google(name: str, codes: dict[int, str], says: str = "", right: str = "1055.00") -> Situation:
    """The same as Google Ads has it, with the code of the money on each day."""
    rows = [f"2026-08-{n:02};Поиск;{codes.get(n, 'RUB')};900;9;{100 + n}" for n in DAYS]
    return Situation(name, {"a": GOOGLE}, {"a.csv": table(GOOGLE_HEAD, *rows)}, SPENT, right, says)


def costs(name: str, heading: str, says: str = "") -> Situation:
    """Three months of rent as it was planned, and another sum beside it."""
    rows = [f"0{n}.2026;Аренда;100;{90 + n}" for n in (6, 7, 8)]
    file = table(f"Месяц;Статья;План;{heading}", *rows)
    return Situation(name, {"c": COSTS}, {"c.csv": file}, "select sum(amount_rub)::varchar from staged.costs",
                     "300.00", says)  # fmt: skip


def items(name: str, amounts: dict[str, tuple[int, ...]], says: str = "") -> Situation:
    """What each item cost in three months, beside wages."""
    every = {"Зарплата": (700, 705, 690), **amounts}
    rows = [f"0{6 + place}.2026;{one};{sums[place]}" for one, sums in every.items() for place in range(3)]
    source = {**COSTS, "columns": {**COSTS["columns"], "amount_rub": "Сумма"}}  # type: ignore[dict-item]
    right = f"{sum(map(sum, every.values()))}.00"
    return Situation(name, {"c": source}, {"c.csv": table("Месяц;Статья;Сумма", *rows)},
                     "select sum(amount_rub)::varchar from staged.costs", right, says)  # fmt: skip


def campaigns(name: str, older: tuple[str, ...], newer: tuple[str, ...], right: str, says: str = "") -> Situation:
    """Ten days of 101 to 110 roubles in two files, each of which shares them among its campaigns."""
    files = {
        f"a{place}.csv": table(HEAD, *(f"{n:02}.08.2026;{one};{(100 + n) / len(some)}" for n in DAYS for one in some))
        for place, some in ((1, older), (2, newer))
    }
    return Situation(name, {"a": SPEND}, files, SPENT, right, says)


SITUATIONS = (
    spend("an account that was topped up", "Комментарий", {3: "Пополнение баланса ВК", 7: "Автопополнение"},
          "по «Комментарий» (exports/a.csv) это пополнения счёта, строк: 2, 210 ₽"),
    Situation("a campaign that is the topping up of an account", {"a": SPEND},
              {"a.csv": table(HEAD, *(f"{n:02}.08.2026;{'Зачисление средств' if n == 3 else 'К'};100" for n in DAYS))},
              SPENT, "1000.00", "по «Кампания» (exports/a.csv) это пополнения счёта, строк: 1, 100 ₽"),
    Situation("spend that is what an account was topped up with",
              {"a": {**SPEND, "columns": {"spend_on": "Дата", "spend_rub": "Пополнено"}}},
              {"a.csv": table("Дата;Пополнено", *(f"{n:02}.08.2026;{1000 * n}" for n in (1, 9)))},
              SPENT, "10000.00", "цифры взяты из столбца «Пополнено», а в нём, судя по заголовку, не они"),
    google("money of which nothing is said", dict.fromkeys(DAYS, " --"),
           "в «Currency code» (exports/a.csv) валюты нет, а суммы посчитаны в рублях, строк: 10, 1 055 ₽"),
    Situation("the money of each goal in a vendor's report", {"a": {"table": "ad_spend"}},
              {"a.csv": table(DIRECT, *(f"{n:02}.08.2026;Поиск;{goal};650;{n};{100 + n},00"
                                        for n in DAYS for goal in ("Заявка", "Звонок")))},
              says="один и тот же в каждой строке столбца «Цель»"),
    campaigns("campaigns that were renamed between two exports", ("Окна",), ("Окна Москва",), "2110.00",
              "в exports/a1.csv и exports/a2.csv расход тех же дней или месяцев один и тот же"),
    campaigns("whole campaigns in one export, their ads in another", ("Окна",), ("Синее", "Белое"), "2110.00",
              "а строки разные: 20, 1 055 ₽"),
    items("revenue among the costs", {"Выручка": (900, 910, 920)},
          "есть выручка, прибыль или остаток, строк: 3, 2 730 ₽"),
    items("an item in dollars", {"Zoom, $": (20, 20, 20)},
          "статьи названы в валюте («Статья», exports/c.csv), строк: 3, 60 ₽"),
    items("a figure too many", {"Аренда": (500, 500, 5000)},
          "статья, которая каждый месяц одна и та же, за 08.2026 ровно в десять или сто раз другая: 1, 5 000 ₽"),
    Situation("a plan of the year among those of months", {"p": PLAN},
              {"p.csv": table("Месяц;Что;План", "01.08.2026;revenue_rub;300", "2026;revenue_rub;3600")},
              "select sum(planned)::varchar from staged.plan", "300.0"),
    Situation("a month in one file, its days in another", {"a": SPEND},
              {"a1.csv": table(HEAD, "01.07.2026;;900", "01.08.2026;;1055"),
               "a2.csv": table(HEAD, *(f"{n:02}.08.2026;К;{100 + n},01" for n in DAYS))},
              SPENT, "3010.10", "а строки разные: 10, 1 055 ₽"),
    Situation("days that were pasted again below", {"a": SPEND},
              {"a.csv": table(HEAD, *(f"{n:02}.08.2026;К;{100 + n}" for n in (*DAYS, 9, 10)), "11.08.2026;К;5",
                              "09.08.2026;Б;1", "09.08.2026;Б;1,2")},
              SPENT, "1281.20", "расход дней 09.08.2026–10.08.2026 стоит дважды"),
    Situation("spend of several days on the first of them",
              {"a": {**SPEND, "columns": {"spend_on": "Дата начала", "spend_rub": "Расход"}}},
              {"a.csv": table("Дата начала;Дата окончания;Расход",
                              *(f"{n:02}.08.2026;{n + 9}.08.2026;{100 + n}" for n in DAYS))},
              SPENT, "1055.00", "(«Дата начала, Дата окончания»), а посчитан целиком одним из них, строк: 10"),
    Situation("a word of exclude that is a letter apart", {"a": {**SPEND, "exclude": {"Кампания": ["Тестовая"]}}},
              {"a.csv": table(HEAD, *(f"{n:02}.08.2026;{'Тестовые' if n == 3 else 'Окна'};100" for n in DAYS))},
              SPENT, "1000.00", "почти то же слово, что в where или exclude, но с другой буквой, строк: 1"),
    Situation("a planned share that is roubles", {"p": PLAN},
              {"p.csv": table("Месяц;Что;План", "01.08.2026;gross_margin;300000")},
              "select sum(planned)::varchar from staged.plan", "3000.0", "больше 100 %, строк: 1"),
    Situation("a plan that runs on", {"p": {**PLAN, "columns": {**PLAN["columns"], "planned": "План с начала года"}}},
              {"p.csv": table("Месяц;Что;План с начала года", "01.07.2026;revenue_rub;3", "01.08.2026;revenue_rub;6")},
              "select sum(planned)::varchar from staged.plan", "9.0", "нарастающий итог или остаток"),
    Situation("what came of a plan, read so", {"p": {**PLAN, "columns": {**PLAN["columns"], "planned": "Факт"}}},
              {"p.csv": table("Месяц;Что;План;Факт", "01.08.2026;revenue_rub;300;290")},
              "select sum(planned)::varchar from staged.plan", "290.0", "цифры взяты из столбца «Факт»"),
    costs("a plan that is read beside what came of it", "Факт", "цифры взяты из столбца «План»"),
    Situation("signs as a page of the web writes them", {"a": SPEND},
              {"a.csv": table("Дата,Кампания,Расход", *(f"{n:02}.08.2026,Окна {'&amp;' if n > 4 else '&'} двери,9"
                                                        for n in DAYS))},
              "select string_agg(distinct campaign) from staged.ad_spend", "Окна & двери"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_is_no_spend_is_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    if "," in next(iter(situation.files.values())):
        padding = ""  # what makes a file long is put behind a semicolon
    prove(tmp_path / "client", situation, padding)


CLEAN = (
    spend("what people write beside their advertising", "Комментарий", {3: "новые баннеры", 7: "акция"}),
    google("roubles, and a total without a code", {}),
    campaigns("one campaign in two exports of the same days", ("Окна",), ("Окна",), "1055.00"),
    Situation(
        "two accounts that spend on the same days",
        {"a": SPEND},
        {
            f"a{place}.csv": table(HEAD, *(f"{n:02}.08.2026;{place};{100 * place + n * n}" for n in DAYS))
            for place in (1, 2)
        },
        SPENT,
        "3770.00",
    ),
    Situation(
        "what each goal of a vendor's report brought",
        {"a": {"table": "ad_spend"}},
        {
            "a.csv": table(
                DIRECT,
                *(
                    f"{n:02}.08.2026;Поиск;{goal};650;{n};{100 + n * place},00"
                    for n in DAYS
                    for place, goal in enumerate(("Заявка", "Звонок"))
                ),
            )
        },
        SPENT,
        "2055.00",
    ),
    Situation(
        "campaigns that are numbered, one of them left out",
        {"a": {**SPEND, "exclude": {"Кампания": ["Кампания 1"]}}},
        {"a.csv": table(HEAD, *(f"{n:02}.08.2026;Кампания {1 + n % 2};100" for n in DAYS))},
        SPENT,
        "500.00",
    ),
    Situation(
        "two rows of each campaign on each day",
        {"a": SPEND},
        {"a.csv": table(HEAD, *(f"{n:02}.08.2026;К;{100 + n + k}" for n in DAYS for k in (1, 2)))},
        SPENT,
        "2140.00",
    ),
    Situation(
        "a day that begins and ends a row",
        {"a": {**SPEND, "columns": {"spend_on": "Начало отчетности", "spend_rub": "Расход"}}},
        {
            "a.csv": table(
                "Начало отчетности;Окончание отчетности;Расход",
                *(f"{n:02}.08.2026;{n:02}.08.2026;{100 + n}" for n in DAYS),
            )
        },
        SPENT,
        "1055.00",
    ),
    items(
        "costs as they are", {"Аренда": (500, 500, 550), "Доходный дом": (90, 91, 92), "Налог на доходы": (5, 50, 7)}
    ),
    items("an item that fell to a tenth, and goes up and down", {"Связь": (100, 10, 70)}),
    costs("a plan without what came of it", "Ответственный"),
)


@pytest.mark.slow
@pytest.mark.parametrize("situation", CLEAN, ids=lambda one: one.name)
def test_what_is_spend_is_not_doubted(tmp_path, situation):
    """Figures stand, and nothing puts them in doubt."""
    assert [note for note in ran(tmp_path / "client", situation, "").notes if "svodka.yaml" in note] == []
    prove(tmp_path / "again", situation, "")
