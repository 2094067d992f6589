"""One phone, one client, one day in too many rows: an invented number, the day of an export, a funnel cleared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.field.situation import Situation, prove, ran, table

CALLS = {"table": "calls", "columns": {"started_at": "Дата", "phone": "Телефон", "is_answered": "Статус"}}
SALES = {
    "table": "deals",
    "columns": {
        "created_on": "Создана",
        "closed_on": "Закрыта",
        "revenue_rub": "Сумма",
        "phone": "Телефон",
        "email": "Почта",
    },
}
LIST = {
    "table": "subscribers",
    "columns": {"subscriber_id": "ID", "subscribed_on": "Подписан", "last_active_on": "Был"},
}


def day(number: int) -> str:
    """The days of two months, again and again."""
    return f"{date(2026, 7, 1) + timedelta(number % 60):%d.%m.%Y}"


def calls(name: str, phones: list[str], says: str) -> Situation:
    """Answered calls of these phones."""
    rows = [f"{day(place)} 10:{place % 60:02d}:00;{phone};Отвечен" for place, phone in enumerate(phones)]
    return Situation(name, {"calls": CALLS}, {"c.csv": table("Дата;Телефон;Статус", *rows)},
                     "select count(*)::varchar from staged.calls", str(len(phones)), says)  # fmt: skip


def called_at(name: str, hours: list[int], says: str, zone: str = "") -> Situation:
    """A call at each of these hours, day after day."""
    rows = [f"{day(place)} {hours[place % len(hours)]:02d}:15:00;{phone(place)};Отвечен" for place in range(120)]
    calls = {**CALLS, **({"timezone": zone} if zone else {})}
    return Situation(name, {"calls": calls}, {"c.csv": table("Дата;Телефон;Статус", *rows)},
                     "select count(*)::varchar from staged.calls", "120", says)  # fmt: skip


def sales(name: str, persons: list[str], says: str, closed: str = "") -> Situation:
    """Sales of a thousand roubles to `phone;e-mail`, closed a week later or on one day."""
    rows = [f"{day(place)};{closed or day(place)};1000;{person}" for place, person in enumerate(persons)]
    return Situation(name, {"deals": SALES}, {"d.csv": table("Создана;Закрыта;Сумма;Телефон;Почта", *rows)},
                     right=f"{len(persons)}000.00", says=says)  # fmt: skip


def listed(name: str, active: list[str], says: str) -> Situation:
    """Subscribers who came one a day, and when they were last active."""
    rows = [f"{place};{day(place)};{one}" for place, one in enumerate(active)]
    return Situation(name, {"subs": LIST}, {"s.csv": table("ID;Подписан;Был", *rows)},
                     "select count(*)::varchar from staged.subscribers", str(len(active)), says)  # fmt: skip


def answers(name: str, question: str, scores: list[str], says: str) -> Situation:
    """Answers to one question."""
    rows = [f"{day(place)};{score}" for place, score in enumerate(scores)]
    columns = {"answered_on": "Дата", question: "Оценка"}
    return Situation(name, {"answers": {"table": "survey_answers", "columns": columns}},
                     {"a.csv": table("Дата;Оценка", *rows)},
                     "select count(*)::varchar from staged.survey_answers", str(len(scores)), says)  # fmt: skip


def phone(number: int) -> str:
    """A person's."""
    return f"7000555{number:04d}"


SITUATIONS = (
    calls("the firm's own number", ["70005550012"] * 60 + [phone(place) for place in range(50, 70)], "в строках: 60"),
    calls("an invented number", [phone(place) for place in range(90)] + ["70000000000"] * 6, "в строках: 6, первая"),
    calls("who calls again", [phone(place % 25) for place in range(100)], ""),
    sales("an invented e-mail", [";no@example.org"] * 60 + [f";a{place}@example.org" for place in range(40)],
          "в строках: 60, 60 000 ₽, первая — строка 2"),
    sales("a client who buys a third", [phone(0) + ";"] * 30 + [f"{phone(place)};" for place in range(1, 61)], ""),
    sales("a funnel cleared on one day", [f"{phone(place)};" for place in range(40)], "заведённые в разные: 40",
          "31.08.2026"),
    listed("all active on the day of the export", ["31.08.2026"] * 50, "в один день, 31.08.2026: 50"),
    listed("nobody keeps activity", [day(place) for place in range(50)], "день подписки: 50"),
    called_at("times of another zone", [23, 0, 1, 3, 5, 8], "больше половины звонков — ночью, с 22 до 7 часов: 100"),
    called_at("the same, as the notice says", [23, 0, 1, 3, 5, 8], "", "Pacific/Honolulu"),
    called_at("calls of a working day", [9, 11, 13, 16, 19, 22], ""),
    answers("fives of a scale of five", "nps", ["5", "4", "5 из 5"] * 5, "ни одна оценка не выше, чем NPS 5: 15"),
    answers("ones and noughts", "csat", ["1", "1"] * 6, "не выше, чем CSAT 1: 12"),
    answers("answers of a scale of ten", "nps", ["9", "4", "10", "2"] * 5, ""),
    answers("answers of a scale of five", "csi", ["5", "4", "2"] * 5, ""),
    listed("active on days of their own", [day(place * 7 + 3) for place in range(50)], ""),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_stands_in_too_many_rows_is_named(tmp_path, situation):
    """The figures stand, and the first page says why not to believe them; what people do is not doubted."""
    prove(tmp_path / "client", situation, "")
    if not situation.says:
        told = " ".join(ran(tmp_path / "again", situation, "").notes)
        assert "один и тот же" not in told
        assert "в один день" not in told
        assert "день подписки" not in told
        assert "ни одна оценка" not in told
        assert "ночью" not in told


@pytest.mark.slow
def test_whose_phone_it_is_is_not_told(tmp_path):
    """The row is enough to find it."""
    told = " ".join(ran(tmp_path / "client", SITUATIONS[0], "").notes)
    assert "0005550012" not in told.replace(" ", "").replace("-", "")
