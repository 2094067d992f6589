"""What the report does not say: nothing of old sources, nothing of a handful of cases."""

from dataclasses import replace
from datetime import date

import pytest

from config.metrics import metric
from config.theme import look
from tests.helpers.report_input import changed, replaced, report_input, result
from tests.helpers.sheet_text import words_of
from transforms.layout import lay_out
from transforms.layout.drawing.book import Book
from transforms.layout.drawing.figures import is_change_of_few, read

SEPTEMBER, AUGUST = date(2026, 9, 1), date(2026, 8, 1)


def page(report, key="summary"):
    return next(sheet for sheet in lay_out(report) if sheet.key == key)


def old(report, tables, data_to=date(2026, 9, 5)):
    """The report with the sources of these tables stale since a day."""
    rows = [
        row | ({"is_stale": True, "data_to_on": data_to} if row["table_name"] in tables else {})
        for row in report.ops["sources"].dicts()
    ]
    return replace(report, ops={**report.ops, "sources": result("sources", rows)})


EVERYTHING = ("ad_spend", "calls", "deals", "subscribers")
OLD = "direct (реклама), sipuni (звонки), getcourse (сделки), unisender (подписчики)"


def test_a_price_of_a_client_needs_fresh_calls():
    """A deal without a channel takes that of the caller: with calls missing, clients stand in the wrong channels."""
    reading = read(Book(old(report_input(), ["calls"])), "cac_rub", SEPTEMBER, AUGUST)
    assert reading.is_stale


def test_where_clients_came_from_needs_fresh_calls():
    """Changes of «Откуда пришли» are dashes, and a line says why."""
    sheet = page(old(report_input(), ["calls"]), "clients")
    row = next(row for row, key in sheet.row_keys.items() if key == "channel=SEO")
    assert [cell.value for cell in sheet.cells if (cell.row, cell.column) == (row, 2)] == ["—"]
    assert "Серым: источник не обновлялся, сравнивать рано." in words_of(sheet)


def test_old_sources_are_not_told_as_no_change():
    """«Заметных изменений нет» would be a lie where nobody knows."""
    shown = words_of(page(old(report_input(), EVERYTHING)))
    assert f"Выводов пока нет; не обновлялись: {OLD}." in shown
    assert not any("Заметных изменений" in text for text in shown)


def test_a_period_without_data_has_dashes_not_zeros():
    """Data end in August: nobody knows what September's revenue is, and it is not 0 ₽."""
    sheet = page(old(report_input(), EVERYTHING, date(2026, 8, 25)))
    assert f"Данных за 1–20 сен нет; не обновлялись: {OLD}." in words_of(sheet)
    row = next(row for row, key in sheet.row_keys.items() if key == "figure=revenue_rub")
    assert [cell.value for cell in sheet.cells if (cell.row, cell.column) == (row, 1)] == ["—"]


def test_one_old_source_beside_quiet_fresh_ones_is_named():
    """Nothing changed in what is known."""
    report = report_input()
    september = {
        name: [row | {"period_start": AUGUST} for row in table.dicts() if row["period_start"] == SEPTEMBER]
        for name, table in report.now.items()
    }
    report = replace(report, before={name: result(name, rows) for name, rows in september.items()})
    said = "В свежих данных заметных изменений за 1–20 сен нет; не обновлялись: sipuni (звонки)."
    assert said in words_of(page(old(report, ["calls"])))


def test_a_source_without_a_day_is_told_in_words():
    """«Данных нет после —» says nothing."""
    shown = words_of(page(old(report_input(), ["calls"], None)))
    assert "sipuni (звонки): нет ни одной строки с датой. Цифры из него показаны серым." in shown
    assert not any("после —" in text for text in shown)


def test_a_channel_without_rows_leaves_no_bare_header():
    """Nobody is new: that is known, and no lack of data; where no deal names a channel there is no table at all."""
    nothing = {"new": 0, "returned": 0}
    shown = words_of(page(changed(report_input(), "client_channel_period", lambda row: row | nothing), "clients"))
    assert "Новых и вернувшихся нет." in shown
    assert "Вернулись" not in shown
    nobodys = changed(report_input(), "client_channel_period", lambda row: row | nothing | {"channel": "Не указан"})
    assert "Откуда пришли" not in words_of(page(nobodys, "clients"))
    no_rows = replaced(report_input(), "client_channel_period", [], [])
    assert "Данных за 1–20 сен ещё нет." in words_of(page(no_rows, "clients"))


def test_zero_after_zero_is_no_change():
    """Nobody buys twice from who makes kitchens: `0 %` and `0 %` are known, and equal."""
    report = with_row(report_input(), "client_period", {"repeat_share": 0.0}, {"repeat_share": 0.0})
    sheet = page(report)
    row = next(row for row, key in sheet.row_keys.items() if key == "figure=repeat_share")
    assert [cell.value for cell in sheet.cells if (cell.row, cell.column) == (row, 2)] == ["="]


