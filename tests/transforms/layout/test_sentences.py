"""A reader who tries with a calculator gets the numbers of every sentence from the tables beside it."""

from datetime import date

import pytest

from tests.helpers.further_tables import further_input
from tests.helpers.report_input import changed, report_input
from tests.helpers.sentences import check_sentences


@pytest.mark.parametrize(
    "as_of", [date(2026, 9, 20), date(2026, 9, 1), date(2026, 8, 31), date(2026, 7, 5), date(2026, 2, 28)], ids=str
)
def test_every_number_of_every_sentence_adds_up(as_of):
    """In the middle of a month, on its first and on its last day."""
    assert check_sentences(report_input(as_of)) > 40


def test_every_number_of_the_further_pages_adds_up():
    """Of the plan, the surveys, the losses, the partners, the lists."""
    assert check_sentences(further_input()) > 80


@pytest.mark.parametrize("manager", ["Анна Котова", "Борис Лаптев"])
@pytest.mark.parametrize("times", [2, 5])
def test_a_leap_of_one_manager_adds_up_too(manager, times):
    """Twice and five times the clients of one."""

    def leap(row):
        is_theirs = row["manager"] == manager and row["period_start"] == date(2026, 9, 1)
        return row | (
            {"clients": row["clients"] * times, "revenue_rub": row["revenue_rub"] * times} if is_theirs else {}
        )

    assert check_sentences(changed(report_input(), "manager_period", leap)) > 40


@pytest.mark.parametrize("channel", ["Яндекс.Директ", "VK Реклама", "SEO"])
def test_a_leap_of_one_channel_adds_up_too(channel):
    """Half the calls, a third more money spent, twice the revenue."""

    def leap(row):
        if row["channel"] != channel or row["period_start"] != date(2026, 9, 1):
            return row
        money = {name: row[name] * 2 for name in ("revenue_rub", "gross_profit_rub")}
        calls, spend = row["counted_calls"] // 2, row["spend_rub"] * 4 / 3
        made = {"cost_per_call_rub": spend / calls, "calls_per_1000_rub": 1000 * calls / spend} if spend else {}
        return row | money | made | {"counted_calls": calls, "spend_rub": spend}

    assert check_sentences(changed(report_input(), "channel_period", leap)) > 40
