"""`svodka forget`: what a wrong file or one person left is gone, and the figures still balance."""

import io
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.forget.forget import spellings
from tests.flows.small_client import AS_OF, SVODKA
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow

PERSON = "70005550101"
USERS = "id;Подписан;Был;Телефон\n1;01.07.2026;30.08.2026;+7 (000) 555-01-01\n2;02.07.2026;02.07.2026;70005550102\n"
WITH_PHONES = SVODKA.replace("last_active_on: Был}", "last_active_on: Был, phone: Телефон}")


def everything(folder: Path) -> str:
    """All text of all tables of the warehouse and its history; the same for the same rows in any order."""
    with reading(folder / "data") as warehouse:
        tables = sorted(warehouse.execute("select schema_name, table_name from duckdb_tables()").fetchall())
        places = [f'{schema}."{name}"' for schema, name in tables]
        places += [f"'{path}'" for path in sorted((folder / "data" / "history").glob("*.parquet"))]
        return "\n".join(row for place in places for row in sorted(map(str, rows_of(warehouse, place))))


def rows_of(warehouse: duckdb.DuckDBPyConnection, place: str) -> list[tuple[object, ...]]:
    """Every row of a table or a file, in no order."""
    return warehouse.execute(f"from {place}").fetchall()


@pytest.fixture
def school(tmp_path, after_run):
    """A client after one run, with a person in calls, orders and subscribers."""
    folder = after_run(tmp_path / "vasilek", {"svodka.yaml": WITH_PHONES, "exports/users.csv": USERS}, to="none")
    assert PERSON in everything(folder)
    return folder


def test_a_person_is_erased_everywhere(school, svodka):
    """However the phone is written; the exports that still hold the person are named."""
    answer = svodka("forget", school, "--person", "8 (000) 555-01-01", "--yes")
    assert answer.code == 0
    assert answer.lines[1:] == [
        (
            "В этих выгрузках человек ещё есть. Пока файл прежний, он не перечитывается; изменённый или перечитанный"
            " (--since) вернёт человека — уберите его и там:"
        ),
        "exports/calls.csv",
        "exports/orders.csv",
        "exports/users.csv",
    ]
    assert PERSON not in everything(school)
    assert "70005550102" in everything(school)
    assert PERSON in (school / "exports" / "calls.csv").read_text("utf-8")


def test_the_figures_still_balance_after_it(school, svodka):
    """Roubles and counts stay, nobody is behind them; files that did not change bring nobody back."""
    svodka("forget", school, "--person", PERSON, "--yes")
    answer = svodka("run", school, "--as-of", AS_OF, "--to", "none")
    assert (answer.code, answer.err) == (0, "")
    assert "Выручка 12 001 ₽ —" in answer.lines
    assert PERSON not in everything(school)


def test_what_a_wrong_file_left_in_the_history_is_gone(school, svodka):
    """The visits it showed are forgotten; those of other files stay."""
    assert list((school / "data" / "history").glob("*.parquet"))
    answer = svodka("forget", school, "--file", "exports/users.csv", "--yes")
    assert answer.code == 0
    assert answer.lines[0].startswith("exports/users.csv: из истории убрано строк: ")
    with reading(school / "data") as warehouse:
        assert warehouse.execute("select count(*) from loaded.history").fetchone() == (0,)


def test_a_forgotten_file_that_is_still_there_shows_what_it_holds_now(school, svodka):
    """The visit of an earlier export is forgotten, that of the present one is in the history again."""
    seen = "select active_on from staged.activity where kind = 'seen' and subscriber_id = '1' order by 1"
    users = school / "exports" / "users.csv"
    users.write_text(USERS.replace("30.08.2026", "31.08.2026"), "utf-8")
    svodka("run", school, "--as-of", AS_OF, "--to", "none")
    with reading(school / "data") as warehouse:
        assert warehouse.execute(seen).fetchall() == [(date(2026, 8, 30),), (date(2026, 8, 31),)]
    svodka("forget", school, "--file", "exports/users.csv", "--yes")
    svodka("run", school, "--as-of", AS_OF, "--to", "none")
    with reading(school / "data") as warehouse:
        assert warehouse.execute(seen).fetchall() == [(date(2026, 8, 31),)]


