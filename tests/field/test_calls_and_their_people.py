"""When a call was, which way it went and who took it: told by headings and cells, asked about or named."""

from __future__ import annotations

import pytest

from connectors.warehouse.ledger.notices import same_people
from tests.field.situation import BOTH_SIZES, Situation, prove, table
from transforms.staging.moments import zone_in

CALLS = {"started_at": "Начало", "phone": "Телефон", "talk_seconds": "Разговор"}
STARTED = "select string_agg(strftime(started_at, '%d %H:%M'), ' ' order by started_at) from staged.calls"
COUNT = "select count(*)::varchar from staged.calls"


def source(**more: object) -> dict[str, dict[str, object]]:
    return {"calls": {"table": "calls", "columns": {**CALLS, **more.pop("columns", {})}, **more}}  # type: ignore[dict-item]


def calls(*rows: str, head: str = "Начало;Телефон;Разговор") -> dict[str, str]:
    return {"c.csv": table(head, *rows)}


TWO = ("01.08.2026 22:30:00;70000000001;60", "02.08.2026 10:00:00;70000000002;5")
IN_ZONE = calls(*(f"{row};UTC" for row in TWO), head="Начало;Телефон;Разговор;Часовой пояс")
AT_HOME = calls(*(f"{row};+03:00" for row in TWO), head="Начало;Телефон;Разговор;Часовой пояс")
CODED = calls(*(f"{row};{code}" for code, row in enumerate(TWO, 1)), head="Начало;Телефон;Разговор;Тип")
MENU = "Дата;Кто звонил;Кому звонили;Разговор;ID вызова"
BY_WHOM = (("10:00:00", "Голосовое меню", 10), ("10:00:10", "Анна", 60))
IN_MENU = calls(*(
    f"{n:02}.08.2026 {at};7000000{n:04};{whom};{talk};A{n}" for n in range(1, 11) for at, whom, talk in BY_WHOM
), head=MENU)  # fmt: skip
BY_MENU = {"columns": {"started_at": "Дата", "phone": "Кто звонил"}}
TAKEN = {"columns": {"is_answered": "Итог", "direction": "Тип"}}


def taken(mute: int) -> dict[str, str]:
    """Thirty answered calls, in some of which nobody talked."""
    rows = (f"{n:02}.08.2026 10:00;7000000{n:04};{60 if n > mute else 0};да;вх" for n in range(1, 31))
    return calls(*rows, head="Начало;Телефон;Разговор;Итог;Тип")


SITUATIONS = (
    Situation("a menu before the person", source(**BY_MENU), IN_MENU, COUNT, "20", "«Кому звонили» (exports/c.csv)"),
    Situation("a menu before the person, by the number of the call",
              source(columns={**BY_MENU["columns"], "call_id": "ID вызова"}), IN_MENU, COUNT, "10"),
    Situation("answered by a machine", source(**TAKEN), taken(12), COUNT, "30",
              "отвечены, но никто не говорил ни секунды: 12 из 30"),
    Situation("a few at which somebody hung up", source(**TAKEN), taken(4),
              "select count(*)::varchar from ops.notices where kind = 'answered_mute'", "0"),
    Situation("UTC in a heading", source(columns={"started_at": "Дата (UTC)"}),
              calls(*TWO, head="Дата (UTC);Телефон;Разговор"), STARTED, "02 01:30 02 13:00"),
    Situation("UTC in a heading, local all the same",
              source(columns={"started_at": "Дата (UTC)"}, timezone="Europe/Moscow"),
              calls(*TWO, head="Дата (UTC);Телефон;Разговор"), STARTED, "01 22:30 02 10:00"),
    Situation("five hours ahead in a heading", source(columns={"started_at": "Время, UTC+5"}),
              calls(*TWO, head="Время, UTC+5;Телефон;Разговор"), STARTED, "01 20:30 02 08:00"),
    Situation("a column of zones that nobody reads", source(), IN_ZONE, says="timezone: UTC"),
    Situation("the zone as the question says", source(timezone="UTC"), IN_ZONE, STARTED, "02 01:30 02 13:00"),
    Situation("a column of the client's own zone", source(), AT_HOME, STARTED, "01 22:30 02 10:00"),
    Situation("codes that tell which way a call went", source(), CODED, says="direction: Тип"),
    Situation("the same codes, explained",
              source(columns={"direction": "Тип"}, values={"direction": {"in": ["1"], "out": ["2"]}}), CODED,
              "select string_agg(direction, ' ' order by started_at) from staged.calls", "in out"),
    Situation("calls of one's own telephones", source(),
              calls(*TWO, "03.08.2026 10:00:00;101;50"), COUNT, "3", "короткие номера, строк: 1"),
    Situation("calls of one's own telephones, left out as the advice says", source(exclude={"Телефон": ["101"]}),
              calls(*TWO, "03.08.2026 10:00:00;101;50"), COUNT, "2"),
    Situation("one employee in two orders of words", source(columns={"manager": "Кто"}),
              calls(f"{TWO[0]};Иванов Иван", f"{TWO[1]};Иван Иванов", head="Начало;Телефон;Разговор;Кто"), COUNT, "2",
              "один сотрудник под разными именами: «Иван Иванов», «Иванов Иван»"),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_calls_are_what_they_say_or_asked_about(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.parametrize(
    ("heading", "zone"),
    [
        ("Дата (UTC)", "UTC"),
        ("start, GMT+3", "Etc/GMT-3"),
        ("Время UTC-5", "Etc/GMT+5"),
        ("Начало (МСК)", "Europe/Moscow"),
        ("Начало, МСК+2", "Etc/GMT-5"),
        ("utc_date", "UTC"),
        ("Время, UTC+05:00", "Etc/GMT-5"),
        ("Время, UTC+5:30", None),
        ("GMT 5", None),
        ("Группа Z", None),
        ("Дата", None),
        ("Мсковский звонок", None),
    ],
)
def test_a_heading_names_its_zone(heading, zone):
    """By the word alone; part of another word is none."""
    assert zone_in(heading) == zone


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["Иванов Иван", "Иван Иванов"], [["Иван Иванов", "Иванов Иван"]]),
        (["Петров И.И.", "Петров Иван Ильич", "Анна"], [["Петров Иван Ильич", "Петров И.И."]]),
        (["Петров Иван", "Петров Илья", "Петров И."], []),
        (["Анна", "Анна Петрова", "Пётр Анна-Мария"], []),
        (["А. Ким", "Ким А."], [["А. Ким", "Ким А."]]),
        (["Иванова Анна", "Иванова Анна (уволена)"], [["Иванова Анна", "Иванова Анна (уволена)"]]),
        (["Ивнова Анна", "Иванова Анна", "Петров Олег"], [["Иванова Анна", "Ивнова Анна"]]),
        (["Смирнова Мария", "Смирнова Марина", "Петров Олег", "Петров Игорь"], []),
    ],
)
def test_one_person_is_known_by_the_letters(names, people):
    """Where two persons may be meant, nobody is."""
    assert same_people(names) == people
