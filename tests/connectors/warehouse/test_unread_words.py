"""A column that nobody reads, though it tells outgoing calls or lost deals from others, is asked about."""

from pathlib import Path

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder, side_by_side

pytestmark = pytest.mark.slow

CALLS = {"started_at": "Дата", "phone": "Телефон", "talk_seconds": "Секунд"}
DEALS = {"deal_id": "№", "closed_on": "Дата", "revenue_rub": "Сумма"}
LOG = "Дата;Телефон;Секунд;Вид\n01.08.2026;70000000001;30;Входящий\n02.08.2026;70000000002;30;{}\n"
SALES = "№;Дата;Сумма;Исход;Склад\n1;01.08.2026;100;Оплачен;Отмена\n2;02.08.2026;50;{};Центр\n"

REFUNDS = SALES.replace("Исход", "Тип операции").format("Возврат")


def loaded(path: Path, table: str, columns: dict[str, object], text: str, is_on_disk: bool, **more: object) -> Folder:
    """A source of one file, loaded."""
    folder = Folder(path, {"s": {"table": table, "columns": columns, **more}}, is_on_disk=is_on_disk)
    folder.run({"s": {"a.csv": text}})
    return folder


@pytest.mark.parametrize("is_on_disk", [False, True], ids=["short", "long"])
def test_outgoing_calls_that_would_count_as_inbound_are_asked_about(tmp_path, is_on_disk):
    """`direction: Вид` answers, and so does an empty list."""
    text = LOG.format("Исходящий")
    with pytest.raises(ContractError, match="direction: Вид"):
        loaded(tmp_path / "asked", "calls", CALLS, text, is_on_disk)
    read = loaded(tmp_path / "read", "calls", {**CALLS, "direction": "Вид"}, text, is_on_disk)
    assert read.rows("select direction from staged.calls order by 1") == [("in",), ("out",)]
    unread = loaded(tmp_path / "unread", "calls", {**CALLS, "direction": []}, text, is_on_disk)
    assert unread.rows("select direction from staged.calls") == [("in",), ("in",)]


@pytest.mark.parametrize("is_on_disk", [False, True], ids=["short", "long"])
def test_lost_deals_that_would_count_as_sales_are_asked_about(tmp_path, is_on_disk):
    """A condition on the column answers too. A column that holds other words as well («Склад») tells nothing."""
    with pytest.raises(ContractError, match="status: Исход"):
        loaded(tmp_path / "asked", "deals", DEALS, SALES.format("Отменен"), is_on_disk)
    text = SALES.format("Отменен")
    chosen = loaded(tmp_path / "chosen", "deals", DEALS, text, is_on_disk, where={"Исход": ["Оплачен"]})
    assert chosen.rows("select sum(revenue_rub)::integer from staged.deals") == [(100,)]


@pytest.mark.parametrize("is_on_disk", [False, True], ids=["short", "long"])
def test_words_that_change_nothing_are_no_question(tmp_path, is_on_disk):
    """All calls are inbound, no deal is lost; refunds have rules of their own."""
    calls, deals = {"table": "calls", "columns": CALLS}, {"table": "deals", "columns": DEALS}
    cases = {
        "inbound": (calls, LOG.format("Входящий")),
        "new": (deals, SALES.format("Новый")),
        "refund": (deals, REFUNDS),
    }
    of = side_by_side(tmp_path, cases, is_on_disk=is_on_disk)
    assert of("select count(*) from staged.calls where source = $source")["inbound"] == [(2,)]
    staged = of("select count(*) from staged.deals where source = $source")
    assert (staged["new"], staged["refund"]) == ([(2,)], [(2,)])
