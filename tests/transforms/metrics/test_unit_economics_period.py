"""What a unit and a client cost, and what they earn."""

from datetime import date

import pytest

from tests.helpers.tables import check_metric
from tests.transforms.metrics.economics_world import month, world

SALE = "deal_id | closed_on | status | channel | client_key | revenue_rub\n1 | 2026-09-02 | won | SEO | anna | 500"
SEPTEMBER = "grain = 'month' and period_start = '2026-09-01' and channel = 'Всего'"


def test_the_worked_month():
    """400 callers, 20 new buyers of 25, 30 orders, 600 000 earned, 180 000 of goods, 100 000 of advertising."""
    check_metric(
        "unit_economics_period",
        only=SEPTEMBER,
        given=world(month(date(2026, 9, 1))),
        expect="""
        ua | buyers_new | buyers | orders | c1 | av_price_rub | cogs_per_order_rub | apc | arppu_rub | arpu_rub
        400 | 20 | 25 | 30 | 0.05 | 20000.00 | 6000.00 | 1.2 | 16800.00 | 840.00
        """,
    )
    check_metric(
        "unit_economics_period",
        only=SEPTEMBER,
        given=world(month(date(2026, 9, 1))),
        expect="""
        cpa_rub | cac_rub | contribution_margin_rub
        250.00  | 5000.00 | 236000.00
        """,
    )


def test_a_cohort_pays_back_in_the_second_month_after():
    """The gross profit of 20 new clients in months 0, 1, 2 is 60 000, 25 000, 20 000: 105 000 of 100 000 after two."""
    deals = ["deal_id | closed_on | status | channel | client_key | revenue_rub"]
    deals += [f"{number} | 2026-07-05 | won | SEO | client {number} | 3000" for number in range(20)]
    deals += ["x | 2026-08-05 | won | SEO | client 1 | 25000", "y | 2026-09-05 | won | VK | client 2 | 20000"]
    check_metric(
        "unit_economics_period",
        only="grain = 'month' and period_start = '2026-07-01'",
        given={"ad_spend": "spend_on | channel | spend_rub\n2026-07-01 | SEO | 100000", "deals": "\n".join(deals)},
        expect="""
        channel | ua | buyers_new | ltv_rub | payback_months | cac_rub
        SEO     |    | 20         | 5250.00 | 2              | 5000.00
        VK      |    | 0          |         |                |
        Всего   |    | 20         | 5250.00 | 2              | 5000.00
        """,
    )


def test_a_channel_that_only_eats_money_shows_its_loss():
    """No caller, no buyer: minus the spend, not a blank."""
    check_metric(
        "unit_economics_period",
        given={
            "ad_spend": "spend_on | channel | spend_rub\n2026-09-01 | TV | 700",
            "calls": "started_at | phone | channel\n2026-09-01 10:00 | 70000000001 | SEO",
            "deals": SALE,
        },
        expect="""
        channel | ua | buyers_new | c1 | arpu_rub | cpa_rub | contribution_margin_rub | payback_months
        SEO     | 1  | 1          | 1  | 500.00   | 0.00    | 500.00                  |
        TV      | 0  | 0          |    |          |         | -700.00                 |
        Всего   | 1  | 1          | 1  | 500.00   | 700.00  | -200.00                 |
        """,
    )


def test_where_nobody_bought_a_unit_brought_nothing():
    """Two callers, no sale in the month: 0 for each, not a blank."""
    check_metric(
        "unit_economics_period",
        only=SEPTEMBER,
        given={
            "calls": "started_at | phone\n2026-09-01 10:00 | 70000000001\n2026-09-01 11:00 | 70000000002",
            "deals": SALE.replace("2026-09-02", "2026-08-02"),
        },
        expect="ua | buyers | c1 | arppu_rub | arpu_rub\n2 | 0 | 0 | | 0.00",
    )


UNITS = {
    "calls": """
    started_at          | phone       | channel | direction | is_answered
    2026-07-01 10:00:00 | 70000000001 | SEO     | in        | false
    2026-09-01 10:00:00 | 70000000001 | VK      | in        | true
    2026-09-02 10:00:00 | 70000000002 | VK      | out       | true
    2026-09-03 10:00:00 | 70000000002 | SEO     | in        | true
    2026-09-03 11:00:00 |             | SEO     | in        | true
    """,
    "leads": """
    created_at          | lead_id | channel | phone       | email         | status
    2026-07-01 10:00:00 | 1       | SEO     | 70000000001 |               | junk
    2026-09-01 10:00:00 | 2       | VK      | 70000000001 | a@example.org | open
    2026-09-02 10:00:00 | 3       | SEO     |             | b@example.org | open
    2026-09-03 10:00:00 | 4       | VK      | 112         | b@example.org | open
    2026-09-03 10:00:00 | 5       | SEO     |             |               | open
    2026-09-03 11:00:00 | 6       | SEO     |             |               | open
    """,
    "subscribers": """
    subscriber_id | subscribed_on | channel
    a             | 2026-09-01    | SEO
    b             | 2026-09-02    |
    """,
    "ad_spend": """
    spend_on   | channel | spend_rub | clicks
    2026-09-01 | SEO     | 10        | 7
    2026-09-02 | SEO     | 10        |
    2026-09-01 | VK      | 10        |
    """,
}


@pytest.mark.parametrize(
    ("unit", "ua"),
    [
        # a phone is new once, whether it was answered or not; an outgoing call makes nobody seen
        ("callers", {"SEO": "1", "VK": "0", "Всего": "1"}),
        # junk is no enquiry; who left neither phone nor e-mail is a person of their own
        ("leads", {"SEO": "3", "VK": "1", "Всего": "4"}),
        ("subscribers", {"SEO": "1", "VK": "0", "Не указан": "1", "Всего": "2"}),
        # blank where no row of the channel tells its clicks
        ("visitors", {"SEO": "7", "VK": "", "Всего": "7"}),
    ],
)
def test_a_unit_is_what_the_client_says(unit, ua):
    """People who called, left an enquiry, subscribed, or clicked."""
    check_metric(
        "unit_economics_period",
        only="grain = 'month' and period_start = '2026-09-01'",
        economics_unit=unit,
        given=UNITS,
        expect="channel | ua\n" + "\n".join(f"{channel} | {count}" for channel, count in ua.items()),
    )


def test_a_unit_that_was_never_loaded_is_unknown():
    """No telephony: how many were acquired is not known, what they bought is."""
    check_metric(
        "unit_economics_period",
        given={"deals": SALE},
        expect="""
        channel | ua | c1 | arpu_rub | buyers_new | contribution_margin_rub
        SEO     |    |    |          | 1          |
        Всего   |    |    |          | 1          |
        """,
    )
