"""Every known export, by a sample of its own: what `auto` makes of it, and the trap it sets."""

from __future__ import annotations

import pytest

from tests.exports.staged import SAMPLES, run, run_all, stage

pytestmark = pytest.mark.slow


STATUSES = """select count(*), count(*) filter (where status = 'won'), count(*) filter (where status = 'lost'),
    count(*) filter (where status = 'open') from staged.deals"""
SPEND = "select sum(spend_rub), sum(impressions), sum(clicks), min(spend_on), max(spend_on) from staged.ad_spend"
CALLS = """select count(*), count(*) filter (where direction = 'in'), count(*) filter (where is_answered),
    sum(talk_seconds), count(distinct phone) from staged.calls"""
BALANCE = "select rows_read, rows_staged, rows_rejected, rows_duplicate, rows_skipped from ops.loads"


def test_getcourse_users(tmp_path):
    """An empty «Последняя активность» is never, no mistake; `;` inside a value; utm_source may stand twice."""
    staged = stage(tmp_path, "getcourse_users.csv", "subscribers")
    assert staged.all(
        "select subscriber_id, subscribed_on, last_active_on, channel, phone, email "
        "from staged.subscribers order by 1"
    ) == [
        ("11", "2026-01-12", "2026-08-30", "vk", "70005559001", "anna@example.org"),
        ("12", "2026-01-13", None, "Рассылка", "70005559002", "boris@example.org"),
        ("13", "2026-02-01", "2026-08-01", "direct", None, "vera@example.org"),
    ]  # fmt: skip


def test_getcourse_orders_earn_what_was_paid(tmp_path):
    """Revenue is «Оплачено»; money with «Частично оплачен» is open; «Ложный» and «Отменен» are lost."""
    staged = stage(tmp_path, "getcourse_orders.csv", "deals")
    assert staged.one(STATUSES) == (5, 2, 2, 1)
    assert staged.one(
        "select sum(revenue_rub), max(product), max(promo_code) from staged.deals where status = 'won'"
    ) == ("10000.00", "Курс", "ЛЕТО")
    assert staged.all("select channel from staged.deals where channel is not null order by 1") == [("direct",), ("vk",)]


def test_what_was_paid_in_part_is_told(tmp_path):
    """The order is open, its 4 000 ₽ are in no figure: the report says so, and how to count them."""
    staged = stage(tmp_path, "getcourse_orders.csv", "deals")
    told = "select rows, money_rub, detail from loaded.notices where kind = 'paid_in_part'"
    assert staged.all(told) == [(1, "4000.00", "Оплачено")]


def test_getcourse_payments_from_the_api(tmp_path):
    """The dot of «руб.» is not the number's; two payments of one order are two sales by their own numbers."""
    staged = stage(tmp_path, "getcourse_payments.json", "deals")
    assert staged.one(STATUSES) == (4, 2, 1, 1)
    assert staged.one("select sum(revenue_rub), count(distinct email) from staged.deals where status = 'won'") == (
        "10000.50",
        1,
    )


def test_a_getcourse_export_that_is_not_ready(tmp_path):
    """error_code 909 is no empty table."""
    summary = run(tmp_path, "getcourse_not_ready.json", "deals")
    assert summary.exit_code == 3
    assert "909" in " ".join(summary.problems)


def test_amocrm_leads(tmp_path):
    """«Бюджет » with a space, «не закрыта», six phones of which a fax is none, two numbers in a cell, names twice."""
    staged = stage(tmp_path, "amocrm_leads.csv", "deals")
    assert staged.all(
        "select deal_id, status, closed_on, revenue_rub, phone, channel, loss_reason "
        "from staged.deals order by 1"
    ) == [
        ("7001", "won", "2026-08-05", "15000.00", "70005559101", "vk", None),
        ("7002", "open", None, "90000.00", "70005559102", "direct", None),
        ("7003", "lost", "2026-08-04", "5000.00", None, None, "Дорого"),
    ]  # fmt: skip


def test_amocrm_leads_of_the_newer_kind(tmp_path):
    """`Бюджет, ₽` and fields of the contact in brackets."""
    staged = stage(tmp_path, "amocrm_leads_new.xlsx", "deals")
    assert staged.all("select deal_id, status, revenue_rub, phone from staged.deals order by 1") == [
        ("7101", "won", "15000.00", "70005559141"),
        ("7102", "open", "900.00", "70005559142"),
    ]


