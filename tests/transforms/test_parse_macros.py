"""The macros of transforms/parse/*.sql, each by its name, and what they are made of."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import duckdb
import pytest

from config.documents import DURATION_MARK, MOMENT_MARK, NUMBER_MARK
from connectors.warehouse.store.database import define
from tests.helpers.parse import CONNECTION, written
from transforms.parse import constants, definitions

NBSP = "\u00a0"


def evaluated(call, **texts):
    """A call over named texts in; what it gives out."""
    columns = ", ".join(f"?::varchar as {name}" for name in texts)
    return CONNECTION.execute(f"select {call} from (select {columns})", list(texts.values())).fetchone()[0]


@pytest.mark.parametrize(
    ("call", "cell", "expected"),
    [
        ("is_number(cell)", f"{NUMBER_MARK}5", True),
        ("is_dated(cell)", f"{DURATION_MARK}65", True),
        ("marked(cell)", f"{MOMENT_MARK}2026-08-01", "2026-08-01"),
        ("unguarded(cell)", '="007"', "007"),
        ("unguarded(cell)", "'007", "007"),
        ("tidy(cell)", f" \u22125{NBSP}000 РУБ ", "-5 000 руб"),
        ("as_written(cell)", f"{NBSP}Ещё не ", "Ещё не"),
        ("folded_text(cell)", "  Ещё   НЕТ", "еще нет"),
        ("is_blank(cell)", "Нет данных", True),
        ("is_blank(cell)", "0", False),
        ("is_error(cell)", "#REF!", True),
        ("plain_bigint(cell)", "007", None),
        ("plain_bigint(cell)", "-7", -7),
    ],
)
def test_a_cell_as_such(call, cell, expected):
    """Marks, guards, odd spaces and words of absence."""
    assert evaluated(call, cell=cell) == expected


@pytest.mark.parametrize(
    ("call", "cell", "expected"),
    [
        ("number_text(cell, null, false)", "1 234,5", "1234.5"),
        ("number_text(cell, null, false)", "1.234", None),
        ("number_text(cell, ',', false)", "1.234", "1234"),
        ("number_text(cell, '.', false)", "1.234", "1.234"),
        ("number_text(cell, null, true)", "1.234", "1234"),
        ("signed_number_text(cell, null, false)", "(5)", "-5"),
        ("signed_number_text(cell, null, false)", "(5", None),
        ("has_two_readings(cell, null, false)", "1,000", True),
        ("has_two_readings(cell, ',', false)", "1,000", False),
        ("seconds_of_clock(cell)", "1:02:03", 3723.0),
        ("seconds_of_words(cell)", "2 мин 5 сек", 125.0),
        ("century(cell)", "26", "20"),
        ("century(cell)", "90", "19"),
        ("month_number(cell)", "мая", "5"),
        ("month_number(cell)", "завтра", ""),
        ("canonical_phone(cell)", "8 (000) 555-01-01", "70005550101"),
        ("without_label(cell)", "тел: 123", "123"),
        ("without_fraction(cell)", "12.0", "12"),
        ("currency_code(cell, 'RUB')", "$", "USD"),
        ("currency_code(cell, 'RUB')", "", "RUB"),
        ("currency_code(cell, 'RUB')", "тугрик", "ТУГРИК"),
    ],
)
def test_a_part_of_a_reading(call, cell, expected):
    """What the readings of whole cells are made of."""
    assert evaluated(call, cell=cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-08-01", datetime(2026, 8, 1)),
        ("2026-08-01 00:00:00", datetime(2026, 8, 1)),
        ("2026-08-01 23:30:00", datetime(2026, 8, 2, 2, 30)),
        ("1899-12-30 10:00:00", None),
        ("2026-08-01 23:30", None),
    ],
)
def test_a_moment_of_a_workbook_is_read_the_quick_way(cell, expected):
    """A bare day is not shifted; what stands otherwise than programs write it is left to the long way."""
    call = "usual_moment(cell, null::varchar, 'UTC', 'Europe/Moscow')"
    assert evaluated(call, cell=MOMENT_MARK + cell) == expected


def test_a_word_is_found_whole_and_with_its_own_meaning():
    """A meaning that is a word of the list too, and a part of a word, are no such word."""
    words = "\x1fда\x1enet\x1fnet\x1eother\x1f"
    found = [evaluated("meaning_of(word, words)", word=word, words=words) for word in ("да", "net", "д", "")]
    assert found == ["net", "other", None, None]


def test_no_two_macros_bind_one_name():
    """Macros are written out where they are called, so the name that one binds would hide that of another."""
    bound = Counter(name for _, body in written().values() for name in re.findall(r"lambda (\w+):", body))
    assert [name for name, times in bound.items() if times > 1] == []


def test_no_macro_calls_one_of_the_engine_with_another_in_it():
    """DuckDB's own macros name an argument twice and more: what is planned once would be planned eight times over."""
    own = CONNECTION.execute("""select function_name from duckdb_functions()
        where function_type = 'macro' and database_name = 'system' and schema_name = 'main'
        and function_name <> 'if'""")
    theirs = "|".join(name for (name,) in own.fetchall())
    known = {"nullif"}  # of parts that a lambda holds, and of a text that is tidied
    called = {name for _, body in written().values() for name in re.findall(rf"(?<![\w.])({theirs})\(", body)}
    assert called <= known
    assert "nullif" not in written()["meaning_of"][1]


