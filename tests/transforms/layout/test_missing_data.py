"""A client with little data is told what is missing, and nothing that is not so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from config.documents import SeriesRole
from tests.helpers.report_input import changed, replaced, report_input, result
from tests.helpers.sheet_text import told_of, words_of
from transforms.layout import lay_out
from transforms.layout.drawing.book import Book
from transforms.layout.subjects.economics import no_constraint_yet
from transforms.layout.summary.main_points import main_sentences

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2026, 8, 1)
CALLS_ONLY = {"calls", "unique_calls", "target_calls", "missed_calls", "callers"}
KEYS = {"grain", "period_start", "is_complete", "channel", "manager", "is_reliable", "is_mature"}


def page(report, key="summary"):
    return next(sheet for sheet in lay_out(report) if sheet.key == key)


def calls_alone():
    """Everything but calls is unknown; the only source is telephony."""
    report = report_input()

    def blank(row):
        return {name: value if name in CALLS_ONLY | KEYS else None for name, value in row.items()}

    for name in ("channel_period", "manager_period"):
        report = changed(report, name, blank)
    kept = {"channel_period", "manager_period", "whole_period"}
    sources = [row for row in report.ops["sources"].dicts() if row["table_name"] == "calls"]
    return replace(
        report,
        now={name: found for name, found in report.now.items() if name in kept},
        before={name: found for name, found in report.before.items() if name in kept},
        ops={"sources": result("sources", sources)},
    )


def test_calls_alone_are_a_figure_of_the_first_screen():
    """Where the seven figures cannot be known, calls themselves and their change are told."""
    sheet = page(calls_alone())
    assert [key for key in sheet.row_keys.values() if key.startswith("figure=")] == ["figure=calls"]
    assert not any("Мало случаев" in text for text in words_of(sheet))


def test_managers_without_deals_are_told_to_add_them():
    """Nobody can be compared, and no table of conversions by month is drawn."""
    shown = words_of(page(calls_alone(), "managers"))
    assert any(text.startswith("Сделки неизвестны: добавьте источник продаж deals") for text in shown)
    assert "Покупают из 10 позвонивших по месяцам" not in shown


def test_subscribers_whom_no_deal_names_have_no_conversion():
    """E-mails in the list, phones in the deals: not 0 %, and the page says what to add."""
    nobody = dict.fromkeys(("buyers", "orders", "revenue_rub", "conversion_of_total", "conversion_of_active"))
    shown = words_of(page(changed(report_input(), "subscriber_period", lambda row: row | nobody), "subscribers"))
    assert any(text.startswith("Кто из подписчиков купил, не видно: ") for text in shown)
    assert "Купили из всей базы" not in shown
    assert not any("Кто из подписчиков" in text for text in words_of(page(report_input(), "subscribers")))


def without_spend(change):
    """The school without a source of advertising, each row of its channels changed."""
    report = changed(report_input(), "channel_period", lambda row: change(row) | {"spend_rub": None})
    rows = [row for row in report.ops["sources"].dicts() if row["table_name"] != "ad_spend"]
    return replace(report, ops={**report.ops, "sources": result("sources", rows)})


def test_channels_without_spend_show_what_they_bring():
    """Who writes down where clients come from sees it, though nobody says what it cost; then what spend would add."""
    report = without_spend(lambda row: row)
    sheet = page(report, "channels")
    shown = " ".join(words_of(sheet)).replace("\u00a0", " ")
    rows = [row for row in report.now["channel_period"].dicts() if row["period_start"] == date(2026, 9, 1)]
    best, whole = max(row["revenue_rub"] for row in rows), sum(row["revenue_rub"] for row in rows)
    told = f"{best:,.0f} ₽ из {whole:,.0f} ₽ ({100 * best / whole:.0f} %)".replace(",", " ")
    assert f"Больше всего выручки за 1–20 сен у канала «VK Реклама»: {told}." in shown
    assert "Нет расходов на рекламу. Добавьте источник ad_spend" in shown
    heads = [cell.value for cell in sheet.cells if cell.look.startswith("header")]
    assert heads == ["Канал", "Звонки", "Клиенты", "Выручка"]
    total = next(row for row, key in sheet.row_keys.items() if key == "total")
    assert [cell.value for cell in sheet.cells if (cell.row, cell.column) == (total, 3)] == [whole]


def test_channels_that_nobody_names_are_no_page():
    """«Не указан» with all of the revenue says nothing of channels."""
    shown = words_of(page(without_spend(lambda row: row | {"channel": "Не указан"}), "channels"))
    assert "Нет расходов на рекламу." in shown
    assert "Выручка" not in shown


def test_spend_that_is_all_zero_is_not_asked_for_again():
    """Who has loaded the source is told to look at its column, not to add it."""
    report = changed(report_input(), "channel_period", lambda row: row | {"spend_rub": 0})
    shown = words_of(page(report, "channels"))
    assert any(text.startswith("Расходы на рекламу загружены, но все они — 0 ₽.") for text in shown)
    assert not any("Добавьте источник ad_spend" in text for text in shown)


def test_managers_of_whom_few_callers_bought_are_not_compared():
    """Enough callers, but 1 buyer each: the words must not ask for more managers."""
    report = changed(report_input(), "manager_period", lambda row: {**row, "converted_callers": 1, "is_mature": False})
    shown = words_of(page(report, "managers"))
    assert any("купили пока слишком немногие" in text for text in shown)


def test_a_first_month_has_no_charts_and_no_words_over_them():
    """One point makes no line, a table of one month says again what stands above it, and dashes say nothing."""
    report = report_input(date(2025, 8, 20))
    report = replace(report, before={name: result(name, []) for name in report.before})
    for sheet in lay_out(report):
        assert not sheet.charts
        assert not any(text.endswith("по месяцам") for text in words_of(sheet))
        if sheet.key == "summary":
            assert list(told_of(sheet, "figure=revenue_rub")) == ["", "1–20 авг"]
        assert not any("месяц ещё идёт" in text or text.startswith("Выручка по месяцам") for text in words_of(sheet))


def test_the_red_line_is_the_channel_that_the_words_name():
    """Both compare the same days; a handful of clients is neither named nor coloured."""
    sheet = page(report_input(), "channels")
    red = [series.name for series in sheet.charts[0].series if series.role is SeriesRole.WORSE]
    assert len(red) == 1
    assert any(f"сильнее всех просел канал «{red[0]}»" in text for text in words_of(sheet))
    assert all(series.role is not SeriesRole.BETTER for series in sheet.charts[0].series if series.name == "Авито")


def test_one_refused_row_agrees_with_its_verb():
    """1 строка отвергнута, 2 отвергнуты, 5 отвергнуто."""
    report = report_input()
    for count, said in ((1, "отвергнута 1 строка"), (2, "отвергнуты 2 строки"), (5, "отвергнуто 5 строк")):
        rows = [
            dict(row) | {"rows_rejected": count if row["source"] == "getcourse" else 0}
            for row in report.ops["loads"].dicts()
        ]
        shown = words_of(page(replace(report, ops={**report.ops, "loads": result("loads", rows)})))
        assert any(said in text.replace("\u00a0", " ") for text in shown)


def test_later_rows_are_told_once_a_source():
    """Two files of one source: 3 + 4 rows after the day."""
    notice = {"run_id": "1", "kind": "future_rows", "source": "calls", "money_rub": None, "detail": None}
    rows = [notice | {"source_file": "a.csv", "rows": 3}, notice | {"source_file": "b.csv", "rows": 4}]
    report = report_input()
    shown = words_of(page(replace(report, ops={**report.ops, "notices": result("notices", rows)}), "quality"))
    told = [text for text in shown if "в цифрах этого пока нет" in text]
    assert [text.replace("\u00a0", " ") for text in told] == ["calls: 7 строк — позже 20 сен, в цифрах этого пока нет."]


def test_a_status_that_nobody_knows_is_told_once_a_source():
    """On the tabs of two months it is one word to look at: 3 + 4 rows, 30 + 40 ₽; another word is another line."""
    notice = {"run_id": "1", "kind": "unknown_status", "source": "getcourse"}
    rows = [
        notice | {"detail": "рассрочка", "source_file": "a.xlsx!Август", "rows": 3, "money_rub": 30},
        notice | {"detail": "рассрочка", "source_file": "a.xlsx!Сентябрь", "rows": 4, "money_rub": 40},
        notice | {"detail": "бронь", "source_file": "a.xlsx!Сентябрь", "rows": 1, "money_rub": 50},
    ]
    report = report_input()
    report = replace(report, ops={**report.ops, "notices": result("notices", rows)})
    for name in ("summary", "quality"):
        told = [text.replace("\u00a0", " ") for text in words_of(page(report, name)) if "незнакомый статус" in text]
        assert len(told) == 2
        assert "«рассрочка» (7 строк на 70 ₽)" in told[0]
        assert "«бронь» (1 строка на 50 ₽)" in told[1]
        assert told[1].endswith(
            "считаются незакрытыми, в выручке их нет. "
            'Если это продажа, впишите в этот источник values: {status: {won: ["бронь"]}}, если отказ — lost.'
        )


def test_settings_of_what_a_client_does_not_have_are_not_told():
    """Who keeps no list of subscribers has no days after which one is active; calls are there."""
    titles = {"Целевой звонок: разговор от, секунд", "Активный подписчик: был активен за"}
    assert titles <= set(words_of(page(report_input(), "glossary")))
    assert titles & set(words_of(page(calls_alone(), "glossary"))) == {"Целевой звонок: разговор от, секунд"}


def test_every_column_of_the_sums_has_a_width_for_kopecks():
    """Corrections add a column: the last one bears millions with kopecks too."""
    report = report_input()
    rows = [
        dict(row) | {"rows_corrected": -1, "rows_read": row["rows_read"] + 1} for row in report.ops["loads"].dicts()
    ]
    sheet = page(replace(report, ops={**report.ops, "loads": result("loads", rows)}), "quality")
    columns = {cell.column for cell in sheet.cells if cell.columns == 1}
    assert max(columns) == 6
    assert min(sheet.widths[: max(columns) + 1][1:]) >= len("−14 284 313,81 ₽")


def test_figures_of_a_notice_are_written_as_people_write_them():
    """A program's `725479.33` is 725 479,33."""
    notice = {"run_id": "1", "source": "getcourse", "source_file": "a.csv", "rows": 1, "money_rub": None}
    rows = [
        notice | {"kind": "totals_mismatch", "detail": "Итого: 725479.33 ≠ 723264.66"},
        notice | {"kind": "file_shrank", "detail": "1582 → 383"},
        notice | {"kind": "file_ends_earlier", "detail": "2026-09-20 → 2026-09-02"},
    ]
    report = report_input()
    shown = words_of(page(replace(report, ops={**report.ops, "notices": result("notices", rows)}), "quality"))
    told = " ".join(shown).replace("\u00a0", " ")
    assert "не сходится с суммой строк. Итого: 725 479,33 ≠ 723 264,66" in told
    assert "строк было и стало 1 582 → 383." in told
    assert "раньше, чем прежде: 20.09.2026 → 02.09.2026." in told


