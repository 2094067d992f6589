"""Calls, enquiries and subscribers that words beside them call a try, spam, told twice or a machine's: named."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

TEN = range(1, 11)
TABLES = {
    "calls": ("Начало;Телефон;Кто", {"started_at": "Начало", "phone": "Телефон", "manager": "Кто"}),
    "leads": ("Создан;Телефон", {"created_at": "Создан", "phone": "Телефон"}),
    "subscribers": ("Добавлен;Email", {"subscribed_on": "Добавлен", "email": "Email"}),
}
WHO = {"calls": "7000000{n:04};{who}", "leads": "7000000{n:04}", "subscribers": "u{n}@example.org"}


def beside(name: str, heading: str, odd: str, usual: str = "", who: str = "Анна") -> Situation:
    """Ten rows of a table with one more column, in the third and the seventh of which an odd word stands."""
    head, columns = TABLES[name]
    rows = (
        f"{n:02}.08.2026 10:0{n % 7};{WHO[name].format(n=n, who=who if n in (3, 7) else 'Борис')}"
        f";{odd if n in (3, 7) else usual}"
        for n in TEN
    )
    return Situation(
        f"{name}: {heading or 'Кто'}: {odd or who}",
        {name: {"table": name, "columns": columns}},
        {f"{name[0]}.csv": table(f"{head};{heading or 'Город'}", *rows)},
        f"select count(*)::varchar from staged.{name}",
        "10",
        f"в «{heading or 'Кто'}» (exports/{name[0]}.csv) слова вроде «спам», «тест», «дубль», «робот», строк: 2",
    )


NAMED = (
    beside("calls", "", "", who="Голосовая почта"),
    beside("calls", "", "", who="IVR"),
    beside("calls", "Кто ответил", "Робот-секретарь", "Анна"),
    beside("calls", "Теги", "Спам"),
    beside("calls", "Комментарий", "тестовый звонок"),
    beside("leads", "Статус", "Дубль", "Новая"),
    beside("leads", "Является дублем", "Да", "Нет"),
    beside("leads", "Имя", "test", "Пётр"),
    beside("leads", "Результат", "Объединён с другим контактом", "Перезвонить"),
    beside("subscribers", "Тип", "Бот", "Человек"),
    beside("subscribers", "Статус", "Не подтверждён", "Подтверждён"),
    beside("subscribers", "Активен", "нет", "да"),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", NAMED, ids=lambda one: one.name)
def test_a_row_that_is_none_by_its_words_counts_and_is_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@pytest.mark.parametrize(
    "situation",
    [
        beside("calls", "", "", who="Роботова Анна"),
        beside("calls", "Тег", "спамятовал"),
        beside("leads", "Тип", "Бот в Telegram", "Форма"),
        beside("leads", "Название", "Тестомес", "Печь"),
        beside("leads", "Город", "Тест", "Тула"),
        beside("subscribers", "Тип", "Бот", "Бот"),
    ],
    ids=lambda one: one.name,
)
def test_other_words_name_nothing(tmp_path, situation):
    """Part of another word, a way in which enquiries come, what nearly all rows say."""
    notes = ran(tmp_path / "client", situation, "").notes
    assert not [note for note in notes if "слова вроде" in note]


@pytest.mark.slow
@BOTH_SIZES
def test_internal_calls_that_nobody_reads_are_asked_about(tmp_path, padding):
    """They would count as inbound, as outgoing ones would."""
    situation = beside("calls", "Направление", "Внутренний", "Входящий")
    loaded = ran(tmp_path / "client", situation, padding)
    assert (loaded.exit_code, "все звонки считались бы входящими" in " ".join(loaded.problems)) == (4, True)
