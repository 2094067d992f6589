"""What the owner reads, case by case."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from config.documents import Result, SeriesRole
from config.letters import CELL_PADDING, SAFETY, column_pixels, text_pixels
from config.notices import Assumed
from config.theme import look, theme
from tests.helpers.further_tables import further_input
from tests.helpers.report_input import changed, ops_results, replaced, report_input, result
from tests.helpers.sheet_text import told_of, words_of
from transforms.layout import Banner, lay_out
from transforms.layout.drawing.figures import axis_look, change_entry, value_entry


def page(report, key="summary"):
    return next(sheet for sheet in lay_out(report) if sheet.key == key)


def with_ops(report, name, change):
    """The report with every row of one ops table changed by a function."""
    rows = [change(dict(row)) for row in report.ops[name].dicts()]
    return replace(report, ops={**report.ops, name: result(name, rows)})


def stale(report, source):
    return with_ops(report, "sources", lambda row: row | {"is_stale": row["source"] == source})


def test_pages_stand_in_the_order_of_the_tabs():
    """Sheets that an owner opens rarely stand last."""
    assert [sheet.title for sheet in lay_out(report_input())] == [
        "Сводка", "Каналы", "Менеджеры", "Подписчики", "Клиенты", "Юнит-экономика", "Цепочка", "Вернуть клиентов",
        "Почему не купили", "Качество данных", "О показателях",
    ]  # fmt: skip


def test_headers_name_the_days_compared():
    """A part of a month against the same part, a whole month against a whole month."""
    heads = {"1–20 сен", "к 1–20 авг", "август", "к июлю"}
    assert heads <= set(words_of(page(report_input())))


def test_on_the_last_day_of_a_month_the_whole_month_stands_first():
    """August against July, then July against June."""
    shown = set(words_of(page(report_input(date(2026, 8, 31)))))
    assert {"август", "к июлю", "июль", "к июню"} <= shown
    assert not any("месяц ещё идёт" in text for text in shown)


def test_first_screen_is_three_columns():
    """25 + 12 + 12 characters; every text is merged over those three only."""
    sheet = page(report_input())
    assert sheet.widths[:3] == (25, 12, 12)
    assert {cell.columns for cell in sheet.cells} == {1, 3}
    assert all(chart.width_px <= 360 for chart in sheet.charts)


def test_at_most_seven_figures():
    """Rows of the figures table are keyed by figure."""
    keys = [key for key in page(report_input()).row_keys.values() if key.startswith("figure=")]
    assert len(keys) == 7


def test_the_cause_of_a_dearer_call_is_named_with_its_part():
    """All of the fall is Директ's own."""
    assert (
        "Реклама подорожала: 1,6 звонка на 1 000 ₽ против 1,8 за те же дни августа. "
        "Почти всё снижение приходится на канал «Яндекс.Директ»: было 1,3, стало 0,99."
    ) in words_of(page(report_input()))


def test_only_the_channel_that_the_chart_names_is_coloured():
    """The one that fell most is red; where none fell, the one that rose most is green, and its title says so."""
    report = report_input()
    now = report.now["channel_period"].dicts()
    halved = {"Яндекс.Директ": 2, "Telegram Ads": 3}
    august = [row for row in now if row["period_start"] == date(2026, 9, 1)]
    before = [
        row
        | {"period_start": date(2026, 8, 1)}
        | {"calls_per_1000_rub": (row["calls_per_1000_rub"] or 0) / halved.get(row["channel"], 1)}
        for row in august
    ]
    assert _coloured(report) == {"Яндекс.Директ": "worse"}
    risen = replaced(report, "channel_period", now, before)
    assert _coloured(risen) == {"Telegram Ads": "better"}
    assert any("сильнее всех вырос канал «Telegram Ads»" in text for text in words_of(page(risen, "channels")))


def _coloured(report):
    (chart,) = page(report, "channels").charts
    return {one.name: str(one.role) for one in chart.series if one.role in {"worse", "better"}}


def test_a_stale_source_is_named_and_its_figures_are_grey_without_change():
    """No change and no sentence is made of old data."""
    sheet = page(stale(report_input(), "sipuni"))
    shown = words_of(sheet)
    assert "sipuni (звонки): данных нет после 20 сен. Цифры из него показаны серым." in shown
    assert not any(text.startswith("Реклама подорожала") for text in shown)
    row = next(row for row, key in sheet.row_keys.items() if key == "figure=calls_per_1000_rub")
    cells = {cell.column: cell for cell in sheet.cells if cell.row == row}
    assert (cells[2].value, cells[4].value) == ("—", "—")
    assert look(cells[1].look).color == look("count.grey").color


