"""Pages of the further figures: each answers in its first sentence, and stands only where its source is."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from config.documents import Area, HighlightKind
from config.pages import lacking
from tests.helpers.further_tables import AUGUST, further_input
from tests.helpers.report_input import client, report_input, result
from tests.helpers.sheet_text import words_of
from transforms.layout import lay_out
from transforms.layout.drawing.book import Book
from transforms.layout.drawing.canvas import rectangles
from transforms.layout.trust.restated import _places as rows_named


def pages(report):
    return {sheet.key: sheet for sheet in lay_out(report)}


def said(report, key):
    return " ".join(words_of(pages(report)[key]))


def with_table(report, name, change):
    rows = [row | change(row) for row in report.now[name].dicts()]
    return replace(report, now={**report.now, name: result(name, rows)})


def test_a_page_stands_only_where_its_source_is():
    """A school that asks nobody and has no partners has neither page, and a glossary without their columns."""
    assert {"satisfaction", "partners"} <= {report.key for report in lacking(client())}
    assert not {"satisfaction", "partners"} & pages(report_input()).keys()
    assert {"satisfaction", "partners"} <= pages(further_input()).keys()
    assert "Вознаграждение" not in said(report_input(), "glossary")
    assert "Вознаграждение" in said(further_input(), "glossary")


def test_the_constraint_is_named_with_its_level_and_its_roubles():
    """5 % in August against 6 % in March: 67,200 ₽ a month; in July it was the price of acquiring."""
    assert (
        "Прибыль в августе сдерживает конверсия в первую покупку: 5,0 %, а бывало 6,0 % (мар 2026); "
        "до этого уровня не хватает 67 200 ₽ за месяц. Месяцем раньше сдерживало другое: цена привлечения."
    ) in said(further_input(), "economics")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"shortfall_rub": Decimal(9_000)}, "Все показатели в августе на уровне лучших за год."),
        ({"shortfall_rank": None, "shortfall_rub": None}, None),
    ],
)
def test_no_constraint_is_made_up(change, expected):
    """A shortfall below 5 % of the margin of 236,000 ₽ is none; a month without ranks makes no sentence."""
    report = with_table(further_input(), "lever", lambda row: change if row["period_start"] == AUGUST else {})
    shown = said(report, "economics")
    assert "Прибыль в августе сдерживает" not in shown
    assert expected is None or expected in shown


def test_the_caller_is_not_who_lost_the_client():
    """The owner calls the first twenty; the others fall to managers in turn, never to the last one."""
    sheet = pages(further_input())["winback"]
    lines = {cell.row: {} for cell in sheet.cells if cell.row in sheet.row_keys}
    for cell in sheet.cells:
        lines.get(cell.row, {})[cell.column] = cell.value
    callers = [(line[7], line[8]) for _, line in sorted(lines.items())]
    assert {caller for _, caller in callers[:20]} == {"владелец"}
    assert all(last != caller for last, caller in callers)
    assert len({caller for _, caller in callers[20:]}) > 1


def test_persons_are_numbers_unless_the_client_keeps_them():
    """Under mask nobody's phone leaves."""
    assert "Клиент 1" in said(further_input(), "winback")
    assert "70000000000" not in said(further_input(), "winback")


def test_a_triangle_shows_months_that_are_over():
    """Each cohort has one column fewer than the one before it."""
    sheet = pages(further_input())["clients"]
    rows = sorted(row for row, key in sheet.row_keys.items() if key.startswith("cohort="))
    shares = [cell.row for cell in sheet.cells if cell.column > 1 and cell.value is not None]
    known = [shares.count(row) for row in rows]
    assert known == sorted(known, reverse=True)
    assert known[-1] == 0
    assert known[-3:] == [2, 1, 0]


def test_nobody_who_buys_again_is_a_sentence_not_a_triangle_of_zeros():
    """Who makes kitchens sells one to each: «0 %» forty times says what one line does."""
    report = with_table(further_input(), "cohort_month", lambda row: {"retention": 0.0})
    sheet = pages(report)["clients"]
    assert not any(key.startswith("cohort=") for key in sheet.row_keys.values())
    (told,) = (text for text in words_of(sheet) if "не вернулся никто" in text)
    assert told.startswith("Из ")


