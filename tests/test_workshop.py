"""The example workshop, end to end: few big deals, and a seller who loses them for a reason of our own."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from examples.generate_workshop import (
    DEALS_A_MONTH,
    MONTHS,
    OWN_REASON,
    SELLERS,
    SLOW_SINCE,
    WON_A_MONTH,
    WON_BY_THE_SLOW,
    make_workshop,
    write_workshop,
)
from flows.cli import main
from tests.helpers.reading import reading

WORKSHOP = Path(__file__).parents[1] / "examples" / "workshop"
ENDED = MONTHS[:-1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """The warehouse after one run of a copy of the example."""
    copy = tmp_path_factory.mktemp("workshop") / "workshop"
    shutil.copytree(WORKSHOP, copy)
    assert main(["run", str(copy), "--as-of", "2026-09-20"]) == 0
    with reading(copy / "data") as connection:
        yield connection


def column(warehouse, sql):
    """First column → second."""
    return dict(warehouse.execute(sql).fetchall())


def test_exports_are_what_the_generator_writes(tmp_path):
    """The exports in the repository come from the generator, byte for byte."""
    write_workshop(make_workshop(), tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {path: (WORKSHOP / path).read_bytes() for path in written}


def test_as_many_call_every_month(warehouse):
    """Two sellers with 16 deals each that began with a call, and 30 calls that came to nothing."""
    calls = column(warehouse, "select period_start, calls from metrics.whole_period where grain = 'month'")
    assert {month: calls[month] for month in ENDED} == dict.fromkeys(ENDED, 2 * DEALS_A_MONTH + 30)


@pytest.mark.parametrize("seller", SELLERS)
def test_one_seller_wins_half_as_many_since_february(warehouse, seller):
    """Six of sixteen, and three of sixteen of the one whose estimates take weeks."""
    won = column(
        warehouse,
        f"select period_start, deals_won from metrics.manager_period where grain = 'month' and manager = '{seller}'",
    )
    slow = seller == SELLERS[0]
    assert {month: won[month] for month in ENDED} == {
        month: WON_BY_THE_SLOW if slow and month >= SLOW_SINCE else WON_A_MONTH for month in ENDED
    }


def test_the_reason_is_our_own(warehouse):
    """Deals lost because the estimate took too long: none before February, then as many as the CRM wrote down."""
    lost = column(
        warehouse,
        f"""select period_start, deals_lost from metrics.loss_reason_period
        where grain = 'month' and reason = '{OWN_REASON}' and reason_group = 'own' and is_in_our_power""",
    )
    told = Counter(
        date(deal.closed_at.year, deal.closed_at.month, 1)
        for deal in make_workshop().deals
        if deal.reason == OWN_REASON and deal.closed_at
    )
    assert {month: count for month, count in lost.items() if count} == dict(told)
    assert min(told) == SLOW_SINCE


def test_revenue_and_its_cost_are_those_of_the_deals_won(warehouse):
    """Gross profit of August = Σ budget − Σ cost of the deals won in it."""
    won = [
        d
        for d in make_workshop().deals
        if d.is_won and d.closed_at and (d.closed_at.year, d.closed_at.month) == (2026, 8)
    ]
    found = warehouse.execute(
        """select revenue_rub, gross_profit_rub from metrics.whole_period
        where grain = 'month' and period_start = '2026-08-01'"""
    ).fetchone()
    assert found == (sum(d.budget_rub for d in won), sum(d.budget_rub - d.cost_rub for d in won))


def test_the_plan_is_read_in_the_owners_words(warehouse):
    """Roubles, calls and a share in per cent, a row a month of 2026; none is refused."""
    planned = column(warehouse, "select metric, max(planned) from staged.plan group by metric")
    assert sorted(planned.values()) == [0.2, 62, 3_600_000]
    assert warehouse.execute("select count(*) from ops.rejects").fetchone() == (0,)