@pytest.mark.parametrize("day", [1, 6])
def test_a_month_without_a_whole_week_is_compared_with_nothing(day):
    """One Tuesday against one Saturday is no news: «Главное» tells how August ended, and no page has changes."""
    report = report_input(date(2026, 9, day))
    pages = {sheet.key: sheet for sheet in lay_out(report)}
    texts = {key: words_of(sheet) for key, sheet in pages.items()}
    begun = texts["summary"].index("Сентябрь только начался, сравнивать рано. Чем кончился август:")
    assert texts["summary"][begun + 1].startswith("Активных подписчиков 2 650 из 14 590. 31 июл было 2 800")
    assert told_of(pages["summary"], "figure=active_end")["к июлю"] == -0.05
    assert "Сравнивать рано: месяц только начался." in texts["chain"]
    row = next(row for row, key in pages["chain"].row_keys.items() if key == "step=revenue_rub")
    assert max((cell.column, cell.look) for cell in pages["chain"].cells if cell.row == row)[1] == "money.strong.grey"
    for key, told in texts.items():
        assert not [text for text in told if "те же дни" in text or text.startswith(("к 1 ", "к 1–"))], key


def test_a_month_of_a_week_is_compared():
    """Seven days hold every day of the week."""
    told = words_of(next(sheet for sheet in lay_out(report_input(date(2026, 9, 7))) if sheet.key == "summary"))
    assert "к 1–7 авг" in told
    assert any("за те же дни августа" in text for text in told)


