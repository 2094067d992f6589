"""Odd data that read well and gave a wrong figure without a word: each gives the right one, is asked about or named."""

from __future__ import annotations

import duckdb
import pytest

from tests.field.situation import BOTH_SIZES, CALL_HEAD, CALLS, HEAD, LONG, ORDERS, Situation, prove, ran, table

SPEND = {"table": "ad_spend", "columns": {
    "spend_on": "Дата", "channel": "Канал", "campaign": "Кампания", "impressions": "Показы", "clicks": "Клики",
    "spend_rub": "Расход"}}  # fmt: skip
SPEND_HEAD = "Дата;Канал;Кампания;Показы;Клики;Расход"
MONEY = {"table": "deals", "columns": {"closed_on": "Дата", "product": "Назначение", "revenue_rub": "Сумма"}}
PIECES = {"table": "deals", "columns": {
    "closed_on": "Дата", "product": "Товар", "quantity": "Кол-во", "revenue_rub": "Сумма"}}  # fmt: skip
PIECES_HEAD = "Дата;Товар;Цена;Кол-во;Сумма"
RANG = {**CALLS, "columns": {**CALLS["columns"], "talk_seconds": "Длительность"}}
TEN = range(1, 11)
NUMBERED = {"table": "deals", "columns": {
    "deal_id": "Номер", "closed_on": "Дата", "client_id": "Клиент", "revenue_rub": "Сумма"}}  # fmt: skip
GOALS, ABOVE = ("Звонок", "Форма"), {1: "VK", 6: "Яндекс"}
COUNT = "select count(*)::varchar from staged.calls"
SPENT = "select sum(spend_rub)::varchar from staged.ad_spend"


def orders(first: int) -> list[str]:
    """Ten orders of 100 ₽."""
    return [f"{first + n};{n:02}.08.2026;Оплачен;Чай;100;7000000{first + n:04}" for n in TEN]


def exchanged(which: int) -> list[tuple[int, int, int]]:
    """Ten days, each with a long number and a short one, which changed places on one of them."""
    pairs = [(n, 100500 + n, 90 * n + 50) for n in TEN]
    return [(n, short, long) if n == which else (n, long, short) for n, long, short in pairs]


def call(number: int) -> str:
    """A call of a day, down to who took it."""
    return f"{number};{number:02}.08.2026 10:00;7000000{number:04};Анна"


