"""The example salon, end to end: everything kept by hand, and reminders that bring clients back."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from examples.generate_salon import (
    AFTER_BY_WEEKDAY,
    BEFORE_BY_WEEKDAY,
    CHANNELS,
    COSTS,
    NEW_BY_WEEKDAY,
    REMINDED_DAYS,
    REMINDED_SINCE,
    make_salon,
    months,
    write_salon,
)
from flows.cli import main
from tests.helpers.reading import reading

SALON = Path(__file__).parents[1] / "examples" / "salon"
WEEKS = REMINDED_DAYS // 7

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """The warehouse after one run of a copy of the example."""
    copy = tmp_path_factory.mktemp("salon") / "salon"
    shutil.copytree(SALON, copy)
    assert main(["run", str(copy), "--as-of", "2026-09-20"]) == 0
    with reading(copy / "data") as connection:
        yield connection


def one(warehouse, sql):
    """The first row of a query."""
    return warehouse.execute(sql).fetchone()


def test_exports_are_what_the_generator_writes(tmp_path):
    """The tables in the repository come from the generator, byte for byte."""
    write_salon(make_salon(), tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {path: (SALON / path).read_bytes() for path in written}


def test_every_tab_of_the_book_is_read(warehouse):
    """Thirteen months, a total below each, a tab of notes: every visit, and not one total more."""
    visits = make_salon().visits
    assert one(warehouse, "select count(*), sum(revenue_rub) from staged.deals") == (
        len(visits),
        sum(visit.price_rub for visit in visits),
    )
    assert one(warehouse, "select sum(rows_skipped) from ops.loads where source = 'visits'") == (len(months()),)


def test_months_across_the_columns_are_spend_by_day(warehouse):
    """29 000 ₽ of every month that ended, channel by channel."""
    spent = warehouse.execute(
        "select channel, spend_rub from metrics.channel_period where grain = 'month' and period_start = '2026-08-01'"
        " and spend_rub > 0"
    ).fetchall()
    assert dict(spent) == {channel: Decimal(amount) for channel, amount in CHANNELS.items()}


def test_more_come_back_and_no_more_come_for_the_first_time(warehouse):
    """35 and 49 visits a week; seven of them new before and after."""
    weeks = warehouse.execute(
        """select period_start, deals_won from metrics.whole_period where grain = 'week' and is_complete
        and period_start >= '2026-01-05' order by period_start"""
    ).fetchall()
    expected = {week: sum(AFTER_BY_WEEKDAY if week >= REMINDED_SINCE else BEFORE_BY_WEEKDAY) for week, _ in weeks}
    assert dict(weeks) == expected
    new = warehouse.execute(
        """select distinct new from metrics.client_period
        where grain = 'week' and is_complete and period_start >= '2026-01-05'"""
    ).fetchall()
    assert new == [(sum(NEW_BY_WEEKDAY),)]


def test_the_reminders_helped_and_by_how_much(warehouse):
    """280 visits in the eight weeks before, 392 after: + 40 %, worth 40 % of the money of the weeks before."""
    before = [
        visit.price_rub
        for visit in make_salon().visits
        if REMINDED_SINCE - timedelta(days=REMINDED_DAYS) <= visit.day < REMINDED_SINCE
    ]
    found = one(
        warehouse,
        "select before_value, after_value, change, is_reliable, verdict, effect_rub from metrics.before_after",
    )
    counts = WEEKS * sum(BEFORE_BY_WEEKDAY), WEEKS * sum(AFTER_BY_WEEKDAY)
    assert found[:2] == counts == (280, 392)
    assert found[2] == pytest.approx(0.4)
    assert found[3:5] == (True, "better")
    assert found[5] == pytest.approx(Decimal("0.4") * sum(before), abs=Decimal("0.01"))


def test_profit_of_a_month_without_its_costs_is_not_known(warehouse):
    """September's rent and wages are not entered yet; August's are."""
    profit = dict(
        warehouse.execute(
            """select period_start, profit_rub from metrics.chain_period
            where grain = 'month' and channel = 'Всего' and period_start >= '2026-08-01'"""
        ).fetchall()
    )
    revenue = sum(visit.price_rub for visit in make_salon().visits if (visit.day.year, visit.day.month) == (2026, 8))
    assert profit[date(2026, 8, 1)] == revenue - sum(CHANNELS.values()) - sum(COSTS.values())
    assert profit[date(2026, 9, 1)] is None


def test_one_master_has_discontent_clients(warehouse):
    """The mean of each master's scores of the whole time, as the answers give it."""
    answers = make_salon().answers
    for master in ("Вера", "Зоя"):
        scores = [one.score for one in answers if one.master == master]
        found = one(
            warehouse,
            f"""select sum(csi * csi_answers) / sum(csi_answers) from metrics.satisfaction_period
            where grain = 'month' and manager = '{master}'""",
        )
        assert found[0] == pytest.approx(sum(scores) / len(scores))
    low = one(
        warehouse,
        """select count(*) from metrics.satisfaction_period
        where grain = 'month' and csi_zone = 'red' and manager = 'Вера'""",
    )
    assert low == (0,)