def test_bitrix24_deals_are_html_with_a_row_per_product(tmp_path):
    """Named .xls; a deal's products are summed, counted once; an expected closing date counts only when closed."""
    staged = stage(tmp_path, "bitrix24_deals.xls", "deals")
    assert staged.all(
        "select deal_id, status, closed_on, revenue_rub, quantity, phone, channel "
        "from staged.deals order by 1"
    ) == [
        ("801", "won", "2026-08-05", "9000.50", 3, "70005559201", None),
        ("802", "open", None, "500.00", None, "70005559202", None),
        ("803", "lost", "2026-08-04", "900.00", None, None, None),
    ]  # fmt: skip
    assert staged.one(BALANCE) == (4, 4, 0, 0, 0)


def test_bitrix24_source_is_a_channel_only_if_the_dictionary_knows_it(tmp_path):
    """«Звонок» is none; «Сайт» is, once somebody says so."""
    staged = stage(
        tmp_path,
        "bitrix24_deals.xls",
        "deals",
        files={"channels.csv": "alias,name\nСайт,SEO\n"},
        dictionaries={"channels": "channels.csv"},
    )
    assert staged.all("select deal_id, channel from staged.deals order by 1") == [
        ("801", None),
        ("802", "SEO"),
        ("803", None),
    ]
    assert staged.one("select count(*) from ops.unmapped") == (0,)


def test_bitrix24_csv_ends_every_line_with_a_semicolon(tmp_path):
    """One unnamed column more, in windows-1251."""
    staged = stage(tmp_path, "bitrix24_deals_cp1251.csv", "deals")
    assert staged.one(STATUSES) == (2, 1, 0, 1)
    assert staged.one("select sum(revenue_rub), min(created_on) from staged.deals") == ("1500.00", "2026-08-01")


def test_bitrix24_leads(tmp_path):
    """A lead is a lead whatever its source says; «Некачественный лид» contains «качественный лид»."""
    staged = stage(tmp_path, "bitrix24_leads.csv", "leads")
    assert staged.all("select lead_id, status, phone, channel from staged.leads order by 1") == [
        ("1", "qualified", "70005559301", None),
        ("2", "junk", None, None),
        ("3", "open", "70005559303", None),
    ]


def test_bitrix24_calls_last_in_words(tmp_path):
    """«Время звонка» is the duration, empty for zero; billing rows are no calls; only «Успешный звонок» is answered."""
    staged = stage(tmp_path, "bitrix24_calls.xls", "calls")
    assert staged.one(CALLS) == (5, 3, 3, 83 + 62 * 60 + 5 + 600, 4)
    assert staged.one(BALANCE) == (6, 5, 0, 0, 1)
    assert staged.one("select sum(talk_seconds), count(talk_seconds) from staged.calls where not is_answered") == (0, 2)


@pytest.mark.parametrize("sample", ["yandex_direct_units.tsv", "yandex_direct_micros.tsv"])
def test_yandex_direct_by_the_api(tmp_path, sample):
    """A title, `--` for nothing, a last line that counts rows; micros or roubles, the values tell."""
    staged = stage(tmp_path, sample, "ad_spend")
    assert staged.one(SPEND) == ("200.00", 3000, 30, "2026-08-01", "2026-08-02")
    assert staged.one("select count(distinct campaign), min(channel) from staged.ad_spend") == (2, "Яндекс.Директ")


def test_yandex_direct_from_the_cabinet(tmp_path):
    """Four lines above the header, a decimal comma, ad ids like M-1600000000."""
    staged = stage(tmp_path, "yandex_direct_cabinet.csv", "ad_spend")
    assert staged.one(SPEND) == ("200.00", 3000, 30, "2026-08-01", "2026-08-02")


def test_vk_has_the_same_money_on_every_sheet(tmp_path):
    """One sheet is read; headers have stray spaces; the period is the client's."""
    staged = stage(tmp_path, "vk_ads.xlsx", "ad_spend", period="2026-08-01..2026-08-02")
    assert staged.one(SPEND) == ("100.10", 3000, 30, "2026-08-01", "2026-08-02")