@pytest.mark.parametrize(("places", "expected"), [
    ([(1, 1), (1, 2), (2, 1), (2, 2)], [(1, 1, 2, 2)]),
    ([(1, 1), (1, 2), (3, 1), (3, 2)], [(1, 1, 1, 2), (3, 1, 3, 2)]),
    ([(1, 1), (2, 1), (2, 2), (3, 2)], [(1, 1, 2, 1), (2, 2, 3, 2)]),
])  # fmt: skip
def test_cells_are_held_by_few_areas(places, expected):
    """Each cell lies in one, and no other cell in any."""
    assert rectangles(places) == tuple(Area(*each) for each in expected)


def test_conversion_that_depends_names_the_channels_that_differ_most():
    """SEO with 16 callers is too small to be one of them."""
    assert (
        "Конверсия зависит от канала: в мае 2026 из 10 позвонивших купили 3,5 («VK Реклама») и 1,7 («Яндекс.Директ»)."
    ) in said(further_input(), "channels").replace("\u00a0", " ")


def test_what_may_be_chance_is_neither_green_nor_red():
    """«Такую разницу дают 50 % случайных раскладов» stood above a manager in red and one in green."""

    def heats(report, key):
        return [heat.kind for heat in pages(report)[key].highlights][-1]

    alike = with_table(further_input(), "manager_period", lambda row: {"converted_callers": (row["callers"] or 0) // 5})
    apart = with_table(further_input(), "channel_dependence", lambda row: {"is_dependent": False})
    assert heats(alike, "managers") == heats(apart, "channels") == HighlightKind.HEAT_NEUTRAL
    assert {heats(further_input(), key) for key in ("managers", "channels")} == {HighlightKind.HEAT_HIGH_IS_GOOD}


def test_the_largest_reason_in_our_power_comes_first():
    """Five not called back are more than three too dear; those who changed their mind are not ours."""
    assert "«Не перезвонили»: 5 из 12 отказов (42 %) на 75 000 ₽" in said(further_input(), "losses")
    bare = with_table(
        further_input(), "loss_reason_period", lambda row: {"reason_group": None, "is_in_our_power": None}
    )
    assert "скажет словарь loss_reasons" in said(bare, "losses")


def test_a_handful_of_refusals_makes_no_reason_the_first():
    """Four of eleven are chance; where nobody writes reasons down, a column of them is asked for."""
    returned = with_table(
        further_input(),
        "loss_reason_period",
        lambda row: {"reason": "Возврат", "deals_lost": 7} if row["reason"] == "Не перезвонили" else {},
    )
    told = said(returned, "losses").replace("\u00a0", " ")
    assert "Купили и вернули за 1–20 сен: 7 сделок на 75 000 ₽; в выручке этого нет" in told
    assert "первая — «Возврат»" not in told
    few = with_table(further_input(), "loss_reason_period", lambda row: {"deals_lost": min(row["deals_lost"], 4)})
    assert "ни одна из тех, что в нашей власти, не набрала 5 отказов." in said(few, "losses").replace("\u00a0", " ")
    blank = with_table(further_input(), "loss_reason_period", lambda row: {"reason": "Не указана"})
    assert "Почему, не указано ни у одной: добавьте в источник продаж deals столбец" in said(blank, "losses")


def test_few_answers_are_said_to_be_few():
    """24 of 60 clients are 40 %, the aim is 75 %."""
    shown = said(further_input(), "satisfaction")
    assert "Ответивших 24 из 60 клиентов (40 %)" in shown
    most = with_table(further_input(), "satisfaction_period", lambda row: {"coverage": 0.8})
    assert "Ответивших" not in said(most, "satisfaction")


def test_phones_in_reasons_are_hidden():
    """Somebody wrote theirs into an answer."""
    assert "перезвонить на •••" in said(further_input(), "satisfaction")


def test_what_is_furthest_below_its_plan_is_named_with_its_end():
    """460,000 of 600,000 ₽ to date are 77 %; a price above its plan is no shortfall, one below it neither."""
    assert (
        "Дальше всего от плана «Выручка»: 77 % плана на сегодня (460 000 ₽ из 600 000 ₽); "
        "к 30 сен будет 640 000–710 000 ₽, план 900 000 ₽."
    ) in said(further_input(), "plan")
    kept = with_table(further_input(), "plan_period", lambda row: {"completion": 0.9 if row["completion"] else None})
    assert "Всё в пределах 80–120 % плана." in said(kept, "plan")


def test_a_plan_without_a_forecast_has_no_empty_column():
    """On the last day of a month nothing is ahead."""
    young = with_table(further_input(), "plan_period", lambda row: dict.fromkeys(FORECAST))
    assert "Прогноз" in words_of(pages(further_input())["plan"])
    assert "Прогноз" not in words_of(pages(young)["plan"])


FORECAST = ("forecast", "forecast_low", "forecast_high")


def test_a_plan_that_is_missed_stands_on_the_first_page():
    """«Заметных изменений нет» was all that «Главное» said 140 000 ₽ below the plan; a plan that is kept is no news."""
    told = "От плана отстаёт «Выручка»: 77 % плана на сегодня (460 000 ₽ из 600 000 ₽)"
    assert told in said(further_input(), "summary").replace("\u00a0", " ")
    kept = with_table(further_input(), "plan_period", lambda row: {"completion": 0.9, "zone": "ok"})
    assert "план" not in said(kept, "summary")


def test_the_latest_change_that_has_run_its_days_speaks_first():
    """The discount of six days ago is too early to tell; the landing page is chance."""
    shown = said(further_input(), "experiments")
    told = "показатель «Входящие звонки» — 150 против 140 за 14 дней до этого, случайность больше разницы."
    assert f"«Новый лендинг»: {told}" in shown
    early = with_table(further_input(), "before_after", lambda row: {"verdict": "early"})
    assert "Ни у одного изменения ещё не прошли его дни." in said(early, "experiments")


def test_roubles_that_no_lost_deal_tells_are_no_zeros():
    """A platform that keeps no amount of cancelled orders: no column of 0 ₽, and no roubles in the sentence."""
    bare = with_table(further_input(), "loss_reason_period", lambda row: {"lost_rub": Decimal(0)})
    shown = said(bare, "losses")
    assert "5 из 12 отказов (42 %) за 1–20 сен" in shown
    heads = [cell.value for cell in pages(bare)["losses"].cells if cell.look.startswith("header")]
    assert "Потеряно" not in heads
    assert "Проиграно" in heads


def cells_of(report, key, row_key):
    """The values of one row of a page, by its key."""
    sheet = pages(report)[key]
    row = next(row for row, name in sheet.row_keys.items() if name == row_key)
    return [cell for cell in sheet.cells if cell.row == row]


def test_shares_of_reasons_are_one_whole_and_deals_are_no_clients():
    """5 + 4 + 3 of 12 lost deals are 100 %; what is grey is grey for few deals."""
    found = cells_of(further_input(), "losses", "total")
    assert (found[-1].value, found[-1].look) == (pytest.approx(1), "share.total")
    assert "Серым: меньше 5 сделок" in said(further_input(), "losses")


def test_what_is_owed_is_told_to_the_kopeck_in_the_table_too():
    """The sentence and the row agree: a partner counts kopecks."""
    (total,) = [cell for cell in cells_of(further_input(), "partners", "total") if cell.look.startswith("kopecks")]
    assert total.value == Decimal("8500.82")


def test_answers_are_told_beside_the_clients_who_might_have_answered():
    """Without them nobody sees why the coverage of all is below that of each."""
    heads = [cell.value for cell in pages(further_input())["satisfaction"].cells if cell.look.startswith("header")]
    assert heads.index("Ответов") < heads.index("Клиенты") < heads.index("Охват")


def test_what_nobody_knows_of_those_lost_is_no_column():
    """A workshop's deals bear no product: no column of dashes."""
    report = with_table(further_input(), "winback_first", lambda row: {"last_product": None})
    assert "Что купил" in said(further_input(), "winback")
    assert "Что купил" not in said(report, "winback")


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1_509_284.0, 2_466_416.0, "1 500 000–2 470 000 ₽"),
        (284_499.2, 297_086.9, "284 000–298 000 ₽"),
        (460_000.0, 4_065_041.0, "460 000–4 100 000 ₽"),
        (640_012.0, 640_012.0, "640 012–640 012 ₽"),
    ],
)
def test_a_forecast_has_no_more_digits_than_it_bears(low, high, told):
    """Two digits of the distance between its ends, and no less than what is reached already (460 000 ₽)."""
    ends = {"forecast_low": low, "forecast_high": high}
    report = with_table(further_input(), "plan_period", lambda row: ends if row["forecast"] else {})
    assert told in said(report, "plan").replace("\u00a0", " ")


