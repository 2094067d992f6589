"""A manager and a channel together: whether it is the manager, or who calls them."""

from datetime import date

from tests.helpers.tables import check_metric

CALLS = """
started_at          | phone       | manager | channel | is_answered | direction
2026-08-03 10:00:00 | 70000000001 | Ольга   | SEO     | true        | in
2026-08-04 10:00:00 | 70000000001 | Ольга   | VK      | true        | in
2026-08-05 10:00:00 | 70000000002 | Ольга   | VK      | true        | in
2026-08-05 11:00:00 | 70000000003 | Ольга   | VK      | false       | in
2026-08-06 10:00:00 | 70000000001 | Пётр    | VK      | true        | in
2026-08-07 10:00:00 | 70000000009 | Пётр    | TV      | true        | out
"""
DEALS = """
deal_id | closed_on  | status | manager | channel | phone       | revenue_rub
1       | 2026-08-10 | won    | Ольга   | SEO     | 70000000001 | 100
2       | 2026-08-11 | won    | Ольга   | SEO     | 70000000001 | 200
3       | 2026-08-12 | won    | Пётр    | VK      | 70000000002 | 400
"""


def test_a_caller_stands_in_the_channel_of_the_first_call_of_the_period():
    """70000000001 called Ольга from SEO, then from VK: one caller of SEO; of Пётр they are one of VK."""
    check_metric(
        "manager_channel_period",
        as_of=date(2026, 8, 31),
        given={"calls": CALLS, "deals": DEALS},
        expect="""
        manager | channel | calls | callers | converted_callers | conversion | clients | revenue_rub
        Ольга   | SEO     | 1     | 1       | 1                 | 1          | 1       | 300.00
        Ольга   | VK      | 2     | 1       | 0                 | 0          | 0       | 0.00
        Пётр    | TV      | 0     | 0       | 0                 |            | 0       | 0.00
        Пётр    | VK      | 1     | 1       | 0                 | 0          | 1       | 400.00
        """,
    )


def test_of_calls_in_one_second_the_first_by_id_then_row_names_the_channel():
    """A tie of two calls by one phone."""
    check_metric(
        "manager_channel_period",
        as_of=date(2026, 8, 31),
        given={
            "calls": """
            started_at          | phone       | manager | channel | is_answered | call_id
            2026-08-03 10:00:00 | 70000000001 | Ольга   | SEO     | true        | b
            2026-08-03 10:00:00 | 70000000001 | Ольга   | VK      | true        | a
            """
        },
        expect="""
        manager | channel | calls | callers | converted_callers | clients
        Ольга   | SEO     | 1     | 0       |                   |
        Ольга   | VK      | 1     | 1       |                   |
        """,
    )


def test_what_no_row_names_is_unknown_save_where_all_of_it_stands():
    """Calls without channels: how many came from SEO cannot be known; what was sold through it can."""
    check_metric(
        "manager_channel_period",
        as_of=date(2026, 8, 31),
        min_callers=1,
        given={
            "calls": """
            started_at          | phone       | manager | is_answered
            2026-08-03 10:00:00 | 70000000001 | Ольга   | true
            """,
            "deals": DEALS,
        },
        expect="""
        manager | channel   | calls | callers | converted_callers | is_reliable | clients | revenue_rub
        Ольга   | SEO       |       |         |                   | false       | 1       | 300.00
        Ольга   | Не указан | 1     | 1       | 1                 | true        | 0       | 0.00
        Пётр    | VK        |       |         |                   | false       | 1       | 400.00
        """,
    )