def test_vk_without_a_period_asks(tmp_path):
    """There is no date in the file."""
    summary = run(tmp_path, "vk_ads.xlsx", "ad_spend")
    assert summary.exit_code == 4
    assert "period" in " ".join(summary.problems)


def test_google_ads_in_russian(tmp_path):
    """The period in words, thousands with no-break spaces, «Итого: аккаунт» dropped; 110.01 over two days."""
    staged = stage(tmp_path, "google_ads.csv", "ad_spend")
    assert staged.one(SPEND) == ("110.01", 34000, 800, "2026-08-01", "2026-08-02")
    assert staged.one(BALANCE) == (3, 2, 0, 0, 1)


def test_google_ads_in_utf_16(tmp_path):
    """Named .csv, with tabs."""
    staged = stage(tmp_path, "google_ads_utf16.csv", "ad_spend")
    assert staged.one(SPEND) == ("100.01", 1000, 10, "2026-08-01", "2026-08-02")


def test_dollars_are_never_taken_for_roubles(tmp_path):
    """The sign stands in the cell, so the source is asked for its currency and rates."""
    summary = run(tmp_path, "google_ads_dollars.csv", "ad_spend")
    assert summary.exit_code == 4
    assert "currency: USD" in summary.problems[0]
    assert "rates" in summary.problems[0]


def test_meta_ads_tell_of_a_day_in_a_row(tmp_path):
    """A row of several days is refused: all of its money on the first of them would be no day's."""
    staged = stage(tmp_path, "meta_ads.csv", "ad_spend")
    assert staged.one(SPEND) == ("200.50", 1900, 30, "2026-08-01", "2026-08-02")
    assert staged.one(BALANCE) == (3, 2, 1, 0, 0)


def test_avito_has_its_period_in_the_files_name(tmp_path):
    """Headers hold no-break spaces; the total of costs is not added to its parts; a publication dates nothing."""
    staged = stage(tmp_path, "Статистика_с_2026-08-01_по_2026-08-02 (1).xlsx", "ad_spend")
    assert staged.one(SPEND) == ("200.00", 1500, 150, "2026-08-01", "2026-08-02")


def test_ozon_writes_its_total_in_latin_letters(tmp_path):
    """`Bcero` is «Всего»; a title stands above the header."""
    staged = stage(tmp_path, "ozon_performance.csv", "ad_spend")
    assert staged.one(SPEND) == ("200.00", 3000, 30, "2026-08-01", "2026-08-02")


def test_sipuni(tmp_path):
    """The client is «Откуда» inbound and «Куда» outbound; talk is not the whole call; internal calls are skipped."""
    staged = stage(tmp_path, "sipuni.csv", "calls")
    assert staged.one(CALLS) == (3, 2, 2, 52 + 236, 2)
    assert staged.one(BALANCE) == (4, 3, 0, 0, 1)
    assert staged.all("select manager, channel from staged.calls order by started_at") == [
        ("203", "Яндекс"), (None, "+70001110000"), ("997", "+70001110000"),
    ]  # fmt: skip


def test_sipuni_of_2015(tmp_path):
    """«Продолжительность …», lower-case words, an hour without a zero, rows not as long as the header."""
    staged = stage(tmp_path, "sipuni_2015.csv", "calls")
    assert staged.one(CALLS) == (2, 1, 1, 50, 2)


def test_mango_has_no_header(tmp_path):
    """The first call is not eaten; seconds are UTC; talk is finish − answer; two extensions are internal."""
    staged = stage(tmp_path, "mango.csv", "calls")
    assert staged.one(CALLS) == (3, 2, 2, 50 + 80, 3)
    assert staged.all("select call_id, started_at, manager from staged.calls order by started_at") == [
        ("MToxOjA6MQ==", "2026-08-01 10:00:00", "101"),
        (None, "2026-08-01 10:01:40", "101"),
        (None, "2026-08-01 10:03:20", "101"),
    ]


def test_megafon_without_a_header(tmp_path):
    """`missed` is inbound; out is answered only if it lasted; half past nine in UTC is the next day in Moscow."""
    staged = stage(tmp_path, "megafon.csv", "calls")
    assert staged.one(CALLS) == (3, 2, 1, 60, 3)
    assert staged.one("select min(started_at), max(channel) from staged.calls") == (
        "2026-08-02 00:30:00",
        "70001110000",
    )


