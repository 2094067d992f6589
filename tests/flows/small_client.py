"""A client small enough to check by hand: two channels, three calls, two sales, two subscribers, in August 2026."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

AS_OF = "2026-08-31"

SVODKA = """\
client: Школа «Василёк»
timezone: Europe/Moscow
sources:
  spend:
    table: ad_spend
    files: exports/spend.csv
    columns: {spend_on: Дата, channel: Канал, spend_rub: Расход}
  calls:
    table: calls
    files: exports/calls*.csv
    columns: {started_at: Начало, phone: Телефон, channel: Канал, manager: Менеджер, talk_seconds: Разговор}
  orders:
    table: deals
    files: exports/orders.csv
    columns: {deal_id: Номер, closed_on: Оплачен, phone: Телефон, manager: Менеджер, revenue_rub: Сумма}
  users:
    table: subscribers
    files: exports/users.csv
    columns: {subscriber_id: id, subscribed_on: Подписан, last_active_on: Был}
dictionaries:
  channels: channels.csv
"""

FILES = {
    "channels.csv": "alias,name\nдирект,Яндекс.Директ\nSEO,SEO\n",
    "exports/spend.csv": (
        "Дата;Канал;Расход\n01.08.2026;директ;1 000,00\n02.08.2026;директ;500,50\n02.08.2026;янекс.директ;0\n"
    ),
    "exports/calls.csv": (
        "Начало;Телефон;Канал;Менеджер;Разговор\n"
        "03.08.2026 10:00:00;70005550101;директ;Анна;60\n"
        "04.08.2026 11:00:00;70005550102;директ;Анна;0\n"
        "05.08.2026 12:00:00;70005550103;SEO;Борис;90\n"
    ),
    "exports/orders.csv": (
        "Номер;Оплачен;Телефон;Менеджер;Сумма\n"
        "1;10.08.2026;70005550101;Анна;5 000\n"
        "2;11.08.2026;70005550103;Борис;7 000,50\n"
    ),
    "exports/users.csv": "id;Подписан;Был\n1;01.07.2026;30.08.2026\n2;02.07.2026;02.07.2026\n",
}


def small_client(folder: Path, changed: Mapping[str, str | None] | None = None) -> Path:
    """A folder in; the client in it out. `changed` replaces files by their path; None takes one away."""
    files: dict[str, str | None] = {"svodka.yaml": SVODKA, **FILES, **(changed or {})}
    for name, text in files.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder
