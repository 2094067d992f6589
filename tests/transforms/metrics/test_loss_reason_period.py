"""Why deals were lost, and whether it is in our power."""

from datetime import date

from tests.helpers.tables import check_metric

REASONS = """
spelling     | reason     | reason_group
Дорого       | Цена       | own
дорого       | Цена       | own
Ушли к Омеге | Конкуренты | competitor
Переезд      | Переезд    | external
-            |            |
"""


def lost(*reasons: str) -> str:
    """One lost deal of 100 roubles for each reason."""
    rows = [f"{number} | 2026-09-02 | lost | {reason} | 100" for number, reason in enumerate(reasons)]
    return "\n".join(["deal_id | closed_on | status | loss_reason | revenue_rub", *rows])


def test_three_of_twelve_were_too_dear():
    """A quarter; a reason without a group may be in our power or not."""
    reasons = ["Дорого", "Дорого", "дорого", *["Ушли к Омеге"] * 2, "Переезд", *["Пёс съел"] * 4, *[""] * 2]
    check_metric(
        "loss_reason_period",
        given={"loss_reasons": REASONS, "deals": lost(*reasons)},
        expect="""
        reason     | reason_group | is_in_our_power | deals_lost | share  | lost_rub
        Цена       | own          | true            | 3          | 3 / 12 | 300.00
        Конкуренты | competitor   | true            | 2          | 2 / 12 | 200.00
        Переезд    | external     | false           | 1          | 1 / 12 | 100.00
        Пёс съел   |              |                 | 4          | 4 / 12 | 400.00
        Не указана |              |                 | 2          | 2 / 12 | 200.00
        """,
    )


def test_lost_deals_count_whatever_their_amount_by_the_day_they_closed():
    """Unknown amounts add nothing; what is lost after the day of the report is not lost yet; periods are whole."""
    check_metric(
        "loss_reason_period",
        as_of=date(2026, 9, 20),
        given={
            "deals": """
            deal_id | created_on | closed_on  | status | loss_reason | revenue_rub
            1       | 2026-08-01 | 2026-08-05 | lost   | Дорого      |
            2       | 2026-08-01 |            | lost   | Дорого      | -50
            3       | 2026-08-01 | 2026-09-25 | lost   | Поздно      | 100
            4       | 2026-08-01 | 2026-08-05 | won    | Дорого      | 100
            """
        },
        expect="""
        period_start | reason | deals_lost | share | lost_rub | is_complete
        2026-08-01   | Дорого | 2          | 1     | -50.00   | true
        2026-09-01   | Дорого | 0          |       | 0.00     | false
        """,
    )
