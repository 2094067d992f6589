"""The story of the invented school, one figure a month, and the people and events it is told with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

AS_OF = date(2026, 9, 20)
MONTHS = [date(2024 + (9 + i) // 12, (9 + i) % 12 + 1, 1) for i in range(24)]
"""October 2024 … September 2026."""
ENDS = [min(following - timedelta(days=1), AS_OF) for following in [*MONTHS[1:], date(2026, 10, 1)]]

JOINED = [5000, *[442] * 22, 276]
"""Subscribed in each month; 5,000 + 22 × 442 + 276 = 15,000."""
ACTIVE = [4800 - 100 * i for i in range(24)]
"""Active on the last day of each month: 4,800, 4,700, … 2,500."""
RETURNED = [0, 0, 0, *[15] * 21]
BUYERS = [round(active * 0.0605) for active in ACTIVE[:-1]] + [100]
"""Distinct buyers of each month: 290 of 4,800 at first, 157 of 2,600 in August 2026, 100 of 2,500 by 20 September."""

CHANNELS = {  # monthly calls in October 2024 and in August 2026, monthly spend likewise, roubles
    "Яндекс.Директ": ((230, 104), (92_000, 186_000)),
    "VK Реклама": ((96, 150), (46_000, 63_000)),
    "Telegram Ads": ((40, 74), (15_000, 24_000)),
    "Авито": ((34, 26), (12_000, 13_000)),
    "SEO": ((58, 66), (0, 0)),
    "Рекомендации": ((30, 34), (0, 0)),
}
SPELLINGS = {
    "Яндекс.Директ": ["Яндекс", "yandex", "Яндекс.Директ"],
    "VK Реклама": ["vk", "ВКонтакте", "VK Реклама"],
    "Telegram Ads": ["Telegram Ads", "tg"],
    "Авито": ["Авито", "avito"],
    "SEO": ["SEO", "organic"],
    "Рекомендации": ["Рекомендации"],
}
MANAGERS = {  # share of calls, clients of a hundred calls, share of pick-ups dropped within seconds, spellings
    "Анна Крылова": (0.28, 24, 0.02, ["Анна Крылова", "Крылова А.", "Крылова Анна"]),
    "Игорь Седов": (0.26, 18, 0.03, ["Игорь Седов", "Седов"]),
    "Марина Белова": (0.24, 17, 0.03, ["Марина Белова", "Белова Марина"]),
    "Павел Грачёв": (0.22, 8, 0.42, ["Павел Грачёв", "Грачев Павел"]),
}
PRODUCTS = [
    ("Курс «Бухгалтер с нуля»", 14_900),
    ("Курс «1С за месяц»", 9_900),
    ("Годовой доступ", 29_900),
    ("Практикум", 4_900),
]
PLAN: dict[str, list[int]] = {
    "Выручка": [2_600_000] * 12,
    "Звонки": [450] * 12,
    "Активные подписчики": [3_000] * 12,
    "Реклама": [280_000] * 12,
}
"""What the owner wants of each month of 2026, in the words of the report."""
SCORES = {"Павел Грачёв": (3, 4, 2, 3, 5, 3)}
"""What clients say of a manager's talk, from 1 to 5, one answer like another; of the others FINE."""
FINE = (5, 5, 4, 5, 5)
POOR_BECAUSE = ("Бросил трубку", "Не перезвонил", "Не объяснил, чем курсы отличаются")
"""Why a talk deserved 3 or less."""
LOST_BECAUSE = {"дорого": 30, "выбрали другую школу": 20, "передумали": 25, "не дозвонились": 25}
"""Tags of cancelled orders and how many of a hundred bear each."""
REASONS = [
    ("дорого", "Дорого", "конкурент"),
    ("выбрали другую школу", "Выбрали другую школу", "конкурент"),
    ("передумали", "Передумали", "внешняя"),
    ("не дозвонились", "Не дозвонились", "наша"),
    ("заявка по ошибке", "Заявка по ошибке", "внешняя"),
]
PARTNERS = [("Блог «Проводка»", "ПРОВОДКА", "10 %", ""), ("Подкаст «Дебет»", "ДЕБЕТ", "", "700")]
"""Name, promo code, share of the revenue or roubles for a new client."""
CHANGES = [
    ("Директ отдали агентству", "calls", "Яндекс.Директ", date(2026, 2, 2), 168, "24 недели до и после"),
    ("Новые объявления во ВКонтакте", "calls", "VK Реклама", date(2026, 6, 1), 56, ""),
    ("Кнопка звонка на сайте", "calls", "SEO", date(2026, 9, 7), 28, "Ещё идёт"),
]
"""What was changed, the figure it was to move, in which channel, when, and for how many days it is watched."""
FIRST_NAMES = ["Арина", "Борис", "Вера", "Глеб", "Дина", "Егор", "Жанна", "Захар", "Инга", "Клим", "Лада", "Марк"]
LAST_NAMES = ["Примерова", "Тестова", "Образцова", "Пробная", "Макетова", "Черновик", "Заглушкина", "Учебная"]


@dataclass
class Subscriber:
    """One user of the school."""

    number: int
    subscribed_at: datetime
    visits: list[date] = field(default_factory=list)
    bought: int = 0

    @property
    def phone(self) -> str:
        """Eleven digits in the unassigned code 000."""
        return f"7000{2_000_000 + self.number * 7:07d}"

    @property
    def email(self) -> str:
        """An address that cannot exist."""
        return f"user{self.number}@example.org"

    @property
    def name(self) -> str:
        """First and last name, invented."""
        return f"{FIRST_NAMES[self.number % 12]} {LAST_NAMES[self.number // 12 % 8]}"


@dataclass(frozen=True)
class Call:
    """One line of the telephony's journal."""

    started_at: datetime
    phone: str
    channel: str
    manager: str
    talk_seconds: int
    is_answered: bool


@dataclass(frozen=True)
class Order:
    """One order of the school's platform."""

    number: int
    subscriber: Subscriber
    created_at: datetime
    paid_at: datetime | None
    status: str
    product: str
    price_rub: int
    paid_rub: int
    manager: str
    channel: str
    promo_code: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Answer:
    """What a client said of the talk after which they bought."""

    at: datetime
    phone: str
    manager: str
    score: int
    reason: str


@dataclass(frozen=True)
class Spend:
    """One day of one campaign."""

    day: date
    channel: str
    campaign: str
    impressions: int
    clicks: int
    kopecks: int


@dataclass
class School:
    """Everything that happened, ready to be written as exports."""

    subscribers: list[Subscriber]
    orders: list[Order]
    calls: list[Call]
    spend: list[Spend]
    answers: list[Answer]