def test_money_without_a_single_call_is_named():
    """A channel that spent and was not called has no price of a call; the cheapest is not all there is."""

    def silent(row):
        gone = {"calls": 0, "counted_calls": 0, "calls_per_1000_rub": 0.0, "cost_per_call_rub": None}
        return row | (gone if row["channel"] == "Telegram Ads" else {})

    shown = words_of(page(changed(report_input(), "channel_period", silent), "channels"))
    told = [text.replace("\u00a0", " ") for text in shown if text.startswith("Потрачено без единого звонка")]
    assert len(told) == 1
    assert told[0].startswith("Потрачено без единого звонка: «Telegram Ads» (")


def test_the_only_channel_that_was_called_is_not_the_only_paid_one():
    """Four channels spend, one is called."""

    def one(row):
        calls = row["calls"] if row["channel"] == "Яндекс.Директ" else 0
        price = row["cost_per_call_rub"] if calls else None
        return row | {"calls": calls, "counted_calls": calls, "cost_per_call_rub": price}

    shown = words_of(page(changed(report_input(), "channel_period", one), "channels"))
    assert any("звонки принёс только «Яндекс.Директ»" in text for text in shown)


def test_a_month_of_refunds_stands_below_zero():
    """Revenue under zero needs an axis that reaches there."""

    def refunds(row):
        return row | {"revenue_rub": -row["revenue_rub"]} if row["period_start"] == date(2026, 9, 1) else row

    charts = {chart.key: chart for chart in page(changed(report_input(), "channel_period", refunds)).charts}
    assert charts["revenue"].has_negative
    assert not charts["active"].has_negative