def test_an_unreachable_source_says_what_is_wrong():
    """The owner learns which figures to take with care, without a phone number in the words."""
    report = with_ops(
        report_input(),
        "sources",
        lambda row: row | {"is_available": row["source"] != "sipuni", "problem": "Нет доступа для a@example.org."},
    )
    expected = "sipuni (звонки) сейчас не читается, показаны прежние строки. Нет доступа для •••."
    assert expected in words_of(page(report))


def test_nothing_to_doubt_takes_one_calm_line():
    """Fresh, complete and known."""
    report = report_input(ops={"sources": ops_results(date(2026, 9, 20))["sources"]})
    assert "Все источники свежие, всё сошлось до копейки." in words_of(page(report))
    assert "Чему пока не верить" not in words_of(page(report))


def test_refused_rows_are_told_in_roubles_and_per_cent():
    """6 of 3 418 − 2 rows, 34 100 ₽."""
    assert "getcourse (сделки): отвергнуто 6 строк (0,2 %) на 34 100 ₽. Смотрите «Качество данных»." in words_of(
        page(report_input())
    )


def test_a_small_channel_is_grey_and_the_line_says_why():
    """Авито has 2 clients of the 5 asked for."""
    sheet = page(report_input(), "channels")
    row = next(row for row, key in sheet.row_keys.items() if key == "channel=Авито")
    assert all(".grey" in cell.look for cell in sheet.cells if cell.row == row and cell.column in {0, 1, 3})
    assert any(text.startswith("Серым: меньше 5 клиентов") for text in words_of(sheet))


def test_the_total_is_the_ratio_of_sums_over_paid_channels():
    """1000 × (134 + 149 + 65 + 27) calls ÷ spend of the four."""
    sheet = page(report_input(), "channels")
    told = told_of(sheet, "total")
    assert (told["Канал"], told["Звонки"]) == ("Всего, платные", 134 + 149 + 65 + 27)
    assert told["Звонков на 1 000 ₽"] == pytest.approx(1000 * 375 / float(told["Реклама"]))


def test_no_price_where_nothing_was_spent():
    """SEO is listed, not divided."""
    told = told_of(page(report_input(), "channels"), "channel=SEO")
    prices = ("Звонков на 1 000 ₽", "к 1–20 авг", "Цена звонка", "Цена нового клиента", "ROMI")
    assert [told[price] for price in prices] == ["—"] * 5
    assert told["Реклама"] == 0


def unripe(report):
    """The report with no month of managers ripe."""
    return changed(report, "manager_period", lambda row: row | {"is_mature": False})


def test_managers_are_compared_over_all_ripe_months():
    """470 of 2 100 against 220 of 2 150 callers over ten months: twenty days of September prove less."""
    said = " ".join(words_of(page(report_input(), "managers")))
    assert (
        "Разница между менеджерами настоящая: за дозревшие месяцы (авг 2025 – май 2026) из 10 позвонивших "
        "купили 2,2 (Анна Котова) и 1,0 (Борис Лаптев). Случай дал бы такое реже чем в 0,1 % раскладов."
    ) in said


def test_where_no_month_is_ripe_the_running_one_speaks():
    """30 of 140 against 15 of 143 callers: chi-square over the reliable three."""
    said = " ".join(words_of(page(unripe(report_input()), "managers")))
    assert "Судя по 1–20 сен, разница между менеджерами настоящая" in said


def test_few_callers_are_too_early_to_compare():
    """Nobody reaches 30 callers, and no month is ripe."""
    report = changed(report_input(), "manager_period", lambda row: row | {"is_mature": False, "is_reliable": False})
    said = " ".join(words_of(page(report, "managers")))
    assert "Сравнивать менеджеров рано" in said


def test_unripe_months_are_starred_and_not_coloured():
    """A month within 90 days must not look like a fall."""
    sheet = page(report_input(), "managers")
    assert {"июн*", "июл*", "авг*", "1–20 сен*"} <= set(words_of(sheet))
    assert [area.last_column for each in sheet.highlights for area in each.areas] == [5]


def test_months_of_subscribers_add_up_to_the_eye():
    """Start + joined + returned − lapsed = end in every row that knows them."""
    sheet = page(report_input(), "subscribers")
    for key in (key for key in sheet.row_keys.values() if key.startswith("month=")):
        told = told_of(sheet, key)
        gained = told["+ пришли"] + told["+ вернулись"] - told["− замолчали"]
        assert told["Было активных"] + gained == told["= стало активных"]


