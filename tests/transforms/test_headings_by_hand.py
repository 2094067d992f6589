"""Tables that people keep by hand are known by the words over their columns."""

from __future__ import annotations

import pytest

from tests.transforms.tables import table_of
from transforms.recognise.guess import Guess, guesses

KNOWN = """
Дата визита; Клиент; Телефон; Услуга; Мастер; Стоимость | deals | closed_on, manager, phone, product, revenue_rub
Дата платежа; Плательщик; Сумма платежа | deals | closed_on, revenue_rub
Дата заказа; № заказа; Клиент; Итого | deals | deal_id, created_on, revenue_rub
order_id; created_at; customer_email; total; status | deals | deal_id, created_on, status, email, revenue_rub
Дата обращения; Имя; Телефон; Источник; Статус | leads | created_at, channel, phone, status
Дата и время звонка; Номер; Длительность; Ответил | calls | started_at, phone, is_answered, talk_seconds
ФИО; Телефон; Дата регистрации; Последний вход | subscribers | subscribed_on, last_active_on, phone
Дата; Кампания; Бюджет | ad_spend | spend_on, campaign, spend_rub
День; Рекл. система; Расход | ad_spend | spend_on, channel, spend_rub
Дата; Категория; Расход | costs | month_on, item, amount_rub
Дата; Продажи; Возвраты; Менеджер | deals | created_on, manager, revenue_rub
№; Время; Контрагент; Сумма; Статус | deals | deal_id, created_on, status, revenue_rub
Дата операции; Тип операции; Сумма операции; Комиссия | deals | created_on, revenue_rub
Дата звонка; Телефон; Сумма сделки; Разговор | calls | started_at, phone, talk_seconds
paid_at; phone_number; amount; shipping_amount; utm_source | deals | channel, closed_on, phone, revenue_rub, utm_source
Номер; Дата создания; Сумма; Себестоимость доставки | deals | deal_id, created_on, revenue_rub
ID; Дата создания; Статус; Источник 1-го уровня; Выручка | deals | channel, created_on, deal_id, revenue_rub, status
Name; Phone; Email; Дата; utm_source | leads | channel, created_at, email, phone
id; email; created_at; last_activity; bot_blocked | subscribers | email, last_active_on, subscribed_on, subscriber_id
Email; Дата добавления; Дата последнего открытия | subscribers | email, last_active_on, subscribed_on
Дата отзыва; Оценка; Комментарий | survey_answers | answered_on, reason, csi
"""


@pytest.mark.parametrize("line", KNOWN.strip().splitlines())
def test_a_table_kept_by_hand_is_known_by_its_headings(line):
    """Of two tables that fit as well, the one whose words they are."""
    heading, table, columns = (part.strip() for part in line.split("|"))
    cells = [cell.strip() for cell in heading.split(";")]
    rows = [[f"{name}{row}" for name in cells] for row in range(3)]
    [guess] = guesses([table_of([cells, *rows], container="xlsx")])
    assert (guess.table, sorted(guess.columns)) == (table, sorted(columns.split(", ")))


def _guess_of(*rows: str) -> Guess:
    [guess] = guesses([table_of([[cell.strip() for cell in row.split(";")] for row in rows])])
    return guess


def test_a_counters_medium_is_no_channel():
    """«cpc» says what kind of a link it was; «Источник» beside it says whose."""
    calls = [
        f"0{day}.08.2026 10:00; yandex; {'cpc' if day > 2 else 'organic'}; 7000000000{day}; 60" for day in (1, 2, 3)
    ]
    assert (
        _guess_of("Дата и время; Источник; Канал; Номер абонента; Длительность", *calls).columns["channel"]
        == "Источник"
    )


