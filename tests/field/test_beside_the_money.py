"""What a column beside the amounts says of them: bonuses in them, a payment of each, that none came, a repeat."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, REVENUE, Situation, prove, ran, table

SALES = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон"}}
HEAD = "Дата;Сумма;Телефон"
SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": "Расход"}, "constants": {"channel": "VK"}}
CSI = {"table": "survey_answers", "columns": {"answered_on": "Дата", "csi": "Оценка (1 — отлично, 5 — ужасно)"}}
TEN = range(1, 11)
BANK = {3: "Кэшбэк за июль", 4: "Выплата кэшбэка"}


def sales(name: str, heading: str, cells: dict[int, str], *, right: str, says: str = "", usual: str = "") -> Situation:
    """Ten sales of 100 roubles, and what stands beside some of them."""
    rows = [f"{n:02}.08.2026;100;7000000{n:04};{cells.get(n, usual)}" for n in TEN]
    return Situation(name, {"s": SALES}, {"s.csv": table(f"{HEAD};{heading}", *rows)}, REVENUE, right, says)


def payments(name: str, paid: int, says: str, right: str) -> Situation:
    """Two payments of each of five orders of a hundred."""
    rows = [f"{n:02}.08.2026;100;7000000{n // 2:04};Б{n // 2};{paid}" for n in range(2, 12)]
    return Situation(name, {"s": SALES}, {"s.csv": table(f"{HEAD};Номер заказа;Внесено", *rows)}, REVENUE, right, says)


def done(name: str, cancelled_from: int, right: str, says: str = "") -> Situation:
    """Ten orders, of which the third, the sixth and the ninth are not paid, and some of which are called off."""
    source = {**SALES, "columns": {**SALES["columns"], "status": "Статус"}}
    status = {n: "Выполнен" if n < cancelled_from else "Отменен" for n in TEN}
    paid = {n: "Оплачен" if n % 3 else "Не оплачен" for n in TEN}
    rows = [f"{n:02}.08.2026;100;7000000{n:04};{status[n]};{paid[n]}" for n in TEN]
    return Situation(name, {"o": source}, {"o.csv": table(f"{HEAD};Статус;Статус оплаты", *rows)}, REVENUE, right, says)


SITUATIONS = (
    sales("a part that bonuses paid", "Оплачено бонусами", {2: "30", 5: "20", 6: "0"}, right="1000.00",
          says="часть сумм заплачена бонусами, сертификатом или с депозита, строк: 2, 50 ₽"),
    sales("certificates that somebody gave back", "Оплата сертификатом", {2: "100"}, right="1000.00",
          says="строк: 1, 100 ₽"),
    sales("a plus where money came, a dash where none did", "Оплата", {3: "-", 4: "-"}, right="800.00", usual="+"),
    sales("a tick of a sheet", "Деньги получены", {3: "FALSE"}, right="900.00", usual="TRUE"),
    sales("a plus where money came, nothing where none did", "Оплачено", {3: "", 4: ""}, right="1000.00",
          says="а у части продаж пусто, строк: 2, 200 ₽, и они посчитаны", usual="да"),
    sales("deals that were merged into another", "Теги", {3: "Дубль", 4: "дубль, vip"}, right="1000.00",
          says="строк: 2, 200 ₽ — посчитаны они как все", usual="vip"),
    sales("deals of other funnels", "Воронка", {3: "Подбор персонала", 4: "Техподдержка"}, right="1000.00",
          says="воронки, которые по имени не продажи", usual="Основная"),
    done("orders that are done, by another column unpaid", 9, "800.00",
         "не заплачено или деньги вернули, а посчитаны они все, строк: 2, 200 ₽"),
    sales("remarks that it came to nothing", "Комментарий", {3: "отменили", 4: "клиент не пришёл", 5: "в долг"},
          right="1000.00", says="написано, что их не было или за них не заплачено, а посчитаны они, строк: 3, 300 ₽"),
    sales("parts of a sale as rows of their own", "Клиент", {3: "в т.ч. доставка", 6: "из них наличными"},
          right="1000.00", says="строки «в т. ч.», а посчитаны они вместе с целым, строк: 2, 200 ₽", usual="Анна"),
    Situation("takings of two shops side by side", {"s": {"table": "deals", "columns": {
        "closed_on": "Дата", "revenue_rub": "Выручка Ленина"}}}, {"s.csv": table(
            "Дата;Выручка Ленина;Выручка Мира", *(f"{n:02}.08.2026;100;{50 + n % 3}" for n in TEN))},
        REVENUE, "1000.00", "(Выручка Ленина + Выручка Мира), а посчитана только первая, рядом строк: 10, 510 ₽"),
    sales("orders that a restaurant deleted", "Заказ удален", {3: "Заказ удален"}, right="900.00", usual="Не удален"),
    sales("receipts that were undone", "Сторно", {3: "Да", 5: "Да"}, right="800.00", usual="Нет"),
    sales("balances put right", "Тип", {3: "Коррекция", 4: "Возврат"}, right="700.00", usual="Доход"),
    Situation("what a bank gave back", {"s": {**SALES, "columns": {
        "closed_on": "Дата", "revenue_rub": "Сумма", "product": "Описание"}}},
              {"s.csv": table("Дата;Сумма;Описание", *(f"{n:02}.08.2026;100;{BANK.get(n, 'Чай')}" for n in TEN))},
              REVENUE, "800.00"),
    sales("a receipt's sign as a code", "Признак расчета", {2: "2", 3: "3"}, right="700.00", usual="1"),
    payments("the order's amount on each of its payments", 40, "посчитана в каждой вся сумма заказа, строк: 10, 600 ₽",
             "1000.00"),
    Situation("bonuses of an advertising account", {"a": SPEND},
              {"a.csv": table("Дата;Расход;Из них бонусы", *(f"{n:02}.08.2026;{70 + n % 3};20" for n in TEN))},
              "select sum(spend_rub)::varchar from staged.ad_spend", "710.00", "строк: 10, 200 ₽"),
    Situation("a question whose best answer is one", {"n": CSI},
              {"n.csv": table("Дата;Оценка (1 — отлично, 5 — ужасно)", *(f"{n:02}.08.2026;{1 + n % 5}" for n in TEN))},
              "select count(*)::varchar from staged.survey_answers", "10", "лучшая оценка — единица"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_stands_beside_the_money_is_obeyed_or_named(tmp_path, situation, padding):
    """Marks that only say yes or no are obeyed; the rest counts as it stands, and the first page names it."""
    prove(tmp_path / "client", situation, padding)


CLEAN = (
    sales("how it was paid", "Оплата", {3: "карта"}, right="1000.00", usual="наличные"),
    sales("bonuses that somebody got", "Начислено бонусов", {3: "10"}, right="1000.00", usual="5"),
    sales("what is called like a repeat", "Название", {3: "Дублёнка"}, right="1000.00", usual="Шуба"),
    sales("funnels of sales alone", "Воронка", {3: "Опт", 4: "Партнёрские продажи"}, right="1000.00", usual="Розница"),
    sales("a business that recruits", "Воронка", {3: "Обучение"}, right="1000.00", usual="Подбор персонала"),
    done("unpaid orders that were called off", 3, "200.00"),
    sales("remarks of another kind", "Комментарий", {3: "оплата курьеру", 4: "доставку перенесли"}, right="1000.00"),
    Situation(
        "takings beside those that were planned",
        {"s": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Выручка факт"}}},
        {"s.csv": table("Дата;Выручка факт;Выручка план", *(f"{n:02}.08.2026;100;{50 + n % 3}" for n in TEN))},
        REVENUE,
        "1000.00",
    ),
    payments("orders that are paid at once", 100, "", "1000.00"),
)


@pytest.mark.slow
@pytest.mark.parametrize("situation", CLEAN, ids=lambda one: one.name)
def test_what_only_sounds_like_it_is_not_named(tmp_path, situation):
    """Figures stand, and nothing puts them in doubt."""
    assert [note for note in ran(tmp_path / "client", situation, "").notes if "svodka.yaml" in note] == []
    prove(tmp_path / "again", situation, "")