def test_unknown_activity_is_a_dash_and_makes_no_sentence():
    """The past looks emptier than it was, so nothing is said of it."""
    report = report_input()
    rows = [row | {"is_activity_known": False} for row in report.now["subscriber_period"].dicts()]
    report = replace(report, now={**report.now, "subscriber_period": result("subscriber_period", rows)})
    sheet = page(report, "subscribers")
    assert "Сколько из них активны, пока не видно" in " ".join(words_of(sheet))
    assert not sheet.charts or all(each.name != "Активные подписчики" for each in sheet.charts[0].series)


def test_a_chart_begins_where_every_line_is_known():
    """A workbook would draw a dash as zero."""
    sheet = page(report_input(date(2025, 12, 20)))
    active = next(chart for chart in sheet.charts if chart.key == "active")
    values = {(cell.row, cell.column): cell.value for cell in sheet.cells}
    drawn = [
        values[row, each.values.column]
        for each in active.series
        for row in range(each.values.row, each.values.last_row + 1)
    ]
    assert all(isinstance(value, int) for value in drawn)


@pytest.mark.parametrize("key", ["channels", "managers", "subscribers", "clients", "chain"])
def test_a_page_without_data_says_in_three_lines_what_is_missing(key):
    """Title and three lines, not an empty grid."""
    sheet = page(report_input(now={}, before={}, ops={}), key)
    assert len(sheet.cells) == 1 + 3
    assert "Добавьте источник" in sheet.cells[2].value


def test_a_report_without_any_figure_still_has_its_pages():
    """A first run with one source shows what it has."""
    empty = {"channel_period": Result("channel_period", (), ())}
    sheets = lay_out(report_input(now=empty, before={}, ops={}))
    assert len(sheets) == 11
    assert any(text.startswith("Показателей пока нет") for text in words_of(sheets[0]))


def test_labels_say_so_where_no_deal_has_a_cost():
    """Gross profit equals revenue everywhere: costs are unknown, not zero."""
    report = report_input()
    rows = [row | {"gross_profit_rub": row["revenue_rub"]} for row in report.now["channel_period"].dicts()]
    report = replaced(report, "channel_period", rows, report.before["channel_period"].dicts())
    assert "Прибыль после рекламы (себестоимость не вычтена)" in words_of(page(report))


def test_imbalance_is_the_first_thing_data_quality_says():
    """One row is neither staged nor refused."""
    report = with_ops(
        report_input(), "loads", lambda row: row | {"rows_read": row["rows_read"] + (row["source"] == "direct")}
    )
    assert "Не сошлось: direct (реклама). Пока не сойдётся, цифрам верить нельзя." in words_of(page(report, "quality"))


def test_refused_cells_show_money_and_hide_people():
    """File and row suffice to find them."""
    shown = words_of(page(report_input(), "quality"))
    assert "12 900 тыс" in shown
    assert not any("555" in text or "Мария" in text for text in shown)


def test_a_banner_stands_under_the_title_of_every_page():
    """A failed night is seen wherever the owner looks."""
    banner = Banner("Отчёт за вчера: сегодняшняя загрузка не удалась.")
    for sheet in lay_out(report_input(banner=banner)):
        assert any(cell.value == banner.text and cell.look.startswith("banner") for cell in sheet.cells)


def test_every_header_has_a_note():
    """What it is, formula, unit, source."""
    for sheet in lay_out(report_input()):
        bare = [cell.value for cell in sheet.cells if cell.look.startswith("header") and cell.value and not cell.note]
        assert bare == []


def test_no_sentence_shouts():
    """Plain words: no exclamation marks anywhere."""
    for language in ("ru", "en"):
        for sheet in lay_out(report_input(language=language)):
            assert not any("!" in text for text in words_of(sheet))


def test_the_same_input_gives_the_same_pages():
    """Only the stamp may differ from run to run."""
    assert lay_out(report_input()) == lay_out(report_input())


def test_from_a_loss_no_percentage_is_told():
    """−100 ₽ to 50 ₽ is an arrow, not minus 150 %."""
    entry = change_entry(Decimal(-100), Decimal(50), "up")
    assert (entry.value, entry.look) == ("▲", "figuretext.better")


