"""A table that is kept by day is made again around the days that changed, and is then as if it were made whole."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.warehouse.figures.build import Renewal, needed, note_changed
from connectors.warehouse.figures.by_day import Stretch, stretches
from tests.connectors.warehouse.test_renewal import warehouse_with_memory
from tests.helpers.often import often
from tests.helpers.tables import client_settings, fill
from tests.transforms.metrics.test_restated import QUICK
from transforms.metrics import metric_queries, variables

FIRST = date(2026, 1, 1)
AS_OF = date(2026, 9, 30)
MADE = {
    "spoken": """-- One row per day.
-- Kept by day: its rows follow from those of staged.calls within 1 days.
select cast(started_at as date) as day_on, count(*) as calls, random() as made from staged.calls group by all"""
}
"""`made` tells one making of a row from another."""
HEARD = {
    "heard": """-- One row per day.
-- Kept by day: its rows follow from those of staged.calls of the same phone up to that day.
select day_on, count(*) as phones, random() as made
from (select phone, min(cast(started_at as date)) as day_on from staged.calls group by all) group by all"""
}


def call(day, phone="70000000001", manager="Ольга", channel="SEO", second=0):
    """A row of staged.calls, so many days after the first."""
    started_at = datetime(FIRST.year, FIRST.month, FIRST.day, 10, 0, second) + timedelta(day)
    is_answered = second < 2
    return {
        "started_at": started_at,
        "phone": phone,
        "manager": manager,
        "channel": channel,
        "is_answered": is_answered,
    }


def bought(connection):
    """A deal of each of two phones every thirty days, each time with the other manager; the same in every run."""
    deals = [
        {
            "created_on": FIRST + timedelta(day),
            "closed_on": FIRST + timedelta(day + 3),
            "status": "won",
            "revenue_rub": 1_000,
            "phone": phone,
            "manager": ("Ольга", "Пётр")[day % 2],
        }
        for day in range(5, 200, 31)
        for phone in ("70000000001", "70000000002")
    ]
    fill(connection, "deals", deals)
    note_changed(connection, ["deals"], "run 1")


def load(connection, calls, run_id, renamed=()):
    """These calls and no others, as a run would load them."""
    connection.execute("delete from staged.calls")
    fill(connection, "calls", calls)
    note_changed(connection, ["calls"], run_id, renamed)


def renewed(connection, queries=MADE, **chosen):
    """The tables made after a run: name → rows."""
    renewal = Renewal(connection, queries)
    renewal.build(variables(client_settings(**chosen), AS_OF))
    renewal.remember()
    return {name: connection.execute(f"select * from metrics.{name} order by all").fetchall() for name in queries}


def test_only_days_around_a_changed_one_are_made_again():
    """Of calls on days 0, 3, 4, 5, 9 that of day 4 is another one: days 3 to 5 are new, the others are as they were."""
    connection = warehouse_with_memory()
    load(connection, [call(day) for day in (0, 3, 4, 5, 9)], "run 1")
    before = renewed(connection)["spoken"]
    load(connection, [call(day, channel="VK" if day == 4 else "SEO") for day in (0, 3, 4, 5, 9)], "run 2")
    after = renewed(connection)["spoken"]
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, False, False, True]


def test_a_day_without_calls_any_more_is_gone():
    """And one that had none before is there."""
    connection = warehouse_with_memory()
    load(connection, [call(day) for day in (0, 3, 6, 9, 12)], "run 1")
    renewed(connection)
    load(connection, [call(day) for day in (0, 6, 9, 12, 13)], "run 2")
    days = [(row[0] - FIRST).days for row in renewed(connection)["spoken"]]
    assert days == [0, 6, 9, 12, 13]


def test_days_before_the_first_that_changed_are_left_as_they_were():
    """The call of day 5 was A's, not B's: B is heard of first on day 7; days 0 to 4 are the very rows they were."""
    connection = warehouse_with_memory()
    first_days = {0: "A", 1: "C", 2: "D", 3: "E", 4: "F"}
    calls = [call(day, phone) for day, phone in first_days.items()]
    load(connection, [*calls, call(5, "B"), call(7, "A"), call(7, "B")], "run 1")
    before = renewed(connection, HEARD)["heard"]
    load(connection, [*calls, call(5, "A"), call(7, "A"), call(7, "B")], "run 2")
    after = renewed(connection, HEARD)["heard"]
    assert [(row[0] - FIRST).days for row in before] == [0, 1, 2, 3, 4, 5]
    assert before[:5] == after[:5]
    assert [((row[0] - FIRST).days, row[1]) for row in after[5:]] == [(7, 1)]


def test_other_names_make_everything_again():
    """A changed dictionary renames rows of any day."""
    connection = warehouse_with_memory()
    load(connection, [call(day) for day in (0, 3, 6, 9)], "run 1")
    before = renewed(connection)["spoken"]
    load(connection, [call(day) for day in (0, 3, 6, 9)], "run 2", renamed=["calls"])
    after = renewed(connection)["spoken"]
    assert not set(before) & set(after)


def test_days_that_touch_are_one_stretch():
    """Days 2 and 4 with one day around are days 1 to 5; day 9 stands alone."""
    days = [FIRST + timedelta(n) for n in (9, 2, 4)]
    found = stretches(days, around=1)
    assert found == [
        Stretch(FIRST + timedelta(1), FIRST + timedelta(5)),
        Stretch(FIRST + timedelta(8), FIRST + timedelta(10)),
    ]


CALLS = st.builds(
    call,
    st.integers(0, 200),
    st.sampled_from(["70000000001", "70000000001", "70000000002", "112"]),
    st.sampled_from(["Ольга", "Ольга", "Пётр", None]),
    st.sampled_from(["SEO", "VK", None]),
    st.integers(0, 2),
)


@pytest.mark.slow
@settings(max_examples=often(2, 20), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.lists(CALLS, min_size=12, max_size=40), st.sets(st.integers(0, 11), max_size=3), st.lists(CALLS, max_size=3))
def test_figures_of_calls_made_around_changed_days_are_those_made_from_nothing(calls, gone, come):
    """Some calls go, some come, as in a corrected file; with long and short memories of who called before."""
    numbered = [row | {"source_row": number} for number, row in enumerate([*calls, *come], start=2)]
    before, after = numbered[: len(calls)], [row for row in numbered if row["source_row"] - 2 not in gone]
    queries = needed(metric_queries(), ["unique_call_day", "caller_day", "unit_day", "buyer_call"])
    for chosen in ({"grains": ["week", "month"], "unique_days": 5}, {"grains": ["day", "month"], "unique_days": 60}):
        kept, fresh = warehouse_with_memory(), warehouse_with_memory()
        for one in (kept, fresh):
            bought(one)
        load(kept, before, "run 1")
        renewed(kept, queries, **chosen)
        load(kept, after, "run 2")
        load(fresh, after, "run 2")
        assert renewed(kept, queries, **chosen) == renewed(fresh, queries, **chosen)
