"""The same exports in the other shapes that are known of them: a line switched off, a column hidden, one day."""

from __future__ import annotations

import pytest

from tests.exports.staged import SAMPLES, stage

pytestmark = pytest.mark.slow

SPEND = "select sum(spend_rub), sum(impressions), sum(clicks), min(spend_on), max(spend_on) from staged.ad_spend"
DEALS = "select count(distinct deal_id), count(*), sum(revenue_rub) from staged.deals"


def sample(name: str, **replaced: str) -> str:
    """The text of a sample, with what stands in it replaced."""
    text = (SAMPLES / name).read_text(encoding="utf-8-sig")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_yandex_direct_may_count_its_rows_with_a_bare_number(tmp_path):
    """The last line is no row, whether words stand before the number or not."""
    text = sample("yandex_direct_units.tsv", **{"Total rows: 2": "2"})
    staged = stage(tmp_path, "yandex_direct_units.tsv", "ad_spend", files={"yandex_direct_units.tsv": text})
    assert staged.one(SPEND) == ("200.00", 3000, 30, "2026-08-01", "2026-08-02")
    assert staged.one("select rows_staged, rows_rejected from ops.loads") == (2, 0)


def test_google_ads_of_one_day_is_not_spread_over_its_month(tmp_path):
    """«5 августа 2026 г.» is the period when it is all the line says."""
    text = sample("google_ads.csv", **{"1 августа 2026 г. - 2 августа 2026 г.": "5 августа 2026 г."})
    staged = stage(tmp_path, "google_ads.csv", "ad_spend", files={"google_ads.csv": text})
    assert staged.one(SPEND) == ("110.01", 34000, 800, "2026-08-05", "2026-08-05")


def product_lines(*lines: str) -> str:
    """A CSV of Битрикс24 with products: `deal product roubles` a line."""
    heads = "ID;Название сделки;Стадия сделки;Сумма;Товар;Контакт: Мобильный телефон;Дата создания;"
    cells = (line.split() for line in lines)
    rows = (
        f"{deal};Сделка;Сделка успешна;{rub};{what};70005559{deal};01.08.2026 10:00:00;" for deal, what, rub in cells
    )
    return "\n".join([heads, *rows, ""])


def test_a_product_put_into_a_deal_twice_is_sold_twice(tmp_path):
    """Битрикс24 writes a line a product, so two equal lines are 100 + 100 ₽."""
    text = product_lines("101 Окно 100", "101 Окно 100", "102 Дверь 50", "103 Окно 100")
    staged = stage(tmp_path, "bitrix24_deals_cp1251.csv", "deals", files={"bitrix24_deals_cp1251.csv": text})
    assert staged.one(DEALS) == (3, 3, "350.00")
    assert staged.one("select count(*) from ops.notices where kind = 'repeated_rows'") == (0,)


def test_lines_of_products_that_all_stand_twice_were_exported_twice(tmp_path):
    """Three deals of 100, 50 and 70 ₽, each line of which repeats, are 220 ₽, and it is told."""
    text = product_lines(*["101 Окно 100", "102 Дверь 50", "103 Стол 70"] * 2)
    staged = stage(tmp_path, "bitrix24_deals_cp1251.csv", "deals", files={"bitrix24_deals_cp1251.csv": text})
    assert staged.one(DEALS) == (3, 3, "220.00")
    assert staged.one("select rows, money_rub from ops.notices where kind = 'repeated_rows'") == (3, "220.00")


def test_bitrix24_deals_without_a_day_of_creation_begin_on_their_day_of_beginning(tmp_path):
    """Only the columns on the screen are exported."""
    text = "ID;Название сделки;Стадия сделки;Сумма;Дата начала;\n1;Сделка;Сделка успешна;100;01.08.2026;\n"
    staged = stage(tmp_path, "bitrix24_deals_cp1251.csv", "deals", files={"bitrix24_deals_cp1251.csv": text})
    assert staged.one("select created_on, revenue_rub from staged.deals") == ("2026-08-01", "100.00")


@pytest.mark.parametrize("spent", ["Потрачено всего, ₽", "Потрачено всего ,₽", "Потрачено всего ₽"])
def test_vk_may_name_nothing_but_numbers(tmp_path, spent):
    """The advertisement's number is the campaign where no name is exported."""
    text = f'ID объявления;Результат;"{spent}"\n1;2;60,10\n2;;40,00\n'
    staged = stage(
        tmp_path,
        "vk_ads.xlsx",
        "ad_spend",
        files={"vk.csv": text},
        files_named="vk.csv",
        period="2026-08-01..2026-08-01",
    )
    assert staged.all("select campaign, spend_rub, channel from staged.ad_spend order by 1") == [
        ("1", "60.10", "VK Реклама"),
        ("2", "40.00", "VK Реклама"),
    ]


