"""What nobody can know is a dash, and one line says what to add; what the head of a page says of the data is so."""

from dataclasses import replace
from datetime import date

import pytest

from tests.helpers.further_tables import further_input
from tests.helpers.report_input import changed, replaced, report_input, result
from tests.helpers.sheet_text import told_of, words_of
from transforms.layout import lay_out
from transforms.layout.drawing.book import Book


def page(report, key="summary"):
    return next(sheet for sheet in lay_out(report) if sheet.key == key)


def said(report, key="summary"):
    return " ".join(words_of(page(report, key)))


def with_sources(report, change):
    rows = [row | change(row) for row in report.ops["sources"].dicts()]
    return replace(report, ops={**report.ops, "sources": result("sources", rows)})


def of_nobody(table, by, columns):
    """The school in which these figures stand in the row that nobody named."""

    def move(row):
        return row | dict.fromkeys(columns, 62 if row[by] == "Не указан" else None)

    return changed(report_input(), table, move)


CALLS = ("calls", "counted_calls", "unique_calls", "target_calls", "missed_calls", "calls_per_1000_rub",
         "cost_per_call_rub")  # fmt: skip


def test_calls_that_name_no_channel_have_no_price():
    """«0 звонков» would accuse the advertising of what the telephony does not record."""
    report = of_nobody("channel_period", "channel", CALLS)
    for key in ("summary", "channels"):
        assert (
            "Звонки не называют канал, поэтому звонки на 1 000 ₽ и цена звонка неизвестны. "
            "Добавьте в «sipuni (звонки)» столбец канала или номера, на который звонили."
        ) in said(report, key)
    assert "платных звонков нет" not in said(report, "channels")
    sheet = page(report, "channels")
    told = told_of(sheet, "channel=Яндекс.Директ")
    assert told["Звонки"] == "—"
    assert not {"Звонков на 1 000 ₽", "к 1–20 авг", "Цена звонка"} & told.keys()
    assert not any(key == "figure=calls_per_1000_rub" for key in page(report).row_keys.values())


def test_deals_that_name_no_manager_are_said_so():
    """Where nobody is named there is nobody to compare."""
    rows = [row | {"deals_won": None} for row in report_input().now["manager_period"].dicts()]
    rows += [row | {"manager": "Не указан", "deals_won": 5} for row in rows if row["manager"] == "Вера Соль"]
    report = replaced(report_input(), "manager_period", rows, [])
    assert "Сделки не называют менеджера" in said(report, "managers")


def test_what_a_person_of_no_channel_costs_is_not_told_of_all_of_them():
    """Calls name no channel, deals do: 37 % would be the buyers of one row among the callers of all."""

    def nobodys(row):
        if row["channel"] == "SEO":
            return row | {"channel": "Не указан"}
        return row if row["channel"] == "Всего" else row | dict.fromkeys(("ua", "c1", "cpa_rub"))

    report = changed(further_input(), "unit_economics_period", nobodys)
    rows = {row["channel"]: row for row in Book(report).rows("unit_economics_period", date(2026, 8, 1))}
    assert rows["Не указан"]["ua"] is not None
    assert rows["Не указан"]["c1"] is None
    assert rows["Всего"]["c1"] is not None


def test_spend_that_names_no_channel_is_told_with_its_share():
    """Half of the spend came from a report without a channel: what it bought looks free."""

    def unnamed(row):
        return row | ({"spend_rub": 200_000} if row["channel"] == "Не указан" else {})

    report = changed(report_input(), "channel_period", unnamed)
    assert "У 200 000 ₽ из 441 820 ₽ расходов на рекламу канал не указан" in said(report)
    assert "канал не указан, и цены" not in said(report_input())