def test_where_nobody_names_a_channel_there_is_no_table_by_channel():
    """One row «Не указан» would pass for a channel, with a margin that bears no advertising."""
    rows = [
        row for row in further_input().now["unit_economics_period"].dicts() if row["channel"] in ("Всего", "Не указан")
    ]
    whole = [row | {"channel": "Не указан"} for row in rows if row["channel"] == "Всего"]
    report = further_input()
    report = replace(
        report, now={**report.now, "unit_economics_period": result("unit_economics_period", [*rows, *whole])}
    )
    assert "По каналам за последний полный месяц" in said(further_input(), "economics")
    assert "По каналам за последний полный месяц" not in said(report, "economics")


def young(report):
    """The report of a client whose sales began on 31 August."""
    rows = report.ops["sources"].dicts()
    rows = [row | ({"data_from_on": date(2026, 8, 31)} if row["table_name"] == "deals" else {}) for row in rows]
    return replace(report, ops={**report.ops, "sources": result("sources", rows)})


def test_three_weeks_of_sales_know_neither_new_clients_nor_lost_ones():
    """«Новые 46» stood under «кто новый, станет видно с 28 ноя», and «все, кто покупал, ещё с вами» said nothing."""
    report = further_input()
    empty = {"winback_sum": result("", []), "winback_first": result("", [])}
    report = replace(report, now={**report.now, **empty})
    assert "Возвращать некого: все, кто покупал, ещё с вами." in said(report, "winback")
    told = said(young(report), "winback").replace("\u00a0", " ")
    assert "не покупал 90 дней, а продажи начинаются 31 авг 2026. Первые имена могут появиться 29 ноя 2026." in told
    assert "Какие у вас клиенты" in said(report, "clients")
    assert "Какие у вас клиенты" not in said(young(report), "clients")


