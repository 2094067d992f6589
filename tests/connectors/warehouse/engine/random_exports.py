"""A number → a small client whose exports overlap, repeat and change from one night to the next."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

AS_OF = date(2026, 8, 31)
SVODKA = """\
client: Случай
timezone: Europe/Moscow
sources:
  spend: {table: ad_spend, files: spend*.csv, columns: {spend_on: Дата, channel: Канал, spend_rub: Расход}}
  calls:
    table: calls
    files: calls*.csv
    columns: {call_id: Номер, started_at: Начало, phone: Телефон, channel: Канал, manager: Менеджер}
  line: {table: calls, files: line*.csv, columns: {started_at: Начало, phone: Телефон, channel: Канал}}
  orders:
    table: deals
    files: orders*.csv
    columns: {deal_id: Заказ, created_on: Создан, closed_on: Оплачен, phone: Телефон, manager: Менеджер,
      loss_reason: Отказ, product: Товар, revenue_rub: Сумма}
  leads: {table: leads, files: leads*.csv, columns: {created_at: Когда, phone: Телефон, channel: Канал}}
  users:
    table: subscribers
    files: users*.csv
    columns: {subscriber_id: id, subscribed_on: Подписан, last_active_on: Был, is_departed: Статус, phone: Телефон}
dictionaries: {channels: channels.csv}
engine: ENGINE
"""
CHANNELS = ("директ", "Директ", "SEO", "сео", "vk", "Вконтакте", "неизвестно что", "")
MANAGERS = ("Анна", "анна", "Борис", "")
Row = dict[str, str]


class RandomClient:
    """One client over its nights; the same number gives the same files. `torn`: how often ids turn out to be none."""

    def __init__(self, seed: int, torn: float = 0.1) -> None:
        self._random, self._torn = Random(seed), torn
        self._people = [f"7000{self._random.randrange(10**7):07}" for _ in range(30)]
        self._records = {
            "spend": [self._spend() for _ in range(25)],
            "calls": [{"Номер": str(place), **self._call()} for place in range(60)],
            "line": [self._call() for _ in range(30)],
            "orders": [line for place in range(20) for line in self._order(place)],
            "leads": [self._lead() for _ in range(20)],
            "users": [self._user(place) for place in range(15)],
        }
        self._files: dict[str, list[Row]] = {}
        for source in self._records:
            for number in range(self._random.choice((1, 2, 2, 3))):
                self._files[f"{source}{number}.csv"] = self._part(source)
        self._names = {"директ": "Яндекс.Директ", "SEO": "SEO", "vk": "ВКонтакте", "Вконтакте": "ВКонтакте"}

    def night(self) -> None:
        """Some files grow, shrink, come or go; some records change; the dictionary learns a name."""
        for source, records in self._records.items():
            for row in self._random.sample(records, 3):
                row["Телефон" if "Телефон" in row else "Расход"] = str(self._random.randrange(10, 99))
            own = [name for name in self._files if name.startswith(source)]
            fate = self._random.choice(("none", "again", "more", "gone", "bad"))
            if self._random.random() < 0.03:
                self._files[own[-1]] = [{"Без заголовков": "1"}]
            if source == "calls" and self._random.random() < self._torn:  # its numbers are of other calls
                self._files["calls8.csv"] = [{"Номер": str(place), **self._call()} for place in range(60)]
            if fate == "again":
                self._files[self._random.choice(own)] = self._part(source)
            if fate == "more":
                self._files[f"{source}9.csv"] = self._part(source)
            if fate == "bad":
                self._files[self._random.choice(own)][0][next(iter(records[0]))] = "31.31.2026"
            if fate == "gone" and len(own) > 1:
                del self._files[self._random.choice(own)]
        self._names["сео"] = self._random.choice(("SEO", "Поиск"))

    def write(self, folder: Path, engine: str) -> None:
        """The client as it is tonight into a folder; files that are as they were are not touched."""
        folder.mkdir(exist_ok=True)
        names = [{"alias": alias, "name": name} for alias, name in self._names.items()]
        texts = {"svodka.yaml": SVODKA.replace("ENGINE", engine), "channels.csv": _csv(names, ",")}
        texts |= {name: _csv(rows, ";") for name, rows in self._files.items()}
        for path in folder.glob("*.csv"):
            if path.name not in texts:
                path.unlink()
        for name, text in texts.items():
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text:
                (folder / name).write_text(text, encoding="utf-8")

    def _part(self, source: str) -> list[Row]:
        """Some records in a row, a few of them twice, as of tonight."""
        records = self._records[source]
        first = self._random.randrange(len(records) // 2)
        part = records[first : first + self._random.randrange(len(records) // 3, len(records))]
        again = self._random.sample(part, 2) if source != "users" and self._random.random() < 0.3 else []
        return [dict(row) for row in (*part, *again)]

    def _call(self) -> Row:
        at = datetime(2026, 7, 1) + timedelta(minutes=self._random.randrange(80_000))
        person, channel = self._random.choice(self._people), self._random.choice(CHANNELS)
        manager = self._random.choice(MANAGERS)
        return {"Начало": f"{at:%d.%m.%Y %H:%M:%S}", "Телефон": person, "Канал": channel, "Менеджер": manager}

    def _spend(self) -> Row:
        money = f"{self._random.randrange(5000)},{self._random.randrange(100):02}"
        return {"Дата": self._day(), "Канал": self._random.choice(CHANNELS[:-1]), "Расход": money}

    def _order(self, place: int) -> Sequence[Row]:
        head = {"Заказ": f"A-{place}", "Создан": self._day(), "Телефон": self._random.choice(self._people)}
        head |= {"Оплачен": head["Создан"], "Менеджер": self._random.choice(MANAGERS)}
        head["Отказ"] = self._random.choice(("", "дорого", "Дорого"))
        products = self._random.sample(("Курс;\nвторая строка", "Книга", "Урок"), self._random.choice((1, 1, 2)))
        return [{**head, "Товар": one, "Сумма": str(self._random.randrange(100, 900))} for one in products]

    def _lead(self) -> Row:
        call = self._call()
        return {"Когда": call["Начало"], "Телефон": call["Телефон"], "Канал": call["Канал"]}

    def _user(self, place: int) -> Row:
        days = {"Подписан": "01.07.2026", "Был": self._day(), "Статус": self._random.choice(("активен", "отписан"))}
        return {"id": str(1000 + place), **days, "Телефон": self._people[place]}

    def _day(self) -> str:
        return f"{date(2026, 7, 1) + timedelta(days=self._random.randrange(60)):%d.%m.%Y}"


def _csv(rows: Sequence[Mapping[str, str]], delimiter: str) -> str:
    from io import StringIO

    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