SITUATIONS = (
    Situation(
        "headings again in another order",
        {"ad": SPEND},
        {
            "a.csv": table(
                SPEND_HEAD,
                *(f"{n:02}.08.2026;VK;Поиск;{900 * n};{n};{75 + n % 3}" for n in TEN),
                "Дата;Канал;Кампания;Расход;Показы;Клики",
                *(f"{n:02}.08.2026;VK;Сети;{75 + n % 3};{900 * n};{n}" for n in TEN),
            )
        },
        says="a.csv:12: посреди таблицы стоят заголовки",
    ),
    Situation(
        "a second file below the first, with the mark of its encoding",
        {"sales": ORDERS},
        {"s.csv": table(HEAD, *orders(0), "\ufeff" + HEAD, *orders(100))},
        right="2000.00",
    ),
    Situation(
        "money that went out beside a number of the document",
        {"money": MONEY},
        {
            "m.csv": table(
                "Дата;Документ;Назначение;Сумма",
                *(f"{n:02}.08.2026;{n};{'Услуги' if n < 6 else 'Закупка'};{1500 if n < 6 else -900}" for n in TEN),
            )
        },
        says="суммы с минусом: 5 из 10",
    ),
    Situation(
        "days of the last opening that nobody reads",
        {"list": {"table": "subscribers", "columns": {"email": "Email", "subscribed_on": "Добавлен"}}},
        {
            "l.csv": table(
                "Email;Добавлен;Дата последнего открытия",
                *(f"u{n}@example.org;{n:02}.01.2026;{n:02}.08.2026" for n in TEN),
            )
        },
        says="впишите last_active_on: Дата последнего открытия",
    ),
    Situation(
        "spend told again for each goal",
        {"ad": SPEND},
        {
            "a.csv": table(
                SPEND_HEAD + ";Цель",
                *(
                    f"{n:02}.08.2026;VK;К{k};{90 * n};9;{75 + n * k % 7},55;{g}"
                    for n in TEN
                    for k in (1, 2)
                    for g in GOALS
                ),
            )
        },
        says="до копейки один и тот же в каждой строке столбца «Цель»",
    ),
    Situation(
        "one budget for each town",
        {"ad": SPEND},
        {
            "a.csv": table(
                SPEND_HEAD + ";Город",
                *(f"{n:02}.08.2026;VK;К{k};900;9;1000;{g}" for n in TEN for k in (1, 2) for g in ("Тула", "Орёл")),
            )
        },
        SPENT,
        "40000.00",
    ),
    Situation(
        "a channel that stands above its rows",
        {"ad": SPEND},
        {"a.csv": table(SPEND_HEAD, *(f"{n:02}.08.2026;{ABOVE.get(n, '')};К{n};900;9;100" for n in TEN))},
        SPENT,
        "1000.00",
        "«Канал» заполнен по разу, начиная с первой строки, а в остальных строках пуст: 8, 800 ₽",
    ),
    Situation(
        "sums that are not price times pieces",
        {"sales": PIECES},
        {"s.csv": table(PIECES_HEAD, *(f"{n:02}.08.2026;Чай;50;{n};{50 * n if n != 3 else 1500}" for n in TEN))},
        says="(Сумма ≠ Цена × Кол-во), в строках: 1, 1 350 ₽ разницы",
        right="4100.00",
    ),
    Situation(
        "sums that are less a discount",
        {"sales": PIECES},
        {"s.csv": table(PIECES_HEAD, *(f"{n:02}.08.2026;Чай;50;{n};{45 * n}" for n in TEN))},
        "select count(*)::varchar from ops.notices where kind = 'sums_unlike_pieces'",
        "0",
    ),
    Situation(
        "a duration with the ringing beside the talk",
        {"calls": RANG},
        {"c.csv": table(CALL_HEAD + ";Длительность", *(f"{call(n)};Отвечен;0:40;1:10" for n in TEN))},
        COUNT,
        "10",
        "(Длительность > Разговор) в звонках: 10",
    ),
    Situation(
        "missed calls that lasted",
        {"calls": CALLS},
        {
            "c.csv": table(
                CALL_HEAD, *(f"{call(n)};{'Отвечен' if n > 5 else 'Пропущен'};{40 if n > 5 else 25}" for n in TEN)
            )
        },
        COUNT,
        "10",
        "больше половины пропущенных звонков чего-то длились: 5 из 5",
    ),
    Situation(
        "an enquiry told again for each of its marks",
        {"leads": {"table": "leads", "columns": {"created_at": "Создан", "phone": "Телефон"}}},
        {
            "l.csv": table(
                "Создан;Телефон;Метка", *(f"{n:02}.08.2026 10:00;7000000{n:04};{g}" for n in TEN for g in GOALS)
            )
        },
        "select count(*)::varchar from staged.leads",
        "20",
        "заявки повторяют телефон и время другой строки: 10",
    ),
    Situation(
        "somebody who left one of two lists",
        {
            "list": {
                "table": "subscribers",
                "columns": {"email": "Email", "subscribed_on": "Добавлен", "is_departed": "Статус"},
            }
        },
        {
            "l.csv": table(
                "Email;Добавлен;Статус;Список",
                *(f"u{n}@example.org;{n:02}.01.2026;{s}" for n in TEN for s in ("Активен;Новости", "Отписан;Акции")),
            )
        },
        "select count(*)::varchar from staged.subscribers",
        "10",
        "о подписчиках (10) одна строка говорит, что человек ушёл, другая — что нет",
    ),
    Situation(
        "clients whom a program calls 0",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "client_id": "Клиент", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Клиент;Сумма", *(f"{n:02}.08.2026;{n % 2 * n};100" for n in TEN))},
        "select count(distinct client_key) || ' ' || count(client_key) from staged.deals",
        "5 5",
    ),
    Situation(
        "orders whose money went back",
        {"sales": ORDERS},
        {"s.csv": table(HEAD, *orders(0), *(f"9{n};{n:02}.08.2026;Возврат;Чай;50;" for n in (1, 2)))},
        "select list_sort(list(distinct concat_ws(' ', status, loss_reason)))::varchar from staged.deals",
        "[lost Возврат, won]",
    ),
    Situation(
        "an order's number in place of its sum",
        {"sales": NUMBERED},
        {
            "s.csv": table(
                "Номер;Дата;Сумма;Клиент", *(f"{a};{n:02}.08.2026;{b};{7000 + n}" for n, a, b in exchanged(8))
            )
        },
        says="(Номер ↔ Сумма, 9), строк: 1, 100 508 ₽",
        right=f"{90 * (55 - 8) + 50 * 9 + 100508}.00",
    ),
    Situation(
        "an order's number in place of its client's",
        {"sales": NUMBERED},
        {"s.csv": table("Номер;Дата;Клиент;Сумма", *(f"{a};{n:02}.08.2026;{b};700" for n, a, b in exchanged(8)))},
        says="(Номер ↔ Клиент, 9), строк: 1, 700 ₽",
        right="7000.00",
    ),
    Situation(
        "clicks in the column of impressions",
        {"ad": SPEND},
        {"a.csv": table(SPEND_HEAD, *(f"{n:02}.08.2026;VK;К;{n};{90 * n};100" for n in TEN))},
        SPENT,
        "1000.00",
        "кликов больше, чем показов (Клики > Показы), в строках: 10, 1 000 ₽",
    ),
    Situation(
        "a sum with four figures too many",
        {"sales": NUMBERED},
        {
            "s.csv": table(
                "Номер;Дата;Клиент;Сумма", *(f"{n};{n:02}.08.2026;9;{150 + n + 1510000 * (n == 3)}" for n in TEN)
            )
        },
        says="одна строка 4 файла exports/s.csv больше всех остальных вместе",
        right="1511555.00",
    ),
    Situation(
        "sales closed before they were created",
        {
            "sales": {
                "table": "deals",
                "columns": {"created_on": "Закрыт", "closed_on": "Создан", "revenue_rub": "Сумма"},
            }
        },
        {"s.csv": table("Создан;Закрыт;Сумма", *(f"{n:02}.08.2026;{n + 9}.08.2026;100" for n in TEN if n > 1))},
        right="900.00",
        says="закрыты раньше, чем созданы (Создан < Закрыт), строк: 9, 900 ₽",
    ),
    Situation(
        "sales of six days, all closed on one",
        {
            "sales": {
                "table": "deals",
                "columns": {"created_on": "Создан", "closed_on": "Закрыт", "revenue_rub": "Сумма"},
            }
        },
        {"s.csv": table("Создан;Закрыт;Сумма", *(f"{n:02}.08.2026;31.08.2026;100" for n in TEN if n > 4))},
        right="600.00",
        says="в один день, 31.08.2026, закрыты сделки, заведённые в разные: 6, 600 ₽",
    ),
    Situation(
        "a file that is called refunds",
        {"sales": {**MONEY, "files": "exports/*.csv"}},
        {
            "sales-08.csv": table("Дата;Назначение;Сумма", *(f"{n:02}.08.2026;Чай;100" for n in TEN)),
            "returns-08.csv": table("Дата;Назначение;Сумма", *(f"{n:02}.08.2026;Чай;100" for n in (1, 2))),
        },
        right="800.00",
    ),
    Situation(
        "a file of sales and refunds",
        {"sales": {**MONEY, "files": "exports/*.csv"}},
        {"sales and returns.csv": table("Дата;Назначение;Сумма", *(f"{n:02}.08.2026;Чай;100" for n in TEN))},
        right="1000.00",
    ),
    Situation(
        "day and month exchanged in one sale",
        {"sales": MONEY},
        {"s.csv": table("Дата;Назначение;Сумма", *(f"{n + 12}.08.2026;Чай;100" for n in TEN), "08.03.2026;Чай;100")},
        right="1100.00",
        says="а так стоят одни или в будущем: 1, 100 ₽ (08.03.2026)",
    ),
    Situation(
        "days of August that a program wrote month first",
        {"sales": MONEY},
        {"s.csv": table("Дата;Назначение;Сумма", *(f"2026-{n:02}-08;Чай;100" for n in range(1, 13)))},
        right="1200.00",
        says="а так стоят одни или в будущем: 4, 400 ₽ (08.09.2026, 08.10.2026, 08.11.2026, …)",
    ),
    Situation(
        "sales that are booked for days to come",
        {"sales": MONEY},
        {"s.csv": table("Дата;Назначение;Сумма", *(f"{n:02}.0{m}.2026;Чай;100" for m in (8, 9) for n in TEN))},
        "select count(*)::varchar from ops.notices where kind = 'days_exchanged'",
        "0",
    ),
    Situation(
        "a refund in a column of kinds",
        {"sales": NUMBERED},
        {
            "s.csv": table(
                "Номер;Дата;Клиент;Сумма;Kind",
                *(f"{n};{n:02}.08.2026;9;100;{'return' if n == 3 else 'order'}" for n in TEN),
            )
        },
        right="800.00",
    ),
    Situation(
        "a planned share without a per cent sign",
        {
            "sales": NUMBERED,
            "plan": {
                "table": "plan",
                "files": "exports/p.csv",
                "columns": {"period_start": "Месяц", "metric": "Что", "planned": "План"},
                "constants": {"grain": "month"},
            },
        },
        {
            "s.csv": table("Номер;Дата;Клиент;Сумма", *(f"{n};{n:02}.08.2026;9;100" for n in TEN)),
            "p.csv": table("Месяц;Что;План", "01.08.2026;repeat_share;16,5", "01.08.2026;revenue_rub;300"),
        },
        "select string_agg(planned, ' ' order by planned) from staged.plan",
        "0.165 300.0",
    ),
    Situation(
        "one sale of an earlier month",
        {"sales": MONEY},
        {"s.csv": table("Дата;Назначение;Сумма", *(f"{n + 12}.08.2026;Чай;100" for n in TEN), "09.03.2026;Чай;100")},
        "select count(*)::varchar from ops.notices where kind = 'days_exchanged'",
        "0",
    ),
    Situation(
        "spend read from the number of the campaign",
        {"ad": {"table": "ad_spend", "columns": {"spend_on": "Дата", "channel": "Канал", "spend_rub": "№ Кампании"}}},
        {"a.csv": table("Дата;Канал;№ Кампании;Расход", *(f"{n:02}.08.2026;VK;70123;{n}" for n in TEN))},
        SPENT,
        "701230.00",
        "цифры взяты из столбца «№ Кампании»",
    ),
    Situation(
        "spend read from the budget beside what was spent",
        {"ad": {"table": "ad_spend", "columns": {"spend_on": "Дата", "channel": "Канал", "spend_rub": "Бюджет"}}},
        {"a.csv": table("Дата;Канал;Бюджет;Расход", *(f"{n:02}.08.2026;VK;3000;{75 + n % 3}" for n in TEN))},
        SPENT,
        "30000.00",
        "цифры взяты из столбца «Бюджет»",
    ),
    Situation(
        "spend that is called a budget",
        {"ad": {"table": "ad_spend", "columns": {"spend_on": "Дата", "channel": "Канал", "spend_rub": "Бюджет"}}},
        {"a.csv": table("Дата;Канал;Бюджет", *(f"{n:02}.08.2026;VK;{75 + n % 3}" for n in TEN))},
        "select count(*)::varchar from ops.notices where kind = 'no_money_by_heading'",
        "0",
    ),
    Situation(
        "a call whose line stayed open",
        {"calls": CALLS},
        {"c.csv": table(CALL_HEAD, *(f"{call(n)};Отвечен;{60 if n > 1 else 86400}" for n in TEN))},
        COUNT,
        "10",
        "разговоры дольше четырёх часов: 1, самый долгий — часов 24",
    ),
    Situation(
        "an item that is all since the year began",
        {"costs": {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}},
        {"c.csv": table("Месяц;Статья;Сумма", *(f"01.0{n}.2026;Аренда с начала года;{90 * n}" for n in (6, 7, 8)))},
        "select sum(amount_rub)::varchar from staged.costs",
        "1890.00",
        "«Аренда с начала года» — нарастающий итог",
    ),
    Situation(
        "refunds that their words tell",
        {"money": MONEY},
        {
            "m.csv": table(
                "Дата;Документ;Назначение;Сумма",
                *(f"{n:02}.08.2026;{'Чек' if n < 6 else 'Возврат'};Услуги;{1500 if n < 6 else -900}" for n in TEN),
            )
        },
        right="3000.00",
        says="",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_nothing_is_wrong_in_silence(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


ENDS = {
    "an error of the program": (
        "Fatal error: Allowed memory size of 134217728 bytes exhausted",
        "обрывается сообщением",
    ),
    "an error in Russian": ("Ошибка при формировании отчёта", "обрывается сообщением"),
    "a row with other delimiters": ("110,10.08.2026,Оплачен,Чай,100,70000000110,-", ""),
    "a signature": ("Исполнитель: отдел продаж, касса", None),
}


@pytest.mark.slow
@pytest.mark.parametrize("remark", ["-", LONG], ids=["short", "long"])
@pytest.mark.parametrize("ending", ENDS)
def test_what_ends_a_file_is_no_signature(tmp_path, ending, remark):
    """An error is asked about, a row is refused; what a person wrote below the table is neither."""
    line, says = ENDS[ending]
    text = table(f"{HEAD};Примечание", *(f"{row};{remark}" for row in orders(0)), line)
    folder = tmp_path / "client"
    loaded = ran(folder, Situation(ending, {"sales": ORDERS}, {"s.csv": text}), "")
    told = " ".join(loaded.problems)
    assert (loaded.exit_code, (says or "") in told) == (4 if says else 0, True), told
    if not says:
        with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as connection:
            [counts] = connection.execute("select rows_staged, rows_rejected, rows_skipped from ops.loads").fetchall()
        assert counts == ((10, 0, 1) if says is None else (10, 1, 0))


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "is_told"), [(1000, True), (999, False)])
def test_as_many_rows_as_a_program_gives_at_most_are_told(tmp_path, rows, is_told):
    """The others may have been left out."""
    text = table(HEAD, *(f"{n};{n % 28 + 1:02}.08.2026;Оплачен;Чай;100;7000000{n:04}" for n in range(rows)))
    loaded = ran(tmp_path / "client", Situation("", {"sales": ORDERS}, {"s.csv": text}), "")
    assert any("строк ровно" in note for note in loaded.notes) is is_told