def test_one_day_of_a_month_is_no_unit_economics():
    """Calls and sales begin on 31 August: «+10 % привлечённых: −2 930 ₽» was reckoned from four callers."""
    report = further_input()
    rows = [
        row | ({"data_from_on": date(2026, 8, 31)} if row["table_name"] in {"calls", "deals"} else {})
        for row in report.ops["sources"].dicts()
    ]
    late = replace(report, ops={**report.ops, "sources": result("sources", rows)})
    for heading in ("Что сдерживает прибыль: август", "По каналам за последний полный месяц"):
        assert heading in said(report, "economics")
        assert heading not in said(late, "economics")


@pytest.mark.parametrize(
    ("clients", "lately", "told"),
    [
        (1, 1, "Ушёл один клиент, за всё время он принёс 9 900 ₽: ему и звонят."),
        (2, 1, "Ушедших клиентов 2: за всё время они принесли 9 900 ₽. За последние три месяца ушёл один: ему звонят"),
        (2, 0, "За последние три месяца не ушёл никто."),
    ],
)
def test_one_who_left_is_told_of_as_one(clients, lately, told):
    """«За всё время они принесли», «ушло 1: им звонят»."""
    row = {"clients": clients, "left_lately": lately, "revenue_rub": Decimal(9900)}
    assert told in said(with_table(further_input(), "winback_sum", lambda _: row), "winback").replace("\u00a0", " ")


def test_a_column_of_money_has_one_unit():
    """105,6 млн ₽ under 88 331 510 ₽ looks the smaller of the two."""
    money = {"best": Decimal(88_331_510), "regular": Decimal(105_600_000)}
    report = with_table(
        further_input(), "segment_sum", lambda row: {"revenue_rub": money.get(row["segment"], Decimal(2_000_000))}
    )
    sheet = pages(report)["clients"]
    rows = [place for place, key in sheet.row_keys.items() if key.startswith("segment=")]
    assert {cell.look for cell in sheet.cells if cell.row in rows and cell.column == 3} == {"moneymln"}


