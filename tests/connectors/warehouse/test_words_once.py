"""A long file's repeated texts are read once each; what is made of a row is the same as if each cell had been read."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from datetime import date

import pytest

from connectors.warehouse.loading import read_cells
from tests.connectors.warehouse.loading import Folder, side_by_side
from tests.helpers.words import as_if_long

pytestmark = pytest.mark.slow

CALLS = "Дата;Телефон;Канал;Направление;Статус;Разговор"
MOMENTS = ["01.08.2026 10:00:00", "", "не дата", "2026-08-02 11:00"]
PHONES = ["+7 (000) 555-01-01", "70005550102", "", "—", "нет", "sip:100", "123", '="70005550103"', "аноним"]
CHANNELS = ["Директ", " Директ ", "", "(not set)", "#N/A", "VK\u00a0Ads", "'=1+1"]
DIRECTIONS = ["Входящий", "исходящий", "внутренний", ""]
ANSWERS = ["Отвечен", "пропущен", "", "нет"]
TALKS = ["", "60", "1:05", "1 мин 5 сек", "минута", "—"]
STATUSES = ["Успешно реализовано", "Закрыто и не реализовано", "Думает", "", "—", " ОПЛАЧЕН ", "#REF!"]
LOADED = "select * exclude (load_id) from loaded.{} order by source_row"
REJECTS = "select source_row, column_name, value, reason, is_row_kept from loaded.rejects order by all"
COUNTED = """select rows_read, rows_rejected, rows_skipped, rows_without_amount, money_read_rub, money_rejected_rub,
    money_skipped_rub, data_from_on, data_to_on from ops.files"""
NOTICES = "select kind, rows, money_rub, detail from loaded.notices order by all"
ALIASES = "select dictionary, alias from loaded.aliases order by all"


def calls() -> str:
    """Every odd cell of every column, in turn."""
    columns = (MOMENTS, PHONES, CHANNELS, DIRECTIONS, ANSWERS, TALKS)
    rows = itertools.islice(zip(*map(itertools.cycle, columns), strict=False), 300)
    return "\n".join([CALLS, *(";".join(cells) for cells in rows)])


def deals() -> str:
    """Every odd status beside good and bad amounts."""
    rows = itertools.islice(zip(itertools.cycle(STATUSES), itertools.cycle(["100", "x", "", "5,50"]), strict=False), 60)
    days = (f"{1 + place // 28:02}.08.2026" for place in range(60))
    cells = (f"{day};{status};{amount}" for day, (status, amount) in zip(days, rows, strict=True))
    return "\n".join(["Создана;Этап;Сумма", *cells])


TABLES = {
    "calls": (
        {"table": "calls", "columns": {"started_at": "Дата", "phone": "Телефон", "channel": "Канал",
         "direction": "Направление", "is_answered": "Статус", "talk_seconds": "Разговор"}},
        calls,
    ),
    "deals": (
        {"table": "deals", "columns": {"created_on": "Создана", "status": "Этап", "revenue_rub": "Сумма"}},
        deals,
    ),
}  # fmt: skip


def loaded(folder, table, **how):
    """Everything that one load of a table left."""
    source, text = TABLES[table]
    folder.mkdir()
    client = Folder(folder / "data", {table: source}, settings={"loading": {"max_rejected_share": 1.0}}, **how)
    client.run({table: {"a.csv": text()}})
    return [client.rows(sql) for sql in (LOADED.format(table), REJECTS, COUNTED, NOTICES, ALIASES)]


@pytest.mark.parametrize("table", TABLES)
def test_a_text_read_once_is_read_as_in_its_row(tmp_path, table):
    """Rows, refused cells, counts, notices and aliases are the same either way."""
    one_by_one = loaded(tmp_path / "short", table)
    with as_if_long():
        by_words = loaded(tmp_path / "long", table)
    assert by_words == one_by_one
    assert one_by_one[1], "some cells are refused"


@pytest.mark.parametrize("table", TABLES)
def test_rows_read_at_once_are_the_rows_read_with_care(tmp_path, table):
    """Of a long file on disk, good rows go straight in and the rest is read with care: nothing is lost or twice."""
    with_care = loaded(tmp_path / "short", table, is_on_disk=True)
    with as_if_long():
        at_once = loaded(tmp_path / "long", table, is_on_disk=True)
    assert at_once == with_care


def test_a_long_file_with_nothing_odd(tmp_path):
    """No row is left to be read with care, and the file's line is whole all the same."""
    text = "\n".join([CALLS, *(f"01.08.2026 10:0{n}:00;70005550102;Директ;Входящий;Отвечен;60" for n in range(5))])
    with as_if_long():
        client = Folder(tmp_path / "data", {"calls": TABLES["calls"][0]}, is_on_disk=True)
        client.run({"calls": {"a.csv": text}})
    assert client.rows("select source_row from loaded.calls order by 1") == [(row,) for row in range(2, 7)]
    [counts] = client.rows(COUNTED)
    assert counts == (5, 0, 0, 0, 0, 0, 0, date(2026, 8, 1), date(2026, 8, 1))
    assert client.rows(ALIASES) == [("channels", "Директ")]


