"""What tables in order look like: totals above, heads of groups, numbered columns; none of it is refused or told of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.files.reading import read_bytes
from tests.connectors.warehouse.loading import Folder, side_by_side

pytestmark = pytest.mark.slow

SPEND = {
    "table": "ad_spend",
    "columns": {"spend_on": "Дата", "campaign": "Кампания", "spend_rub": "Расход"},
    "constants": {"channel": "VK"},
}
HEADER = "Дата;Кампания;Расход\n"
ROWS = "01.08.2026;Лето;10\n02.08.2026;Лето;20\n"
MORE = "03.08.2026;Осень;5\n04.08.2026;Осень;6\n"
BOTH = pytest.mark.parametrize("is_on_disk", [False, True], ids=["in memory", "on disk"])


def loaded(folder: Path, is_on_disk: bool, text: str, source: dict[str, object] | None = None) -> Folder:
    """A warehouse that has read a text, in the one way or the other."""
    made = Folder(folder / "data", {"s": source or SPEND}, is_on_disk=is_on_disk)
    made.run({"s": {"a.csv": text}})
    return made


IN_ORDER = """select (select count(*) from staged.ad_spend where source = $source),
    (select sum(spend_rub)::varchar from staged.ad_spend where source = $source),
    (select sum(rows_rejected)::bigint from ops.loads where source = $source),
    (select count(*) from ops.notices where kind = 'totals_mismatch' and source = $source)"""
"""Rows and roubles staged, rows refused, notices."""


def in_order(folder: Folder) -> tuple[int, str, int, int]:
    """The same of the one source of a folder."""
    [found] = folder.rows(IN_ORDER.replace("$source", "'s'"))
    return found


def in_order_of(of: Callable[[str], dict[str, list[tuple[Any, ...]]]]) -> dict[str, tuple[Any, ...]]:
    """The same of each of several."""
    return {case: found for case, [found] in of(IN_ORDER).items()}


ABOVE = {
    "above all": HEADER + "Итого;;41\n" + ROWS + MORE,
    "above all and above each": HEADER + "Всего;;41\nИтого Лето;;30\n" + ROWS + "Итого Осень;;11\n" + MORE,
    "above each": HEADER + "Итого Лето;;30\n" + ROWS + "Итого Осень;;11\n" + MORE,
    "below each and below all": HEADER + ROWS + "Итого;;30\n" + MORE + "Итого;;11\nВсего;;41\n",
}
"""Where totals stand."""


@BOTH
def test_totals_may_stand_above_what_they_add_up(tmp_path, is_on_disk):
    """The sum is that of the rows below, to the next total or to the end."""
    of = side_by_side(tmp_path, {where: (SPEND, text) for where, text in ABOVE.items()}, is_on_disk=is_on_disk)
    assert in_order_of(of) == dict.fromkeys(ABOVE, (4, "41.00", 0, 0))


@BOTH
def test_subtotals_of_a_workbook_are_no_campaigns(tmp_path, is_on_disk):
    """Excel writes «Лето Итог» below each group; with a period no day is missing from it, and spend would double."""
    source = {"table": "ad_spend", "columns": {"campaign": "Кампания", "spend_rub": "Расход"},
              "constants": {"channel": "VK"}, "period": "2026-08-01..2026-08-31"}  # fmt: skip
    text = "Кампания;Расход\nЛето;10\nЛето;20\nЛето Итог;30\nОсень;11\nОсень Итог;11\nОбщий итог;41\n"
    folder = loaded(tmp_path, is_on_disk, text, source)
    assert in_order(folder)[1:] == ("41.00", 0, 0)


@BOTH
def test_a_campaign_called_a_total_counts_on_its_day(tmp_path, is_on_disk):
    """«Grand Total» of 5 August is somebody's name for it."""
    text = HEADER.replace("Дата;Кампания", "Кампания;Дата") + "Лето;01.08.2026;10\nWar Total;02.08.2026;31\n"
    assert in_order(loaded(tmp_path, is_on_disk, text)) == (2, "41.00", 0, 0)


@BOTH
def test_a_total_above_that_is_no_sum_is_told_of(tmp_path, is_on_disk):
    """42 stated, 41 there."""
    folder = loaded(tmp_path, is_on_disk, HEADER + "Итого;;42\n" + ROWS + MORE)
    assert folder.rows("select rows, detail from ops.notices where kind = 'totals_mismatch'") == [
        (2, "Итого: 42.00 ≠ 41.00")
    ]


@BOTH
def test_heads_of_groups_are_no_refused_rows(tmp_path, is_on_disk):
    """«Летние кампании» alone in its row names those below it."""
    text = HEADER + "Летние кампании;;\n" + ROWS + "Осенние;;\n" + MORE
    folder = loaded(tmp_path, is_on_disk, text)
    assert in_order(folder) == (4, "41.00", 0, 0)
    assert folder.rows("select rows_skipped from ops.loads") == [(2,)]