def test_a_cohort_of_a_handful_is_grey():
    """One of two who came back is 50 %, and no green."""
    first = max(row["cohort_on"] for row in further_input().now["cohort_month"].dicts() if row["month_number"] == 2)
    few = with_table(further_input(), "cohort_month", lambda row: {"clients": 2} if row["cohort_on"] == first else {})
    looks = {
        key: {cell.look for cell in pages(report)["clients"].cells if cell.column == 2 and cell.row == place}
        for key, report in (("many", further_input()), ("few", few))
        for place, name in pages(report)["clients"].row_keys.items()
        if name == f"cohort={first.isoformat()}"
    }
    hot = [pages(report)["clients"].highlights[0].areas for report in (further_input(), few)]
    assert [len(areas) for areas in hot] == [1, 2]
    assert all(".grey" in look for look in looks["few"])
    assert not any(".grey" in look for look in looks["many"])
    assert "Серым: меньше 5 клиентов" in said(few, "clients").replace("\u00a0", " ")


@pytest.mark.parametrize(("others", "told"), [(16, "5 из 21 отказа"), (6, "5 из 11 отказов")])
def test_refusals_agree_with_their_number(others, told):
    """21 отказ, 11 отказов: the noun follows the number it stands behind."""
    lost = {"Не перезвонили": 5, "Передумал": others}
    report = with_table(further_input(), "loss_reason_period", lambda row: {"deals_lost": lost.get(row["reason"], 0)})
    assert told in said(report, "losses").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("come", "gone", "places", "told"),
    [
        (1, 1, "2", ", строка файла 2"),
        (0, 2, "5, 7", ", строки файла 5, 7"),
        (9, 9, "5, 7, 9", ", строки файла 5, 7, 9 и другие"),
        (1, 0, None, ""),
    ],
)
def test_rows_that_moved_a_figure_are_named_in_their_number(come, gone, places, told):
    """One row, several, or the first of many: an owner must not think that three rows were all."""
    row = {"rows_come": come, "rows_gone": gone, "places": places}
    assert rows_named(Book(report_input()), row) == told


@pytest.mark.parametrize(("answers", "is_told"), [(3, True), (0, False)])
def test_few_answers_are_no_few_clients(answers, is_told):
    """A change by three answers is grey, and the line says answers; where nobody answered, nothing is grey."""
    few = {"csi_answers": answers} | ({} if answers else {"csi": None, "csi_zone": None})
    report = with_table(further_input(), "satisfaction_period", lambda row: few if row["manager"] != "Всего" else {})
    shown = said(report, "satisfaction").replace("\u00a0", " ")
    assert ("Серым: меньше 5 ответов" in shown) == is_told
    assert "меньше 5 клиентов" not in shown


def test_a_plan_of_the_first_year_has_no_columns_of_a_year_ago():
    """Three columns of dashes say nothing; nor does a line about the forecast of a plan that has none."""
    young = {"last_year": None, "growth": None, "forecast": None, "forecast_low": None, "forecast_high": None}
    texts = words_of(pages(with_table(further_input(), "plan_period", lambda row: young))["plan"])
    assert not {"Год назад", "Рост за год", "Вдвое"} & set(texts)
    assert not any("95 %" in text for text in texts)
    assert {"Год назад", "Рост за год", "Вдвое"} <= set(words_of(pages(further_input())["plan"]))


def test_a_note_under_the_changes_explains_what_stands_above_it():
    """Nothing is said to be grey where nothing is, nor is chance explained where nothing is called so."""
    settled = with_table(further_input(), "before_after", lambda row: {"verdict": "better"})
    early = with_table(further_input(), "before_after", lambda row: {"verdict": "early"})
    assert not {"Серым", "Случайность"} & set(said(settled, "experiments").replace("«", "").replace(":", "").split())
    assert said(early, "experiments").endswith("Серым: дни ещё не прошли.")