def test_calls_of_all_channels_have_no_price_in_the_spend_of_one():
    """Calls name no channel, spend does but for one row: 121 ₽ a call would be all calls against that row."""
    calls = ("calls", "counted_calls", "calls_per_1000_rub", "cost_per_call_rub")
    nobodys = {
        "spend_rub": 500,
        "calls": 90,
        "counted_calls": 90,
        "calls_per_1000_rub": 180.0,
        "cost_per_call_rub": 5.6,
    }
    report = changed(
        report_input(),
        "channel_period",
        lambda row: row | (nobodys if row["channel"] == "Не указан" else dict.fromkeys(calls)),
    )
    sheet = page(report, "channels")
    assert 90 in [cell.value for cell in sheet.cells]
    assert not {180.0, 5.6} & {cell.value for cell in sheet.cells}
    (total,) = (row for row, key in sheet.row_keys.items() if key == "total")
    assert 90 not in [cell.value for cell in sheet.cells if cell.row == total]
    assert "платных звонков нет" not in said(report, "channels")


def test_calls_and_deals_of_different_names_are_said_so():
    """Extensions beside names: nobody's calls became nobody's clients, which is no «0 из 10 позвонивших»."""
    rows = []
    for row in report_input().now["manager_period"].dicts():
        called = row | {"deals_won": 0, "clients": 0, "revenue_rub": 0, "manager": f"20{len(str(row['manager'])) % 10}"}
        rows += [called, row | {"calls": 0, "callers": 0, "converted_callers": 0}]
    report = replaced(report_input(), "manager_period", rows, [])
    for key in ("summary", "managers"):
        assert "а продажи записаны на " in said(report, key)
        assert "впишите их имена в словарь managers: managers.csv со столбцами alias,name." in said(report, key)
    assert "а продажи записаны на " not in said(report_input(), "managers")
    alike = {"kind": "names_alike", "source": "sipuni", "rows": 2, "money_rub": 0, "detail": "«201», «Анна»"}
    notices = [*report.ops["notices"].dicts(), {**report.ops["notices"].dicts()[0], **alike}]
    report = replace(report, ops={**report.ops, "notices": result("notices", notices)})
    assert "а продажи записаны на " not in said(report), "two spellings of one name say it already"
    assert "а продажи записаны на " in said(report, "managers")


def test_costs_not_entered_yet_are_asked_for():
    """Not entered is not nothing: the profit of September is a dash."""

    def not_entered(row):
        is_gap = row["period_start"] == date(2026, 9, 1)
        return row | {"is_cost_known": not is_gap} | ({"profit_rub": None} if is_gap else {})

    report = changed(report_input(), "chain_period", not_entered)
    for key in ("summary", "chain"):
        assert "Расходы сентября ещё не внесены, поэтому прибыль неизвестна." in said(report, key)
    sheet = page(report, "chain")
    row = next(row for row, key in sheet.row_keys.items() if key == "step=profit_rub")
    assert [cell.value for cell in sheet.cells if cell.row == row][-2:] == ["—", "—"]


def test_costs_not_entered_are_told_once():
    """Costs of a month are entered after it: «данных нет после 31 авг» and «ещё не внесены» are one thing."""
    report = report_input()
    sources = report.ops["sources"].dicts()
    costs = sources[0] | {"source": "costs", "table_name": "costs", "data_to_on": date(2026, 8, 31), "is_stale": True}
    report = replace(report, ops={**report.ops, "sources": result("sources", [*sources, costs])})
    assert "данных нет после 31 авг" in said(report)
    gap = changed(report, "chain_period", lambda row: row | {"is_cost_known": row["period_start"] < date(2026, 9, 1)})
    assert "Расходы сентября ещё не внесены" in said(gap)
    assert "данных нет после 31 авг" not in said(gap)


def test_a_young_history_fills_no_pool():
    """Sales since 1 August and 90 days: until 29 October everybody looks new."""
    report = changed(report_input(), "client_period", lambda row: row | {"is_history_known": False})
    report = with_sources(report, lambda row: {"data_from_on": date(2026, 8, 1)})
    shown = said(report, "clients")
    assert "Продажи начинаются недавно (1 авг 2026): кто новый, а кто вернулся, станет видно с 29 окт 2026." in shown
    assert "Пул" not in shown
    assert not any(key == "channel=SEO" for key in page(report, "clients").row_keys.values())
    assert not any(key == "figure=repeat_share" for key in page(report).row_keys.values())


