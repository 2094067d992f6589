"""Months across the columns: a channel, an item or a figure a row, a month a column."""

from __future__ import annotations

from datetime import date

import pytest

from config.client import SourceConfig
from config.documents import MOMENT_MARK, NUMBER_MARK
from config.draft import GIVEN
from config.errors import ContractError
from tests.transforms.tables import table_of
from transforms.period import month_in
from transforms.recognise import recognise_file, tabs_with_table
from transforms.recognise.guess import guesses
from transforms.recognise.recognised import Recognised
from transforms.staging.context import StagingContext
from transforms.staging.stage import stage

JUNE, JULY = (date(2026, 6, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 7, 31))
ROW = ["SEO", "100", "200"]


def source(table: str = "ad_spend", **settings: object) -> SourceConfig:
    """A table kept by hand."""
    return SourceConfig.model_validate({"table": table, "files": "*.xlsx", "columns": {"channel": "Канал"}, **settings})


def read(header: list[str], *above: list[str], file: str = "расходы.xlsx", **settings: object) -> list[Recognised]:
    """What a table of this header becomes."""
    raw = table_of([*above, header, ROW], file, "Реклама", container="xlsx")
    return recognise_file([raw], "ad_spend", source(**settings), {})


def months(found: list[Recognised]) -> list[tuple[list[str], object]]:
    """The heading of each month's amounts and its days."""
    return [(one.columns["spend_rub"].headers, one.period) for one in found]


@pytest.mark.parametrize(
    "heading",
    ["Июнь 2026", "июнь 2026 г.", "Июнь 2026 года", "июн. 26", "июнь'26", "2026 / Июнь", "06.2026", "6.2026", "2026-06",
     "01.06.2026", "2026-06-01", "2026-06-01 00:00:00", "June 2026", "Jun-26", "Июнь, 2026"],
)  # fmt: skip
def test_a_month_is_known_however_it_is_written(heading):
    """By a person, by Excel and by a spreadsheet in English."""
    assert month_in(heading) == JUNE


@pytest.mark.parametrize("heading", ["Июнь", "июн", "июн.", "ИЮНЬ"])
def test_a_month_without_a_year_takes_the_one_that_is_known(heading):
    """Alone it is no month of any year."""
    assert (month_in(heading), month_in(heading, 2026)) == (None, JUNE)


@pytest.mark.parametrize("heading", ["Маржа", "Итого июнь", "Июнь план", "12", "2026", "15.06.2026", "Майя", "13.2026"])
def test_what_is_no_month(heading):
    """Words that begin like one, days, years, and months of which somebody says more."""
    assert month_in(heading, 2026) is None


def test_each_month_is_the_table_once_more():
    """Its amounts are those of its column, its days its own; a total at the end is no month."""
    assert months(read(["Канал", "Июнь 2026", "Июль 2026", "Итого"])) == [
        (["Июнь 2026"], JUNE),
        (["Июль 2026"], JULY),
    ]


@pytest.mark.parametrize(
    ("above", "file"), [([["Расходы за 2026 год"]], "расходы.xlsx"), ([], "расходы 2026.xlsx")], ids=["title", "file"]
)
def test_the_year_stands_above_or_in_the_name(above, file):
    """«июн», «июл» under «Расходы за 2026 год»."""
    assert months(read(["Канал", "июн", "июл"], *above, file=file)) == [(["июн"], JUNE), (["июл"], JULY)]