@pytest.mark.parametrize(("before", "now"), [(4, 7), (7, 4), (0, 9)])
def test_a_change_from_or_to_few_clients_is_grey(before, now):
    """From 4 to 7 clients is no growth by 75 %."""
    report = report_input()
    sides = {"now": now, "before": before}
    for side, count in sides.items():
        tables = getattr(report, side)
        rows = [row | {"new": count} for row in tables["client_channel_period"].dicts()]
        report = replace(report, **{side: {**tables, "client_channel_period": result("client_channel_period", rows)}})
    sheet = page(report, "clients")
    row = next(row for row, key in sheet.row_keys.items() if key == "channel=SEO")
    drawn = next(cell for cell in sheet.cells if (cell.row, cell.column) == (row, 2))
    assert look(drawn.look).color == look("count.grey").color
    assert any(text.startswith("Серым: меньше 5 клиентов") for text in words_of(sheet))


def test_a_ratio_of_few_clients_has_a_grey_change():
    """Павел made 4 clients of 50 calls, now 7: ▲ 75 % would be green for three people."""
    report = report_input()
    rows = [row | {"clients": 4, "clients_per_10_calls": 0.8} for row in report.before["manager_period"].dicts()]
    report = replaced(report, "manager_period", report.now["manager_period"].dicts(), rows)
    sheet = page(report, "managers")
    row = next(row for row, key in sheet.row_keys.items() if key == "manager=Анна Котова")
    drawn = next(cell for cell in sheet.cells if (cell.row, cell.column) == (row, 3))
    assert look(drawn.look).color == look("count.grey").color
    assert any("меньше 30 позвонивших или 5 клиентов" in text for text in words_of(sheet))


def test_a_figure_that_was_small_makes_no_sentence():
    """30 clients now, 4 a month before: the price of a client has nothing to be compared with."""
    report = report_input()
    rows = [row | {"new_clients": 1} for row in report.before["channel_period"].dicts()]
    report = replaced(report, "channel_period", report.now["channel_period"].dicts(), rows)
    reading = read(Book(report), "cac_rub", SEPTEMBER, AUGUST)
    assert (reading.is_small, reading.is_change_small) == (False, True)
    assert not any("Новый клиент" in text for text in words_of(page(report)))


def with_row(report, table, now, before):
    """The report with these figures in every row of a table, now and a month before."""
    sides = [
        {**side, table: result(table, [row | new for row in side[table].dicts()])}
        for side, new in ((report.now, now), (report.before, before))
    ]
    return replace(report, now=sides[0], before=sides[1])


def is_grey(cell):
    return look(cell.look).color == look("count.grey").color


@pytest.mark.parametrize(
    ("deals", "now", "before", "told"),
    [
        (4, 0.75, 0.30, False),  # four deals in all
        (8, 0.17, 0.13, False),  # one repeat purchase then and now
        (100, 0.35, 0.30, True),
        (100, 0.34, 0.30, False),  # four purchases of a hundred
    ],
)
def test_a_share_changed_by_a_handful_is_no_news(deals, now, before, told):
    """A share moved by fewer than five of its cases may be chance: no sentence, and its change is grey."""
    report = with_row(report_input(), "client_period", {"repeat_share": now}, {"repeat_share": before})
    report = with_row(report, "whole_period", {"deals_won": deals}, {"deals_won": deals})
    sheet = page(report)
    row = next(row for row, key in sheet.row_keys.items() if key == "figure=repeat_share")
    assert [is_grey(cell) for cell in sheet.cells if (cell.row, cell.column) == (row, 2)] == [not told]
    clients = " ".join(words_of(page(report, "clients")))
    assert ("Повторных покупок стало больше" in clients) == told


def test_less_than_one_sale_is_no_news():
    """37 000 ₽ between six and seven kitchens of 300 000 ₽: no channel is to be blamed; half the revenue is news."""

    def is_told(now, before):
        sides = ({"deals_won": 6, "revenue_rub": now}, {"deals_won": 7, "revenue_rub": before})
        return not read(Book(with_row(report_input(), "whole_period", *sides)), "revenue_rub", SEPTEMBER,
                        AUGUST).is_change_small  # fmt: skip

    assert not is_told(1_849_000, 1_886_000)
    assert is_told(1_849_000, 3_700_000)


