"""On any small data the SQL gives what the definitions give, restated in plain Python."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.helpers.tables import broken_rules, warehouse_of
from tests.transforms.metrics import restated
from tests.transforms.metrics.restated import World

FIRST = date(2025, 12, 10)  # a year, a month and a week end soon after
PHONES = (None, "70000000001", "70000000001", "70000000001", "70000000002", "112")
CHANNELS = (None, None, "SEO", "VK")
MANAGERS = (None, "Ольга", "Ольга", "Пётр")
EMAILS = (None, "a@example.org", "b@example.org")
ROUBLES = (Decimal("-50.25"), Decimal(0), Decimal("0.01"), Decimal(100), Decimal(100), Decimal("333.33"), None)


def world_of(seed: int) -> World:
    """A number in, a small crowded world out: rows of few people in sixty days, so that they meet."""
    pick = Random(seed).choice

    def day() -> date:
        return FIRST + timedelta(pick(range(61)))

    def moment() -> datetime:
        on = day()
        return datetime(on.year, on.month, on.day, pick((0, 10, 23)), 0, pick((0, 1)))

    def numbered(most: int, row: Callable[[], dict[str, object]]) -> list[dict[str, object]]:
        return [row() | {"source_row": number} for number in range(2, 2 + pick(range(most + 1)))]

    def deal() -> dict[str, object]:
        created_on, closed_on = pick((None, day(), day())), pick((None, day(), day()))
        return {
            "created_on": created_on if closed_on else created_on or FIRST,
            "closed_on": closed_on,
            "status": pick(("won", "won", "won", "lost", "open")),
            "channel": pick(CHANNELS),
            "manager": pick(MANAGERS),
            "phone": pick(PHONES),
            "email": pick(EMAILS),
            "client_id": pick((None, "1", "2", "9")),
            "client_key": pick((None, "anna", "anna", "boris")),
            "revenue_rub": pick(ROUBLES),
            "cogs_rub": pick((None, Decimal(5), Decimal("-1.50"))),
        }

    def call() -> dict[str, object]:
        return {
            "started_at": moment(),
            "phone": pick(PHONES),
            "channel": pick(CHANNELS),
            "manager": pick(MANAGERS),
            "direction": pick(("in", "in", "in", "out")),
            "is_answered": pick((True, True, False)),
            "talk_seconds": pick((0, 19, 20)),
            "call_id": pick((None, "a", "b")),
        }

    deals = numbered(16, deal)
    subscribers = numbered(
        4,
        lambda: {
            "subscribed_on": day(),
            "unsubscribed_on": pick((None, None, day())),
            "phone": pick(PHONES),
            "email": pick(EMAILS),
        },
    )
    return World(
        as_of=FIRST + timedelta(pick(range(20, 61))),
        spend=numbered(
            4,
            lambda: {"spend_on": day(), "channel": pick(CHANNELS), "spend_rub": pick((Decimal("10.10"), Decimal(7)))},
        ),
        calls=numbered(24, call),
        # 10 comes before 9: ids are compared as text
        deals=[row | {"deal_id": str(number)} for number, row in enumerate(deals, start=8)],
        leads=numbered(
            4,
            lambda: {
                "created_at": moment(),
                "channel": pick(CHANNELS),
                "phone": pick(PHONES),
                "status": pick(("open", "junk", "qualified")),
            },
        ),
        subscribers=[row | {"subscriber_id": str(number)} for number, row in enumerate(subscribers, start=1)],
        activity=numbered(20, lambda: {"subscriber_id": pick("1234"), "active_on": day()}),
        costs=numbered(
            3,
            lambda: {
                "month_on": day().replace(day=1),
                "item": pick(("Аренда", "Аренда", "Реклама")),
                "amount_rub": pick((Decimal("100.00"), Decimal("0.01"), Decimal("-33.33"), Decimal("1234567.89"))),
            },
        ),
        settings={
            "unique_days": pick((1, 30)),
            "target_seconds": 20,
            "lookback_days": pick((0, 10, 90, 90)),
            "attribution_model": pick(("last", "first")),
            "calls_count": pick(("all", "unique", "target", "enquiries")),
            "active_days": pick((1, 5, 10)),
            "client_days": pick((1, 5, 10)),
            "advertising_items": ["Реклама"],
        },
    )


worlds = st.integers(0, 2**32).map(world_of)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A whole database a try: shrinking would take minutes."""
COLUMNS = {
    "channel_period": "channel, calls, unique_calls, target_calls, missed_calls, leads, clients, new_clients, "
    "deals_won, spend_rub, revenue_rub, gross_profit_rub, round(calls_per_1000_rub, 9), round(conversion, 9), "
    "round(romi, 9), round(drr, 9)",
    "manager_period": "manager, calls, target_calls, missed_calls, callers, clients, converted_callers, deals_won, "
    "deals_lost, revenue_rub, is_mature",
    "subscriber_period": "total_end, active_start, active_end, joined, joined_active, returned, lapsed, unsubscribed, "
    "buyers, orders, revenue_rub, round(conversion_of_active, 9)",
    "client_period": "clients_start, new, returned, lost, clients_end, round(repeat_share, 9), "
    "round(orders_per_client, 9)",
    "client_channel_period": "channel, new, returned",
    "chain_period": "channel, spend_rub, calls, target_calls, clients, revenue_rub, gross_profit_rub, profit_rub",
}


def check(world):
    """Every table at every grain equals its restatement, and every rule holds."""
    staged = {
        "ad_spend": world.spend,
        "calls": world.calls,
        "deals": world.deals,
        "leads": world.leads,
        "subscribers": world.subscribers,
        "activity": world.activity,
        "costs": world.costs,
    }
    connection = warehouse_of(staged, world.as_of, grains=["week", "month", "year"], **world.settings)
    assert broken_rules(connection) == {}
    for name, columns in COLUMNS.items():
        for grain in ("week", "month", "year"):
            query = f"select period_start, {columns} from metrics.{name} where grain = '{grain}'"
            found = connection.execute(query).fetchall()
            assert len(found) == len(set(found))
            assert set(found) == getattr(restated, name)(world, grain), (name, grain)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions(world):
    """A few small worlds on every run of the suite."""
    check(world)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions_in_many_worlds(world):
    """More of them where there is time."""
    check(world)
