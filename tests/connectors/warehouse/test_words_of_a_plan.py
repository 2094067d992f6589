"""What a plan calls a figure: its name, its label in the report, the client's own word; any other word is refused."""

from pathlib import Path
from typing import Any

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow

PLAN = {
    "table": "plan",
    "columns": {"period_start": "Месяц", "metric": "Показатель", "planned": "План"},
    "constants": {"grain": "month"},
    "values": {"metric": {"revenue_rub": ["Касса"]}},
}


def planned(tmp_path: Path, *words: str) -> Folder:
    """A plan of as many rows as there are words."""
    folder = Folder(tmp_path, {"plan": PLAN})
    rows = "".join(f"01.0{month}.2026;{word};10\n" for month, word in enumerate(words, start=1))
    folder.run({"plan": {"plan.csv": "Месяц;Показатель;План\n" + rows}})
    return folder


def test_a_figure_is_known_by_every_word_for_it(tmp_path):
    """As reports call it, in any case; by the client's own word."""
    revenue = ["revenue_rub", "chain_period.revenue_rub", "ВЫРУЧКА", "Касса"]
    folder = planned(tmp_path, *revenue, "Входящие звонки")
    assert folder.rows("select metric, planned from staged.plan order by period_start") == [
        *[("chain_period.revenue_rub", 10.0)] * len(revenue),
        ("chain_period.calls", 10.0),
    ]


def test_a_word_that_names_no_figure_is_refused_with_the_nearest(tmp_path):
    """«Выручко» is a slip; the row waits for somebody to mend it."""
    folder = planned(tmp_path, "Выручка", "Выручко")
    assert folder.rows("select reason, value from ops.rejects") == [("unknown_metric", "Выручко")]
    told: list[tuple[Any, ...]] = folder.rows("select rows, detail from ops.notices where kind = 'unknown_metric'")
    assert told == [(1, "«Выручко» → «выручка» (chain_period.revenue_rub)")]


def test_values_mean_something_in_every_column_of_words(tmp_path):
    """Products have no vocabulary of ours; the client's words are one."""
    source = {
        "table": "deals",
        "columns": {"closed_on": "Дата", "product": "Товар", "revenue_rub": "Сумма"},
        "values": {"product": {"Чай": ["чай чёрный", "чай зелёный"]}},
    }
    folder = Folder(tmp_path, {"s": source})
    folder.run(
        {"s": {"f.csv": "Дата;Товар;Сумма\n01.08.2026;Чай Черный;1\n01.08.2026;чай зелёный;2\n01.08.2026;Мёд;3"}}
    )
    assert folder.rows("select product, sum(revenue_rub)::int from staged.deals group by 1 order by 1") == [
        ("Мёд", 3),
        ("Чай", 3),
    ]


def test_a_plan_without_a_grain_is_asked_for_it(tmp_path):
    """One grain for the whole file needs no column: the question says so."""
    folder = Folder(tmp_path, {"plan": {**PLAN, "constants": {}}})
    with pytest.raises(ContractError) as asked:
        folder.run({"plan": {"plan.csv": "Месяц;Показатель;План\nсентябрь 2026;Выручка;10\n"}})
    assert asked.value.text("ru").endswith(
        "не сказано, где grain; есть: «Месяц», «Показатель», «План» — допишите заголовок в columns источника plan, "
        "а если значение одно на весь файл — в constants (например, grain: month)"
    )


def test_a_total_among_the_managers_of_a_plan_is_of_all(tmp_path):
    """Whoever keeps the plan adds the managers up."""
    source = {**PLAN, "columns": {**PLAN["columns"], "manager": "Кто"}}
    rows = "".join(
        f"01.0{month}.2026;Анна;Касса;10\n01.0{month}.2026;{word};Касса;30\n"
        for month, word in enumerate(["Всего", "ИТОГО", "все", ""], start=1)
    )
    folder = Folder(tmp_path, {"plan": source})
    folder.run({"plan": {"plan.csv": "Месяц;Кто;Показатель;План\n" + rows}})
    plans = folder.rows("select month(period_start), manager, planned from staged.plan order by 1, 3")
    assert plans == [row for month in range(1, 5) for row in ((month, "Анна", 10.0), (month, None, 30.0))]