def test_what_ten_per_cent_would_bring_stands_without_a_best_level():
    """A young client has no best level: no columns of dashes, and the first sentence says what it takes."""
    young = dict.fromkeys(("best_value", "best_on", "shortfall_rub", "shortfall_rank"))
    report = with_table(further_input(), "lever", lambda row: young)
    shown = said(report, "economics")
    assert "Что дали бы 10 % к каждому показателю: август" in shown
    assert "нужны три полных месяца, в каждом от 30 привлечённых и от 10 покупателей" in shown
    assert not any(text in shown for text in ("Лучший уровень", "Недобор", "Когда был", "Серым"))
    assert "пока не видно" not in said(further_input(), "economics")


def test_nobody_to_win_back_has_a_reason():
    """No page is empty: no deal is paid, or no deal says whose it is."""
    nobody = {"winback_sum": result("", []), "winback_first": result("", []), "segment_sum": result("", [])}
    report = further_input()
    report = replace(report, now={**report.now, **nobody})
    assert "у сделок нет ни телефона, ни почты покупателя" in said(report, "winback")
    assert "нет ни одной оплаченной сделки" in said(with_table(report, "whole_period", lambda row: {"deals_won": 0}),
                                                    "winback")  # fmt: skip


def heads_of_dependence(report):
    """Headers of the table of managers and channels; none if there is no table."""
    sheet = pages(report)["channels"]
    texts = words_of(sheet)
    heading = next((place for place, text in enumerate(texts) if text.startswith("Покупают из 10 позвонивших: ")), None)
    return texts if heading is None else texts[heading:]


def test_managers_and_channels_of_a_handful_make_no_table():
    """Sixty managers of ten callers a channel would be sixty grey rows, coloured by chance."""
    few = with_table(further_input(), "manager_channel_period", lambda row: {"callers": 10})
    assert not any("менеджеры и каналы" in text for text in heads_of_dependence(few))
    assert any("менеджеры и каналы" in text for text in heads_of_dependence(further_input()))


def test_a_long_name_above_a_column_is_not_cut_off():
    """Its beginning and its end stand there, in three lines."""
    long = "Очень длинное название рекламного канала вместе с кампанией {}"
    report = with_table(further_input(), "manager_channel_period", lambda row: {"channel": long.format(row["channel"])})
    heads = [text for text in heads_of_dependence(report) if "…" in text]
    assert heads
    assert max(map(len, heads)) <= 36


def test_only_what_stands_on_a_page_is_explained():
    """A salon without calls reads nothing about them; lost roubles are told where a program keeps them."""
    report = further_input()
    assert "Потеряно" in words_of(pages(report)["glossary"])
    nothing = with_table(report, "loss_reason_period", lambda row: {"lost_rub": None})
    assert "Потеряно" not in words_of(pages(nothing)["losses"])
    assert "Потеряно" not in words_of(pages(nothing)["glossary"])
    first_screen = {"Звонки", "Реклама", "Повторные покупки"} & set(words_of(pages(report_input())["summary"]))
    assert first_screen == {"Повторные покупки"}
    glossary = words_of(pages(report_input())["glossary"])
    assert glossary.index("Повторные покупки") < glossary.index("Каналы") < glossary.index("Звонки")


MONTH = re.compile(r"\d|янв|фев|мар|апр|май|июн|июл|авг|сен|окт|ноя|дек")


def test_every_header_with_a_note_is_explained():
    """What a page shows, the glossary tells: nothing is lost with what is left out."""
    shown = pages(further_input())
    texts = set(words_of(shown["glossary"]))
    heads = {
        str(cell.value).replace("\u00a0", " ")
        for key in ("channels", "managers", "subscribers", "clients", "economics", "satisfaction", "losses", "partners")
        for cell in shown[key].cells
        if cell.look.startswith("header") and cell.note and "Как считается:" in cell.note
    }
    assert len(heads) > 20
    assert {name for name in heads - texts if not MONTH.match(name)} <= {"Канал", "Менеджер", "Партнёр", "Причина"}


