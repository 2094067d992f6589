"""Exports that workers of an engine load and that DuckDB settles over their files: the same as without any engine."""

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.draft import Run
from config.errors import SvodkaError, TargetError
from config.load import load_client
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


@pytest.fixture
def twins(sail_address, tmp_path):
    """What makes the same random client twice, with and without an engine, and runs both; their data folders."""
    (tmp_path / "storage").mkdir()
    client = RandomClient(15, torn=0)
    engine = f"{{spark: '{sail_address}', storage: {tmp_path / 'storage'}}}"

    def run(night, engine=engine):
        if night > 1:
            client.night()
        for name, computes in (("ours", "duckdb"), ("theirs", engine)):
            client.write(tmp_path / name, computes)
            assert loaded(tmp_path / name, night) == ""
        return tmp_path / "ours" / "data", tmp_path / "theirs" / "data"

    return run


def stored(folder: Path) -> dict[Path, int]:
    """Every file of rows, and when it was written."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("storage/*/rows/*/*")}


def test_only_files_that_changed_are_written_and_a_run_is_taken_back(twins, tmp_path):
    """Rows of the state before are there still, and come back with it; those that no state needs go with the next."""
    twins(1)
    first = stored(tmp_path)
    ours, theirs = twins(2)
    second = stored(tmp_path)
    assert first.items() < second.items()
    undo_run(ours, "run-2")
    undo_run(theirs, "run-2")
    assert unlike_states(ours, theirs)[0] == {}
    assert unlike_states(*twins(3))[0] == {}
    assert not stored(tmp_path).keys() & (second.keys() - first.keys())


def test_rows_come_back_into_the_warehouse(twins, tmp_path):
    """Without `engine:` they stand in its own tables again, and soon nowhere else."""
    twins(1)
    for night in (2, 3):
        assert unlike_states(*twins(night, engine="duckdb"))[0] == {}
    twins(4, engine="duckdb")
    assert stored(tmp_path) == {}


def test_nobody_who_is_forgotten_stands_in_any_file(twins, tmp_path):
    """Nor in those of rows that were refused."""
    _, data = twins(1)
    with duckdb.connect(str(data / "svodka.duckdb")) as connection:
        [(phone, rows)] = connection.execute(
            "select phone, count(*) from loaded.calls where phone is not null group by 1 order by 2 desc, 1 limit 1"
        ).fetchall()
    assert forget_person(data, [phone]).rows >= rows > 1
    assert stored(tmp_path)
    for path in stored(tmp_path):
        assert phone not in duckdb.execute(f"select string_agg(f::varchar) from '{path}' as f").fetchone()[0]
    with duckdb.connect(str(data / "svodka.duckdb")) as connection:
        assert connection.execute("select count(*) from loaded.calls where phone = ?", [phone]).fetchone() == (0,)


def test_a_storage_that_is_gone_is_told_and_rows_that_are_lost_are_read_again(twins, tmp_path):
    """It is not made anew: that would be a folder of this computer alone. Somebody may have emptied a part of it."""
    twins(1)
    for path in list(stored(tmp_path))[::2]:
        path.unlink()
    (tmp_path / "storage").rename(tmp_path / "elsewhere")
    with pytest.raises(TargetError) as error, Reading.open(tmp_path / "theirs" / "data") as warehouse:
        warehouse.fetch("staged.calls")
    assert str(error.value).startswith("data/svodka.duckdb: строки лежат в storage, а там их нет (IO Error: No files")
    assert loaded(tmp_path / "theirs", 9) == (
        f"engine: storage: {tmp_path / 'storage'}: не записать: No such file or directory — проверьте путь, место и "
        "права; прежние данные и отчёт целы"
    )
    (tmp_path / "elsewhere").rename(tmp_path / "storage")
    assert unlike_states(*twins(2))[0].keys() == {"ops.loads"}  # which tells what was read


@settings(max_examples=often(1, 40), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(st.integers(0, 2**32))
def test_any_exports_are_the_same(sail_address, tmp_path_factory, seed):
    """Over three nights, on each of which files overlap otherwise; what stops a run stops it with the same words."""
    folder, client = tmp_path_factory.mktemp("exports"), RandomClient(seed)
    storage = folder / "storage"
    storage.mkdir()
    for night in (1, 2, 3):
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