def test_a_stale_page_says_that_there_is_no_conclusion():
    """Old data make no sentence; the page names the source instead, and the total is grey too."""
    sheet = page(stale(report_input(), "sipuni"), "channels")
    assert "Вывода пока нет; не обновлялись: sipuni (звонки)." in words_of(sheet)
    row = next(row for row, key in sheet.row_keys.items() if key == "total")
    assert all(".grey" in cell.look or ".neutral" in cell.look for cell in sheet.cells if cell.row == row)


def test_a_summary_without_figures_draws_no_empty_charts():
    """Sources and doubts are all there is to say."""
    sheet = page(report_input(now={}, before={}))
    assert sheet.charts == ()
    assert not any("—" in text for text in words_of(sheet))


def test_no_merge_crosses_a_frozen_column():
    """Google Sheets refuses such a merge, and the whole publication with it."""
    for sheet in lay_out(report_input(banner=Banner("Вчерашний отчёт"))):
        assert not [cell for cell in sheet.cells if cell.column < sheet.frozen_columns < cell.column + cell.columns]


@pytest.mark.parametrize(
    ("roubles", "family"),
    [(9_999_999, "money"), (12_845_000, "moneymln"), (-99_999_999, "moneymln"), (45_132_000_000, "moneybln")],
)
def test_figures_too_wide_for_a_phone_are_told_in_millions(roubles, family):
    """##### is not a figure."""
    assert value_entry("money", Decimal(roubles), ".main").look == f"{family}.main"


def test_unknown_notices_are_told_by_their_detail():
    """A new kind of notice is not lost because nobody has worded it yet."""
    notice = {"run_id": "1", "kind": "moon_phase", "source": "getcourse", "source_file": None, "rows": 1,
              "money_rub": None, "detail": "луна растёт"}  # fmt: skip
    report = report_input()
    report = replace(report, ops={**report.ops, "notices": result("notices", [notice])})
    assert "getcourse (сделки): луна растёт (1 строка)." in words_of(page(report, "quality"))


@pytest.mark.parametrize(
    ("kind", "detail", "rows", "said"),
    [
        ("vanished_file", "calls", 0, "Файл a.csv пропал, но все его строки есть и в других файлах"),
        ("vanished_file", "calls", 3, "Файл a.csv пропал: его 3 строки больше не в отчёте."),
        (
            "column_lost",
            "manager",
            0,
            "getcourse (сделки): в файле a.csv больше нет столбца «менеджер», который был раньше.",
        ),
        ("empty_file", None, 0, "getcourse (сделки): в файле a.csv нет ни одной строки данных."),
    ],
)
def test_what_a_file_lost_puts_the_figures_in_doubt(kind, detail, rows, said):
    """A vanished file counts only the rows that left with it; a column and all rows may be lost too."""
    notice = {"run_id": "1", "kind": kind, "source": "getcourse", "source_file": "a.csv", "rows": rows,
              "money_rub": None, "detail": detail}  # fmt: skip
    report = report_input()
    report = replace(report, ops={**report.ops, "notices": result("notices", [notice])})
    assert any(text.startswith(said) for text in words_of(page(report)))


@pytest.mark.slow
def test_long_lists_are_cut_and_say_so():
    """An owner scrolls 200 rows at most; the count is told whole."""
    rejects = [row | {"source_row": number} for number in range(150) for row in report_input().ops["rejects"].dicts()]
    report = replace(report_input(), ops={**report_input().ops, "rejects": result("rejects", rejects)})
    said = words_of(page(report, "quality"))
    assert "Отвергнутые ячейки: 750" in said
    assert "Показаны первые 200 из 750, остальные в ops.rejects." in said


def test_what_was_assumed_stands_at_the_foot_of_the_quality_page():
    """Once however many files say it, with what says otherwise, and not among the other notices."""
    remark = Assumed("unit_thousand", "spend_rub", "Расход, тыс.").remark
    notice = {"run_id": "1", "kind": remark.kind, "source": "getcourse", "source_file": "a.csv", "rows": 0,
              "money_rub": None, "detail": remark.detail}  # fmt: skip
    report = report_input()
    told = result("notices", [notice, {**notice, "source_file": "b.csv"}])
    said = words_of(page(replace(report, ops={**report.ops, "notices": told}), "quality"))
    line = "getcourse (сделки): суммы «Расход, тыс.» — в тысячах, ×1000; если нет — units: {spend_rub: one}"
    assert said.count(line) == 1
    assert said.index(line) == len(said) - 1