@pytest.mark.parametrize(
    ("heading", "channels"),
    [
        ("Месяц; ВК; Telegram; Наружка; Итого", ["ВК", "Telegram", "Наружка"]),
        ("Дата; Яндекс.Директ; Avito", ["Яндекс.Директ", "Avito"]),
        ("Месяц; Анна; Борис", []),
    ],
)
def test_channels_across_are_a_source_each(heading, channels):
    """Days or months stand down the page, what was spent in each channel beside them."""
    names = [cell.strip() for cell in heading.split(";")]
    rows = [[f"0{day}.08.2026", *(str(100 * day) for _ in names[1:])] for day in (1, 2, 3)]
    found = guesses([table_of([names, *rows])])
    assert [(one.columns["spend_rub"], one.constants["channel"]) for one in found] == [(c, c) for c in channels]


@pytest.mark.parametrize(("title", "is_spend"), [("Реклама", True), ("Расход", False), ("Заявки с рекламы", False)])
def test_a_title_of_advertising_is_worth_a_known_channel(title, is_spend):
    """«Яндекс.Директ» and «Выставки» under «Реклама»; under another title one known name is too little."""
    rows = [[f"0{day}.08.2026", "100", "200"] for day in (1, 2, 3)]
    found = guesses([table_of([[title], ["Месяц", "Яндекс.Директ", "Выставки"], *rows])])
    assert [one.constants.get("channel") for one in found] == (["Яндекс.Директ", "Выставки"] if is_spend else [])


def test_channels_across_of_other_figures_are_no_spend():
    """The line above says what they are."""
    rows = [[f"0{day}.08.2026", "1", "2"] for day in (1, 2, 3)]
    assert guesses([table_of([["Заявки по каналам"], ["Дата", "ВК", "Telegram"], *rows])]) == []


def test_a_number_of_a_document_is_nobodys_phone():
    """A bank's statement is no journal of calls."""
    rows = [f"0{day}.08.2026; 10000{day}; ; 15000; Оплата по счёту" for day in (1, 2, 3)]
    raw = table_of(
        [
            [cell.strip() for cell in row.split(";")]
            for row in ("Дата операции; Номер документа; Дебет; Кредит; Назначение", *rows)
        ]
    )
    assert [guess.table for guess in guesses([raw])] != ["calls"]


def test_a_statement_with_a_column_for_each_way_feeds_sales_and_costs():
    """What came in is read as sales, what went out as costs, both with what they were paid for."""
    names = ["Дата проводки", "Сумма по дебету", "Сумма по кредиту", "№ документа", "Назначение платежа"]
    raw = table_of([names, ["01.08.2026", "", "500", "1", "Оплата"], ["02.08.2026", "90", "", "2", "Связь"]])
    assert {guess.table: dict(guess.columns) for guess in guesses([raw])} == {
        "deals": {"closed_on": names[0], "product": names[4], "revenue_rub": names[2]},
        "costs": {"month_on": names[0], "item": names[4], "amount_rub": names[1]},
    }


def test_a_status_alone_makes_no_calls():
    """A list of people has phones and a status too; what became of each tells who they are."""
    people = [
        "a@example.org; ; Active; 2026-08-01; 2026-08-02",
        "b@example.org; ; Unsubscribed; 2026-08-01; 2026-08-02",
    ]
    assert _guess_of("Email; Phone; Status; Date added; Last active", *people).table == "subscribers"
    calls = ["01.08.2026; 70005550101; Пропущен", "02.08.2026; 70005550102; Принят"]
    assert _guess_of("Дата; Номер телефона; Статус", *calls).table == "calls"


def test_what_was_taken_off_is_no_sum_of_a_sale():
    """A discount, a refund and a tax stand beside the total, and before it."""
    orders = [f"{day}; 2026-08-0{day}; 0; 500; 0; 800; 500" for day in (1, 2, 3)]
    guess = _guess_of(
        "Order Number; Order Date; Cart Discount Amount; Order Subtotal Amount; Order Refund Amount;"
        " Order Total Amount; Item Cost",
        *orders,
    )
    assert guess.columns["revenue_rub"] == "Order Total Amount"
    assert "cogs_rub" not in guess.columns


