"""How satisfied those are who answered, and how many of the clients were asked."""

from datetime import date

import pytest

from tests.helpers.tables import check_metric


def answers(kind: str, *scores: int, manager: str = "Ольга") -> str:
    """One answer for each score."""
    rows = [f"2026-09-02 | {kind} | {score} | {manager}" for score in scores]
    return "\n".join(["answered_on | kind | score | manager", *rows])


@pytest.mark.parametrize(
    ("scores", "csi", "zone"), [((5, 5, 4, 4), "4.5", "green"), ((4,), "4", "orange"), ((5, 4, 4, 4, 2), "3.8", "red")]
)
def test_the_zone_follows_the_mean(scores, csi, zone):
    """5, 5, 4, 4 is 4.5: just green."""
    check_metric(
        "satisfaction_period",
        only="grain = 'month' and manager = 'Всего'",
        given={"survey_answers": answers("csi", *scores)},
        expect=f"csi | csi_zone | csi_answers | nps | clients\n{csi} | {zone} | {len(scores)} | |",
    )


def test_promoters_less_detractors():
    """10, 9, 8, 6, 3: as many would recommend as would not."""
    check_metric(
        "satisfaction_period",
        only="grain = 'month' and manager = 'Ольга'",
        given={"survey_answers": answers("nps", 10, 9, 8, 6, 3)},
        expect="nps | promoters | detractors | nps_answers | answers | csi_zone\n0 | 2 | 2 | 5 | 5 |",
    )


def test_four_and_five_are_satisfied():
    """Three of four."""
    check_metric(
        "satisfaction_period",
        only="grain = 'month' and manager = 'Всего'",
        given={"survey_answers": answers("csat", 5, 4, 4, 3)},
        expect="csat | csat_answers\n3 / 4 | 4",
    )


def test_thirty_one_of_forty_clients_answered():
    """Late answers of last month's clients count among the scores, not here."""
    deals = ["deal_id | closed_on | status | manager | client_key | revenue_rub"]
    deals += [f"{number} | 2026-09-01 | won | Ольга | client {number} | 100" for number in range(40)]
    given = ["answered_on | kind | score | manager | client_key"]
    given += [f"2026-09-20 | csi | 5 | Ольга | client {number}" for number in range(31)]
    given += ["2026-09-20 | csi | 5 | Ольга | client of August", "2026-09-20 | nps | 9 | Ольга | client 1"]
    check_metric(
        "satisfaction_period",
        given={"deals": "\n".join(deals), "survey_answers": "\n".join(given)},
        expect="""
        manager | csi_answers | answers | clients | clients_asked | coverage
        Ольга   | 32          | 33      | 40      | 31            | 31 / 40
        Всего   | 32          | 33      | 40      | 31            | 31 / 40
        """,
    )


def test_an_answer_stands_with_the_manager_it_names():
    """Anna answered about Пётр: no client of Ольга's answered, one of all did. Answers begin the table."""
    check_metric(
        "satisfaction_period",
        as_of=date(2026, 9, 20),
        given={
            "deals": """
            deal_id | closed_on  | status | manager | client_key | revenue_rub
            1       | 2026-08-02 | won    | Ольга   | anna       | 100
            2       | 2026-09-02 | won    | Ольга   | anna       | 100
            """,
            "survey_answers": """
            answered_on | kind | score | manager | client_key
            2026-09-03  | csi  | 5     | Пётр    | anna
            2026-09-04  | csi  | 4     |         | boris
            """,
        },
        expect="""
        period_start | manager   | csi | csi_zone | answers | clients | clients_asked | coverage | is_complete
        2026-09-01   | Ольга     |     |          | 0       | 1       | 0             | 0        | false
        2026-09-01   | Пётр      | 5   | green    | 1       | 0       | 0             |          | false
        2026-09-01   | Не указан | 4   | orange   | 1       | 0       | 0             |          | false
        2026-09-01   | Всего     | 4.5 | green    | 2       | 1       | 1             | 1        | false
        """,
    )


def test_answers_that_name_no_manager_say_nothing_of_one():
    """Ольга's clients are known, what they think of her is not."""
    check_metric(
        "satisfaction_period",
        given={
            "deals": """
            deal_id | closed_on  | status | manager | client_key | revenue_rub
            1       | 2026-09-02 | won    | Ольга   | anna       | 9
            """,
            "survey_answers": "answered_on | kind | score | client_key\n2026-09-03 | csi | 5 | anna",
        },
        expect="""
        manager   | csi | answers | clients | clients_asked | coverage
        Ольга     |     |         | 1       |               |
        Не указан | 5   | 1       | 0       | 0             |
        Всего     | 5   | 1       | 1       | 1             | 1
        """,
    )
