"""Rows that are sums of the others, parts of the row above or but planned: nothing of them counts twice."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, table

SPEND = {
    "table": "ad_spend",
    "columns": {"spend_on": "Дата", "campaign": "Кампания", "spend_rub": "Расход", "clicks": "Клики"},
}
COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}
SALES = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}
SPENT = "select sum(spend_rub)::integer::varchar from staged.ad_spend"
COST = "select sum(amount_rub)::integer::varchar from staged.costs"


def spend(heading: str, *levels: tuple[str, int]) -> dict[str, str]:
    """What stands under a heading and roubles, the same on three days, each day dearer than the one before."""
    rows = (f"0{day}.08.2026;A;{rub * day};{rub};{word}" for day in (1, 2, 3) for word, rub in levels)
    return {"s.csv": table(f"Дата;Кампания;Расход;Клики;{heading}", *rows)}


def costs(heading: str, *items: tuple[str, int, str]) -> dict[str, str]:
    """Items of two months, the second dearer."""
    rows = (f"01.0{month}.2026;{item};{rub * month};{more}" for month in (7, 8) for item, rub, more in items)
    return {"c.csv": table(f"Месяц;Статья;Сумма;{heading}", *rows)}


LEVELS = spend("Уровень", ("Кампания", 200), ("Группа", 150), ("Группа", 50))
SUB_ITEMS = costs("Подстатья", ("Зарплата", 300, ""), ("Зарплата", 200, "Продажи"), ("Зарплата", 100, "Мастера"))
PAID_OUT = table("Дата;Тип операции;Сумма", "01.08.2026;Покупка;1000", "02.08.2026;Отмена покупки;500",
                 "03.08.2026;Списание;2000", "03.08.2026;Покупка;700")  # fmt: skip
MICROS = {"s.csv": table("Дата;Кампания;Расход;Клики", "01.08.2026;A;134200000;10", "02.08.2026;A;98700000;8")}
SITUATIONS = (
    Situation("campaigns among their groups", {"s": SPEND}, LEVELS, says='exclude: {"Уровень": ["Кампания"]}'),
    Situation("campaigns left out as the question says", {"s": {**SPEND, "exclude": {"Уровень": ["Кампания"]}}}, LEVELS,
              SPENT, "1200"),
    Situation("campaigns and groups that are apart", {"s": {**SPEND, "exclude": {"Уровень": []}}}, LEVELS, SPENT,
              "2400"),
    Situation("a blank group for the campaign", {"s": SPEND}, spend("Группа", ("", 200), ("g1", 150), ("g2", 50)),
              says='exclude: {"Группа": [""]}'),
    Situation("the blank group left out as the question says", {"s": {**SPEND, "exclude": {"Группа": [""]}}},
              spend("Группа", ("", 200), ("g1", 150), ("g2", 50)), SPENT, "1200"),
    Situation("all devices called «Все»", {"s": SPEND}, spend("Устройство", ("Все", 200), ("ПК", 150), ("Телефон", 50)),
              says='exclude: {"Устройство": ["Все"]}'),
    Situation("two devices that cost the same", {"s": SPEND}, spend("Устройство", ("ПК", 50), ("Телефон", 50)), SPENT,
              "600"),
    Situation("three devices", {"s": SPEND}, spend("Устройство", ("ПК", 50), ("Телефон", 70), ("ТВ", 10)), SPENT,
              "780"),
    Situation("an item among its parts", {"c": COSTS}, SUB_ITEMS, says='exclude: {"Подстатья": [""]}'),
    Situation("an item that is all the others together", {"c": COSTS},
              costs("Кто", ("Всё по отделу", 300, ""), ("Зарплата", 200, ""), ("Связь", 100, "")),
              says='exclude: {"Статья": ["Всё по отделу"]}'),
    Situation("two rents of one price, one of them later", {"c": COSTS},
              {"c.csv": table("Месяц;Статья;Сумма", "01.06.2026;Аренда;500", "01.07.2026;Аренда;500",
                              "01.07.2026;Склад;500", "01.08.2026;Аренда;500", "01.08.2026;Склад;500")},
              COST, "2500"),
    Situation("what is in the row above", {"c": COSTS},
              costs("Кто", ("Зарплата", 300, ""), ("в т.ч. Продажи", 200, ""), ("В том числе мастера", 100, ""),
                    ("Связь", 10, "")), COST, "4650"),
    Situation("items under an item, by their dashes", {"c": COSTS},
              costs("Кто", ("Зарплата", 300, ""), ("- продажи", 200, ""), ("- мастера", 100, ""), ("Связь", 10, "")),
              COST, "9150", 'до копейки равна сумме своих подстатей, 4 500 ₽'),
    Situation("items under an item, by their numbers", {"c": COSTS},
              costs("Кто", ("1. Зарплата", 300, ""), ("1.1. Продажи", 200, ""), ("1.2. Мастера", 100, ""),
                    ("2. Связь", 10, "")), COST, "9150", "статья «1. Зарплата»"),
    Situation("the item left out as the advice says", {"c": {**COSTS, "exclude": {"item": ["1. Зарплата"]}}},
              costs("Кто", ("1. Зарплата", 300, ""), ("1.1. Продажи", 200, ""), ("1.2. Мастера", 100, ""),
                    ("2. Связь", 10, "")), COST, "4650"),
    Situation("plan and fact in one column", {"c": COSTS},
              costs("Сценарий", ("Зарплата", 300, "План"), ("Зарплата", 310, "Факт"), ("Связь", 10, "факт")), COST,
              "4800"),
    Situation("plan and fact that both count", {"c": {**COSTS, "exclude": {"Сценарий": []}}},
              costs("Сценарий", ("Зарплата", 300, "План"), ("Зарплата", 310, "Факт")), COST, "9150"),
    Situation("millionths of a rouble", {"s": SPEND}, MICROS, says="formats: {spend_rub: micros}"),
    Situation("millionths as the question says", {"s": {**SPEND, "formats": {"spend_rub": "micros"}}}, MICROS,
              "select sum(spend_rub)::varchar from staged.ad_spend", "232.90"),
    Situation("clicks that are as dear as that", {"s": {**SPEND, "units": {"spend_rub": "one"}}}, MICROS, SPENT,
              "232900000"),
    Situation("refunds that are named, and money that went out",
              {"sales": {**SALES, "refunds": {"Тип операции": ["Отмена покупки"]}}},
              {"s.csv": PAID_OUT}, right="1200.00"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_nothing_counts_twice_in_silence(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)