@pytest.mark.parametrize(
    ("family", "largest", "looks"),
    [
        ("money", 3_900, ("money", "money")),
        ("money", 900_000, ("moneyk", "moneyken")),
        ("money", 2_900_000, ("moneymln", "moneymlnen")),  # 2 900 тыс. ₽ left the months no room
        ("money", 102_000_000, ("moneymln", "moneymlnen")),
        ("ratio", 0.031, ("ratio3", "ratio3")),  # 0,0 four times says nothing
        ("ratio", 2.9, ("ratio", "ratio")),
        ("share", 0.061, ("share", "share")),
        ("share", 0.011, ("share1", "share1")),
        ("count", 15_000, ("count", "count")),
    ],
)
def test_an_axis_is_written_by_its_size(family, largest, looks):
    """Steps differ, and no label is longer than it need be."""
    assert tuple(axis_look(family, largest, language) for language in ("ru", "en")) == looks


@pytest.mark.parametrize("report", [report_input(), further_input()], ids=["school", "all pages"])
def test_no_word_of_a_header_is_broken(report):
    """«Рекомендац-ии» over a column is no word."""
    for sheet in lay_out(report):
        for cell in sheet.cells:
            if cell.look.partition(".")[0] in {"header", "headerleft"} and isinstance(cell.value, str):
                room = column_pixels(list(sheet.widths[cell.column : cell.column + cell.columns])) - CELL_PADDING
                wide = max((text_pixels(word, 9) * SAFETY, word) for word in cell.value.split(" "))
                assert wide[0] <= room, (sheet.key, wide, room)


def test_a_long_name_of_a_client_is_told_whole():
    """The head of the report is as high as the name needs."""
    name = "Общество с ограниченной ответственностью «Межрегиональный центр ремонта»"
    report = report_input()
    sheet = page(replace(report, client=report.client.model_copy(update={"client": name})))
    assert look(sheet.cells[0].look).wrap
    assert sheet.heights[0] > 2 * page(report).heights[0] - 5


def test_a_legend_of_long_names_keeps_their_ends():
    """Four names of a hundred letters lie over each other in a workbook; the end tells one from another."""
    long = "Очень длинное название рекламного канала вместе с кампанией {}"
    names = {name: long.format(place) for place, name in enumerate(("Яндекс.Директ", "VK Реклама"))}
    report = changed(report_input(), "channel_period", lambda row: row | {
        "channel": names.get(row["channel"], row["channel"])})  # fmt: skip
    chart = next(chart for chart in page(report, "channels").charts if chart.key == "largest")
    told = [series.name for series in chart.series]
    assert max(map(len, told)) <= 24
    assert {"Очень длинно…кампанией 0", "Очень длинно…кампанией 1"} <= set(told)


def test_a_title_that_adds_up_columns_stands_over_all_of_them():
    """Who was active before the first export nobody knows: «было + пришли = стало» without «было» would be untrue."""
    shown = changed(report_input(), "subscriber_period", lambda row: row | {"is_start_known": False})
    texts = words_of(page(shown, "subscribers"))
    assert "Месяц за месяцем" in texts
    assert not any("было + пришли" in text for text in texts)


def test_lines_of_one_chart_can_be_told_apart():
    """Beside the navy line stand two greys, not one: a fifth of the way from black to white lies between them."""
    greys = [
        sum(bytes.fromhex(theme().strokes[role].color)) / 3 / 255 for role in (SeriesRole.EARLIER, SeriesRole.OTHER)
    ]
    assert greys[0] - greys[1] > 0.2


def test_what_is_not_to_be_believed_stands_right_under_the_figures():
    """What holds the profit back is reckoned from the same rows: it may not come before the doubt of them."""
    texts = words_of(page(further_input()))
    assert texts.index("Чему пока не верить") < texts.index("Что сдерживает прибыль")


def test_clients_without_a_manager_are_not_those_of_somebody_called_so():
    """«Чьи менеджеры звонков не принимали (Не указан)» sounded like a name."""
    rows = [
        row | ({"manager": "Не указан", "calls": 0} if row["manager"] == "Глеб Новиков" else {})
        for row in report_input().now["manager_period"].dicts()
    ]
    report = replaced(report_input(), "manager_period", rows, rows)
    assert any("звонков не принимали (менеджер не указан)" in text for text in words_of(page(report)))


def test_a_month_is_not_taken_for_a_day():
    """«Окт 25» may be the twenty-fifth of October."""
    shown = words_of(page(report_input()))
    assert "окт 2025" in shown
    assert not any(re.fullmatch(r"\w{3} \d\d", text) for text in shown)
