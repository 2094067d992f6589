"""Money that may stand in the figures twice is named with its roubles; what merely looks like it is not."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow

SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": "Расход", "channel": "Канал"}}
COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}
ADVERTISING = (
    "Дата;Канал;Расход\n01.07.2026;Яндекс.Директ;50000\n01.08.2026;Яндекс.Директ;60000\n01.08.2026;VK Реклама;7000\n"
)


def told(tmp_path: Path, item: str, *sums: str, **settings: Any) -> list[tuple[Any, ...]]:
    """What is said of an item of costs in July and August."""
    folder = Folder(tmp_path / "data", {"spend": SPEND, "costs": COSTS}, settings=settings)
    rows = "".join(f"01.0{month}.2026;{item};{rub}\n" for month, rub in zip((7, 8), sums, strict=True))
    folder.run({"spend": {"s.csv": ADVERTISING}, "costs": {"c.csv": "Месяц;Статья;Сумма\n" + rows}})
    return folder.rows("select detail, rows, money_rub from ops.notices where kind = 'costs_advertising'")


ITEMS = [
    "Контекстная реклама август 2026",
    "ООО «Яндекс»",
    "ООО ВК",
    "Реклама",
    "Реклама Яндекс",
    "Яндекс Директ",
]
OTHERS = ["Аренда", "Яндекс Доставка", "Реклама на радио", "Зарплата маркетолога", "ВКП Логистик"]
"""A courier of the same house, advertising that no cabinet tells of."""


def test_a_cost_called_like_a_channel_with_spend_may_be_counted_twice(tmp_path):
    """Both months together, whatever the sums; a cost of something else is not."""
    folder = Folder(tmp_path / "data", {"spend": SPEND, "costs": COSTS})
    rows = [f"01.0{month}.2026;{item};{rub}\n" for month, rub in ((7, 48000), (8, 75000)) for item in ITEMS]
    rows += [f"01.0{month}.2026;{item};{rub}\n" for month, rub in ((7, 30000), (8, 31000)) for item in OTHERS]
    folder.run({"spend": {"s.csv": ADVERTISING}, "costs": {"c.csv": "Месяц;Статья;Сумма\n" + "".join(rows)}})
    said = folder.rows("select detail, rows, money_rub from ops.notices where kind = 'costs_advertising' order by 1")
    assert said == [(item, 2, Decimal("123000.00")) for item in ITEMS]


def test_advertising_of_the_very_sums_that_a_channel_took_may_be_counted_twice(tmp_path):
    """It names no channel, yet each month costs what Яндекс.Директ did, give or take three of a hundred."""
    assert told(tmp_path, "Продвижение магазина", "50100", "60000") == [
        ("Продвижение магазина", 2, Decimal("110100.00"))
    ]
    assert told(tmp_path / "other", "Продвижение магазина", "50100", "31000") == []


def test_an_item_that_is_known_to_be_advertising_is_told_no_more(tmp_path):
    """Advice that was followed is not given again."""
    known = {"costs": {"advertising_items": ["реклама яндекс"]}}
    assert told(tmp_path, "Реклама Яндекс", "50000", "60000", **known) == []


BANK = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}
TILL = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон"}}


def repeated(tmp_path: Path, bank: str, till: str) -> list[tuple[Any, ...]]:
    """What is said of a bank's sales beside those of a register."""
    folder = Folder(tmp_path / "data", {"bank": BANK, "till": TILL})
    folder.run({"bank": {"b.csv": "Дата;Сумма\n" + bank}, "till": {"t.csv": "Дата;Сумма;Телефон\n" + till}})
    return folder.rows("select source, rows, money_rub from ops.notices where kind = 'repeated_across_sources'")


def test_sales_of_a_bank_that_a_register_shows_too_are_named(tmp_path):
    """Four amounts of four days stand in both: 4 600 ₽ may be counted twice."""
    days = [(1, 1000), (2, 1100), (3, 1200), (4, 1300)]
    bank = "".join(f"0{day}.08.2026;{rub}\n" for day, rub in days)
    till = "".join(f"0{day}.08.2026;{rub};7000000000{day}\n" for day, rub in [*days, (5, 900)])
    assert repeated(tmp_path, bank, till) == [("bank, till", 4, Decimal("4600.00"))]


def test_what_a_bank_pays_for_cards_is_named_beside_the_register(tmp_path):
    """A day later and less its fee: no amount is the same, but the bank says what it pays for."""
    bank = {**BANK, "columns": {**BANK["columns"], "product": "За что"}}
    paid = "".join(f"0{day + 1}.08.2026;{day * 98};Возмещение по торговому эквайрингу\n" for day in range(1, 6))
    sold = "".join(f"0{day}.08.2026;{day * 100};7000000000{day}\n" for day in range(1, 6))
    folder = Folder(tmp_path / "data", {"bank": bank, "till": TILL})
    files = {"bank": {"b.csv": "Дата;Сумма;За что\n" + paid}, "till": {"t.csv": "Дата;Сумма;Телефон\n" + sold}}
    folder.run(files)
    told = folder.rows(
        "select source, rows, money_rub::integer from ops.notices where kind = 'repeated_across_sources'"
    )
    assert told == [("bank, till", 5, 98 * (1 + 2 + 3 + 4 + 5))]
    alone = Folder(tmp_path / "alone", {"bank": bank})
    alone.run({"bank": files["bank"]})
    assert alone.rows("select * from ops.notices where kind = 'repeated_across_sources'") == []


def test_one_price_in_two_sources_is_a_coincidence(tmp_path):
    """A subscription costs the same everywhere."""
    bank = "".join(f"0{day}.08.2026;990\n" for day in range(1, 8))
    till = "".join(f"0{day}.08.2026;990;7000000000{day}\n" for day in range(1, 8))
    assert repeated(tmp_path, bank, till) == []


def test_money_that_stays_with_its_owner_is_no_cost(tmp_path):
    """As banks put it; the row is skipped and counted with its roubles."""
    folder = Folder(tmp_path, {"costs": COSTS})
    rows = "01.08.2026;Аренда;500\n01.08.2026;Перевод собственных денежных средств;900\n"
    folder.run({"costs": {"c.csv": f"Месяц;Статья;Сумма\n{rows}"}})
    assert folder.rows("select item from staged.costs") == [("Аренда",)]
    assert folder.rows("select rows_skipped, money_skipped_rub from ops.loads") == [(1, Decimal("900.00"))]


def test_the_shortest_that_runs_on_is_long_enough_to_be_asked_about(tmp_path):
    """Of eleven days that only rise it is said that each is all since the first; ten may be chance."""
    columns = {"spend_on": "Дата", "spend_rub": "Расход", "channel": "Канал"}
    said = {}
    for days in (10, 11):
        folder = Folder(tmp_path / str(days), {"spend": {"table": "ad_spend", "columns": columns}})
        rows = "".join(f"{day:02}.08.2026;{1000 * day * day};VK\n" for day in range(1, days + 1))
        folder.run({"spend": {"s.csv": f"Дата;Расход;Канал\n{rows}"}})
        said[days] = folder.rows("select rows from ops.notices where kind = 'runs_on'")
    assert said == {10: [], 11: [(10,)]}
