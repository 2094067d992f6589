"""Refunds by words, and the sign of expenses: told by the file or svodka.yaml, else it asks."""

from __future__ import annotations

from typing import Any

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import side_by_side
from tests.connectors.warehouse.test_units import BOTH, loaded

pytestmark = pytest.mark.slow

SALES = {
    "table": "deals",
    "columns": {"deal_id": "Заказ", "closed_on": "Дата", "status": "Тип документа", "revenue_rub": "Сумма"},
}
SOLD = """Заказ;Дата;Тип документа;Сумма
1;03.08.2026;Продажа;1500
2;04.08.2026;Продажа;2500
1;05.09.2026;Возврат;1500
"""
TAKEN = "select kind, rows, money_rub::integer from ops.notices where kind like 'assumed%'"
STAGED = """select deal_id, status, revenue_rub::integer, closed_on::varchar from staged.deals where source = $source
    order by closed_on"""
KEPT = [("1", "won", 1500, "2026-08-03"), ("2", "won", 2500, "2026-08-04"), ("1:refund", "won", -1500, "2026-09-05")]


@BOTH
def test_a_return_is_taken_off_in_its_own_period(tmp_path, is_on_disk):
    """Whichever sign its row bears, though it has the number of the sale it undoes."""
    cases = {amount: (SALES, SOLD.replace("Возврат;1500", f"Возврат;{amount}")) for amount in ("1500", "-1500")}
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    assert of(STAGED) == dict.fromkeys(cases, KEPT)
    told = "select rows, money_rub::integer from ops.notices where kind = '{}' and source = $source"
    assert of(told.format("assumed_refund_by_word")) == {key: [(1, -1500)] for key in cases}
    assert of(told.format("unknown_status")) == {key: [] for key in cases}


KINDS = {
    ("Тип документа", "Возврат"): True,
    ("Вид операции", "возвращено"): True,
    ("Операция", "Сторно"): True,
    ("Тип", "возвращено"): True,
    ("Transaction type", "Refund"): True,
    ("Тип чека", "Чек возврата прихода"): True,
    ("Вид движения", "Возврат от клиента"): True,
    ("Операция", "Отмена оплаты"): True,
    ("Документ", "Возврат товаров от покупателя 12 от 04.08.2026"): True,
    ("Признак расчета", "Возврат расхода"): False,
    ("Операция", "Отмена возврата"): False,
    ("Тип", "Возвращённый клиент"): False,
    ("Тип", "Без возврата"): False,
    ("Документ", "Возвратная тара 12"): False,
}
"""A column of kinds, of documents or of operations, and a word in it; whether that is a refund."""


@BOTH
def test_a_kind_is_known_by_how_its_words_begin(tmp_path, is_on_disk):
    """Programs call a return many things, and some of what they call so is none."""
    source = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}
    cases = {
        f"{header}: {word}": (source, f"Дата;{header};Сумма\n03.08.2026;Продажа;100\n04.08.2026;{word};30\n")
        for header, word in KINDS
    }
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    found = of("select sum(revenue_rub)::integer from staged.deals where source = $source")
    assert found == {f"{header}: {word}": [(100 - 30 if is_refund else 100 + 30,)]
                     for (header, word), is_refund in KINDS.items()}  # fmt: skip


def test_a_status_of_a_deal_is_no_kind_of_document(tmp_path):
    """An order that came back was lost, and nothing is taken off for it."""
    source = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма", "status": "Статус"}}
    text = "Дата;Статус;Сумма\n03.08.2026;Оплачен;100\n04.08.2026;Возврат;30\n"
    folder = loaded(tmp_path, source, text)
    assert folder.rows("select status, revenue_rub::integer from staged.deals order by closed_on") == [
        ("won", 100),
        ("lost", 30),
    ]


@BOTH
def test_a_document_of_return_with_a_minus_is_taken_off(tmp_path, is_on_disk):
    """Whatever number it bears, and though the status says it: what the report calls taken off is taken off."""
    columns = {"deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма", "status": "Статус",
               "loss_reason": "Причина"}  # fmt: skip
    source = {"table": "deals", "columns": columns}
    head = "Номер;Дата;Статус;Сумма;Причина\n1;03.08.2026;Оплачен;100;\n"
    rows = {
        "its own number": "2;04.08.2026;Возврат;-30;Брак\n",
        "that of the sale": "1;04.08.2026;Возврат;-30;\n",
        "of the same day": "1;03.08.2026;Возврат;-30;\n",
    }
    of = side_by_side(tmp_path, {name: (source, head + row) for name, row in rows.items()}, is_on_disk=is_on_disk)
    money = "select sum(revenue_rub)::integer from staged.deals where source = $source and status = 'won'"
    assert of(money) == {name: [(70,)] for name in rows}
    lost = "select count(*) from staged.deals where source = $source and (status = 'lost' or loss_reason is not null)"
    assert of(lost) == {name: [(0,)] for name in rows}


def said(tmp_path: Any, refunds: dict[str, list[str]], text: str) -> list[tuple[Any, ...]]:
    """What is staged where svodka.yaml says what a refund is."""
    source = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}, "refunds": refunds}
    return loaded(tmp_path, source, text).rows("select sum(revenue_rub)::integer from staged.deals")


