"""Those who first bought in one month: how many come back and what they have brought."""

from datetime import date

from tests.helpers.tables import check_metric


def test_ten_of_forty_came_back():
    """40 clients, 800 000 in March, 150 000 by 10 of them in April: a quarter is back, each brought 23 750."""
    deals = ["deal_id | closed_on | status | client_key | revenue_rub"]
    deals += [f"m{number} | 2026-03-10 | won | client {number} | 20000" for number in range(40)]
    deals += [f"a{number} | 2026-04-10 | won | client {number} | 15000" for number in range(10)]
    check_metric(
        "cohort_month",
        as_of=date(2026, 5, 2),
        given={"deals": "\n".join(deals)},
        expect="""
        cohort_on | month_number | clients | buyers | retention | revenue_rub | gross_profit_rub | ltv_rub | is_complete
        2026-03-01 | 0 | 40 | 40 | 1 | 800000.00 | 800000.00 | 20000.00 | true
        2026-03-01 | 1 | 40 | 10 | 10 / 40 | 150000.00 | 150000.00 | 23750.00 | true
        2026-03-01 | 2 | 40 | 0 | 0 | 0.00 | 0.00 | 23750.00 | false
        2026-04-01 | 0 | 0 | 0 | | 0.00 | 0.00 | | true
        2026-04-01 | 1 | 0 | 0 | | 0.00 | 0.00 | | false
        2026-05-01 | 0 | 0 | 0 | | 0.00 | 0.00 | | false
        """,
    )


def test_refunds_and_free_orders_are_money_of_the_cohort_and_what_came_before_is_not():
    """A refund of April lowers April; a free order costs; a refund before the first sale is not the cohort's."""
    check_metric(
        "cohort_month",
        as_of=date(2026, 4, 30),
        given={
            "deals": """
            deal_id | closed_on  | status | client_key | revenue_rub | cogs_rub
            1       | 2026-03-09 | won    | anna       | -700        |
            2       | 2026-03-10 | won    | anna       | 1000        | 400
            3       | 2026-04-10 | won    | anna       | -100        |
            4       | 2026-04-11 | won    | anna       | 0           | 50
            5       | 2026-04-12 | lost   | anna       | 9000        |
            """
        },
        expect="""
        cohort_on  | month_number | buyers | revenue_rub | gross_profit_rub | ltv_rub
        2026-03-01 | 0            | 1      | 1000.00     | 600.00           | 600.00
        2026-03-01 | 1            | 0      | -100.00     | -150.00          | 450.00
        2026-04-01 | 0            | 0      | 0.00        | 0.00             |
        """,
    )


def test_sales_of_nobody_make_cohorts_of_unknown_people():
    """Blank, not empty."""
    check_metric(
        "cohort_month",
        as_of=date(2026, 3, 31),
        given={"deals": "deal_id | closed_on | status | revenue_rub\n1 | 2026-03-10 | won | 100"},
        expect="""
        cohort_on  | month_number | clients | buyers | retention | revenue_rub | ltv_rub
        2026-03-01 | 0            |         |        |           |             |
        """,
    )