def test_every_macro_is_called():
    """By another, or from Python."""
    from pathlib import Path

    python = "\n".join(path.read_text(encoding="utf-8") for path in Path("transforms").rglob("*.py"))
    sql = "\n".join(body for _, body in written().values())
    called = set(re.findall(r"(\w+)\(", sql)) | set(re.findall(r"\b(\w+)\(", python))
    kinds = {f"{kind}_of" for kind in ("count", "number", "share")} | {
        f"why_no_{kind}" for kind in ("count", "number", "share")
    }
    assert sorted({*written(), *constants()} - called - kinds) == []


def of_whom(connection):
    """Whose the macros are that the connection calls."""
    assert connection.execute("select tidy(' Да ')").fetchone() == ("да",)
    made = connection.execute("select distinct database_name from duckdb_functions() where function_name = 'tidy'")
    return [name for (name,) in made.fetchall()]


def test_macros_are_made_once_for_all_runs(tmp_path, monkeypatch):
    """None of them stays in the warehouse, where a reader would meet what a later release reads otherwise."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("romashka", "vasilyok"):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute("create schema loaded; create table loaded.calls (n integer)")
            connection.begin()
            connection.execute("insert into loaded.calls values (1)")
            define(connection, definitions())
            assert of_whom(connection) == ["functions"]
            connection.execute("insert into loaded.calls select 2 where tidy('Нет') = 'нет'")
            connection.commit()
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            assert connection.execute("select count(*) from loaded.calls").fetchone() == (2,)
            assert not connection.execute("from duckdb_functions() where function_name = 'tidy'").fetchall()
    assert len(list((tmp_path / ".cache" / "svodka").iterdir())) == 1


def test_macros_that_were_kept_broken_are_made_anew(tmp_path, monkeypatch):
    """A database that does not open would break the transaction, so its name tells its content."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for _ in range(2):
        with duckdb.connect() as connection:
            define(connection, definitions())
            assert of_whom(connection) == ["functions"]
        (kept, *_) = (tmp_path / ".cache" / "svodka").iterdir()
        kept.write_bytes(b"half of a block")


def test_macros_are_of_the_connection_where_a_user_has_no_cache(tmp_path, monkeypatch):
    """A service without a home reads cells all the same."""
    (tmp_path / "nobody").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    with duckdb.connect() as connection:
        define(connection, definitions())
        assert of_whom(connection) == ["temp"]