def test_nothing_is_asked_for_where_all_is_known():
    """No line about what is there."""
    shown = " ".join(said(report_input(), sheet.key) for sheet in lay_out(report_input()) if sheet.key != "glossary")
    assert not any(word in shown for word in ("не называют", "не внесены", "начинаются недавно", "не назван"))


@pytest.mark.parametrize(
    ("ends", "head"),
    [
        ({}, "Данные по 20 сен 2026 · обновлено"),
        ({"calls": date(2026, 9, 19)}, "Данные по 19–20 сен 2026 · обновлено"),
        (
            dict.fromkeys(("ad_spend", "calls", "deals", "subscribers"), date(2026, 7, 31)),
            "Данные по 31 июл · отчёт на 20 сен · обновлено",
        ),
    ],
)
def test_the_head_says_the_day_of_the_data(ends, head):
    """The day of the report is another thing, and stands beside it if it is another day."""

    def end(row):
        return {"data_to_on": ends.get(row["table_name"], row["data_to_on"]), "is_stale": len(ends) > 1}

    report = with_sources(report_input(), end)
    assert any(text.startswith(head) for text in words_of(page(report)))


def test_grey_is_said_only_where_it_is_so():
    """Old costs turn nothing grey; old deals do."""
    rows = report_input().ops["sources"].dicts()
    old = {"is_stale": True, "data_to_on": date(2026, 8, 31)}
    costs = rows[0] | old | {"source": "rent", "table_name": "costs"}
    report = replace(report_input(), ops={**report_input().ops, "sources": result("sources", [*rows, costs])})
    texts = words_of(page(report))
    assert "rent (расходы): данных нет после 31 авг." in texts
    stale = with_sources(report_input(), lambda row: old if row["table_name"] == "deals" else {})
    assert "getcourse (сделки): данных нет после 31 авг. Цифры из него показаны серым." in words_of(page(stale))


def test_few_are_not_first():
    """Twenty-two callers of whom four bought stand below those who can be compared."""
    best = {"Глеб Новиков": {"conversion": 0.9}}
    report = changed(report_input(), "manager_period", lambda row: row | best.get(row["manager"], {}))
    sheet = page(report, "managers")
    rows = {key: row for row, key in sheet.row_keys.items()}
    assert rows["manager=Глеб Новиков"] > rows["manager=Борис Лаптев"]


def cells_of(report, key, row_key, columns):
    """Values of a table's row in some of its columns, by number."""
    sheet = page(report, key)
    row = next(row for row, key in sheet.row_keys.items() if key == row_key)
    return [cell.value for cell in sheet.cells if cell.row == row and cell.column in columns]


def calls_from(day):
    return with_sources(report_input(), lambda row: {"data_from_on": day} if row["table_name"] == "calls" else {})


def test_a_part_of_a_month_is_no_measure_of_the_next():
    """Calls begin on 11 August: 20 days against 10 are no growth; revenue, whose sales are older, compares."""
    report = calls_from(date(2026, 8, 11))
    assert cells_of(report, "summary", "figure=calls_per_1000_rub", (2,)) == ["—"]
    assert cells_of(report, "summary", "figure=revenue_rub", (2,)) != ["—"]
    assert not any(text.startswith(("Реклама подорожала", "Реклама подешевела")) for text in words_of(page(report)))
    assert (
        "Данные начинаются 11 авг 2026: sipuni (звонки). Месяц август неполный, с ним ничего не сравнивается."
    ) in said(report)


def test_a_running_month_that_begins_late_says_what_it_lacks():
    """Exports of ten days: the heading says 1–20 September, the figures are of the 11th and on."""
    assert (
        "Данные начинаются 11 сен 2026: sipuni (звонки). В «1–20 сен» до этого дня ничего нет; "
        "добавьте более ранние выгрузки, если они есть."
    ) in said(calls_from(date(2026, 9, 11)))