def test_megafon_with_a_header(tmp_path):
    """The header is no call."""
    staged = stage(tmp_path, "megafon_with_header.csv", "calls")
    assert staged.one(BALANCE) == (1, 1, 0, 0, 0)
    assert staged.one("select min(started_at) from staged.calls") == ("2026-08-02 00:30:00",)


def test_callibri_feeds_two_tables(tmp_path):
    """Talk is billsec, not duration; the status is the enquiry's, not the call's; «Никто» is nobody."""
    staged = stage(tmp_path, "callibri.csv", "calls", "leads")
    assert staged.one(CALLS) == (2, 2, 1, 61, 2)
    assert staged.all("select manager, channel from staged.calls order by started_at") == [
        (None, "Контекст"),
        ("Анна", "yandex"),
    ]
    assert staged.all("select kind, status, email from staged.leads order by created_at") == [
        ("Чат", "junk", None),
        ("E-mail", "qualified", "d@example.org"),
    ]
    assert staged.all("select source, rows_staged, rows_skipped from ops.loads order by 1") == [
        ("calls", 2, 2),
        ("leads", 2, 2),
    ]


def test_calltouch_writes_the_day_first_in_calls(tmp_path):
    """01/12/2025 is the first of December."""
    staged = stage(tmp_path, "calltouch_calls.csv", "calls")
    assert staged.one(CALLS) == (2, 2, 1, 65, 2)
    assert staged.one("select max(started_at) from staged.calls") == ("2025-12-01 11:00:00",)


def test_calltouch_writes_the_month_first_in_requests(tmp_path):
    """12/01/2025 is the first of December."""
    staged = stage(tmp_path, "calltouch_requests.csv", "leads")
    assert staged.all("select lead_id, created_at, channel from staged.leads order by 1") == [
        ("r1", "2025-12-01 10:00:00", "google"),
        ("r2", "2025-12-29 11:00:00", "vk"),
    ]


def test_uis_says_what_was_lost(tmp_path):
    """Answered is not is_lost; the channel, else the line."""
    staged = stage(tmp_path, "uis.csv", "calls")
    assert staged.one(CALLS) == (3, 2, 2, 140, 3)
    assert staged.all("select channel from staged.calls order by started_at") == [
        ("SEO",),
        ("70001110000",),
        ("70001110000",),
    ]


def test_wildberries_rides_and_storage_are_no_sales(tmp_path):
    """They stand among sales under the same numbers; a return bears its sale's number, no minus and its own day."""
    staged = stage(tmp_path, "wildberries.xlsx", "deals")
    assert staged.all("select deal_id, closed_on, revenue_rub, quantity, channel from staged.deals order by 1") == [
        ("101.0.0", "2026-08-05", "1080.00", 1, "Wildberries"),
        ("101.0.0:refund", "2026-08-12", "-1080.00", 1, "Wildberries"),
        ("102.0.0", "2026-08-06", "891.00", 1, "Wildberries"),
    ]
    assert staged.one(BALANCE) == (7, 3, 0, 0, 4)


def test_ozon_postings_of_one_order_are_deals_of_their_own(tmp_path):
    """The posting's sum stands on each of its products and counts once; another posting of the order was called off."""
    staged = stage(tmp_path, "ozon_postings.csv", "deals")
    assert staged.all("select deal_id, status, closed_on, revenue_rub from staged.deals order by 1") == [
        ("40000001-0001-1", "won", "2026-08-05", "2040.00"),
        ("40000001-0001-2", "lost", "2026-08-01", "900.00"),
        ("40000002-0001-1", "open", None, "790.00"),
        ("40000003-0001-1", "won", "2026-08-07", "1580.00"),
    ]


def test_ozon_sales_are_less_what_came_back(tmp_path):
    """A posting's products are its lines; a return stands apart from its sale of another report."""
    staged = stage(tmp_path, "ozon_realization.xlsx", "deals")
    assert staged.all("select deal_id, closed_on, revenue_rub, channel from staged.deals order by 1") == [
        ("39999999-0001-1:refund", "2026-07-28", "-1500.00", "Ozon"),
        ("40000001-0001-1", "2026-08-03", "2200.50", "Ozon"),
        ("40000002-0001-1", "2026-08-06", "3000.00", "Ozon"),
    ]