def test_a_price_above_its_plan_is_told():
    """«Ниже 80 % плана нет ничего» would be all that is said of a client who costs 128 % of the plan."""
    assert (
        "Больше плана, хотя лучше меньше: «Цена нового клиента, Яндекс.Директ», 5 100 ₽ при плане 4 000 ₽ (128 %)."
        in (said(further_input(), "plan"))
    )
    kept = with_table(further_input(), "plan_period", lambda row: {"completion": 1.1})
    assert "лучше меньше" not in said(kept, "plan")


def with_restated(report, *columns, was=Decimal(100)):
    """The report with these figures of June told as other than they were."""
    june = {"run_id": "1", "table_name": "chain_period", "period_start": date(2026, 6, 1), "is_closed": True}
    rows = [june | {"column_name": name, "was": was, "is_now": Decimal(200)} for name in columns]
    return replace(
        report,
        ops={
            **report.ops,
            "restated": result("restated", rows),
            "moved": result("moved", []),
            "earlier_run": result("earlier_run", [{"run_id": "0"}]),
        },
    )


def test_a_past_revenue_is_told_once():
    """Where no deal has a cost, gross profit is revenue under another name; where some have, both moved."""
    report = with_restated(report_input(), "gross_profit_rub", "revenue_rub")
    assert {"Валовая прибыль", "Выручка"} <= set(words_of(pages(report)["restated"]))
    free = [row | {"gross_profit_rub": row["revenue_rub"]} for row in report.now["channel_period"].dicts()]
    report = replace(report, now={**report.now, "channel_period": result("channel_period", free)})
    texts = set(words_of(pages(report)["restated"]))
    assert ("Валовая прибыль" in texts, "Выручка" in texts) == (False, True)


def test_what_a_new_source_tells_contradicts_nobody():
    """Revenue was unknown until sales were there: the table names it, «Сводка» does not call June in question."""
    report = with_restated(report_input(), "revenue_rub", was=None)
    told = words_of(pages(report)["restated"])
    assert any(text.startswith("Стали известны цифры закрытых месяцев") for text in told)
    assert "Выручка" in told
    assert not any("закрыт, но цифра другая" in text for text in words_of(pages(report)["summary"]))
    known = with_restated(report_input(), "revenue_rub")
    assert any("закрыт, но цифра другая" in text for text in words_of(pages(known)["summary"]))


def test_a_long_table_that_is_not_the_main_one_repeats_its_header_in_print():
    """Forty figures that moved go over two pages; two stay on one."""
    report = with_restated(report_input(), "revenue_rub")
    [row] = report.ops["restated"].dicts()
    many = result("restated", [row | {"period_start": date(2022 + at // 12, at % 12 + 1, 1)} for at in range(40)])
    long, short = (pages(one)["restated"] for one in (replace(report, ops={**report.ops, "restated": many}), report))
    head = next(cell.row for cell in long.cells if cell.value == "Показатель")
    assert (long.repeat_rows, short.repeat_rows) == ((head, head), None)
    assert long.frozen_rows == 0


def test_of_many_managers_those_with_more_than_a_handful_stand_beside_the_channels():
    """Анна has ninety callers of a channel; fourteen others have ten each: of twelve or fewer all would stand."""
    report = further_input()
    rows = report.now["manager_channel_period"].dicts()
    others = [row | {"manager": f"Менеджер {place}", "callers": 10} for place in range(14) for row in rows[:3]]
    for more, names in ((others, 0), (others[:18], 6)):
        now = {**report.now, "manager_channel_period": result("", [*rows, *more])}
        texts = heads_of_dependence(replace(report, now=now))
        assert (sum(text.startswith("Менеджер ") for text in texts), "Анна Котова" in texts) == (names, True)


def test_people_of_whom_nobody_knows_are_asked_for():
    """A shop without calls would wait for «три полных месяца» for ever."""
    report = with_table(further_input(), "unit_economics_period", lambda row: {"ua": None})
    nothing = dict.fromkeys(("shortfall_rank", "shortfall_rub", "lift_rub", "best_value"))
    shown = said(with_table(report, "lever", lambda row: nothing), "economics")
    assert "сколько людей привлечено, неизвестно. Добавьте источник звонков calls" in shown
    assert "три полных месяца" not in shown