def test_a_month_that_lacks_a_day_or_three_is_a_measure():
    """Nobody works on the first of January; from a tenth of the month on it is no measure."""
    assert cells_of(calls_from(date(2026, 8, 4)), "summary", "figure=calls_per_1000_rub", (2,)) != ["—"]
    assert "неполный" not in said(calls_from(date(2026, 8, 4)))
    assert cells_of(calls_from(date(2026, 8, 5)), "summary", "figure=calls_per_1000_rub", (2,)) == ["—"]


def test_months_before_the_first_call_are_not_known():
    """Nobody recorded calls in June: that is no «0 звонков», and spend of June is known all the same."""
    report = calls_from(date(2026, 7, 1))
    months = cells_of(report, "chain", "step=calls", range(1, 8))
    assert [month == "—" for month in months] == [True] * 4 + [False] * 3
    assert "—" not in cells_of(report, "chain", "step=spend_rub", range(1, 8))


def test_a_month_after_the_end_of_an_old_source_is_not_known():
    """Spend ends in August: September's is no 0 ₽, profit has nothing taken off it, no channel is free."""
    ended = {"data_to_on": date(2026, 8, 31), "is_stale": True}
    report = with_sources(report_input(), lambda row: ended if row["table_name"] == "ad_spend" else {})
    assert cells_of(report, "chain", "step=spend_rub", (7,)) == ["—"]
    assert cells_of(report, "chain", "step=profit_rub", (7,)) == ["—"]
    assert not {"Реклама", "ROMI"} & told_of(page(report, "channels"), "channel=Яндекс.Директ").keys()
    assert "Без расходов" not in said(report, "channels")
    assert "Всего, платные" not in said(report, "channels")


def test_calls_of_ten_days_have_no_price_in_the_spend_of_thirty():
    """Calls are recorded from 11 July, spend is older: July's calls are told, their price and margin are not."""
    report = calls_from(date(2026, 7, 11))
    assert cells_of(report, "chain", "step=calls", (5,)) != ["—"]
    sheet = page(report, "channels")
    july = next(cell.column for cell in sheet.cells if cell.value == "июл")
    head = next(cell.row for cell in sheet.cells if cell.value == "июл")
    shown = [cell.value for cell in sheet.cells if cell.column == july and cell.row in {head + 1, head + 2}]
    assert shown == ["—", "—"]


def test_sources_that_begin_together_make_ratios_from_the_first_day():
    """Ten days of calls and the same ten of spend, give or take a day."""
    begun = {"calls": date(2026, 8, 12)}
    report = with_sources(report_input(), lambda row: {"data_from_on": begun.get(row["table_name"], date(2026, 8, 11))})
    assert cells_of(report, "summary", "figure=calls_per_1000_rub", (3,)) != ["—"]


def test_a_day_without_data_is_said_where_months_are_compared():
    """The report is of 20 September, the last rows of the 18th: 18 days stand against 20 of August."""
    late = with_sources(report_input(), lambda row: {"data_to_on": date(2026, 9, 18)})
    assert "Данных за 19–20 сен ещё нет: столбец «1–20 сен» — это 18 дней, а «1–20 авг» — 20." in said(late)
    one = with_sources(report_input(), lambda row: {
        "data_to_on": date(2026, 9, 20 if row["table_name"] == "calls" else 18)})  # fmt: skip
    assert "ещё нет: в «1–20 сен»" not in said(one)  # a day without a sale is no day without data


def test_nothing_is_compared_with_a_month_that_nobody_knows():
    """Everything begins in September: columns of dashes «к 1–20 авг» would fill the pages of a new client."""
    report = with_sources(report_input(), lambda row: {"data_from_on": date(2026, 9, 2)})
    report = replace(report, before={})
    for key in ("channels", "managers", "chain"):
        assert "к 1–20 авг" not in words_of(page(report, key))
        assert "к 1–20 авг" in words_of(page(report_input(), key))