def test_nothing_but_zeros_is_no_chart():
    """Free orders alone: the table says 0 ₽, an empty chart would say nothing."""
    shown = page(changed(report_input(), "channel_period", lambda row: row | {"revenue_rub": 0 * row["revenue_rub"]}))
    assert "revenue" not in {chart.key for chart in shown.charts}
    assert not any(text.startswith("Выручка по месяцам") for text in words_of(shown))


def test_a_long_name_of_a_channel_takes_more_lines():
    """Forty channels that begin alike must stay different on paper."""
    name = "Очень длинное название рекламного канала №7"

    def longer(row):
        return row | {"channel": name if row["channel"] == "SEO" else row["channel"]}

    sheet = page(changed(report_input(), "channel_period", longer), "channels")
    rows = {cell.value: cell.row for cell in sheet.cells if cell.column == 0}
    assert sheet.heights[rows[name]] > sheet.heights[rows["VK Реклама"]]


def test_managers_are_not_grey_for_callers_that_nobody_counts():
    """A salon without telephony: few callers is no reason to doubt its masters' sales."""
    report = changed(report_input(), "manager_period", lambda row: {**row, "callers": None, "is_reliable": False})
    looks = {cell.look for cell in page(report, "managers").cells if cell.value == "Анна Котова"}
    assert looks
    assert not any("grey" in look for look in looks)


def test_a_month_of_other_length_is_no_news_of_advertising():
    """29 000 ₽ of a month are 18 710 ₽ by 20 August and 19 333 ₽ by 20 September: nothing was decided."""

    def rows(side, roubles):
        spent = {"SEO": Decimal(roubles)}
        return [row | {"spend_rub": spent.get(row["channel"], Decimal(0))} for row in side["channel_period"].dicts()]

    report = report_input()
    for now, is_told in ((19_333, False), (29_000, True)):
        book = Book(replaced(report, "channel_period", rows(report.now, now), rows(report.before, 18_710)))
        sentences = main_sentences(book, ["spend_rub"], 3)
        assert any(text.startswith("Реклама:") for text in sentences) == is_told, sentences


def test_one_paid_channel_is_not_called_four():
    """The chart over a single line is named for it."""

    def of_seo(row):
        is_paid = row["channel"] == "SEO"
        return row | {"spend_rub": Decimal(1_000 * is_paid), "calls_per_1000_rub": 2.0 if is_paid else None}

    report = changed(report_input(), "channel_period", of_seo)
    assert any(text.endswith("канал «SEO»") for text in words_of(page(report, "channels")))


