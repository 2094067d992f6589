"""What somebody changed, and whether it helped."""

from datetime import date, timedelta

import pytest

from tests.helpers.tables import check_metric

pytestmark = pytest.mark.slow
CHANGED = date(2026, 8, 3)  # a Monday
AS_OF = date(2026, 9, 20)
FOUR_BEFORE, FOUR_AFTER = (3, 7), (5, 9)
"""Calls of two days that have the mean 5 and 7, and on 28 days a variance just above 4."""


def calls(before: tuple[int, ...], after: tuple[int, ...], days: int = 28, channel: str = "SEO") -> str:
    """So many missed calls on the days before the change and from it on, in turn; one call long before."""
    rows = [f"2026-01-01 10:00:00 | {channel} | false"]
    for number in range(days):
        rows += [f"{CHANGED - timedelta(1 + number)} 10:00:00 | {channel} | false"] * before[number % len(before)]
        rows += [f"{CHANGED + timedelta(number)} 10:00:00 | {channel} | false"] * after[number % len(after)]
    return "\n".join(["started_at | channel | is_answered", *rows])


def change(metric: str = "chain_period.calls", days: int = 28, channel: str = "", manager: str = "") -> str:
    """One change."""
    return (
        "name | metric | channel | manager | changed_on | days\n"
        f"new script | {metric} | {channel} | {manager} | {CHANGED} | {days}"
    )


SALES = f"""
deal_id | closed_on                     | status | channel | client_key | revenue_rub | cogs_rub
0       | 2026-01-01                    | won    | SEO     | anna       | 1           |
1       | {CHANGED - timedelta(28)}     | won    | SEO     | anna       | 1000000     | 300000
2       | {CHANGED - timedelta(29)}     | won    | SEO     | anna       | 5000000     |
3       | {CHANGED}                     | won    | SEO     | anna       | 5000000     |
"""


def test_forty_per_cent_more_calls_are_worth_forty_per_cent_of_the_profit():
    """140 calls before, 196 after: more than noise; the gross profit of the 28 days before was 700 000."""
    check_metric(
        "before_after",
        as_of=AS_OF,
        given={"calls": calls(FOUR_BEFORE, FOUR_AFTER), "deals": SALES, "experiments": change()},
        expect="""
        name       | channel | manager | before_value | after_value | change | is_reliable | verdict | effect_rub
        new script | Всего   | Всего   | 140          | 196         | 0.4    | true        | better  | 280000.00
        """,
    )


@pytest.mark.parametrize(
    ("metric", "effect"),
    [
        ("chain_period.calls", "280000.00"),
        # fewer of them are better, and there is no money that they are proportional to
        ("channel_period.missed_calls", ""),
    ],
)
def test_less_is_better_for_some(metric, effect):
    """Nobody answered: as many more were missed."""
    channel = "SEO" if metric.startswith("channel") else ""
    check_metric(
        "before_after",
        as_of=AS_OF,
        given={"calls": calls(FOUR_BEFORE, FOUR_AFTER), "deals": SALES, "experiments": change(metric, channel=channel)},
        expect=f"verdict | effect_rub\n{'worse' if channel else 'better'} | {effect}",
    )


def test_a_difference_that_days_have_anyway_is_noise():
    """Days of 0 to 12 calls differ among themselves by more than one call."""
    check_metric(
        "before_after",
        as_of=AS_OF,
        given={"calls": calls((0, 12), (2, 12)), "experiments": change()},
        expect="before_value | after_value | is_reliable | verdict\n168 | 196 | false | noise",
    )


def test_until_the_days_have_passed_it_is_early():
    """On the 28th day it can be told, on the 27th not."""
    for passed, after, verdict in ((27, "196", "better"), (26, "", "early")):
        check_metric(
            "before_after",
            as_of=CHANGED + timedelta(passed),
            given={"calls": calls(FOUR_BEFORE, FOUR_AFTER), "experiments": change()},
            expect=f"before_value | after_value | verdict\n140 | {after} | {verdict}",
        )


def test_before_the_first_row_nothing_is_known():
    """Calls since the very first of the 28 days are enough, since the second are not."""
    rows = calls(FOUR_BEFORE, FOUR_AFTER).splitlines()
    rows = [row for row in rows if not row.startswith("2026-01")]
    later = [row for row in rows if not row.startswith(str(CHANGED - timedelta(28)))]
    for given, values in ((rows, "140 | 196 | 0.4 | better"), (later, " | 196 | | unknown")):
        check_metric(
            "before_after",
            as_of=AS_OF,
            given={"calls": "\n".join(given), "experiments": change()},
            expect=f"before_value | after_value | change | verdict\n{values}",
        )


def test_fewer_than_seven_days_and_states_are_never_told_from_noise():
    """Six days on a side; a pool whose days repeat each other."""
    check_metric(
        "before_after",
        as_of=AS_OF,
        given={"calls": calls((1,), (9,), days=6), "experiments": change(days=6)},
        expect="before_value | after_value | is_reliable\n6 | 54 | false",
    )
    check_metric(
        "before_after",
        as_of=AS_OF,
        given={"deals": SALES, "experiments": change("client_period.clients_end")},
        expect="before_value | after_value | is_reliable | verdict\n1 | 1 | false | noise",
    )


def test_ripening_figures_meet_at_the_same_age():
    """A caller of the days before who bought 40 days later does not count: those after have had no such time yet."""
    check_metric(
        "before_after",
        as_of=CHANGED + timedelta(27),
        given={
            "calls": f"""
            started_at                            | phone       | manager | is_answered
            2026-01-01 10:00:00                   | 70000000009 | Ольга   | true
            {CHANGED - timedelta(28)} 10:00:00    | 70000000001 | Ольга   | true
            {CHANGED - timedelta(28)} 10:00:00    | 70000000002 | Ольга   | true
            {CHANGED} 10:00:00                    | 70000000003 | Ольга   | true
            {CHANGED} 10:00:00                    | 70000000004 | Ольга   | true
            """,
            "deals": f"""
            deal_id | closed_on                 | status | manager | phone       | client_key  | revenue_rub
            1       | {CHANGED - timedelta(1)}  | won    | Ольга   | 70000000001 | 70000000001 | 100
            2       | {CHANGED + timedelta(12)} | won    | Ольга   | 70000000002 | 70000000002 | 100
            3       | {CHANGED + timedelta(27)} | won    | Ольга   | 70000000003 | 70000000003 | 100
            """,
            "experiments": change("manager_period.conversion", manager="Ольга"),
        },
        expect="before_value | after_value | change\n0.5 | 0.5 | 0",
    )


def test_spend_is_neither_good_nor_bad():
    """Twice the advertising costs what the days before cost."""
    spend = ["spend_on | channel | spend_rub", "2026-01-01 | SEO | 1"]
    for number in range(7):
        spend += [f"{CHANGED - timedelta(1 + number)} | SEO | 100", f"{CHANGED + timedelta(number)} | SEO | 200"]
    check_metric(
        "before_after",
        as_of=AS_OF,
        given={"ad_spend": "\n".join(spend), "experiments": change("channel_period.spend_rub", 7, "SEO")},
        expect="before_value | after_value | verdict | effect_rub\n700 | 1400 | changed | -700.00",
    )


def test_a_change_to_come_is_no_row():
    """Made after the day of the report."""
    check_metric(
        "before_after",
        as_of=CHANGED - timedelta(1),
        given={"calls": calls(FOUR_BEFORE, FOUR_AFTER), "experiments": change()},
        expect="name | verdict\n",
    )