@pytest.mark.parametrize(("spend", "is_grey"), [(74_000, True), (350_000, False)])
def test_a_profit_is_judged_by_what_a_sale_brings(spend, is_grey):
    """Nine kitchens that leave 137 000 ₽ each: 150 000 ₽ less after the same advertising is one of them, no news."""
    now, before = (
        {"deals_won": 9, "gross_profit_rub": gross, "profit_after_ads_rub": gross - spent}
        for gross, spent in ((1_241_000, spend), (1_392_000, 75_000))
    )
    reading = read(
        Book(with_row(report_input(), "whole_period", now, before)), "profit_after_ads_rub", SEPTEMBER, AUGUST
    )
    assert reading.is_change_small is is_grey


def test_a_score_of_few_answers_is_no_news():
    """4,67 of fifteen after 4,72: less than a point in all; 3,9 would be twelve."""
    told = metric("satisfaction_period", "csi")
    assert is_change_of_few(told, 4.72, 4.67, (15, 15), 5)
    assert not is_change_of_few(told, 4.72, 3.9, (15, 15), 5)


def test_a_count_changed_by_a_handful_is_no_news():
    """41 calls against 42: one call fewer."""
    report = with_row(report_input(), "whole_period", {"calls": 41, "revenue_rub": 100}, {"calls": 42})
    assert read(Book(report), "calls", SEPTEMBER, AUGUST).is_change_small
    assert not read(Book(with_row(report, "whole_period", {"calls": 36}, {"calls": 42})), "calls", SEPTEMBER,
                    AUGUST).is_change_small  # fmt: skip


@pytest.mark.parametrize(
    ("name", "counts", "now", "before", "is_small"),
    [
        ("clients_per_10_calls", ("taken_clients", 6, 7), 10 * 6 / 47, 10 * 7 / 48, True),  # one client
        ("clients_per_10_calls", ("taken_clients", 60, 70), 10 * 60 / 470, 10 * 70 / 480, False),
        ("calls_per_1000_rub", ("paid_calls", 18, 17), 18 / 47.4, 17 / 47.9, True),  # one call
        ("calls_per_1000_rub", ("paid_calls", 18, 30), 18 / 47.4, 30 / 47.9, False),
        ("cac_rub", ("paid_new_clients", 20, 22), 47_400 / 20, 47_400 / 22, True),  # two clients, however they are told
        ("cac_rub", ("paid_new_clients", 20, 26), 47_400 / 20, 47_400 / 26, False),
        ("cac_rub", ("paid_new_clients", 20, 20), 94_800 / 20, 47_400 / 20, False),  # twice the money for as many
    ],
)
def test_a_rate_changed_by_a_handful_is_no_news(name, counts, now, before, is_small):
    """Six clients of 47 calls after seven of 48 is chance, and no manager is its cause."""
    count, cases, cases_before = counts
    report = with_row(report_input(), "whole_period", {name: now, count: cases}, {name: before, count: cases_before})
    assert read(Book(report), name, SEPTEMBER, AUGUST).is_change_small is is_small


def test_a_step_that_lost_a_handful_is_not_the_weakest():
    """`6 of 47 after 7 of 48` stood first on «Цепочка»; its change is grey, and so is that of the clients."""
    report = with_row(report_input(), "chain_period", {"clients": 6, "clients_per_target_call": 6 / 47},
                      {"clients": 7, "clients_per_target_call": 7 / 48})  # fmt: skip
    sheet = page(report, "chain")
    assert not any("просел шаг «клиентов на целевой»" in text for text in words_of(sheet))
    rows = [row for row, key in sheet.row_keys.items() if key in {"step=clients", "step=clients_per_target_call"}]
    last = max(cell.column for cell in sheet.cells if cell.row == rows[0])
    assert [is_grey(cell) for cell in sheet.cells if cell.row in rows and cell.column == last] == [True, True]


def test_a_change_by_few_is_grey_and_the_line_says_so():
    """19 new clients after 18: «меньше 5 клиентов» alone would be no reason."""
    report = report_input()
    row = report.now["client_channel_period"].dicts()[0]
    sides = [
        [row | {"channel": "SEO", "period_start": first, "new": new} for first in (AUGUST, SEPTEMBER)]
        for new in (19, 18)
    ]
    shown = words_of(page(replaced(report, "client_channel_period", *sides), "clients"))
    assert "Серым: изменение меньше чем на 5 клиентов, случайность больше разницы." in shown


def test_a_total_of_few_is_grey_too():
    """One new client against seven: «Всего ▼ 86 %» would be the only red of a grey table."""
    report = with_row(report_input(), "client_channel_period", {"new": 0}, {"new": 1})
    rows = report.now["client_channel_period"].dicts()
    rows = [row | {"new": int(row["channel"] == "SEO")} for row in rows]
    report = replaced(report, "client_channel_period", rows, report.before["client_channel_period"].dicts())
    sheet = page(report, "clients")
    row = next(row for row, key in sheet.row_keys.items() if key == "total")
    assert [is_grey(cell) for cell in sheet.cells if (cell.row, cell.column) == (row, 2)] == [True]


