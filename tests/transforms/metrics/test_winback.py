"""Those who bought and are gone, the freshest first."""

from datetime import date

from tests.helpers.tables import check_metric, warehouse


def test_lost_on_the_first_day_not_alive():
    """10 May + 90 days is 8 August; on 20 September that is one month ago. The last deal tells what and from whom."""
    check_metric(
        "winback",
        as_of=date(2026, 9, 20),
        given={
            "deals": """
            deal_id | closed_on  | status | client_key | manager | product | revenue_rub
            9       | 2026-05-10 | won    | anna       | Ольга   | Курс    | 100
            10      | 2026-05-10 | won    | anna       | Пётр    | Книга   | 200
            2       | 2026-04-10 | won    | boris      |         |         | 50
            3       | 2026-09-01 | won    | clara      | Ольга   | Курс    | 900
            """
        },
        expect="""
        client_key | lost_on    | months_lost | last_deal_on | orders | revenue_rub | last_product | last_manager
        anna       | 2026-08-08 | 1           | 2026-05-10   | 2      | 300.00      | Курс         | Ольга
        boris      | 2026-07-09 | 2           | 2026-04-10   | 1      | 50.00       |              | Не указан
        """,
    )


def test_the_freshest_stand_first_and_of_them_the_dearest():
    """As the list is called from top to bottom."""
    connection = warehouse(
        {
            "deals": """
            deal_id | closed_on  | status | client_key | revenue_rub
            1       | 2026-04-10 | won    | old        | 900
            2       | 2026-05-10 | won    | cheap      | 100
            3       | 2026-05-10 | won    | dear       | 200
            """
        },
        date(2026, 9, 20),
        ("winback",),
    )
    assert connection.execute("select client_key from metrics.winback").fetchall() == [("dear",), ("cheap",), ("old",)]
