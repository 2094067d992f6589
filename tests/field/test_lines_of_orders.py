"""An order's number in the first of its lines alone, as many shops export it; and sales that nobody numbered."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, table

SALES = {"table": "deals", "columns": {"deal_id": "Номер", "created_on": "Дата", "revenue_rub": "Сумма"}}
TOLD = "select count(*) || ' ' || coalesce(sum(rows), 0) from ops.notices where kind = 'lines_without_id'"


def sold(name: str, of_a_day: list[str], right: str, says: str = "") -> Situation:
    """On each of ten days these rows, `#` in place of a number of its own; how many notices and rows they make."""
    days = range(1, 11)
    rows = [row.replace("#", f"{day}{place}").format(day) for day in days for place, row in enumerate(of_a_day)]
    return Situation(name, {"sales": SALES}, {"s.csv": table("Номер;Дата;Сумма", *rows)}, TOLD, right, says)


SITUATIONS = (
    sold(
        "further lines of an order bear no number",
        ["#;{:02d}.08.2026;500", ";{:02d}.08.2026;300"],
        "1 10",
        "«Номер» пуст в строках: 10, 3 000 ₽, и ни в один день такая строка не стоит первой",
    ),
    sold("some sales are not numbered", [";{:02d}.08.2026;300", "#;{:02d}.08.2026;500"], "0 0"),
    sold("each has its number", ["#;{:02d}.08.2026;500", "#;{:02d}.08.2026;300"], "0 0"),
    sold("the sum stands beside the number", ["#;{:02d}.08.2026;500", "#;{:02d}.08.2026;"], "0 0"),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_lines_without_a_number_are_told(tmp_path, situation, padding):
    """None of them stands first on any of eight days."""
    prove(tmp_path / "client", situation, padding)
