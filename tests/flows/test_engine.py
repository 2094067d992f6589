"""A client whose figures an engine computes: the same report, words when the engine is lost, nothing without it."""

from __future__ import annotations

import logging.config
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from config.client import Engine
from connectors.warehouse.engine.server import hush
from connectors.warehouse.store.folders import run_folder
from tests.connectors.warehouse.engine.beside import cells
from tests.connectors.warehouse.engine.states import unlike_states
from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.helpers.reading import reading

SCHOOL = Path(__file__).parents[2] / "examples" / "school"
ORDINARY = """
import sys

for name in ("pysail", "pyspark", "grpc", "sqlglot", "pyarrow"):
    sys.modules[name] = None  # as if it had never been installed
from flows.cli import main
sys.exit(main(sys.argv[1:]))
"""


def client(folder: Path, engine: str) -> Path:
    """The small client with an engine."""
    return small_client(folder, {"svodka.yaml": f"{SVODKA}engine: {engine}\n"})


@pytest.fixture
def server():
    """Sail as a server of its own: its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pysail", "spark", "server", "--ip", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"sc://127.0.0.1:{port}", process
    process.kill()
    process.wait()


def figures(folder: Path) -> dict[str, object]:
    """Every metric table of a warehouse with its cells."""
    with reading(folder / "data") as connection:
        tables = connection.execute(
            """select schema_name || '.' || table_name from duckdb_tables()
            where starts_with(schema_name, 'metrics') and table_name <> 'day_state' order by all"""
        ).fetchall()
        return {place: cells(connection, place) for (place,) in tables}


@pytest.mark.slow
@pytest.mark.long
def test_the_school_is_the_same_on_sail(tmp_path, svodka):
    """Every cell: rows, what is told of them, figures of today and of a month before; the rules hold there too."""
    for name, engine in (("duckdb", "duckdb"), ("sail", "{spark: local}")):
        shutil.copytree(SCHOOL, tmp_path / name)
        with (tmp_path / name / "svodka.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\nengine: {engine}\n")
        done = svodka("run", tmp_path / name, "--as-of", "2026-09-20")
        assert done.code == 0, done.err
    unlike, compared = unlike_states(tmp_path / "duckdb" / "data", tmp_path / "sail" / "data")
    assert unlike == {}
    assert compared > 3_800_000


@pytest.mark.slow
def test_a_server_computes_and_leaves_only_the_rows_in_the_storage(tmp_path, svodka, server, after_run):
    """The same as DuckDB; of the people in the exports nothing else stays where all workers may look."""
    storage = tmp_path / "storage"
    storage.mkdir()
    folder = client(tmp_path / "client", f"{{spark: '{server[0]}', storage: {storage}}}")
    done = svodka("run", folder, "--as-of", AS_OF)
    assert done.code == 0, done.err
    assert (folder / "out" / "Сводка.xlsx").exists()
    assert {path.name for path in storage.glob("*/*")} == {"rows"}
    assert len(list(storage.glob("*/rows/*/*"))) == 4
    unlike, compared = unlike_states(after_run(tmp_path / "duckdb") / "data", folder / "data")
    assert unlike == {}
    assert compared > 1000


@pytest.mark.slow
@pytest.mark.parametrize(("work", "pieces"), [("*/rows/*", 1), pytest.param("*/run/*", 10, marks=pytest.mark.long)])
def test_a_server_lost_in_the_middle_leaves_the_last_state(tmp_path, svodka, server, work, pieces):
    """It is said in words, and yesterday's figures stand: never half of today's."""
    storage = tmp_path / "storage"
    storage.mkdir()
    folder = small_client(tmp_path / "client")
    assert svodka("run", folder, "--as-of", "2026-08-30").code == 0
    before = figures(folder)
    client(folder, f"{{spark: '{server[0]}', storage: {storage}}}")
    threading.Thread(target=_kill_when, args=(server[1], storage, work, pieces)).start()
    done = svodka("run", folder, "--as-of", AS_OF)
    assert done.code == 7
    assert f"engine: spark: {server[0]}: движок не ответил или не досчитал" in done.err
    assert "прежние данные и отчёт целы" in done.err
    assert figures(folder) == before
    assert list(storage.glob("*/run")) == []


@pytest.mark.slow
@pytest.mark.long
def test_a_run_that_is_killed_leaves_the_last_state(tmp_path, svodka, server):
    """What its workers wrote counts in nothing, and goes with the next run, which does what was begun."""
    storage = tmp_path / "storage"
    storage.mkdir()
    folder = client(tmp_path / "client", f"{{spark: '{server[0]}', storage: {storage}}}")
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    before, calls = figures(folder), folder / "exports" / "calls.csv"
    calls.write_text(calls.read_text() + "06.08.2026 12:00:00;70005550104;SEO;Борис;90\n")
    run = subprocess.Popen([sys.executable, "-m", "flows.cli", "run", str(folder), "--as-of", AS_OF])
    _kill_when(run, storage, "*/rows/*", 5)
    assert run.wait() == -9
    assert figures(folder) == before
    assert svodka("run", folder, "--as-of", AS_OF).code == 0
    assert figures(folder) != before
    assert len(list(storage.glob("*/rows/*/*"))) == 5


def _kill_when(process: subprocess.Popen[bytes], storage: Path, work: str, pieces: int) -> None:
    """Once so much of the work is seen in the storage, no such process any more."""
    while len(list(storage.glob(work))) < pieces:
        time.sleep(0.01)
    process.kill()


@pytest.mark.slow
def test_whoever_is_forgotten_leaves_the_storage_too(tmp_path, svodka, after_run):
    """A run that was killed left rows there."""
    storage = tmp_path / "storage"
    folder = after_run(tmp_path / "client")
    engine = Engine(spark="sc://host:15002", storage=str(storage))
    run_folder(engine, folder / "data").mkdir(parents=True)
    client(folder, f"{{spark: '{engine.spark}', storage: {storage}}}")
    assert svodka("forget", folder, "--person", "70005550101", "--yes").code == 0
    assert list(storage.glob("*/*")) == []


@pytest.mark.slow
def test_a_server_that_is_not_there_is_named(tmp_path, svodka):
    """With what to do; nothing was changed."""
    folder = client(tmp_path / "client", f"{{spark: 'sc://127.0.0.1:1', storage: {tmp_path}}}")
    done = svodka("run", folder, "--as-of", AS_OF)
    assert done.code == 7
    assert "engine: spark: sc://127.0.0.1:1: движок не ответил" in done.err


def test_what_pyspark_logs_of_a_refused_statement_is_not_shown(capfd):
    """Pages of its plan, where one line of ours tells it; whoever sets up logging afterwards changes nothing."""
    from pyspark.errors.exceptions.connect import AnalysisException, SQLQueryContext
    from pyspark.sql.connect.proto import FetchErrorDetailsResponse

    hush()
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False})
    context = SQLQueryContext(FetchErrorDetailsResponse.QueryContext())
    AnalysisException("Cannot resolve", errorClass="DATATYPE_MISMATCH", contexts=[context])
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_an_ordinary_installation_needs_none_of_it(tmp_path):
    """A run where the extra's packages cannot be imported."""
    folder = small_client(tmp_path)
    command = [sys.executable, "-c", ORDINARY, "run", str(folder), "--as-of", AS_OF]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_lacking_extra_is_named_with_the_command_that_helps(tmp_path):
    """By `check`, before any run."""
    folder = client(tmp_path, "{spark: local}")
    command = [sys.executable, "-c", ORDINARY, "check", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        "engine: spark: local — не установлено дополнение engine (нет: sqlglot, pyspark, pyarrow, grpc, pysail); "
        "в папке Svodka выполните "
        ".venv/bin/pip install '.[engine]' или уберите engine из svodka.yaml: тогда считает DuckDB"
    ) in " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("{spark: 'sc://host:15002'}", "engine: нет storage — назовите папку"),
        ("{spark: host}", "engine.spark: «host» — напишите адрес сервера, sc://host:15002, или local"),
        ("{spark: local, storage: /nowhere/at/all}", "engine: storage: /nowhere/at/all: такой папки нет"),
        ("{sparks: local}", "engine: неизвестно «sparks» — может быть, «spark»?"),
    ],
)
def test_a_mistaken_engine_is_told_by_check(tmp_path, svodka, engine, said):
    """Where it stands, and what may stand there."""
    done = svodka("check", client(tmp_path, engine))
    assert done.code == 2
    assert said in done.err + done.out
