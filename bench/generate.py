"""A client folder of any size, the same for the same seed: cp1251, `;`, decimal comma, dd.mm.yyyy, one dirty cell in a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

CONFIG = """\
client: Нагрузочный клиент
timezone: Europe/Moscow
sources:
  calls:
    table: calls
    files: exports/calls*.csv
    columns: {call_id: ID, started_at: Дата и время, phone: Телефон, channel: Канал, manager: Менеджер, direction: Направление,
      is_answered: Статус, talk_seconds: "Разговор, сек"}
  deals:
    table: deals
    files: exports/deals.csv
    columns: {deal_id: ID, created_on: Создана, closed_on: Закрыта, status: Этап, channel: Канал, manager: Менеджер,
      phone: Телефон, revenue_rub: "Сумма, руб."}
  subscribers:
    table: subscribers
    files: exports/subscribers.csv
    columns: {subscriber_id: ID, subscribed_on: Подписан, last_active_on: Был, phone: Телефон, email: E-mail}
  spend:
    table: ad_spend
    files: exports/spend.csv
    columns: {spend_on: Дата, channel: Канал, campaign: Кампания, impressions: Показы, clicks: Клики, spend_rub: "Расход, руб."}
"""
FIRST_DAY = "date '2024-10-01'"
DAYS = 730
CHANNELS = "['Яндекс.Директ', 'VK Реклама', 'Telegram Ads', 'Авито', 'SEO', 'Рекомендации', 'Google Ads', 'Листовки']"
MANAGERS = "['Анна Крылова', 'Игорь Седов', 'Марина Белова', 'Павел Грачёв', 'Дина Макетова', 'Егор Пробный']"


@dataclass(frozen=True)
class Size:
    """How many rows of each kind."""

    calls: int
    deals: int
    subscribers: int
    call_files: int = 1


def generate(folder: Path, size: Size) -> None:
    """Writes svodka.yaml and exports into the folder; about 100 bytes a call."""
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    (folder / "svodka.yaml").write_text(CONFIG, encoding="utf-8")
    connection = duckdb.connect()
    connection.execute(f"set variable channels = {CHANNELS}; set variable managers = {MANAGERS}")
    per_file = size.calls // size.call_files
    for number in range(size.call_files):
        name = f"calls-{number + 1:02d}.csv" if size.call_files > 1 else "calls.csv"
        days = DAYS // size.call_files
        write(connection, calls(number * per_file, per_file, number * days, days), folder / "exports" / name)
    write(connection, deals(size.deals), folder / "exports" / "deals.csv")
    write(connection, subscribers(size.subscribers), folder / "exports" / "subscribers.csv")
    write(connection, spend(), folder / "exports" / "spend.csv")


def overlapping(folder: Path, size: Size) -> None:
    """The same client, each month's calls standing in the next file too, as in exports «of the last two months»."""
    generate(folder, size)
    names = sorted((folder / "exports").glob("calls-*.csv"))
    for before, name in reversed(list(pairwise(names))):
        _, _, rows = name.read_bytes().partition(b"\n")
        name.write_bytes(before.read_bytes() + rows)


def calls(first: int, count: int, first_day: int, days: int) -> str:
    """SELECT of calls in the order of their time, from `first_day` on, over `days` days."""
    return f"""
        select i as "ID",
            case when hash(i) % 1000 = 7 then '31.02.2026 10:00:00' else strftime({FIRST_DAY} + to_days({first_day})
                + to_seconds(((i - {first}) * {days * 86400.0 / count})::bigint), '%d.%m.%Y %H:%M:%S') end as "Дата и время",
            '+7000' || lpad((hash(i * 3) % 3000000)::varchar, 7, '0') as "Телефон",
            getvariable('channels')[(1 + hash(i * 5) % 8)::bigint] as "Канал",
            getvariable('managers')[(1 + hash(i * 7) % 6)::bigint] as "Менеджер",
            case when hash(i * 11) % 10 = 0 then 'Исходящий' else 'Входящий' end as "Направление",
            case when hash(i * 13) % 6 = 0 then 'Не отвечен' else 'Отвечен' end as "Статус",
            case when hash(i * 13) % 6 = 0 then 0 else 5 + hash(i * 17) % 400 end as "Разговор, сек",
            'Москва и область' as "Регион"
        from range({first}, {first + count}) as numbers (i)"""


def deals(count: int) -> str:
    """SELECT of deals, four in ten won."""
    return f"""
        select i as "ID", strftime({FIRST_DAY} + to_days((hash(i) % {DAYS - 20})::integer), '%d.%m.%Y') as "Создана",
            case when hash(i * 3) % 10 < 8 then strftime({FIRST_DAY}
                + to_days((hash(i) % {DAYS - 20} + hash(i * 7) % 20)::integer), '%d.%m.%Y') else 'не закрыта' end as "Закрыта",
            case when hash(i * 3) % 10 < 4 then 'Успешно реализовано' when hash(i * 3) % 10 < 8
                then 'Закрыто и не реализовано' else 'В работе' end as "Этап",
            case when hash(i * 5) % 3 = 0 then '' else getvariable('channels')[(1 + hash(i * 11) % 8)::bigint] end as "Канал",
            getvariable('managers')[(1 + hash(i * 13) % 6)::bigint] as "Менеджер",
            '8000' || lpad((hash(i * 17) % 3000000)::varchar, 7, '0') as "Телефон",
            case when hash(i) % 1000 = 7 then 'уточнить' else (1000 + hash(i * 19) % 90000)::varchar || ','
                || lpad((hash(i * 23) % 100)::varchar, 2, '0') end as "Сумма, руб."
        from range({count}) as numbers (i)"""


def subscribers(count: int) -> str:
    """SELECT of subscribers, a third of whom were seen lately."""
    return f"""
        select i as "ID", strftime({FIRST_DAY} + to_days((hash(i) % {DAYS})::integer), '%d.%m.%Y') as "Подписан",
            case when hash(i * 3) % 5 = 0 then '' else strftime({FIRST_DAY}
                + to_days((hash(i) % {DAYS} + hash(i * 5) % 60)::integer), '%d.%m.%Y') end as "Был",
            '7000' || lpad((hash(i * 17) % 3000000)::varchar, 7, '0') as "Телефон", 'user' || i || '@example.org' as "E-mail"
        from range({count}) as numbers (i)"""


def spend() -> str:
    """SELECT of daily spend: 730 days × 8 channels × 5 campaigns = 29,200 rows."""
    return f"""
        select strftime({FIRST_DAY} + to_days(day::integer), '%d.%m.%Y') as "Дата", channel as "Канал",
            'Кампания ' || campaign as "Кампания", 1000 + hash(day, campaign) % 9000 as "Показы", 10 + hash(campaign, day) % 90 as "Клики",
            (500 + hash(day, channel) % 9000)::varchar || ',' || lpad((hash(day) % 100)::varchar, 2, '0') as "Расход, руб."
        from range({DAYS}) as days (day), unnest(getvariable('channels')) as channels (channel), range(5) as campaigns (campaign)
        order by day, channel, campaign"""


def write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """The query's rows as cp1251 text."""
    utf8 = path.with_suffix(".utf8")
    connection.execute(f"copy ({query}) to '{utf8}' (header, delimiter ';')")
    with utf8.open("rb") as source, path.open("wb") as target:
        rest = b""
        while chunk := source.read(1 << 22):
            complete, _, rest = (rest + chunk).rpartition(b"\n")
            target.write((complete + b"\n").decode().encode("cp1251"))
        target.write(rest.decode().encode("cp1251"))
    utf8.unlink()
