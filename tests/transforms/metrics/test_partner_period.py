"""What a partner brought and what is owed for it."""

from datetime import date

from tests.helpers.tables import check_metric

MARKS = """
kind       | spelling | partner
promo_code | ОЛЯ10    | Ольга
utm_source | olga     | Ольга
utm_source | petr     | Пётр
"""


def test_a_share_of_every_deal_to_the_kopeck():
    """10 % of 1 000,05, of 2 000,00 and of a refund of 500,00: 100,01 + 200,00 − 50,00."""
    check_metric(
        "partner_period",
        given={
            "partners": "partner | share | rub_per_client\nОльга | 0.1 |",
            "partner_marks": MARKS,
            "deals": """
            deal_id | closed_on  | status | client_key | promo_code | revenue_rub
            1       | 2026-09-01 | won    | anna       | ОЛЯ10      | 1000.05
            2       | 2026-09-02 | won    | anna       | ОЛЯ10      | 2000.00
            3       | 2026-09-03 | won    | anna       | ОЛЯ10      | -500.00
            4       | 2026-09-04 | open   | boris      | ОЛЯ10      | 9000.00
            5       | 2026-09-05 | won    | clara      | ЧУЖОЙ      | 700.00
            """,
        },
        expect="""
        partner | orders | clients | clients_new | revenue_rub | reward_rub
        Ольга   | 2      | 1       | 1           | 2500.05     | 250.01
        """,
    )


def test_a_new_client_is_paid_for_once():
    """Anna came before, Boris twice: one new client of Пётр."""
    check_metric(
        "partner_period",
        given={
            "partners": "partner | share | rub_per_client\nПётр | | 1500",
            "partner_marks": MARKS,
            "deals": """
            deal_id | closed_on  | status | client_key | utm_source | revenue_rub
            1       | 2026-08-01 | won    | anna       |            | 100
            2       | 2026-09-02 | won    | anna       | petr       | 100
            3       | 2026-09-03 | won    | boris      | petr       | 100
            4       | 2026-09-04 | won    | boris      | petr       | 100
            """,
        },
        expect="""
        partner | orders | clients | clients_new | revenue_rub | reward_rub
        Пётр    | 3      | 2       | 1           | 300.00      | 1500.00
        """,
    )


def test_of_a_code_and_a_mark_of_two_partners_the_code_wins():
    """The client typed it. Without a rule the reward is unknown; periods run on with zeros."""
    check_metric(
        "partner_period",
        as_of=date(2026, 10, 3),
        given={
            "partners": "partner | share | rub_per_client\nОльга | |\nПётр | |",
            "partner_marks": MARKS,
            "deals": """
            deal_id | closed_on  | status | client_key | promo_code | utm_source | revenue_rub
            1       | 2026-09-01 | won    | anna       | ОЛЯ10      | petr       | 100
            2       | 2026-09-01 | lost   | anna       |            | petr       | 100
            """,
        },
        expect="""
        period_start | partner | orders | clients | revenue_rub | reward_rub | is_complete
        2026-09-01   | Ольга   | 1      | 1       | 100.00      |            | true
        2026-09-01   | Пётр    | 0      | 0       | 0.00        |            | true
        2026-10-01   | Ольга   | 0      | 0       | 0.00        |            | false
        2026-10-01   | Пётр    | 0      | 0       | 0.00        |            | false
        """,
    )


def test_without_partners_there_is_no_row():
    """Codes of nobody are a shop's own."""
    check_metric(
        "partner_period",
        given={"deals": "deal_id | closed_on | status | promo_code | revenue_rub\n1 | 2026-09-01 | won | ОЛЯ10 | 100"},
        expect="partner | orders\n",
    )