def test_ozon_services_among_accruals_are_no_sales(tmp_path):
    """Acquiring and rides bear the posting's number; a return counts on the day it was accrued."""
    staged = stage(tmp_path, "ozon_accruals.csv", "deals")
    assert staged.all("select deal_id, created_on, closed_on, revenue_rub from staged.deals order by 1") == [
        ("39999999-0001-1:refund", "2026-07-20", "2026-08-07", "-1500.00"),
        ("40000001-0001-1", "2026-08-01", "2026-08-05", "2200.50"),
    ]
    assert staged.one(BALANCE) == (6, 3, 0, 0, 3)


def test_tilda_requests_are_no_calls(tmp_path):
    """Columns are the fields of the forms; «Status ID» says nothing of an answer."""
    staged = stage(tmp_path, "tilda_leads.csv", "leads")
    assert staged.all("select lead_id, kind, status, phone, email, channel from staged.leads order by 1") == [
        ("1000001:1", "form848255043", "open", "70005559501", "anna@example.org", "vk"),
        ("1000001:2", "form848255043", "open", "70005559502", None, "yandex"),
        ("1000001:3", "form846585592", "open", None, "vera@example.org", None),
    ]


def test_tilda_orders_are_rows_with_a_sum(tmp_path):
    """A request to call back stands among them; the sum is the order's, delivery and all, not the products'."""
    staged = stage(tmp_path, "tilda_orders.csv", "deals")
    assert staged.all("select deal_id, status, revenue_rub, phone, promo_code from staged.deals order by 1") == [
        ("1000002:1", "won", "3600.00", "70005559511", "ЛЕТО"),
        ("1000002:2", "lost", "1500.00", "70005559512", None),
    ]
    assert staged.one(BALANCE) == (3, 2, 0, 0, 1)


def test_asterisk_legs_are_one_call_and_a_menu_is_nobody(tmp_path):
    """Talk is billsec of the leg that answered; `channel` is a wire; extensions among themselves are skipped."""
    staged = stage(tmp_path, "asterisk.csv", "calls")
    assert staged.all(
        "select direction, phone, is_answered, talk_seconds, manager, channel from staged.calls order by started_at"
    ) == [
        ("in", "70005559601", True, 80, "102", "70001110000"),
        ("in", "70005559602", False, 0, None, "70001110001"),
        ("out", "70005559603", True, 50, "101", None),
    ]


def test_unisender_knows_who_left_but_not_when(tmp_path):
    """`inactive` and leaving one list are no departure, delivery is no activity, a list in a cell is one cell; UTC."""
    staged = stage(tmp_path, "unisender.csv", "subscribers")
    assert staged.all(
        "select subscriber_id, subscribed_on, last_active_on, unsubscribed_on is not null "
        "from staged.subscribers order by 1"
    ) == [
        ("a@example.org", "2026-01-02", "2026-08-03", False),
        ("b@example.org", "2026-01-05", None, True),
        ("c@example.org", "2026-01-06", None, False),
        ("d@example.org", "2026-01-07", None, True),
        ("e@example.org", "2026-01-08", "2026-03-01", True),
    ]  # fmt: skip


def test_mailchimp_keeps_the_status_in_the_name_of_the_member(tmp_path):
    """A ZIP of three files, one source."""
    staged = stage(tmp_path, "mailchimp.zip", "subscribers")
    assert staged.all("select subscriber_id, subscribed_on, unsubscribed_on from staged.subscribers order by 1") == [
        ("a@example.org", "2026-01-01", None),
        ("b@example.org", "2026-01-02", None),
        ("c@example.org", "2026-01-03", "2026-07-01"),
        ("d@example.org", "2026-01-04", "2026-07-02"),
    ]


