"""manager_period: the calls a manager took and the clients made of them, sentence by sentence of its definition."""

import math
from datetime import date

from tests.helpers.tables import check_metric

CALLS = """
    started_at          | phone       | manager | direction | is_answered | talk_seconds
    2026-06-01 10:00:00 | 70000000001 | Ольга   | in        | true        | 60
    2026-06-02 10:00:00 | 70000000001 | Ольга   | in        | true        | 19
    2026-06-03 10:00:00 | 70000000002 | Ольга   | in        | true        | 20
    2026-06-04 10:00:00 |             | Ольга   | in        | true        | 90
    2026-06-05 10:00:00 | 70000000003 | Ольга   | in        | false       | 0
    2026-06-06 10:00:00 | 70000000004 | Ольга   | out       | true        | 90
    2026-06-07 10:00:00 | 70000000005 |         | in        | false       | 0
"""
JUNE = date(2026, 6, 30)


def test_calls_of_a_manager_are_answered_inbound_ones():
    """Target calls are a part of them; callers are known phones, each once; missed ones stand apart; nobody's too."""
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"calls": CALLS},
        expect="""
        period_start | manager   | calls | target_calls | missed_calls | callers | is_complete
        2026-06-01   | Ольга     | 4     | 3            | 1            | 2       | true
        2026-06-01   | Не указан | 0     | 0            | 1            | 0       | true
        """,
    )


DEALS = """
    deal_id | created_on | closed_on  | status | manager | phone       | client_key | revenue_rub
    1       | 2026-06-01 | 2026-06-10 | won    | Ольга   | 70000000001 | anna       | 1000.00
    2       | 2026-06-01 | 2026-06-11 | won    | Ольга   | 70000000001 | anna       | 500.00
    3       | 2026-06-01 | 2026-06-12 | won    | Ольга   | 70000000009 | boris      | 700.00
    4       | 2026-06-01 | 2026-06-13 | won    | Ольга   | 70000000009 | boris      | -200.00
    5       | 2026-06-01 | 2026-06-14 | lost   | Ольга   | 70000000002 | clara      | 900.00
    6       | 2026-06-01 | 2026-06-15 | won    |         | 70000000002 | clara      | 90.00
    7       | 2026-06-01 | 2026-06-16 | won    | Ольга   | 70000000002 | dora       | 0.00
    8       | 2026-06-01 |            | open   | Ольга   | 70000000002 | dora       | 5000.00
"""


def test_deals_clients_and_revenue_are_the_managers_own():
    """The average check has refunds in its revenue; free and open deals count nowhere; nobody's are «Не указан»."""
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"deals": DEALS},
        expect="""
        manager   | deals_won | deals_lost | clients | revenue_rub | average_check_rub
        Ольга     | 3         | 1          | 2       | 2000.00     | 666.67
        Не указан | 1         | 0          | 1       | 90.00       | 90.00
        """,
    )


def test_clients_per_ten_calls():
    """2 clients of 4 calls are 5 of ten; without calls it cannot be known."""
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"calls": CALLS, "deals": DEALS},
        expect="""
        manager   | calls | clients | clients_per_10_calls
        Ольга     | 4     | 2       | 10 * 2 / 4
        Не указан | 0     | 1       |
        """,
    )


def test_conversion_and_its_wilson_interval():
    """One caller of two: (½ + z²/4 ± z·√(½·½/2 + z²/16)) / (1 + z²/2) with z = 1.959964."""
    z = 1.959964
    middle, half = 1 / 2 + z**2 / 4, z * math.sqrt(1 / 2 * 1 / 2 / 2 + z**2 / 16)
    low, high = (middle - half) / (1 + z**2 / 2), (middle + half) / (1 + z**2 / 2)
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"calls": CALLS, "deals": DEALS},
        expect=f"""
        manager   | callers | converted_callers | conversion | conversion_low | conversion_high | is_reliable
        Ольга     | 2       | 1                 | 1 / 2      | {low}          | {high}          | false
        Не указан | 0       | 0                 |            |                |                 | false
        """,
    )


def test_the_interval_of_none_and_all_is_clamped():
    """All of one caller bought: from 1/(1 + z²) to 1; with min_callers 1 that is reliable."""
    low = 1 / (1 + 1.959964**2)
    calls = "started_at | phone | manager | is_answered\n2026-06-01 10:00 | 70000000001 | Ольга | true"
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"calls": calls, "deals": DEALS},
        min_callers=1,
        expect=f"""
        manager   | converted_callers | conversion | conversion_low | conversion_high | is_reliable
        Ольга     | 1                 | 1          | {low}          | 1               | true
        Не указан | 0                 |            |                |                 | false
        """,
    )