def test_one_day_of_a_month_is_not_the_month():
    """Sales begin on 31 August: what that day brought is no August beside twenty days of September."""
    report = report_input()
    rows = [row | ({"data_from_on": date(2026, 8, 31)} if row["table_name"] == "deals" else {})
            for row in report.ops["sources"].dicts()]  # fmt: skip
    young = replace(report, ops={**report.ops, "sources": result("sources", rows)})

    def august(one, name):
        sheet = page(one)
        row = next(row for row, key in sheet.row_keys.items() if key == f"figure={name}")
        return next(cell.value for cell in sheet.cells if (cell.row, cell.column) == (row, 3))

    assert august(young, "revenue_rub") == "—"
    assert august(report, "revenue_rub") != "—"
    assert august(young, "calls_per_1000_rub") == august(report, "calls_per_1000_rub")


def test_spend_alone_is_no_comparison():
    """What it brought is known of one month only: «заметных изменений нет» would be a lie."""
    report = report_input()
    nothing = {name: None for name in report.before["whole_period"].columns
               if name not in {"grain", "period_start", "is_complete", "spend_rub"}}  # fmt: skip
    rows = [row | nothing for row in report.before["whole_period"].dicts()]
    spent = {row["period_start"]: row["spend_rub"] for row in rows}
    now = [
        row | ({"spend_rub": spent[AUGUST]} if row["period_start"] == SEPTEMBER else {})
        for row in report.now["whole_period"].dicts()
    ]
    sides = ({**report.now, "whole_period": result("", now)}, {**report.before, "whole_period": result("", rows)})
    book = Book(replace(report, now=sides[0], before=sides[1]))
    assert main_sentences(book, ["revenue_rub", "spend_rub"], 3) == [
        "Сравнить пока не с чем: этих показателей за прошлый месяц нет."
    ]


def test_leads_without_calls_are_not_told_to_add_calls():
    """Who works with enquiries has no telephony to add: one setting counts what is there."""
    unknown = {"counted_calls": None, "calls": None, "cost_per_call_rub": None, "calls_per_1000_rub": None}
    report = changed(report_input(), "channel_period", lambda row: row | unknown)
    rows = [
        row | ({"table_name": "leads"} if row["table_name"] == "calls" else {}) for row in report.ops["sources"].dicts()
    ]
    enquiries = replace(report, ops={**report.ops, "sources": result("sources", rows)})
    told, usual = (" ".join(words_of(page(one, "channels"))) for one in (enquiries, report))
    assert "впишите в svodka.yaml: settings: {calls: {count: enquiries}}." in told
    assert "добавьте источник звонков calls" not in told
    assert "добавьте источник звонков calls" in usual


def test_the_same_doubt_of_several_sources_is_one_line():
    """A table with a column for each channel is a source a column: four equal lines pushed the others off the page."""
    report = report_input()
    sources, told = ("direct", "unisender"), report.ops["notices"].dicts()
    of = told[0] | {"kind": "months_on_a_day", "source_file": None, "rows": 2, "money_rub": None, "detail": None}
    rows = [*told, *(of | {"source": source} for source in sources)]
    shown = words_of(page(replace(report, ops={**report.ops, "notices": result("notices", rows)})))
    (text,) = [text for text in shown if "расход каждого месяца стоит одним днём" in text]
    assert text.startswith("direct (реклама), unisender (подписчики): расход каждого месяца")


def test_a_chain_without_an_earlier_month_says_so():
    """The page begins with words, not with a table."""
    report = report_input()
    shown = words_of(page(replace(report, before={}), "chain"))
    assert "Сравнить пока не с чем: этих показателей за прошлый месяц нет." in shown
    assert not any("Сравнить пока не с чем" in text for text in words_of(page(report, "chain")))


def of_enquiries(report, *tables):
    """The report of a client that counts enquiries, with sources of these tables."""
    client = report.client
    counted = client.settings.model_copy(
        update={"calls": client.settings.calls.model_copy(update={"count": "enquiries"})}
    )
    rows = [row for row in report.ops["sources"].dicts() if row["table_name"] != "calls"]
    rows += [rows[0] | {"source": table, "table_name": table} for table in tables]
    ops = {**report.ops, "sources": result("sources", rows)}
    return replace(report, client=client.model_copy(update={"settings": counted}), ops=ops)