def test_google_forms_in_russian(tmp_path):
    """An hour without a zero, scores with labels, ten-digit phones; «Баллы» is the result of a quiz."""
    columns = {
        "nps": "Порекомендуете ли вы нас? (0–10)",
        "csi": "Оцените обслуживание (1-5)",
        "phone": "Ваш телефон",
        "reason": "Что улучшить?",
    }
    staged = stage(tmp_path, "google_forms_ru.csv", "survey_answers", columns=columns)
    assert staged.all("select kind, answered_on, score, client_key from staged.survey_answers order by 1, 2") == [
        ("csi", "2026-08-03", 5, "70005559931"),
        ("csi", "2026-08-05", 4, "c@example.org"),
        ("nps", "2026-08-03", 10, "70005559931"),
        ("nps", "2026-08-04", 0, "70005559932"),
        ("nps", "2026-08-05", 8, "c@example.org"),
    ]


def test_google_forms_in_english(tmp_path):
    """AM, PM and an offset: 11:15 PM GMT+3 is the same day in Moscow."""
    staged = stage(
        tmp_path, "google_forms_en.csv", "survey_answers", columns={"nps": "How likely are you to recommend us?"}
    )
    assert staged.all("select answered_on, score from staged.survey_answers order by score") == [
        ("2026-08-03", 6),
        ("2026-08-03", 9),
    ]


def test_typeform_skips_what_was_not_finished(tmp_path):
    """Submit Date is UTC: 22:30 is the next day in Moscow."""
    staged = stage(tmp_path, "typeform.csv", "survey_answers", columns={"nps": "Оцените нас"})
    assert staged.all("select answered_on, score from staged.survey_answers") == [("2026-08-02", 9)]
    assert staged.one(BALANCE) == (2, 1, 0, 0, 1)


def test_yookassa_has_a_dot_and_a_comma_in_one_row(tmp_path):
    """Gross amounts; a blank line and three control lines below are no payments."""
    staged = stage(tmp_path, "yookassa.csv", "deals")
    assert staged.one(STATUSES) == (2, 2, 0, 0)
    assert staged.one("select sum(revenue_rub), min(closed_on), count(distinct deal_id) from staged.deals") == (
        "6980.50",
        "2026-08-14",
        2,
    )
    assert staged.one("select count(*) from ops.notices where kind = 'totals_mismatch'") == (0,)


def test_a_bank_statement_feeds_sales_and_costs(tmp_path):
    """The payer's account tells the direction; two payers may use one number; control sums agree."""
    staged = stage(tmp_path, "bank_1c.txt", "deals", "costs")
    assert staged.all("select closed_on, revenue_rub, status from staged.deals order by 1") == [
        ("2026-08-04", "1500.50", "won"),
        ("2026-08-05", "1000.00", "won"),
    ]
    assert staged.all("select month_on, item, amount_rub from staged.costs") == [
        ("2026-08-01", "ООО «Аренда»", "700.00")
    ]
    assert staged.one("select count(*) from ops.notices where kind = 'totals_mismatch'") == (0,)


ACCOUNT = "4070281000000000000"


def statement(own: str, *documents: tuple[str, str, str, str, str]) -> str:
    """A bank statement of accounts (`1;2`): documents of number, payer, payee, their ИНН, roubles."""
    accounts = own.split(";")
    lines = ["1CClientBankExchange", "Кодировка=UTF-8", *(f"РасчСчет={ACCOUNT}{one}" for one in accounts)]
    for one in accounts:
        received = sum(int(rub) for _, _, payee, _, rub in documents if payee == one)
        paid = sum(int(rub) for _, payer, _, _, rub in documents if payer == one)
        lines += ["СекцияРасчСчет", f"РасчСчет={ACCOUNT}{one}", f"ВсегоПоступило={received}.00"]
        lines += [f"ВсегоСписано={paid}.00", "КонецРасчСчет"]
    for number, payer, payee, owners, rub in documents:
        lines += ["СекцияДокумент=Платежное поручение", f"Номер={number}", "Дата=06.08.2026", f"Сумма={rub}.00"]
        lines += [f"ПлательщикСчет={ACCOUNT}{payer}", f"ПолучательСчет={ACCOUNT}{payee}", f"Получатель=Кто {payee}"]
        lines += [f"{who}ИНН={inn}" for who, inn in zip(("Плательщик", "Получатель"), owners.split("/"), strict=True)]
        lines += ["КонецДокумента"]
    return "\n".join([*lines, "КонецФайла", ""])


SALE, RENT = ("1", "9", "1", "77/55", "10000"), ("2", "1", "8", "55/88", "2500")