def test_a_caller_converts_from_the_day_of_the_first_call_of_the_period_for_lookback_days():
    """On the day itself and on day 90, not the day before, not on day 91; only by a deal of this manager."""
    check_metric(
        "manager_period",
        given={
            "calls": """
            started_at          | phone       | manager | is_answered
            2026-03-10 10:00:00 | 70000000001 | Ольга   | true
            2026-03-10 10:00:00 | 70000000002 | Ольга   | true
            2026-03-10 10:00:00 | 70000000003 | Ольга   | true
            2026-03-10 10:00:00 | 70000000004 | Ольга   | true
            2026-03-10 10:00:00 | 70000000005 | Ольга   | true
            2026-03-12 10:00:00 | 70000000003 | Ольга   | true
            2026-03-01 10:00:00 | 70000000004 | Ольга   | false
            """,
            "deals": """
            deal_id | closed_on  | status | manager | phone       | revenue_rub
            1       | 2026-03-10 | won    | Ольга   | 70000000001 | 1
            2       | 2026-06-08 | won    | Ольга   | 70000000002 | 1
            3       | 2026-06-09 | won    | Ольга   | 70000000003 | 1
            4       | 2026-03-09 | won    | Ольга   | 70000000004 | 1
            5       | 2026-03-11 | won    | Пётр    | 70000000005 | 1
            """,
        },
        as_of=date(2026, 6, 30),
        expect="""
        period_start | manager | callers | converted_callers | is_mature
        2026-03-01   | Ольга   | 5       | 2                 | true
        2026-04-01   | Ольга   | 0       | 0                 | false
        2026-05-01   | Ольга   | 0       | 0                 | false
        2026-06-01   | Ольга   | 0       | 0                 | false
        2026-03-01   | Пётр    | 0       | 0                 | true
        2026-04-01   | Пётр    | 0       | 0                 | false
        2026-05-01   | Пётр    | 0       | 0                 | false
        2026-06-01   | Пётр    | 0       | 0                 | false
        """,
    )


def test_conversion_is_mature_when_lookback_days_have_passed_since_the_period():
    """2 July and 90 days are 30 September: a day less and it still ripens."""
    for lookback_days, is_mature in ((92, "true"), (93, "false")):
        check_metric(
            "manager_period",
            given={"calls": "started_at | manager\n2026-06-20 10:00 | Ольга"},
            lookback_days=lookback_days,
            expect=f"""
            period_start | is_mature
            2026-06-01   | {is_mature}
            2026-07-01   | false
            2026-08-01   | false
            2026-09-01   | false
            """,
        )


def test_a_table_never_loaded_is_unknown_not_zero():
    """Without deals nobody can be said not to have bought; without calls nobody not to have called."""
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"calls": CALLS},
        expect="""
        manager   | calls | clients | converted_callers | conversion | deals_won | deals_lost | revenue_rub
        Ольга     | 4     |         |                   |            |           |            |
        Не указан | 0     |         |                   |            |           |            |
        """,
    )
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={"deals": DEALS},
        expect="""
        manager   | calls | target_calls | missed_calls | callers | converted_callers | conversion | is_reliable
        Ольга     |       |              |              |         |                   |            | false
        Не указан |       |              |              |         |                   |            | false
        """,
    )


def test_where_nothing_says_answered_talk_does():
    """A conversation of a second is answered; none is missed."""
    check_metric(
        "manager_period",
        as_of=JUNE,
        given={
            "calls": "started_at | manager | talk_seconds\n2026-06-01 10:00 | Ольга | 1\n2026-06-01 11:00 | Ольга | 0"
        },
        expect="""
        manager | calls | target_calls | missed_calls
        Ольга   | 1     | 0            | 1
        """,
    )


def test_a_manager_whom_no_call_names_has_unknown_calls():
    """The telephony does not say who answered: Ольга's calls are blank, not 0, and so is what is made of them."""
    check_metric(
        "manager_period",
        min_callers=1,
        given={
            "calls": "started_at | phone | is_answered\n2026-09-01 10:00 | 70000000001 | true",
            "deals": """
            deal_id | closed_on  | status | manager | phone       | revenue_rub
            1       | 2026-09-02 | won    | Ольга   | 70000000001 | 500
            """,
        },
        expect="""
        manager   | calls | callers | clients | clients_per_10_calls | converted_callers | conversion | is_reliable
        Ольга     |       |         | 1       |                      |                   |            | false
        Не указан | 1     | 1       | 0       |                      |                   |            | true
        """,
    )


def test_calls_and_deals_of_strangers_say_nothing_of_each_other():
    """An extension took the calls, Ольга has the deals, and nobody is in both: 0,0 would say that 101 sells nothing."""
    check_metric(
        "manager_period",
        min_callers=1,
        given={
            "calls": """
            started_at       | phone       | is_answered | manager
            2026-09-01 10:00 | 70000000001 | true        | 101
            2026-09-01 11:00 | 70000000002 | true        |
            """,
            "deals": """
            deal_id | closed_on  | status | manager | phone       | revenue_rub
            1       | 2026-09-02 | won    | Ольга   | 70000000001 | 500
            """,
        },
        expect="""
        manager   | calls | clients | clients_per_10_calls | converted_callers | conversion | revenue_rub
        101       | 1     |         |                      |                   |            |
        Ольга     |       | 1       |                      |                   |            | 500.00
        Не указан | 1     | 0       | 0                    | 0                 | 0          | 0.00
        """,
    )
