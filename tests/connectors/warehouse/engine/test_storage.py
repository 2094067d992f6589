"""A storage that is not one for all: told in words, and no table of half the rows."""

from types import SimpleNamespace

import duckdb
import pytest

from config.client import Engine
from config.errors import TargetError, Unavailable
from connectors.warehouse.engine import figures
from connectors.warehouse.engine.figures import Figures

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """All rows go through the storage, as if they were many."""
    monkeypatch.setattr(figures, "FEW_ROWS", -1)


class Elsewhere:
    """A server whose workers write where nobody else looks, and count what they wrote."""

    def __init__(self, write=lambda path: None):
        self.read = SimpleNamespace(parquet=lambda path: SimpleNamespace(createOrReplaceTempView=lambda name: None))
        self.write = write

    def sql(self, _):
        """Every question is answered by eight."""
        return SimpleNamespace(write=SimpleNamespace(parquet=self.write), collect=lambda: [(8,)])


def made(tmp_path, session):
    """A table made by that server, its warehouse."""
    connection = duckdb.connect()
    connection.execute("create schema metrics; set variable as_of = 1")
    engine = Engine(spark="sc://host:15002", storage=str(tmp_path))
    (tmp_path / "own").mkdir()
    Figures(engine, tmp_path / "own", session, lambda: None).make(connection, "metrics.eight", "select 1 as n", None)
    return connection


def test_rows_that_are_not_seen_from_here_are_missed(tmp_path):
    """No rows here, eight there: it is not one folder."""
    with pytest.raises(TargetError) as error:
        made(tmp_path, Elsewhere())
    assert str(error.value) == (
        f"engine: storage: {tmp_path}: движок записал в metrics.eight строк: 8, а отсюда видно 0 — это не одна и та же "
        "папка для всех машин; прежние данные и отчёт целы"
    )


def test_a_worker_lost_while_it_writes_is_told(tmp_path):
    """What it wrote so far is not looked at."""
    from pyspark.errors import PySparkException

    def write(path):
        duckdb.execute(f"copy (select 1 as n) to '{tmp_path}/half.parquet'")
        raise PySparkException("Job aborted: executor 3 lost\n  at …")

    with pytest.raises(Unavailable) as error:
        made(tmp_path, Elsewhere(write))
    assert str(error.value) == (
        "engine: spark: sc://host:15002: движок не ответил или не досчитал: Job aborted: executor 3 lost — "
        "прежние данные и отчёт целы; проверьте сервер и повторите"
    )