@pytest.mark.parametrize(("language", "word", "told"), [
    ("ru", "звон", ["Обращений на 1 000 ₽", "Цена обращения", "Дороже всего обращение обходится в «Яндекс.Директ»"]),
    ("en", "call", ["Enquiries per 1,000 ₽", "Price of an enquiry", "The dearest enquiry comes from “Яндекс.Директ”"]),
])  # fmt: skip
def test_who_counts_enquiries_reads_of_enquiries(language, word, told):
    """«Цена звонка 2 836 ₽» stood over forms of a client who has no telephone."""
    report = of_enquiries(report_input(language=language), "leads")
    sheets = {sheet.key: sheet for sheet in lay_out(report)}
    texts = words_of(sheets["channels"])
    notes = [(cell.note or "").splitlines()[:2] for cell in sheets["channels"].cells if cell.value in told]
    for text in told:
        assert any(each.startswith(text) for each in texts), text
    assert notes
    assert not any(word in line.lower() for note in notes for line in note)
    assert any(text.startswith(told[0]) for text in words_of(sheets["summary"]))
    assert any(text == told[0] for text in words_of(sheets["glossary"]))


def test_managers_without_calls_of_a_client_of_leads_are_not_told_to_add_calls():
    """There is no telephony to add, and leads sell without it."""
    report = of_enquiries(report_input(), "leads")
    rows = [row | {"callers": None, "converted_callers": None} for row in report.now["manager_period"].dicts()]
    report = replaced(report, "manager_period", rows, rows)
    told = words_of(page(report, "managers"))
    assert any(text.startswith("Сравнивают менеджеров по звонкам, а звонков нет") for text in told)
    assert not any("добавьте источник звонков" in text for text in told)


def test_a_first_week_has_people_and_no_best_month():
    """«Сколько людей привлечено, неизвестно: добавьте источник звонков» stood above «Привлечено 48»."""
    report = report_input()
    row = {"grain": "month", "period_start": date(2026, 9, 1), "channel": "Всего", "is_complete": False, "ua": 48}
    shown = Book(replace(report, now={**report.now, "unit_economics_period": result("unit_economics_period", [row])}))
    assert next(no_constraint_yet(shown)).replace("\u00a0", " ") == (
        "Что сдерживает прибыль, пока не видно: для этого нужны три полных месяца, в каждом от 30 привлечённых "
        "и от 10 покупателей."
    )


def with_costs(profit_now, profit_before, *absent):
    """The school with costs, its profit now and a month before, without sources of these tables."""
    report = report_input()
    rows = [row for row in report.ops["sources"].dicts() if row["table_name"] not in absent]
    report = replace(report, ops={**report.ops, "sources": result("sources", [*rows, rows[0] | RENT])})
    now, before = (
        [
            row | {"profit_rub": None if "ad_spend" in absent else profit, "profit_without_ads_rub": profit}
            for row in side["chain_period"].dicts()
        ]
        for side, profit in ((report.now, profit_now), (report.before, profit_before))
    )
    return replaced(report, "chain_period", now, before)


RENT = {"source": "rent", "table_name": "costs", "is_stale": True, "data_to_on": date(2026, 8, 31)}


def test_who_enters_costs_sees_the_profit_first():
    """A shop that lost 21 570 ₽ read of its revenue alone; costs of a month that is not over make nothing old."""
    sheet = page(with_costs(-21_570, 908_880))
    assert told_of(sheet, "figure=profit_rub")["1–20 сен"] == -21_570
    assert any(
        "Прибыль снизилась: −21 570 ₽ против 908 880 ₽ за те же дни августа." in text for text in words_of(sheet)
    )
    assert "figure=profit_without_ads_rub" not in sheet.row_keys.values()


def test_who_has_costs_and_no_advertising_sees_a_profit_without_it():
    """It is not called «Прибыль»: nobody knows whether there was none, or its source is not there."""
    keys = page(with_costs(1, 2, "ad_spend")).row_keys.values()
    assert "figure=profit_without_ads_rub" in keys


def test_who_enters_no_costs_has_one_profit():
    """Gross profit less advertising would stand there twice, under two names."""
    assert "figure=profit_rub" not in page(report_input()).row_keys.values()