def test_mango_saved_with_the_names_of_its_fields(tmp_path):
    """The names are no call."""
    names = "records;start;finish;answer;from_extension;from_number;to_extension;to_number;disconnect_reason\n"
    staged = stage(tmp_path, "mango.csv", "calls", files={"mango.csv": names + sample("mango.csv")})
    assert staged.one("select count(*), sum(talk_seconds), min(started_at) from staged.calls") == (
        3,
        130,
        "2026-08-01 10:00:00",
    )


def test_google_ads_in_english(tmp_path):
    """«Impr.» and a currency in a column; 110.01 over two days, the total left out."""
    text = "\n".join(
        [
            "Campaign report",
            '"August 1, 2026 - August 2, 2026"',
            "Campaign,Campaign status,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,Conversions",
            'Brand,Enabled,RUB,"33,175",783,2.36%,0.13,100.01,--',
            "Other,Paused,RUB,825,17,2.06%,0.59,10.00,1.00",
            'Total: Account,,RUB,"34,000",800,2.35%,0.14,110.01,1.00',
        ]
    )
    staged = stage(tmp_path, "google_ads.csv", "ad_spend", files={"google_ads.csv": text})
    assert staged.one(SPEND) == ("110.01", 34000, 800, "2026-08-01", "2026-08-02")
    assert staged.one("select min(channel) from staged.ad_spend") == ("Google Ads",)


def test_english_google_ads_in_dollars_are_no_roubles(tmp_path):
    """The column of currencies says so, whatever its heading's language."""
    text = "Day,Campaign,Currency code,Impr.,Clicks,Cost\n2026-08-01,Brand,USD,1000,10,5.00\n"
    rates = "date,currency,rate\n2026-01-01,USD,80\n"
    staged = stage(
        tmp_path, "google_ads.csv", "ad_spend", files={"google_ads.csv": text, "rates.csv": rates}, rates="rates.csv"
    )
    assert staged.one(SPEND) == ("400.00", 1000, 10, "2026-08-01", "2026-08-01")


def test_a_statement_of_a_day_off_has_no_rows(tmp_path):
    """Sunday's file beside Monday's stops nothing."""
    heading = "1CClientBankExchange\nКодировка=UTF-8\nРасчСчет=40702\n"
    monday = (
        heading + "СекцияДокумент=Платежное поручение\nНомер=1\nДата=03.08.2026\nСумма=100.00\nПлательщикСчет=7\n"
        "ПолучательСчет=40702\nКонецДокумента\nКонецФайла\n"
    )
    files = {"bank-02.txt": heading + "КонецФайла\n", "bank-03.txt": monday}
    staged = stage(tmp_path, "bank_1c.txt", "deals", files=files, files_named="bank-*.txt")
    assert staged.one("select count(*), sum(revenue_rub) from staged.deals") == (1, "100.00")


def test_currencies_have_full_names(tmp_path):
    """Битрикс24 exports the name: «Казахстанский тенге», «US Dollar», «Ruble»."""
    heads = "ID;Название сделки;Стадия сделки;Сумма;Валюта;Дата создания;"
    rows = [
        f"{deal};Сделка;Сделка успешна;100;{currency};01.08.2026 10:00:00;"
        for deal, currency in enumerate(["Казахстанский тенге", "US Dollar", "Ruble"])
    ]
    rates = "date,currency,rate\n2026-01-01,KZT,0.2\n2026-01-01,USD,80\n"
    name = "bitrix24_deals_cp1251.csv"
    files = {name: "\n".join([heads, *rows, ""]), "rates.csv": rates}
    staged = stage(tmp_path, name, "deals", files=files, rates="rates.csv")
    assert staged.one(DEALS) == (3, 3, "8120.00")


@pytest.mark.parametrize("total", ["Итого: аккаунт", "Bcero", "Всего:"])
def test_a_total_is_known_wherever_its_column_stands(tmp_path, total):
    """Columns of a cabinet are moved by hand: the word is in the third cell, and no money counts twice."""
    text = (
        "Отчет по кампаниям\n1 августа 2026 г. - 2 августа 2026 г.\nCTR;Показы;Кампания;Стоимость;Клики\n"
        f"2,36 %;33 175;Кампания 1;100,01 ₽;783\n2,06 %;825;Кампания 2;10,00 ₽;17\n2,35 %;34 000;{total};110,01 ₽;800\n"
    )
    staged = stage(tmp_path, "google_ads.csv", "ad_spend", files={"google_ads.csv": text})
    assert staged.one(SPEND) == ("110.01", 34000, 800, "2026-08-01", "2026-08-02")
    assert staged.one("select rows_staged, rows_skipped from ops.loads") == (2, 1)