def test_after_december_comes_the_next_year():
    """The year is that of the first month."""
    found = read(["Канал", "Дек", "Янв"], months_across={"spend_rub": "2025"})
    assert [one.period for one in found] == [
        (date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
    ]


def test_headings_that_are_dates_or_figures_of_a_workbook():
    """Excel keeps «июн.26» as a day and 07.2026 as a number."""
    found = read(["Канал", f"{MOMENT_MARK}2026-06-01 00:00:00", f"{NUMBER_MARK}7.2026"])
    assert [one.period for one in found] == [JUNE, JULY]


@pytest.mark.parametrize(
    ("header", "settings", "key"),
    [
        (["Канал", "июн", "июл"], {"months_across": "spend_rub"}, "shape.months_without_year"),
        (["Канал", "Январь 2026", "янв 2026"], {}, "shape.months_twice"),
        (["Канал", "Расход", "Показы"], {"months_across": "spend_rub"}, "shape.no_months"),
    ],
)
def test_what_cannot_be_told_is_asked(header, settings, key):
    """A year nobody said, a month that stands twice (plan and fact), a header without months."""
    with pytest.raises(ContractError) as caught:
        read(header, **settings)
    assert caught.value.key == key


def test_one_month_alone_is_taken_only_where_it_was_said():
    """«Август 2026» beside «Канал» may be anything."""
    with pytest.raises(ContractError):
        read(["Канал", "Июнь 2026"])
    assert months(read(["Канал", "Июнь 2026"], months_across="spend_rub")) == [(["Июнь 2026"], JUNE)]


def test_costs_and_plans_have_their_month():
    """The day of a cost and the period of a plan are the month's first day."""
    raw = table_of([["Статья", "Июнь 2026", "Июль 2026"], ROW], "расходы.xlsx", container="xlsx")
    found = recognise_file([raw], "costs", source("costs", columns={"item": "Статья"}), {})
    assert [(one.columns["month_on"].sql, one.given) for one in found] == [(GIVEN, "2026-06-01"), (GIVEN, "2026-07-01")]
    found = recognise_file([raw], "plan", source("plan", columns={"metric": "Статья"}), {})
    assert [(one.columns["period_start"].sql, one.given, one.columns["grain"].sql) for one in found] == [
        (GIVEN, "2026-06-01", "'month'"),
        (GIVEN, "2026-07-01", "'month'"),
    ]


def test_tabs_of_years_are_read_and_others_left_aside():
    """«2025» and «2026», the months in them without a year; of a spreadsheet too."""
    tabs = [
        table_of([["Канал", "Июн", "Июл"], ROW], "расходы", title, container="google") for title in ("2026", "2025")
    ]
    tabs.append(table_of([["Не забыть"]], "расходы", "Заметки", container="google"))
    found = recognise_file(tabs, "ad_spend", source(), {})
    assert [one.period[0].year for one in found if one.period] == [2026, 2026, 2025, 2025]
    assert found[0].raw.left_aside == ("Заметки",)
    assert {raw.origin.tab for raw in tabs_with_table(tabs, "ad_spend", source(), {})} == {"2025", "2026"}


@pytest.mark.parametrize(
    ("key", "table", "column", "amount"),
    [("Канал", "ad_spend", "channel", "spend_rub"), ("Статья расходов", "costs", "item", "amount_rub"),
     ("Показатель", "plan", "metric", "planned")],
)  # fmt: skip
def test_init_knows_such_a_table_by_its_first_heading(key, table, column, amount):
    """It writes `months_across`."""
    raw = table_of([[key, "Июнь 2026", "Июль 2026", "Август 2026"], ROW], container="xlsx")
    [guess] = guesses([raw])
    assert (guess.table, dict(guess.columns), guess.months_across) == (table, {column: key}, amount)


@pytest.mark.parametrize(("table", "amount"), [("calls", "talk_seconds"), ("ad_spend", "sum")])
def test_what_cannot_stand_under_months_is_said(table, amount):
    """Calls have moments, and `sum` is no column of ours."""
    raw = table_of([["Канал", "Июнь 2026", "Июль 2026"], ROW], container="xlsx")
    with pytest.raises(ContractError) as caught:
        recognise_file([raw], table, source(table, months_across=amount), {})
    assert caught.value.key == "shape.no_months_across"


@pytest.mark.parametrize(
    ("beside", "column"), [("Канал", "channel"), ("Где рекламируемся", "channel"), ("Кампания", "campaign")]
)
def test_what_a_row_is_of_is_read_though_nobody_named_it(beside, column):
    """A lone heading beside the months is the channel; one that is called a campaign is that."""
    found = read([beside, "Июнь 2026", "Июль 2026"], columns={})
    assert [one.columns[column].headers for one in found] == [[beside], [beside]]


def test_a_row_that_somebody_described_is_read_as_described():
    """A constant channel leaves the lone heading alone."""
    found = read(["Канал", "Июнь 2026", "Июль 2026"], columns={}, constants={"channel": "SEO"})
    assert all("channel" not in one.columns or one.columns["channel"].headers != ["Канал"] for one in found)


@pytest.mark.parametrize(
    ("header", "file", "settings", "told"),
    [
        (["Канал", "Июнь 2026", "Июль 2026"], "а.xlsx", {}, [("months_across", "«Июнь 2026» … «Июль 2026»")]),
        (["Канал", "Июнь 2026", "Июль 2026"], "а.xlsx", {"months_across": "spend_rub"}, []),
        (["Канал", "июн", "июл"], "2026.xlsx", {"months_across": "spend_rub"}, [("year_of_months", "2026")]),
        (["Канал", "июн", "июл"], "а.xlsx", {"months_across": {"spend_rub": "2026"}}, []),
    ],
)
def test_what_nobody_said_is_told(header, file, settings, told):
    """That headings are months, and of which year."""
    assert [(one.what, one.value) for one in read(header, file=file, **settings)[0].assumed] == told


@pytest.mark.parametrize(("table", "beside"), [("costs", "item"), ("plan", "metric")])
def test_months_share_their_sql(table, beside):
    """A dozen of them is read together, whatever their headings; other columns keep theirs."""
    said = source(table, columns={beside: "Статья"}, constants={})
    raw = table_of([["Статья", "Июнь 2026", "Июль 2026"], ROW], "а.xlsx", container="xlsx")
    found = recognise_file([raw], table, said, {})
    june, july = [stage(one, said, StagingContext("Europe/Moscow", {})) for one in found]
    assert june.alike == july.alike
    assert june.staging.reads(()).quickly == july.staging.reads(()).quickly
    assert june.staging.reads(()).typed == july.staging.reads(()).typed
