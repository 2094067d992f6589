"""On any small data the SQL gives what the definitions give, restated in plain Python."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.helpers.tables import broken_rules, warehouse_of
from tests.transforms.metrics import restated
from tests.transforms.metrics.restated import World

FIRST = date(2025, 12, 10)  # a year, a month and a week end soon after
any_day = st.integers(0, 60).map(lambda n: FIRST + timedelta(n))
moments = st.builds(
    lambda day, hour, second: datetime(day.year, day.month, day.day, hour, 0, second),
    any_day,
    st.sampled_from([0, 10, 23]),
    st.sampled_from([0, 1]),
)
channels = st.sampled_from([None, "SEO", "VK"])
managers = st.sampled_from([None, "Ольга", "Пётр"])
phones = st.sampled_from([None, "70000000001", "70000000002", "112"])
people = st.sampled_from([None, "anna", "boris"])
roubles = st.sampled_from([Decimal("-50.25"), Decimal(0), Decimal("0.01"), Decimal(100), Decimal("333.33"), None])


def rows(most=10, **columns):
    """Lists of rows with these columns, numbered as in a file."""
    return st.lists(st.fixed_dictionaries(columns), max_size=most).map(
        lambda found: [row | {"source_row": number} for number, row in enumerate(found, start=2)]
    )


@st.composite
def deals(draw):
    """Deals with an id each, at least one date, any status."""
    columns = {
        "created_on": st.none() | any_day,
        "closed_on": st.none() | any_day,
        "status": st.sampled_from(["won", "won", "won", "lost", "open"]),
        "channel": channels,
        "manager": managers,
        "phone": phones,
        "email": st.sampled_from([None, "a@example.org", "b@example.org"]),
        "client_id": st.sampled_from([None, "1", "2", "9"]),
        "client_key": people,
        "revenue_rub": roubles,
        "cogs_rub": st.sampled_from([None, Decimal(5), Decimal("-1.50")]),
    }
    found = draw(rows(14, **columns))
    for number, row in enumerate(found, start=8):
        row["deal_id"] = str(number)  # 10 comes before 9: ids are compared as text
        if row["closed_on"] is None and row["created_on"] is None:
            row["created_on"] = FIRST
    return found


worlds = st.builds(
    World,
    as_of=any_day,
    spend=rows(
        4, spend_on=any_day, channel=channels, spend_rub=st.sampled_from([Decimal(0), Decimal("10.10"), Decimal(7)])
    ),
    calls=rows(
        started_at=moments,
        phone=phones,
        channel=channels,
        manager=managers,
        direction=st.sampled_from(["in", "in", "in", "out"]),
        is_answered=st.booleans(),
        talk_seconds=st.sampled_from([0, 19, 20]),
        call_id=st.sampled_from([None, "a", "b"]),
    ),
    deals=deals(),
    leads=rows(
        4, created_at=moments, channel=channels, phone=phones, status=st.sampled_from(["open", "junk", "qualified"])
    ),
    subscribers=rows(
        4,
        subscribed_on=any_day,
        unsubscribed_on=st.none() | any_day,
        phone=phones,
        email=st.sampled_from([None, "a@example.org", "b@example.org"]),
    ).map(lambda found: [row | {"subscriber_id": str(number)} for number, row in enumerate(found, start=1)]),
    activity=rows(20, subscriber_id=st.sampled_from(["1", "2"]), active_on=any_day),
    costs=rows(
        3,
        month_on=any_day.map(lambda day: day.replace(day=1)),
        item=st.sampled_from(["Аренда", "Реклама"]),
        amount_rub=st.sampled_from([Decimal("100.00"), Decimal("0.01"), Decimal("-33.33"), Decimal("1234567.89")]),
    ),
    settings=st.fixed_dictionaries(
        {
            "unique_days": st.sampled_from([1, 30]),
            "target_seconds": st.just(20),
            "lookback_days": st.sampled_from([0, 10, 90]),
            "attribution_model": st.sampled_from(["last", "first"]),
            "calls_count": st.sampled_from(["all", "unique", "target", "enquiries"]),
            "active_days": st.sampled_from([1, 5, 10]),
            "client_days": st.sampled_from([1, 5, 10]),
            "advertising_items": st.just(["Реклама"]),
        }
    ),
)
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
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds)
def test_sql_agrees_with_the_definitions_in_many_worlds(world):
    """Dozens of them where there is time."""
    check(world)
