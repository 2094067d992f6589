"""What is damaged: the vendors' samples, pieces of the example school, and a plain table of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT / "tests" / "data" / "exports"
SCHOOL = ROOT / "examples" / "school" / "exports"
PIECE_LINES = 25


@dataclass(frozen=True)
class Sample:
    """One file and what svodka.yaml says of it."""

    label: str
    file: str
    content: bytes
    source: Mapping[str, Any]
    rows: Sequence[Sequence[str]] = field(default=(), repr=False)
    """Of a plain table, which has no bytes until it is written into a container."""


FORMS = {"nps": "Порекомендуете ли вы нас? (0–10)", "csi": "Оцените обслуживание (1-5)", "phone": "Ваш телефон"}
VENDORS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("amocrm_leads.csv", {"table": "deals"}),
    ("amocrm_leads_new.xlsx", {"table": "deals"}),
    ("bank_1c.txt", {"table": "deals"}),
    ("bank_1c.txt", {"table": "costs"}),
    ("bitrix24_calls.xls", {"table": "calls"}),
    ("bitrix24_deals.xls", {"table": "deals"}),
    ("bitrix24_deals_cp1251.csv", {"table": "deals"}),
    ("bitrix24_leads.csv", {"table": "leads"}),
    ("callibri.csv", {"table": "calls"}),
    ("callibri.csv", {"table": "leads"}),
    ("calltouch_calls.csv", {"table": "calls"}),
    ("calltouch_requests.csv", {"table": "leads"}),
    ("getcourse_not_ready.json", {"table": "deals"}),
    ("getcourse_orders.csv", {"table": "deals"}),
    ("getcourse_payments.json", {"table": "deals"}),
    ("getcourse_users.csv", {"table": "subscribers"}),
    ("google_ads.csv", {"table": "ad_spend"}),
    ("google_ads_dollars.csv", {"table": "ad_spend"}),
    ("google_ads_utf16.csv", {"table": "ad_spend"}),
    ("google_forms_en.csv", {"table": "survey_answers", "columns": {"nps": "How likely are you to recommend us?"}}),
    ("google_forms_ru.csv", {"table": "survey_answers", "columns": FORMS}),
    ("mailchimp.zip", {"table": "subscribers"}),
    ("mango.csv", {"table": "calls"}),
    ("megafon.csv", {"table": "calls"}),
    ("megafon_with_header.csv", {"table": "calls"}),
    ("ozon_performance.csv", {"table": "ad_spend"}),
    ("sipuni.csv", {"table": "calls"}),
    ("sipuni_2015.csv", {"table": "calls"}),
    ("typeform.csv", {"table": "survey_answers", "columns": {"nps": "Оцените нас"}}),
    ("uis.csv", {"table": "calls"}),
    ("unisender.csv", {"table": "subscribers"}),
    ("vk_ads.xlsx", {"table": "ad_spend", "period": "2026-08-01..2026-08-31"}),
    ("yandex_direct_cabinet.csv", {"table": "ad_spend"}),
    ("yandex_direct_micros.tsv", {"table": "ad_spend"}),
    ("yandex_direct_units.tsv", {"table": "ad_spend"}),
    ("yookassa.csv", {"table": "deals"}),
    ("Статистика_с_2026-08-01_по_2026-08-02 (1).xlsx", {"table": "ad_spend"}),
)
VISITS = {"subscriber_id": "Пользователь", "active_on": "Дата визита", "kind": "Что"}
SPEND = {"spend_on": "Дата", "channel": "Канал", "campaign": "Кампания", "spend_rub": "Расход, ₽"}
PIECES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "calls/sipuni_2026-04.csv",
        {"table": "calls", "columns": {"channel": "Метка", "manager": "Ответственный из CRM"}},
    ),
    ("direct/direct_2026-03_2026-09.csv", {"table": "ad_spend", "constants": {"channel": "Яндекс.Директ"}}),
    ("getcourse_orders.csv", {"table": "deals"}),
    ("getcourse_users.csv", {"table": "subscribers"}),
    ("Посещения.csv", {"table": "activity", "columns": VISITS}),
)
PLAIN: tuple[tuple[str, dict[str, str], str], ...] = (
    ("ad_spend", SPEND, """
        01.08.2026 | директ | Поиск   | 1 000,50
        02.08.2026 | директ | Поиск   | 2 000,00
        02.08.2026 | директ | РСЯ     | 300,25
        03.08.2026 | VK     |         | 0
        Итого      |        |         | 3 300,75"""),
    ("calls", {"call_id": "id", "started_at": "Начало", "phone": "Телефон", "channel": "Источник", "direction": "Тип",
               "is_answered": "Отвечен", "talk_seconds": "Разговор", "manager": "Кто"}, """
        1 | 01.08.2026 10:00:00 | 70005550101       | SEO | входящий  | да  | 00:01:00 | Анна
        2 | 01.08.2026 11:30    | +7 000 555-01-02  | SEO | исходящий | нет | 0        | Борис
        3 | 13.08.2026 12:00:59 | 8 (000) 555 01 03 | vk  | входящий  | да  | 65       | Анна
        4 | 14.08.2026 23:59:59 |                   |     | входящий  | нет |          | """),
    ("deals", {"deal_id": "Номер", "created_on": "Создан", "closed_on": "Оплачен", "status": "Статус",
               "phone": "Телефон",
               "product": "Товар", "quantity": "Кол-во", "revenue_rub": "Сумма", "cogs_rub": "Себестоимость"}, """
        1 | 01.08.2026 | 05.08.2026 | Успешно реализовано | 70005550101 | Курс  | 1 | 5 000    | 100,10
        1 | 01.08.2026 | 05.08.2026 | Успешно реализовано | 70005550101 | Книга | 2 | 1 000,50 | 50
        2 | 02.08.2026 |            | Новый               | 70005550102 | Курс  | 1 | 5 000    |
        3 | 31.07.2026 | 13.08.2026 | Отменен             |             | Курс  |   | 0        | """),
    ("leads", {"lead_id": "id", "created_at": "Создана", "channel": "Канал", "phone": "Телефон", "email": "Почта",
               "status": "Статус"}, """
        1 | 2026-08-01 10:00:00 | SEO | 70005550101 | a@example.org | новый
        2 | 2026-08-02 11:00:00 | vk  |             | b@example.org | качественный
        3 | 2026-08-03 12:00:00 | vk  | 70005550103 |               | некачественный"""),
    ("subscribers", {"subscriber_id": "id", "subscribed_on": "Подписан", "unsubscribed_on": "Ушёл",
                     "last_active_on": "Был", "email": "Email"}, """
        1 | 01.07.2026 |            | 30.08.2026 | a@example.org
        2 | 02.07.2026 | 15.08.2026 | 01.08.2026 | b@example.org
        3 | 13.07.2026 |            |            | c@example.org
        1 | 01.07.2026 |            | 31.08.2026 | a@example.org"""),
    ("activity", VISITS, """
        1 | 01.08.2026 | урок
        1 | 02.08.2026 | урок
        2 | 13.08.2026 | тест"""),
    ("survey_answers", {"answered_on": "Когда", "csi": "Оценка", "nps": "Совет", "manager": "Кто", "reason": "Почему",
                        "email": "Почта"}, """
        01.08.2026 | 5 | 10 | Анна  | хорошо | a@example.org
        02.08.2026 | 4 |    | Борис |        |
        13.08.2026 |   | 0  | Анна  | плохо  | b@example.org"""),
    ("plan", {"grain": "Период", "period_start": "С", "metric": "Показатель", "channel": "Канал",
              "planned": "План"}, """
        месяц | 01.08.2026 | calls       |     | 100
        месяц | 01.08.2026 | revenue_rub | SEO | 10 000,5
        год   | 01.01.2026 | calls       |     | 1200"""),
    ("costs", {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}, """
        01.08.2026 | Аренда | 10 000,00
        01.08.2026 | Фонд   | 20 000,50
        15.07.2026 | Аренда | 9 999,99"""),
    ("experiments", {"name": "Опыт", "metric": "Показатель", "changed_on": "С какого дня", "days": "Дней",
                     "note": "Что"}, """
        новая цена | calls | 01.08.2026 | 14 | дороже
        лендинг    | leads | 13.07.2026 | 28 | """),
)  # fmt: skip


@cache
def samples() -> tuple[Sample, ...]:
    """Every sample; a vendor's file that is not there is left out."""
    return (*_vendors(), *_pieces(), *_plain())


def _vendors() -> Iterator[Sample]:
    for name, source in VENDORS:
        if (EXPORTS / name).exists():
            yield Sample(f"{name} → {source['table']}", name, (EXPORTS / name).read_bytes(), source)


def _pieces() -> Iterator[Sample]:
    """The first lines of the school's long files."""
    for name, source in PIECES:
        lines = (SCHOOL / name).read_bytes().splitlines(keepends=True)
        yield Sample(f"school/{name}", Path(name).name, b"".join(lines[:PIECE_LINES]), source)


def _plain() -> Iterator[Sample]:
    for table, columns, text in PLAIN:
        below = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
        yield Sample(
            f"plain {table}",
            f"{table}.csv",
            b"",
            {"table": table, "columns": columns},
            [list(columns.values()), *below],
        )
