"""Exports that workers of an engine load and that DuckDB settles over their files: the same as without any engine."""

import random
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.draft import Run
from config.errors import SvodkaError, TargetError
from config.folder.load import load_client
from connectors.warehouse import Reading, Warehouse, forget_person, undo_run
from flows.run.given.dictionaries import namings, staging_context
from flows.run.given.request import RunRequest
from flows.run.loading.apart import loaded_by
from flows.run.loading.sources import Loading, load_sources
from flows.say import plain
from tests.connectors.warehouse.engine.random_exports import AS_OF, RandomClient
from tests.connectors.warehouse.engine.states import unlike_states
from tests.helpers.often import often
from tests.transforms.metrics.test_restated import QUICK

pytestmark = pytest.mark.slow


def loaded(folder: Path, night: int) -> str:
    """A run without figures over a client's folder; what it says if it stops."""
    client = load_client(folder)
    names = namings(client, {})
    with Warehouse.open(client.data, client.client) as warehouse, TemporaryDirectory() as scratch:
        context = staging_context(client, names, {})
        try:
            warehouse.begin(Run(f"run-{night}", datetime(2026, 9, night), AS_OF, "manual", "test", "hash"))
            warehouse.use_names(names)
            asked = Loading(
                warehouse, client, RunRequest(), plain, context, Path(scratch), {}, AS_OF, warehouse.memory()
            )
            load_sources(asked, loaded_by(asked))
            warehouse.settle(AS_OF, names)
        except SvodkaError as error:
            warehouse.fail(datetime(2026, 9, night))
            return error.text()
        warehouse.commit(datetime(2026, 9, night))
    return ""


@dataclass
class Twins:
    """The same random client twice, with and without an engine, after its first night; they stay where they were."""

    folder: Path
    engine: str
    client: RandomClient = field(default_factory=lambda: RandomClient(15, torn=0))

    def write_and_run(self, night: int, engine: str) -> tuple[Path, Path]:
        """Both as they are tonight; their data folders."""
        for name, computes in (("ours", "duckdb"), ("theirs", engine)):
            self.client.write(self.folder / name, computes)
            assert loaded(self.folder / name, night) == ""
        return self.data

    def run(self, night: int, engine: str = "") -> tuple[Path, Path]:
        """A further night of both, by another engine if there is one; their data folders."""
        self.client.night()
        return self.write_and_run(night, engine or self.engine)

    @property
    def data(self) -> tuple[Path, Path]:
        """Their data folders."""
        return self.folder / "ours" / "data", self.folder / "theirs" / "data"


@pytest.fixture(scope="module")
def first_night(sail_address, tmp_path_factory):
    """The twins after their first night, and a copy of all that they are, which lies beside them."""
    folder = tmp_path_factory.mktemp("twins") / "now"
    (folder / "storage").mkdir(parents=True)
    twins = Twins(folder, f"{{spark: '{sail_address}', storage: {folder / 'storage'}}}")
    twins.write_and_run(1, twins.engine)
    shutil.copytree(folder, folder.with_name("kept"))
    return twins


@pytest.fixture
def twins(first_night):
    """The twins as they were after their first night."""
    shutil.rmtree(first_night.folder)
    shutil.copytree(first_night.folder.with_name("kept"), first_night.folder)
    return Twins(first_night.folder, first_night.engine)