def test_a_price_of_few_clients_is_grey_in_the_total():
    """Three new clients of paid channels: their price is of three people."""
    report = with_row(report_input(), "whole_period", {"paid_new_clients": 3}, {})
    sheet = page(report, "channels")
    row = next(row for row, key in sheet.row_keys.items() if key == "total")
    shown = {cell.column: is_grey(cell) for cell in sheet.cells if cell.row == row}
    assert (shown[8], shown[3]) == (True, False)


def test_a_table_of_today_alone_is_not_asked_of_an_earlier_day():
    """Its change would be told as none, where nobody knows it."""
    with pytest.raises(ValueError, match="manager_channel_period"):
        Book(report_input()).rows("manager_channel_period", AUGUST, "before")


def test_a_page_is_silent_only_for_its_own_sources():
    """An old list of subscribers is no reason for the chain to wait; the chain waits for its calls."""
    report = report_input()
    quiet = replace(report, before={})
    assert not any("Вывода пока нет" in text for text in words_of(page(old(quiet, ["subscribers"]), "chain")))
    assert "Вывода пока нет; не обновлялись: sipuni (звонки)." in words_of(page(old(quiet, ["calls"]), "chain"))


def test_a_single_manager_is_compared_with_nobody():
    """«Рано» would promise a comparison that never comes."""
    report = report_input()
    sides = [
        [row for row in side["manager_period"].dicts() if row["manager"] == "Вера Соль"]
        for side in (report.now, report.before)
    ]
    shown = words_of(page(replaced(report, "manager_period", *sides), "managers"))
    assert "Менеджер один, сравнивать не с кем." in shown


def test_of_many_channels_without_spend_five_are_named():
    """Forty names under a table are no note."""
    report = report_input()
    of_september = [row for row in report.now["channel_period"].dicts() if row["period_start"] == SEPTEMBER]
    row = next(row for row in of_september if row["channel"] == "SEO")
    more = [row | {"channel": f"Канал {place}"} for place in range(10)]
    rows = [*report.now["channel_period"].dicts(), *more]
    shown = " ".join(words_of(page(replaced(report, "channel_period", rows, []), "channels")))
    assert " и ещё " in shown
    assert sum(f"Канал {place}," in shown or f"Канал {place} и" in shown for place in range(10)) <= 5


def test_the_price_of_a_handful_of_calls_is_not_the_dearest():
    """Two calls may cost anything; where no two channels have five, their prices are not compared."""

    def prices(calls):
        def row_of(row):
            few = calls.get(row["channel"])
            return row | ({"counted_calls": few, "cost_per_call_rub": row["spend_rub"] / few} if few else {})

        return words_of(page(changed(report_input(), "channel_period", row_of), "channels"))

    told = prices({"Авито": 2, "Telegram Ads": 5})
    assert any(text.startswith("Дороже всего звонок обходится в «Telegram Ads»") for text in told)
    few = prices(dict.fromkeys(("Яндекс.Директ", "VK Реклама", "Telegram Ads"), 4))
    assert "Сравнивать цену звонка рано: нужно от 5 звонков хотя бы у двух платных каналов." in few
    assert not any("Дороже всего" in text for text in few)


def test_the_chart_names_a_channel_that_it_draws():
    """«Сильнее всех просел» stands over four lines: the fifth channel, however deep, is in the table alone."""
    report = report_input()
    rows = {"now": report.now["channel_period"].dicts(), "before": report.before["channel_period"].dicts()}

    def fifth(side, ratio):
        """Of this month alone it has more spend than the fourth."""
        like = [row for row in rows[side] if row["channel"] == "VK Реклама"]
        spent = {
            row["period_start"]: row["spend_rub"] / (1 if row["period_start"] == SEPTEMBER else 1000) for row in like
        }
        return [
            row | {"channel": "Пятый", "spend_rub": spent[row["period_start"]], "calls_per_1000_rub": ratio}
            for row in like
        ]

    report = replaced(report, "channel_period", rows["now"] + fifth("now", 1), rows["before"] + fifth("before", 900))
    shown = words_of(page(report, "channels"))
    assert "Пятый" in shown
    assert not any("сильнее всех просел" in text and "Пятый" in text for text in shown)


def test_sales_of_nothing_are_doubted_on_the_first_page():
    """Where most sales are of 0 ₽ another column holds the amounts; 41 of a thousand are gifts."""
    report = report_input()
    assert not any("больше половины" in text for text in words_of(page(report)))
    rows = [row | ({"rows": 5_000} if row["kind"] == "free_deals" else {}) for row in report.ops["notices"].dicts()]
    report = replace(report, ops={**report.ops, "notices": result("notices", rows)})
    assert any("больше половины: та ли это сумма?" in text for text in words_of(page(report)))
