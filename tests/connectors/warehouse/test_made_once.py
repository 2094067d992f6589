"""What a new warehouse has is made once for a user, and copied; the same where there is nowhere to keep it."""

from pathlib import Path

import duckdb
import pytest

from config.client import Client
from connectors.warehouse import Warehouse
from connectors.warehouse.store.made_once import made_once
from connectors.warehouse.store.schema import SCHEMA_VERSION

SOURCES = {"calls": {"table": "calls", "files": "calls.csv"}}
CLIENT = Client.model_validate({"client": "Роза", "timezone": "Europe/Moscow", "sources": SOURCES})


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user who never ran anything."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made_of(data: Path) -> list[tuple[object, ...]]:
    """Every table, view and sequence of a file, every column's type and how it is stored, and what is said of it."""
    with duckdb.connect(str(data / "svodka.duckdb"), read_only=True) as file:
        parts = "sql, schema_name, {}_name from duckdb_{}s()"
        found = [
            file.execute(f"select {parts.format(kind, kind)} order by all").fetchall()
            for kind in ("table", "view", "sequence")
        ]
        said = file.execute(
            "select key, value from ops.meta union all select 'block', block_size::varchar from"
            " pragma_database_size() order by all"
        ).fetchall()
        return [*(row for rows in found for row in rows), *said]


def test_a_copied_file_is_a_made_one(tmp_path, home, monkeypatch):
    """Whether a user has a cache changes nothing of the file."""
    for name in ("first", "second"):
        Warehouse.open(tmp_path / name, CLIENT).close()
    [kept] = (home / ".cache" / "svodka").glob("empty-*.duckdb")
    home.joinpath(".cache").rename(tmp_path / "gone")
    home.joinpath(".cache").write_text("a file where a folder should be", encoding="utf-8")
    Warehouse.open(tmp_path / "third", CLIENT).close()
    first, second, third = (made_of(tmp_path / name) for name in ("first", "second", "third"))
    assert first == second == third
    assert {("schema_version", str(SCHEMA_VERSION)), ("block", "65536")} <= {*first}
    assert kept.name.startswith("empty-")


def test_a_file_that_was_cut_short_is_not_used(home):
    """A full disk, a kill: the name tells what it should hold, and it is made again."""
    kept = made_once("empty", "create table t as select 1 as a;")
    kept.write_bytes(kept.read_bytes()[:5000])
    again = made_once("empty", "create table t as select 1 as a;")
    with duckdb.connect(str(again), read_only=True) as file:
        assert file.execute("select a from t").fetchall() == [(1,)]


def test_a_copy_is_nobody_elses(tmp_path, home):
    """Two clients begin alike and share nothing."""
    one, other = Warehouse.open(tmp_path / "one", CLIENT), Warehouse.open(tmp_path / "other", CLIENT)
    with one, other:
        one._connection.execute("insert into ops.meta values ('a', 'b')")
        assert other._connection.execute("select count(*) from ops.meta where key = 'a'").fetchone() == (0,)