def stored(folder: Path) -> dict[Path, int]:
    """Every file of rows, and when it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("storage/*/rows/*/*")}


def test_only_files_that_changed_are_written_and_a_run_is_taken_back(twins):
    """Rows of the state before are there still, and come back with it; those that no state needs go with the next."""
    first = stored(twins.folder)
    ours, theirs = twins.run(2)
    second = stored(twins.folder)
    assert first.items() < second.items()
    undo_run(ours, "run-2")
    undo_run(theirs, "run-2")
    assert unlike_states(ours, theirs)[0] == {}
    assert unlike_states(*twins.run(3))[0] == {}
    assert not stored(twins.folder).keys() & (second.keys() - first.keys())


def test_rows_come_back_into_the_warehouse(twins):
    """Without `engine:` they stand in its own tables again, and soon nowhere else."""
    for night in (2, 3):
        assert unlike_states(*twins.run(night, engine="duckdb"))[0] == {}
    twins.run(4, engine="duckdb")
    assert stored(twins.folder) == {}


def test_nobody_who_is_forgotten_stands_in_any_file(twins):
    """Nor in those of rows that were refused."""
    _, data = twins.data
    with duckdb.connect(str(data / "svodka.duckdb")) as connection:
        [(phone, rows)] = connection.execute(
            "select phone, count(*) from loaded.calls where phone is not null group by 1 order by 2 desc, 1 limit 1"
        ).fetchall()
    assert forget_person(data, [phone]).rows >= rows > 1
    assert stored(twins.folder)
    for path in stored(twins.folder):
        assert phone not in duckdb.execute(f"select string_agg(f::varchar) from '{path}' as f").fetchone()[0]
    with duckdb.connect(str(data / "svodka.duckdb")) as connection:
        assert connection.execute("select count(*) from loaded.calls where phone = ?", [phone]).fetchone() == (0,)


@pytest.mark.parametrize("seed", range(often(1, 20)))
def test_a_storage_that_is_gone_is_told_and_rows_that_are_lost_are_read_again(twins, seed):
    """It is not made anew: that would be a folder of this computer alone. Somebody may have emptied a part of it."""
    storage, elsewhere = twins.folder / "storage", twins.folder / "elsewhere"
    rows = sorted(stored(twins.folder))
    for path in random.Random(seed).sample(rows, len(rows) // 2):
        path.unlink()
    storage.rename(elsewhere)
    with pytest.raises(TargetError) as error, Reading.open(twins.data[1]) as warehouse:
        warehouse.fetch("staged.calls")
    assert str(error.value).startswith("data/svodka.duckdb: строки лежат в storage, а там их нет (IO Error: No files")
    assert loaded(twins.folder / "theirs", 9) == (
        f"engine: storage: {storage}: не записать: No such file or directory — проверьте путь, место и "
        "права; прежние данные и отчёт целы"
    )
    elsewhere.rename(storage)
    assert unlike_states(*twins.run(2))[0].keys() == {"ops.loads"}  # which tells what was read


def test_files_of_an_older_release_are_made_anew_with_the_columns_declared_since(twins):
    """Nobody read how long a talk was then: no file of calls tells, nor do their views."""
    of_an_older_release(twins.data[1], "calls", "talk_seconds")
    assert unlike_states(*twins.run(2))[0].keys() == {"ops.loads"}  # which tells what was read


def of_an_older_release(data: Path, table: str, column: str) -> None:
    """Rows of an engine and their views as they were before that column."""
    with duckdb.connect(str(data / "svodka.duckdb")) as older:
        found = older.execute("select path from ops.stored where table_name = ?", [table]).fetchall()
        assert found
        for (path,) in found:
            older.execute(f"copy (select * exclude ({column}) from '{path}') to '{path}.old' (format parquet)")
            shutil.move(f"{path}.old", path)
        for schema, held in (
            ("stored", ""),
            ("loaded", f'"stored".{column} AS {column}, '),
            ("staged", f"loaded.{column}, "),
        ):
            [(sql,)] = older.execute(
                "select sql from duckdb_views() where schema_name = ? and view_name = ?", [schema, table]
            ).fetchall()
            assert held in sql
            older.execute(sql.replace("CREATE VIEW", "create or replace view").replace(held, ""))
        older.execute("update ops.meta set value = 'of an older release' where key = 'prepared'")


@settings(max_examples=often(1, 40), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32))
def test_any_exports_are_the_same(sail_address, tmp_path_factory, seed):
    """Over some nights, on each of which files overlap otherwise; what stops a run stops it with the same words."""
    folder, client = tmp_path_factory.mktemp("exports"), RandomClient(seed)
    storage = folder / "storage"
    storage.mkdir()
    for night in range(1, often(1, 3) + 1):
        said = []
        for name, engine in (("ours", "duckdb"), ("theirs", f"{{spark: '{sail_address}', storage: {storage}}}")):
            client.write(folder / name, engine)
            said.append(loaded(folder / name, night))
        assert said[0] == said[1]
        unlike, cells = unlike_states(folder / "ours" / "data", folder / "theirs" / "data")
        assert not unlike
        assert cells > 0
        client.night()
    shutil.rmtree(folder)