def test_a_machine_among_the_managers_of_a_long_file_is_told_of(tmp_path):
    """Its name is looked for in the words as they are meant: an old code page holds it in other letters."""
    source = {"table": "calls", "columns": {"manager": "Кто", "started_at": "Дата", "phone": "Телефон"}}
    names = ["Анна", "Борис", "Робот", "", "Анна", "Голосовая почта", "Вера"]
    rows = (f"01.08.2026 10:0{place}:00;7000555010{place};{name}" for place, name in enumerate(names))
    with as_if_long():
        client = Folder(tmp_path / "data", {"calls": source}, is_on_disk=True)
        client.run({"calls": {"a.csv": "\n".join(["Дата;Телефон;Кто", *rows])}})
    assert client.rows(NOTICES) == [("no_event", 2, 0, "Кто")]


def test_the_few_odd_rows_of_a_long_file_are_found_by_their_places(tmp_path):
    """First, last or side by side: refused rows are told by their numbers, odd ones are read, no other row is lost."""
    cases = {}
    for odd in [(0,), (99,), (0, 50, 99), (10, 11, 12, 13, 14), tuple(range(30))]:
        rows = ["01.08.2026 10:00:00;70005550102;Директ;Входящий;Отвечен;60"] * 100
        for place in odd:
            rows[place] = f"{['не дата', '2026-08-02T11:00'][place % 2]};70005550102;Директ;Входящий;Отвечен;60"
        cases[odd] = (TABLES["calls"][0], "\n".join([CALLS, *rows]))
    left = []
    for name in ("short", "long"):
        with as_if_long() if name == "long" else nullcontext():
            of = side_by_side(tmp_path / name, cases, is_on_disk=True,
                              settings={"loading": {"max_rejected_share": 1.0}})  # fmt: skip
        own = "where load_id in (select load_id from ops.files where source = $source) order by"
        left.append(
            [of(sql.replace("order by", own)) for sql in (LOADED.format("calls"), REJECTS, COUNTED + " order by all")]
        )
    assert left[0] == left[1]
    assert {odd: [row[0] for row in found] for odd, found in left[1][1].items()} == {
        odd: [place + 2 for place in odd if place % 2 == 0] for odd in cases
    }


def test_a_column_of_unlike_texts_is_read_cell_by_cell(tmp_path, monkeypatch):
    """More distinct texts than a sample may hold: nothing is made of them, and all rows are there."""
    monkeypatch.setattr(read_cells, "MOST_IN_SAMPLE", 2)
    with as_if_long():
        by_words = loaded(tmp_path / "long", "calls")
    assert by_words == loaded(tmp_path / "short", "calls")


MONTHS = {
    "01.csv": ["Директ;Входящий;Отвечен", "SEO;исходящий;пропущен"],
    "02.csv": ["SEO;Входящий;Отвечен"],
    "03.csv": ["VK;Входящий;нет", "Директ;исходящий;Отвечен", ";;"],
    "04.csv": ["Директ;исходящий;Отвечен", "VK;Входящий;нет", "SEO;;"],
}


def months(folder, sources):
    """What is left when every source loads four files of the same months, whose words come and go."""
    folder.mkdir()
    client = Folder(folder / "data", sources, settings={"loading": {"max_rejected_share": 1.0}}, is_on_disk=True)
    files = {
        name: "\n".join([CALLS, *(f"0{n}.08.2026 10:00;7000555010{n};{row};60" for n, row in enumerate(rows, 1))])
        for name, rows in MONTHS.items()
    }
    client.run({source: {f"{source}-{name}": text for name, text in files.items()} for source in sources})
    ordered = LOADED.format("calls").replace("source_row", "source_file, source_row")
    return [client.rows(sql) for sql in (ordered, REJECTS, COUNTED, NOTICES, "from loaded.aliases order by all")]


@pytest.mark.slow
@pytest.mark.parametrize("most", [20_000, 3], ids=["all words kept", "few words kept"])
def test_words_of_one_month_stand_for_the_next(tmp_path, monkeypatch, most):
    """A new word, one that is gone and one that comes back; another source means something else by the same word."""
    one = TABLES["calls"][0]
    other = {**one, "values": {"is_answered": {"false": ["Отвечен"], "true": ["нет", "пропущен"]}}}
    sources = {"one": one, "other": other, "third": one}
    one_by_one = months(tmp_path / "short", sources)
    monkeypatch.setattr(read_cells, "MOST_WORDS", most)
    with as_if_long():
        by_words = months(tmp_path / "long", sources)
    assert by_words == one_by_one
    assert {row[:2] for row in by_words[-1] if row[0] == 2} == {(2, "channels")}, "each file has its own spellings"