@pytest.mark.parametrize("owners", ["55/55", "/", "55/66"])
def test_a_transfer_between_own_accounts_is_neither_income_nor_expense(tmp_path, owners):
    """Known by the owner's ИНН, or because both accounts have a statement; 4 000 ₽ went from one to the other."""
    move = ("7", "1", "2", owners, "4000")
    files = {"bank-1.txt": statement("1", SALE, RENT, move), "bank-2.txt": statement("2", move)}
    (tmp_path / "one").mkdir()
    for found in (
        stage(tmp_path, "bank_1c.txt", "deals", "costs", files={"bank_1c.txt": statement("1;2", SALE, RENT, move)}),
        stage(tmp_path / "one", "bank_1c.txt", "deals", "costs", files=files, files_named="bank-*.txt"),
    ):
        assert found.one("select sum(revenue_rub), count(distinct client_key) from staged.deals") == ("10000.00", 1)
        assert found.one("select sum(amount_rub) from staged.costs") == ("2500.00",)
        assert found.one("select count(*) from ops.notices where kind = 'totals_mismatch'") == (0,)


def test_a_transfer_to_an_own_account_without_a_statement_is_known_by_its_owner(tmp_path):
    """The ИНН of payer and payee is one."""
    move = ("7", "1", "3", "55/55", "4000")
    found = stage(tmp_path, "bank_1c.txt", "deals", "costs", files={"bank_1c.txt": statement("1", SALE, RENT, move)})
    assert found.one("select sum(amount_rub) from staged.costs") == ("2500.00",)


def test_a_control_sum_that_does_not_agree_is_told(tmp_path):
    """Fifty kopecks are missing from the rows above the footer."""
    text = (SAMPLES / "yookassa.csv").read_text(encoding="utf-8").replace("4990.50;RUB", "4990.00;RUB")
    staged = stage(tmp_path, "yookassa.csv", "deals", files={"yookassa.csv": text})
    assert staged.one("select detail from ops.notices where kind = 'totals_mismatch'") == (
        "6980.50: 6980.50 ≠ 6980.00",
    )


FED = {
    "getcourse_users.csv": "subscribers", "unisender.csv": "subscribers", "mailchimp.zip": "subscribers",
    "getcourse_orders.csv": "deals", "getcourse_payments.json": "deals", "amocrm_leads.csv": "deals",
    "amocrm_leads_new.xlsx": "deals", "bitrix24_deals.xls": "deals", "bitrix24_deals_cp1251.csv": "deals",
    "yookassa.csv": "deals", "bank_1c.txt": "costs", "bitrix24_leads.csv": "leads", "calltouch_requests.csv": "leads",
    "bitrix24_calls.xls": "calls", "sipuni.csv": "calls", "sipuni_2015.csv": "calls", "mango.csv": "calls",
    "megafon.csv": "calls", "megafon_with_header.csv": "calls", "callibri.csv": "calls", "uis.csv": "calls",
    "calltouch_calls.csv": "calls", "yandex_direct_units.tsv": "ad_spend", "yandex_direct_micros.tsv": "ad_spend",
    "yandex_direct_cabinet.csv": "ad_spend", "vk_ads.xlsx": "ad_spend", "google_ads.csv": "ad_spend",
    "meta_ads.csv": "ad_spend",
    "google_ads_utf16.csv": "ad_spend", "ozon_performance.csv": "ad_spend", "typeform.csv": "survey_answers",
    "wildberries.xlsx": "deals", "ozon_postings.csv": "deals", "ozon_realization.xlsx": "deals",
    "ozon_accruals.csv": "deals", "tilda_orders.csv": "deals",
    "tilda_leads.csv": "leads", "asterisk.csv": "calls",
    "Статистика_с_2026-08-01_по_2026-08-02 (1).xlsx": "ad_spend",
}  # fmt: skip
SAID = {"vk_ads.xlsx": {"period": "2026-08-01..2026-08-02"}, "typeform.csv": {"columns": {"nps": "Оцените нас"}}}


def test_figures_are_made_of_the_rows_of_every_vendor(tmp_path):
    """All of them sources of one client: the run ends well, its rules hold, no source is empty."""
    summary = run_all(tmp_path, FED, SAID)
    assert (summary.exit_code, summary.problems) == (0, [])
    assert [source.source for source in summary.sources if not source.rows_staged] == []