def test_orders_in_english_are_of_no_vendor():
    """`order_id`, `date` and `phone` are anybody's words: whose month stands first is not theirs to say."""
    orders = [f"{day}; 2026-08-0{day}; 7000555010{day}; vk; 500; paid" for day in (1, 2, 3)]
    guess = _guess_of("order_id; date; phone; source; amount; status", *orders)
    assert (guess.table, guess.profile, guess.columns["revenue_rub"]) == ("deals", None, "amount")


NOBODYS = """
ID; Имя; Ответственный; Дата создания контакта; Рабочий телефон
Имя; Телефон; Email; Дата рождения; Потрачено; Последний визит
"""


@pytest.mark.parametrize("heading", NOBODYS.strip().splitlines())
def test_a_list_of_people_is_none_of_the_tables(heading):
    """On the day of a card nobody wrote, called or subscribed; nor on that of a birth."""
    names = [name.strip() for name in heading.split(";")]
    cells = {"Телефон": "7000555010{}", "Рабочий телефон": "7000555010{}", "Потрачено": "50{}"}
    rows = [[cells.get(name, "0{}.08.2026").format(row) for name in names] for row in (1, 2, 3)]
    assert guesses([table_of([names, *rows])]) == []


def test_sales_of_a_till_are_no_advertising():
    """«Сумма» is no word of spending; what is paid stands beside what it was before the discount."""
    guess = _guess_of(
        "Учетный день; Номер чека; Блюдо; Сумма без скидки, р.; Сумма со скидкой, р.; Официант заказа",
        *(f"0{day}.08.2026; {day}; Суп; 350; 315; Анна" for day in (1, 2, 3)),
    )
    assert (guess.table, guess.columns["revenue_rub"]) == ("deals", "Сумма со скидкой, р.")


def test_a_status_and_a_day_make_no_leads_of_a_crm():
    """Orders have an ID, a status and a day of creation as well; so have tasks."""
    orders = [f"{day}; 0{day}.08.2026; Оплачен; 500; 7000555010{day}" for day in (1, 2, 3)]
    assert _guess_of("ID; Дата создания; Статус; Сумма; Телефон", *orders).table == "deals"


def test_what_a_bank_writes_of_a_payment_is_read():
    """Without it nothing tells the owner's own money from that of clients."""
    rows = [f"0{day}.08.2026 10:00:00; OK; 500,00; Между своими счетами" for day in (1, 2, 3)]
    assert _guess_of("Дата операции; Статус; Сумма платежа; Описание", *rows).columns["product"] == "Описание"


def test_a_day_and_time_under_one_heading():
    """«Дата/время создания» begins with the word for a day."""
    orders = [f"{day}; 0{day}.08.2026 10:00:00; Завершена; 500; a{day}@example.org" for day in (1, 2, 3)]
    assert _guess_of("Номер; Дата/время создания; Статус; Сумма; E-mail", *orders).table == "deals"


def test_times_of_a_day_are_no_days():
    """«Время» alone is the hour of the visit, whose day stands beside it."""
    rows = [[f"0{row}.08.2026", f"1{row}:30", "70005550101", "Стрижка", "Анна", "1500"] for row in range(1, 5)]
    raw = table_of([["Дата визита", "Время", "Телефон", "Услуга", "Мастер", "Стоимость"], *rows], container="xlsx")
    [guess] = guesses([raw])
    assert guess.columns["closed_on"] == "Дата визита"
    assert "Время" not in guess.columns.values()


def test_what_a_counter_adds_up_is_no_enquiry():
    """A row of Metrica is a day of a source, not somebody who wrote."""
    rows = [[f"0{row}.08.2026", "Реклама", "120", "100", "3"] for row in range(1, 5)]
    raw = table_of([["Дата визита", "Источник трафика", "Визиты", "Посетители", "Достижения цели"], *rows])
    assert "leads" not in [guess.table for guess in guesses([raw])]
