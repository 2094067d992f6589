"""Amounts of one file that go on in kopecks or thousands: named with the row; a business that grows is not."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from connectors.warehouse.ledger.notices import jump_in
from tests.field.situation import Situation, prove, ran, table


def sold(amounts: list[str], says: str = "", name: str = "") -> Situation:
    """A sale after the other."""
    rows = [f"{date(2026, 6, 1) + timedelta(place * 80 // len(amounts)):%d.%m.%Y};{one}"
            for place, one in enumerate(amounts)]  # fmt: skip
    return Situation(
        name,
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма", *rows)},
        "select count(*)::varchar from staged.deals",
        str(len(amounts)),
        says,
    )


def prices(count: int, seed: int = 1, low: int = 500, high: int = 9000) -> list[int]:
    """What a shop takes."""
    random = Random(seed)
    return [random.randint(low, high) for _ in range(count)]


ROUBLES = prices(200)
SITUATIONS = (
    sold([str(one) for one in ROUBLES[:140]] + [f"{one}00" for one in ROUBLES[140:]],
         "примерно со строки 14", "kopecks"),
    sold([f"{one / 1000:.3f}".replace(".", ",") for one in ROUBLES[:100]] + [f"{one},50" for one in ROUBLES[100:]],
         "примерно со строки 10", "thousands"),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_a_change_of_scale_inside_a_file_is_named(tmp_path, situation):
    """By where it begins."""
    prove(tmp_path / "client", situation, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "amounts",
    [
        ROUBLES,
        sorted(ROUBLES),
        sorted(prices(100, low=100, high=300) + prices(100, low=20_000, high=90_000)),
        [one * (1 + place // 20) for place, one in enumerate(ROUBLES)],
        prices(200, low=10, high=900_000),
    ],
    ids=["steady", "sorted", "two kinds of goods", "growing", "anything"],
)
def test_a_business_that_changes_is_not_doubted(tmp_path, amounts):
    """Dearer goods below cheaper ones, growth, a wide range."""
    told = " ".join(ran(tmp_path / "client", sold([str(one) for one in amounts]), "").notes)
    assert "в сто или в тысячу раз" not in told


def test_the_part_in_which_the_change_falls_may_be_of_both():
    """Means of powers of ten."""
    assert jump_in([3.1, 3.0, 3.2, 4.0, 5.1, 5.1, 5.2]) == 3
    assert jump_in([3.1, 3.0, 3.2, 3.1]) is None
    assert jump_in([3.1, 3.5, 4.0, 4.5, 5.1, 5.6]) is None