def test_svodka_yaml_says_what_a_refund_is(tmp_path):
    """Any heading, any word; an empty list: no word of it is one."""
    text = "Дата;Тип;Знак;Сумма\n03.08.2026;Продажа;;100\n04.08.2026;Возврат;к;30\n05.08.2026;Продажа;минус;1\n"
    assert said(tmp_path / "1", {"Знак": ["минус"]}, text) == [(100 + 30 - 1,)]
    assert said(tmp_path / "2", {"Тип": []}, text) == [(100 + 30 + 1,)]
    with pytest.raises(ContractError, match="«Тип», «Знак»"):
        said(tmp_path / "3", {"Вид": ["минус"]}, text)


SPEND = {
    "table": "ad_spend",
    "columns": {"spend_on": "Дата", "spend_rub": "Сумма"},
    "constants": {"channel": "SEO"},
}
PAID = "Дата;Сумма\n" + "".join(f"{day:02}.08.2026;-100\n" for day in range(1, 20)) + "20.08.2026;40\n"
SPENT = "select sum(spend_rub)::integer from staged.ad_spend"


@BOTH
def test_expenses_with_a_minus_ask(tmp_path, is_on_disk):
    """Nineteen of twenty: −1 860 ₽ of spending would be a profit."""
    with pytest.raises(ContractError, match=r"19 из 20.*signs: {spend_rub: minus}"):
        loaded(tmp_path, SPEND, PAID, is_on_disk=is_on_disk)


@BOTH
def test_the_answer_is_kept(tmp_path, is_on_disk):
    """With minus a plus is what came back."""
    spent = {"minus": [(1900 - 40,)], "plus": [(40 - 1900,)]}
    cases = {sign: ({**SPEND, "signs": {"spend_rub": sign}}, PAID) for sign in spent}
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    assert of(f"{SPENT} where source = $source") == spent


def test_a_few_corrections_are_no_question(tmp_path):
    """A minus among many without one is what came back."""
    folder = loaded(tmp_path, SPEND, PAID.replace("-", "").replace(";40", ";-40"))
    assert folder.rows(SPENT) == [(1900 - 40,)]


@BOTH
def test_what_came_back_later_counts_in_its_own_month(tmp_path, is_on_disk):
    """A minus of another day under the number of the sale is no line of it; a discount of the same day is."""
    source = {**SALES, "columns": {"deal_id": "Заказ", "closed_on": "Дата", "revenue_rub": "Сумма"}}
    text = """Заказ;Дата;Сумма
1;03.07.2026;1500
1;03.07.2026;-100
2;04.08.2026;2500
1;05.08.2026;-700
1;06.09.2026;-700
3;06.09.2026;50
"""
    folder = loaded(tmp_path, source, text, is_on_disk=is_on_disk)
    staged = "select deal_id, revenue_rub::integer, closed_on::varchar from staged.deals order by closed_on, deal_id"
    assert folder.rows(staged) == [
        ("1", 1400, "2026-07-03"),
        ("2", 2500, "2026-08-04"),
        ("1:refund", -700, "2026-08-05"),
        ("1:refund2", -700, "2026-09-06"),
        ("3", 50, "2026-09-06"),
    ]


@BOTH
def test_money_that_went_out_is_no_sale(tmp_path, is_on_disk):
    """A journal of operations: 100 came, 30 went; that these were left out is told, and `where` says otherwise."""
    source = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}
    text = "Дата;Тип операции;Сумма\n03.08.2026;Пополнение;100\n04.08.2026;Списание;30\n"
    folder = loaded(tmp_path / "1", source, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub)::integer from staged.deals") == [(100,)]
    assert folder.rows("select kind, rows from ops.notices where kind like 'assumed%'") == [
        ("assumed_withdrawals_left_out", 1)
    ]
    source["where"] = {"Тип операции": ["Пополнение", "Списание"]}
    folder = loaded(tmp_path / "2", source, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub)::integer from staged.deals") == [(130,)]


@BOTH
def test_sales_without_a_day_of_payment_are_told(tmp_path, is_on_disk):
    """No status says whether they were paid: they count, and the list of what was taken says how to leave them out."""
    source = {
        "table": "deals",
        "columns": {"created_on": "Создан", "closed_on": "Оплачен", "revenue_rub": "Сумма"},
    }
    text = "Создан;Оплачен;Сумма\n03.08.2026;04.08.2026;100\n04.08.2026;;30\n"
    folder = loaded(tmp_path / "1", source, text, is_on_disk=is_on_disk)
    assert folder.rows(TAKEN) == [("assumed_unpaid_are_sales", 1, 30)]
    folder = loaded(tmp_path / "2", {**source, "exclude": {"Оплачен": [""]}}, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub)::integer from staged.deals") == [(100,)]


@BOTH
def test_a_total_named_beside_a_month_is_no_item(tmp_path, is_on_disk):
    """Each month ends with its sum, under its own month: costs are not doubled."""
    source = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}
    month = "{0};Аренда;50\n{0};Зарплата;200\n{0};Итого;250\n"
    text = "Месяц;Статья;Сумма\n" + month.format("Июль 2026") + month.format("Август 2026")
    folder = loaded(tmp_path, source, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(amount_rub)::integer, count(*) from staged.costs") == [(500, 4)]
    assert folder.rows("select * from ops.notices") == []