@BOTH
def test_a_row_with_anything_more_is_refused_as_ever(tmp_path, is_on_disk):
    """An amount without a day, a day without an amount, a letter."""
    cases = {row: (SPEND, f"{HEADER}{ROWS}{row}\n{MORE}") for row in ("Лето;;15", "31.08.2026;;", "x;;")}
    found = in_order_of(side_by_side(tmp_path, cases, is_on_disk=is_on_disk))
    assert {case: refused for case, (_, _, refused, _) in found.items()} == dict.fromkeys(cases, 1)


@BOTH
def test_a_name_without_an_amount_is_data_where_nothing_more_is_needed(tmp_path, is_on_disk):
    """A subscriber of whom the id alone is known, on a day that all share."""
    source = {
        "table": "subscribers",
        "columns": {"subscriber_id": "id", "phone": "Телефон", "email": "Почта"},
        "constants": {"subscribed_on": "2026-08-01"},
    }
    folder = loaded(tmp_path, is_on_disk, "id;Телефон;Почта\nanna;;\nboris;;\n", source)
    assert folder.rows("select count(*) from staged.subscribers") == [(2,)]


@BOTH
def test_a_row_that_numbers_the_columns_belongs_to_the_header(tmp_path, is_on_disk):
    """Official forms count their columns below the headings."""
    folder = loaded(tmp_path, is_on_disk, HEADER + "1;2;3\n" + ROWS + MORE)
    assert in_order(folder) == (4, "41.00", 0, 0)
    assert folder.rows("select rows_read from ops.loads") == [(4,)]


@BOTH
def test_figures_that_only_begin_so_are_data(tmp_path, is_on_disk):
    """A first row 1, 2, 4 is somebody's."""
    source = {"table": "ad_spend", "columns": {"clicks": "Клики", "impressions": "Показы", "spend_rub": "Расход"},
              "constants": {"channel": "VK", "spend_on": "2026-08-01"}}  # fmt: skip
    folder = loaded(tmp_path, is_on_disk, "Клики;Показы;Расход\n1;2;4\n2;3;5\n", source)
    assert in_order(folder) == (2, "9.00", 0, 0)


OURS, SECOND, THEIRS = "40702810000000000001", "40702810000000000002", "40702810000000000099"


def document(number: int, payer: str, payee: str, amount: str, when: str) -> str:
    """A document of a statement."""
    return (
        f"СекцияДокумент=Платежное поручение\nНомер={number}\nДата=06.08.2026\nСумма={amount}\nПлательщикСчет={payer}\n"
        f"ПолучательСчет={payee}\nПлательщик1=ООО {payer[-2:]}\nПолучатель1=ООО {payee[-2:]}\n{when}=06.08.2026\n"
        "КонецДокумента\n"
    )


def statement(*documents: str) -> str:
    """A statement of both our accounts: 10,000 and the transfer of 4,000 came in, the transfer went out."""
    accounts = "".join(
        f"СекцияРасчСчет\nДатаНачала=01.08.2026\nДатаКонца=31.08.2026\nРасчСчет={account}\nВсегоПоступило={received}\n"
        f"ВсегоСписано={paid}\nКонецРасчСчет\n"
        for account, received, paid in ((OURS, "10000.00", "4000.00"), (SECOND, "4000.00", "0.00"))
    )
    head = f"1CClientBankExchange\nРасчСчет={OURS}\nРасчСчет={SECOND}\n"
    return head + accounts + "".join(documents) + "КонецФайла\n"


@pytest.mark.parametrize("times", [1, 2], ids=["the transfer once", "the transfer in each account's part"])
def test_both_accounts_in_one_statement_add_up(tmp_path, times):
    """The bank counts the transfer among what came in; it is nobody's payment, and no sum is wrong."""
    made = Folder(tmp_path / "data", {"s": {"table": "deals", "profile": "bank_1c"}})
    text = statement(
        document(1, THEIRS, OURS, "10000.00", "ДатаПоступило"),
        *[document(7, OURS, SECOND, "4000.00", when) for when in ("ДатаСписано", "ДатаПоступило")[:times]],
    )
    made._reader = lambda source, file, _: read_bytes(tmp_path, text.encode("cp1251"), file)[0]  # type: ignore[method-assign]
    made.run({"s": {"a.csv": text}})
    assert made.rows("select sum(revenue_rub)::varchar, count(*) from staged.deals") == [("10000.00", 1)]
    assert made.rows("select detail from ops.notices where kind = 'totals_mismatch'") == []


@BOTH
@pytest.mark.parametrize(("stated", "told"), [("280,26", 0), ("280,20", 1)])
def test_a_total_of_advertising_may_be_rounded_apart_from_its_rows(tmp_path, is_on_disk, stated, told):
    """Twenty-eight days of 10.01 ₽ are 280.28 ₽; two kopecks less are rounding, eight are not."""
    days = "".join(f"{day:02d}.08.2026;Лето;10,01\n" for day in range(1, 29))
    folder = loaded(tmp_path, is_on_disk, f"{HEADER}{days}Итого;;{stated}\n")
    assert in_order(folder) == (28, "280.28", 0, told)
