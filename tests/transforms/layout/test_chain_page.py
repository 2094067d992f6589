"""What «Цепочка» says first."""

from dataclasses import replace
from datetime import date

from tests.helpers.report_input import report_input, result
from tests.helpers.sheet_text import words_of
from transforms.layout import lay_out
from transforms.layout.drawing.book import Book
from transforms.layout.tables.chain import weakest_step

SHARES = ("clicks_per_impression", "calls_per_click", "target_per_call", "clients_per_target_call",
          "revenue_per_client_rub", "gross_margin")  # fmt: skip


def chain(now, before):
    """The school with calls by channel in September and in 1–20 August; 100 clicks each, but none in SEO."""
    report = report_input()
    sides = []
    for first, calls in ((date(2026, 9, 1), now), (date(2026, 8, 1), before)):
        whole = {**calls, "Всего": sum(calls.values())}
        sides.append(result("chain_period", [_row(first, channel, count) for channel, count in whole.items()]))
    wholes = [
        result("whole_period", [{"grain": "month", "period_start": first, "calls_per_click": calls["Директ"] / 100}])
        for first, calls in ((date(2026, 9, 1), now), (date(2026, 8, 1), before))
    ]
    made = [{"chain_period": side, "whole_period": whole} for side, whole in zip(sides, wholes, strict=True)]
    return replace(report, now={**report.now, **made[0]}, before={**report.before, **made[1]})


def _row(first, channel, calls):
    clicks = {"SEO": 0}.get(channel, 100)
    return {
        "grain": "month", "period_start": first, "channel": channel, "calls": calls, "clicks": clicks,
        "revenue_rub": 100, **dict.fromkeys(SHARES), "calls_per_click": calls / clicks if clicks else None,
    }  # fmt: skip


def test_calls_without_advertising_make_no_weak_step():
    """SEO lost 40 calls; advertising brought as many calls from its clicks as before."""
    report = chain({"Директ": 20, "SEO": 10}, {"Директ": 20, "SEO": 50})
    assert not any("просел шаг" in text for text in weakest_step(Book(report)))


def test_the_weak_step_between_click_and_call_is_that_of_advertising():
    """10 calls of 100 clicks against 20, though SEO made up for them."""
    report = chain({"Директ": 10, "SEO": 60}, {"Директ": 20, "SEO": 50})
    assert [text.replace("\u00a0", " ") for text in weakest_step(Book(report))] == [
        "Больше всего просел шаг «звонков на клик в каналах с кликами»: 10 % против 20 % за те же дни августа."
    ]


def test_a_fall_that_nobody_can_see_is_none():
    """«2,1 % против 2,1 %» is not what lost most."""
    report = chain({"Директ": 2060, "SEO": 60}, {"Директ": 2130, "SEO": 50})
    shown = replace(
        report,
        now={**report.now, "whole_period": result("whole_period", [_clicked(date(2026, 9, 1), 0.0206)])},
        before={**report.before, "whole_period": result("whole_period", [_clicked(date(2026, 8, 1), 0.0213)])},
    )
    assert list(weakest_step(Book(shown))) == ["Заметно не просел ни один шаг против тех же дней прошлого месяца."]


def test_what_one_sale_may_move_is_grey_and_no_weak_step():
    """Revenue of six kitchens against seven, their average, the profit of both: all chance, and the page says so."""
    report = report_input()
    sides = [
        result(
            "chain_period",
            [
                {
                    "grain": "month", "period_start": first, "channel": "Всего", "clients": clients,
                    "target_calls": 41 + clients,
                    "revenue_rub": revenue, "gross_profit_rub": revenue // 2, "profit_rub": revenue // 2 - 700_000,
                    **dict.fromkeys(SHARES), "revenue_per_client_rub": revenue // clients,
                }
            ],
        )
        for first, clients, revenue in ((date(2026, 9, 1), 6, 1_849_000), (date(2026, 8, 1), 7, 1_886_000))
    ]  # fmt: skip
    report = replace(
        report,
        now={**report.now, "chain_period": sides[0], "whole_period": result("whole_period", [])},
        before={**report.before, "chain_period": sides[1], "whole_period": result("whole_period", [])},
    )
    sheet = next(sheet for sheet in lay_out(report) if sheet.key == "chain")
    for step in ("target_calls", "clients", "revenue_rub", "gross_profit_rub", "profit_rub", "revenue_per_client_rub"):
        row = next(row for row, key in sheet.row_keys.items() if key == f"step={step}")
        drawn = max((cell for cell in sheet.cells if cell.row == row), key=lambda cell: cell.column)
        assert drawn.look.endswith(".grey"), step
    assert "Заметно не просел ни один шаг против тех же дней прошлого месяца." in words_of(sheet)
    assert "Серое изменение: случайность больше разницы." in " ".join(words_of(sheet))


def _clicked(first, share):
    return {"grain": "month", "period_start": first, "calls_per_click": share}


def test_the_page_says_whose_calls_it_counts():
    """«Звонков на клик» counts calls of channels that have clicks: the row and the sentence say so alike."""
    sheet = next(sheet for sheet in lay_out(report_input()) if sheet.key == "chain")
    shown = " ".join(words_of(sheet))
    assert "звонков на клик в каналах с кликами" in shown
    assert "со всех каналов" in shown


def test_the_page_does_not_speak_of_calls_that_it_does_not_show():
    """Without calls there is no step from a click to one, nor a line about whose calls those are."""
    report = report_input()
    rows = [row | {"calls_per_click": None} for row in report.now["whole_period"].dicts()]
    silent = replace(report, now={**report.now, "whole_period": result("whole_period", rows)})
    texts = " ".join(words_of(next(sheet for sheet in lay_out(silent) if sheet.key == "chain")))
    assert "Серые строки" in texts
    assert "на клик" not in texts