@pytest.mark.parametrize(
    ("typed", "ended"),
    [
        ("n\n", (130, "Остановлено. Данные и отчёт прежние.\n")),
        ("", (2, "Отвечать некому, и ничего не сделано — добавьте --yes, если уверены\n")),
    ],
)
def test_without_a_yes_nothing_happens(school, svodka, monkeypatch, typed, ended):
    """A no, or nobody there to ask: stopped, and everything is as it was."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    before = everything(school)
    answer = svodka("forget", school, "--person", PERSON)
    assert (answer.code, answer.err) == ended
    assert everything(school) == before


@pytest.mark.parametrize("typed", ["да\n", "ДА\n", "y\n"])
def test_a_yes_in_ones_own_language_is_an_answer(school, svodka, monkeypatch, typed):
    """Nobody types `y` on a Russian keyboard."""
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    answer = svodka("forget", school, "--person", PERSON)
    assert answer.code == 0
    assert "Стереть человека 70005550101 из хранилища и истории? [да/нет]" in answer.out
    assert PERSON not in everything(school)


def test_no_block_of_any_file_holds_the_person(school, svodka):
    """Not as text of a table that is gone: every byte of the data folder is looked at."""
    assert files_with(school, PERSON)
    svodka("forget", school, "--person", PERSON, "--yes")
    assert files_with(school, PERSON) == []
    assert files_with(school, "70005550102"), "the same search finds who was not forgotten"
    assert svodka("run", school, "--as-of", AS_OF, "--to", "none").code == 0
    assert files_with(school, PERSON) == []


def test_a_kill_before_the_file_is_rewritten_leaves_nobody_in_it(school, svodka):
    """Erased from the tables, and the process is gone: the next run makes the file anew first."""
    script = f"""
import os, pathlib, signal
from connectors.warehouse.kept import forget
forget.rewrite = lambda _: os.kill(os.getpid(), signal.SIGKILL)
forget.forget_person(pathlib.Path({str(school / "data")!r}), [{PERSON!r}])
"""
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    assert PERSON not in everything(school)
    assert files_with(school, PERSON)
    assert svodka("run", school, "--as-of", AS_OF, "--to", "none").code == 0
    assert files_with(school, PERSON) == []


def files_with(folder: Path, text: str) -> list[str]:
    """Files of the data folder in whose bytes a text stands."""
    files = (path for path in sorted((folder / "data").rglob("*")) if path.is_file())
    return [path.name for path in files if text.encode() in path.read_bytes()]


@pytest.mark.parametrize("words", [[], ["--file", "a", "--person", "b"]])
def test_exactly_one_thing_is_forgotten(school, svodka, words):
    """Neither or both is a mistake of usage."""
    answer = svodka("forget", school, *words)
    assert (answer.code, answer.err) == (2, "Нужно ровно одно из двух: --file или --person\n")


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("+7 000 555-01-01", ["70005550101", "70005550101", "+7 000 555-01-01"]),
        ("0005550101", ["70005550101", "0005550101"]),
        (" Anna@Example.ORG ", ["anna@example.org"]),
        ("user-17", ["user-17"]),
    ],
)
def test_a_person_may_be_written_in_several_ways(typed, known):
    """Phones as the warehouse keeps them, e-mails in lower case, ids as they are."""
    assert spellings(typed) == list(dict.fromkeys(known))


def test_nobody_and_nothing_are_no_success(school, svodka):
    """Code 2, what was not found, and the files that there are; nothing changed."""
    before = everything(school)
    person = svodka("forget", school, "--person", "70005559999", "--yes")
    assert (person.code, person.out) == (2, "")
    assert person.err.startswith("«70005559999»: такого человека в хранилище и истории нет — ничего не стёрто.")
    file = svodka("forget", school, "--file", "exports/user.csv", "--yes")
    assert (file.code, file.out) == (2, "")
    assert file.err.startswith("«exports/user.csv»: такого файла в хранилище и истории нет — ничего не убрано. Есть: ")
    assert "exports/users.csv" in file.err
    assert everything(school) == before


def test_a_changed_export_that_still_holds_the_person_brings_them_back(school, svodka):
    """As the command says: an unchanged one does not."""
    svodka("forget", school, "--person", PERSON, "--yes")
    svodka("run", school, "--as-of", AS_OF, "--to", "none")
    assert PERSON not in everything(school)
    calls = school / "exports" / "calls.csv"
    calls.write_text(calls.read_text("utf-8") + "06.08.2026 12:00:00;70005550109;SEO;Борис;9\n", "utf-8")
    svodka("run", school, "--as-of", AS_OF, "--to", "none")
    assert PERSON in everything(school)


def test_a_correction_that_tells_of_the_person_is_named_with_the_exports(tmp_path, svodka, after_run):
    """It is written by a person, so it stays until a person takes it out."""
    folder = after_run(tmp_path / "school", {"svodka.yaml": SVODKA + "corrections: corrections.csv\n"}, to="none")
    assert svodka("correct", folder, "exports/orders.csv:2", "Телефон=+7 000 555-01-03").code == 0
    assert "  corrections.csv" in svodka("forget", folder, "--person", "70005550103", "--yes").out.splitlines()
    assert "  corrections.csv" not in svodka("forget", folder, "--person", "70005550102", "--yes").out.splitlines()
