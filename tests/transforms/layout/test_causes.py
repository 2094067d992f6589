"""Why a figure changed, in words that another reader of the same figures would agree with."""

from dataclasses import replace
from datetime import date

from tests.helpers.report_input import replaced, report_input, result
from transforms.layout.drawing.book import Book
from transforms.layout.drawing.figures import read
from transforms.layout.summary.main_points import cause, main_sentences

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2026, 8, 1)


def book(table, now, before, **ops):
    """The school with one metric table replaced: rows of September, and of 1–20 August."""
    report = report_input()
    keys = {"grain": "month", "is_complete": False}
    sides = [
        [keys | {"period_start": first} | row for row in rows] for first, rows in ((SEPTEMBER, now), (AUGUST, before))
    ]
    return Book(replace(replaced(report, table, *sides), ops={**report.ops, **ops}))


def why(shown, name):
    spans = shown.periods
    return cause(shown, read(shown, name, SEPTEMBER, AUGUST), spans.running, spans.running_before)


def managers(**clients):
    return [{"manager": name, "calls": 100, "clients": count} for name, count in clients.items()]


def test_most_is_said_only_of_the_largest_change():
    """Of 100 calls each, Седов won 20 clients more and Белова 25 fewer: hers is the larger change."""
    shown = book("manager_period", managers(Седов=40, Белова=15, Котов=20), managers(Седов=20, Белова=40, Котов=10))
    assert why(shown, "clients_per_10_calls") == (
        "В ту же сторону сдвинул менеджер «Седов»: было 2,0, стало 4,0; это 0,7, остальное сгладило его до 0,2."
    )


def test_most_is_said_of_the_largest():
    """Of 100 calls each, Седов won 20 clients more and Белова 5 fewer: +1,0 and −0,25."""
    shown = book("manager_period", managers(Седов=40, Белова=15), managers(Седов=20, Белова=20))
    assert why(shown, "clients_per_10_calls") == (
        "Больше всего изменил менеджер «Седов»: было 2,0, стало 4,0; это 1,0, остальное сгладило его до 0,8."
    )


def test_nearly_the_whole_change_is_said_so():
    """19 of the 20 clients lost are of one manager; no two numbers stand side by side that differ by rounding."""
    shown = book("manager_period", managers(Седов=21, Белова=39), managers(Седов=40, Белова=40))
    assert why(shown, "clients_per_10_calls") == (
        "Почти всё снижение приходится на менеджера «Седов»: было 4,0, стало 2,1."
    )


def test_amounts_have_the_decimals_of_the_figures():
    """1,1 against 1,3: a fall of 0,2, of which one part made 0,1."""
    shown = book("manager_period", managers(Седов=12, Белова=10), managers(Седов=14, Белова=12))
    assert why(shown, "clients_per_10_calls") == (
        "Из снижения на 0,2 на менеджера «Седов» приходится 0,1: было 1,4, стало 1,2."
    )


def channels(**revenue):
    return [{"channel": name, "spend_rub": 0, "revenue_rub": roubles} for name, roubles in revenue.items()]


def without_managers(shown):
    """The same without the other way to split revenue."""
    gone = {"manager_period": result("manager_period", [])}
    return Book(replace(shown.report, now={**shown.report.now, **gone}, before={**shown.report.before, **gone}))


def test_a_whole_of_one_part_has_no_cause():
    """«Из роста на 899 ₽ на «Не указан» приходится 899 ₽» would say the same thing twice."""
    shown = book("channel_period", channels(SEO=1_899), channels(SEO=1_000))
    assert why(without_managers(shown), "revenue_rub") is None


def test_old_calls_split_no_revenue_by_channel():
    """A deal without a channel takes its channel from a call that has not been loaded yet."""
    now, before = channels(SEO=1_899, Авито=100), channels(SEO=1_000, Авито=100)
    rows = [row | {"is_stale": row["table_name"] == "calls"} for row in report_input().ops["sources"].dicts()]
    old = {"sources": result("sources", rows)}
    assert "SEO" in why(without_managers(book("channel_period", now, before)), "revenue_rub")
    assert why(without_managers(book("channel_period", now, before, **old)), "revenue_rub") is None


def test_amounts_that_rounding_would_blur_are_told_as_a_share():
    """2,5 against 2,4 as written is 0,1, but the change is 0,18: neither would add up, a share does."""
    now = [{"manager": "Седов", "calls": 60, "clients": 12}, {"manager": "Белова", "calls": 50, "clients": 14}]
    before = [{"manager": "Седов", "calls": 60, "clients": 13}, {"manager": "Белова", "calls": 50, "clients": 15}]
    shown = book("manager_period", now, before)
    # 10 × 28 ÷ 110 = 2,545 → 2,5 and 10 × 26 ÷ 110 = 2,364 → 2,4: written they differ by 0,1
    assert why(shown, "clients_per_10_calls").replace("\u00a0", " ") == (
        "На менеджера «Седов» приходится 50 % снижения: было 2,2, стало 2,0."
    )


def test_what_nobody_named_is_no_cause():
    """No deal has a channel: that all of the fall is of «Не указан» says nothing."""

    def sides(revenue):
        named = [{"channel": "SEO", "spend_rub": 500, "revenue_rub": None}]
        return [*named, {"channel": "Не указан", "spend_rub": 0, "revenue_rub": revenue}]

    shown = book("channel_period", sides(1_000), sides(1_899))
    assert why(without_managers(shown), "revenue_rub") is None


def test_the_same_roubles_are_told_once():
    """Without costs profit falls by the 40,500 ₽ that revenue fell: that is one piece of news, told with its cause."""
    names = ("spend_rub", "revenue_rub", "gross_profit_rub")
    now, before = (
        [
            {
                "channel": name,
                **dict(zip(names, (100, revenue, revenue), strict=True)),
                "clients": 50,
                "new_clients": 50,
            }
            for name, revenue in sums.items()
        ]
        for sums in ({"SEO": 50_000, "Авито": 9_000}, {"SEO": 90_000, "Авито": 9_500})
    )
    shown = without_managers(book("channel_period", now, before))
    told = main_sentences(shown, ["revenue_rub", "profit_after_ads_rub"], 3)
    assert [sentence.startswith("Выручка снизилась") for sentence in told] == [True]
