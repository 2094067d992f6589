"""Who left, who came back and who is one person: told by the rows, asked about or named."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, table

LIST = {"table": "subscribers", "columns": {"subscriber_id": "Email", "subscribed_on": "Дата подписки"}}
COUNT = "select count(*)::varchar from staged.subscribers"
GONE = "select count(unsubscribed_on)::varchar from staged.subscribers"


def people(heading: str, *rest: str) -> str:
    """A subscriber a day, and what else is known of each."""
    rows = (f"a{n}@example.org;0{n}.08.2026;{what}" for n, what in enumerate(rest, 1))
    return table(f"Email;Дата подписки;{heading}", *rows)


def with_column(**columns: str) -> dict[str, object]:
    return {"list": {**LIST, "columns": {**LIST["columns"], **columns}}}  # type: ignore[dict-item]


STATES = ("active", "unsubscribed", "bounced", "active", "complained")
SITUATIONS = (
    Situation("states that nobody reads", {"list": LIST}, {"l.csv": people("Статус", *STATES)},
              says="is_departed: Статус"),
    Situation("states that are read as the question says", with_column(is_departed="Статус"),
              {"l.csv": people("Статус", *STATES)}, GONE, "3"),
    Situation("states that do not matter", {"list": {**LIST, "columns": {**LIST["columns"], "is_departed": []}}},
              {"l.csv": people("Статус", *STATES)}, GONE, "0"),
    Situation("states in Russian, one of them a service's own", {"list": LIST},
              {"l.csv": people("Статус", "Подписан", "Заблокировал бота", "Отписался", "На паузе")},
              says="«Заблокировал бота»"),
    Situation("days of leaving that nobody reads", {"list": LIST},
              {"l.csv": people("Дата отписки", "", "05.08.2026", "")}, says="unsubscribed_on: Дата отписки"),
    Situation("days of leaving that do not matter",
              {"list": {**LIST, "columns": {**LIST["columns"], "unsubscribed_on": []}}},
              {"l.csv": people("Дата отписки", "", "05.08.2026", "")}, GONE, "0"),
    Situation("a day of something else", {"list": LIST}, {"l.csv": people("Дата рождения", "", "05.08.1990")},
              COUNT, "2"),
    Situation("a yes to something else", {"list": LIST}, {"l.csv": people("Согласие", "да", "нет", "да")}, COUNT, "3"),
    Situation("a yes to having left", {"list": LIST}, {"l.csv": people("Отписан", "да", "нет", "да")},
              says="is_departed: Отписан"),
    Situation("one address in capitals", {"list": LIST},
              {"l.csv": table("Email;Дата подписки", "Anna@Example.org;01.08.2026", "anna@example.org;02.08.2026",
                              "b@example.org;03.08.2026")}, COUNT, "2"),
    Situation("states that no list of words has", with_column(is_departed="Статус"),
              {"l.csv": people("Статус", "Активен", "Холодный", "Отписан", "Холодный", "VIP")}, GONE, "1",
              "незнакомые статусы подписчиков, строк 3: «Холодный» (2), «VIP» (1)"),
    Situation("states that all are known", with_column(is_departed="Статус"),
              {"l.csv": people("Статус", "Активный", "Неактивный", "Отписан")},
              "select count(*)::varchar from ops.notices where kind = 'unknown_departed'", "0"),
    Situation("who stayed, where it is asked who left", with_column(is_departed="Подписан"),
              {"l.csv": people("Подписан", "да", "нет", "да", "да", "нет")}, GONE, "2"),
    Situation("who stayed, as svodka.yaml says",
              {"list": {**with_column(is_departed="Активен")["list"],
                        "values": {"is_departed": {"true": ["1"], "false": ["0"]}}}},  # type: ignore[dict-item]
              {"l.csv": people("Активен", "1", "0", "1")}, GONE, "2"),
    Situation("days on which somebody left among those of coming", {"list": LIST},
              {"l.csv": people("Событие", "Подписка", "Отписка", "Подписка")}, says="is_departed: Событие"),
    Situation("one person under two numbers", with_column(subscriber_id="ID", email="Email"),
              {"l.csv": table("ID;Email;Дата подписки",
                              *(f"{n};a{n // 2}@example.org;{n:02}.08.2026" for n in range(2, 12)))},
              COUNT, "10", "одна почта или телефон стоят под разными номерами подписчиков, лишних: 5"),
    Situation("a family that shares one address", with_column(subscriber_id="ID", email="Email"),
              {"l.csv": table("ID;Email;Дата подписки",
                              *(f"{n};a{max(n, 3)}@example.org;{n:02}.08.2026" for n in range(1, 12)))},
              "select count(*)::varchar from ops.notices where kind = 'people_twice'", "0"),
    Situation("letters that were sent, and some that were opened",
              {"a": {"table": "activity", "columns": {"subscriber_id": "Email", "active_on": "День", "kind": "Что"}}},
              {"a.csv": table("Email;День;Что",
                              *(f"a{n}@example.org;0{n}.08.2026;{w}" for n, w in
                                enumerate(("Доставлено", "Открыто", "Отписка", "Клик"), 1)))},
              "select count(*)::varchar from staged.activity", "4", "строк: 2"),
    Situation("people whom only the older of two lists has", {"list": LIST},
              {f"l{place}.csv": table("Email;Дата подписки", *(f"a{n}@example.org;{n:02}.08.2026" for n in days))
               for place, days in ((1, range(1, 16)), (2, (*range(1, 12), 20)))},
              COUNT, "16", "в старой (exports/l1.csv) есть: 4"),
    Situation("lists of those who are new", {"list": LIST},
              {f"l{place}.csv": table("Email;Дата подписки", *(f"a{n}@example.org;{n:02}.08.2026" for n in days))
               for place, days in ((1, range(1, 10)), (2, range(9, 16)))},
              "select count(*)::varchar from ops.notices where kind = 'people_of_older'", "0"),
    Situation("left before they came", with_column(unsubscribed_on="Отписка"),
              {"l.csv": people("Отписка", "", "01.07.2026", "30.08.2026")}, GONE, "2",
              "день ухода («Отписка») раньше дня подписки, строк: 1"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_who_left_is_known_or_asked_about(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)
