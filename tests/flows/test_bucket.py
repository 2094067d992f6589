"""A storage in an S3 bucket: the same rows and figures as in the warehouse, nobody left there, faults in words."""

import re
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import pytest
from moto.moto_server import threaded_moto_server
from moto.server import DomainDispatcherApplication, ThreadedMotoServer
from s3fs import S3FileSystem

from config.client import Engine
from config.errors import TargetError
from connectors.warehouse import Reading, forget_person
from connectors.warehouse.engine import figures as figures_of_engine
from connectors.warehouse.engine.figures import Figures
from connectors.warehouse.store.database import open_for_reading
from connectors.warehouse.store.folders import let_see, make_folders
from flows.run.loading import apart
from tests.connectors.warehouse.engine.states import unlike_states
from tests.connectors.warehouse.engine.test_huge_file import PIECE_BYTES, calls
from tests.connectors.warehouse.engine.test_huge_file import SVODKA as CALL_CENTRE
from tests.connectors.warehouse.engine.test_same_rows import loaded
from tests.flows.small_client import AS_OF, SVODKA, small_client

pytestmark = pytest.mark.slow
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "us", "AWS_SECRET_ACCESS_KEY": "ours", "AWS_REGION": "us-east-1"}
NUMBERS = count()
CALLS_AND_SALES = re.sub(r"  (spend|users):\n(    .*\n)+", "", SVODKA)
"""The small client with two of its sources."""


@dataclass(frozen=True)
class Asked:
    """One request to the service."""

    method: str
    path: str
    bytes: str
    """Which of them are asked for; empty for all."""


@pytest.fixture(scope="module")
def asked():
    """Every request to the service since it was emptied last."""
    return list[Asked]()


@pytest.fixture(scope="module")
def service(asked):
    """An S3 service of this computer."""

    class Heard(DomainDispatcherApplication):
        def __call__(self, environ, start_response):
            asked.append(Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("HTTP_RANGE", "")))
            return super().__call__(environ, start_response)

    threaded_moto_server.DomainDispatcherApplication = Heard
    service = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    service.start()
    yield "http://{}:{}".format(*service.get_host_and_port())
    service.stop()
    threaded_moto_server.DomainDispatcherApplication = DomainDispatcherApplication


@pytest.fixture
def bucket(service, monkeypatch):
    """A folder of a bucket, and what is in it."""
    where = {"AWS_ENDPOINT_URL": service, "AWS_ENDPOINT": service, "AWS_ALLOW_HTTP": "true"}  # of ours, and of Sail's
    for name, value in (ENVIRONMENT | where | {"AWS_DEFAULT_REGION": "us-east-1"}).items():
        monkeypatch.setenv(name, value)
    S3FileSystem.clear_instance_cache()
    files = S3FileSystem(use_listings_cache=False)
    own = f"svodka-{next(NUMBERS)}"
    files.mkdir(own)
    yield f"s3://{own}/agency", lambda: files.find(own)
    S3FileSystem.clear_instance_cache()


def client(folder: Path, engine: str, config: str = SVODKA) -> Path:
    """The small client with an engine."""
    return small_client(folder, {"svodka.yaml": f"{config}engine: {engine}\n"})


def rows_of(path: Path) -> list[object]:
    """Calls as their warehouse shows them."""
    with open_for_reading(path / "data") as connection:
        return list(connection.execute("select * from staged.calls order by all").fetchall())


def test_rows_live_in_a_bucket_and_come_back(bucket, tmp_path):
    """Exports are lent to the workers and taken away; of a person who is forgotten no file tells any more."""
    storage, found = bucket
    ours, theirs = (
        client(tmp_path / "ours", "duckdb", CALLS_AND_SALES),
        client(tmp_path / "theirs", f"{{spark: local, storage: {storage}}}", CALLS_AND_SALES),
    )
    assert [loaded(folder, 1) for folder in (ours, theirs)] == ["", ""]
    assert rows_of(ours) == rows_of(theirs) != []
    assert found()
    assert all("/rows/" in path and path.endswith(".parquet") for path in found())
    assert all(forget_person(folder / "data", ["70005550101"]).rows > 0 for folder in (ours, theirs))
    assert rows_of(ours) == rows_of(theirs)
    with duckdb.connect() as connection:
        let_see(connection, storage)
        for path in found():
            assert "70005550101" not in str(connection.execute(f"from 's3://{path}'").fetchall())
    client(theirs, "duckdb", CALLS_AND_SALES)
    for night in (2, 3, 4):
        calls = theirs / "exports" / "calls.csv"
        calls.write_text(f"{calls.read_text('utf-8')}06.08.2026 12:0{night}:00;70005550104;SEO;Борис;90\n", "utf-8")
        assert loaded(theirs, night) == ""
    assert found() == []


def test_figures_are_made_in_a_bucket(bucket, tmp_path, monkeypatch):
    """What an engine reads and writes for them, if it is much, is there only while they are made."""
    monkeypatch.setattr(figures_of_engine, "FEW_ROWS", -1)
    storage, found = bucket
    engine = Engine(spark="local", storage=storage)
    make_folders(engine, tmp_path)
    with duckdb.connect() as connection:
        let_see(connection, storage)
        connection.execute("create schema metrics; create table metrics.few as select range as n from range(3)")
        figures = Figures.open(engine, tmp_path)
        figures.make(connection, "metrics.sum", "select sum(n)::bigint as n, count(*) as rows from metrics.few", None)
        assert found()
        figures.close()
        assert connection.execute("from metrics.sum").fetchall() == [(3, 3)]
    assert found() == []


def test_a_worker_fetches_its_piece_of_a_file_alone(bucket, asked, tmp_path, monkeypatch):
    """And the heading: every byte of the export crosses the network once, whichever of two workers asks for it."""
    monkeypatch.setattr(apart, "PIECE_BYTES", PIECE_BYTES)
    storage, _ = bucket
    (tmp_path / "svodka.yaml").write_text(CALL_CENTRE.replace("ENGINE", f"{{spark: local, storage: {storage}}}"))
    calls(tmp_path, {}, "%d.%m.%Y %H:%M:%S")
    asked.clear()
    assert loaded(tmp_path, 1) == ""
    fetched = [one.bytes for one in asked if one.method == "GET" and one.path.endswith("/0")]
    bounds = [list(map(int, one.removeprefix("bytes=").split("-"))) for one in fetched]
    size = (tmp_path / "calls.csv").stat().st_size
    assert size <= sum(last - first + 1 for first, last in bounds) < size + 1000
    assert max(last - first for first, last in bounds) < 2 * PIECE_BYTES


@pytest.mark.long
def test_a_client_is_the_same_in_a_bucket(bucket, asked, tmp_path, svodka):
    """From the exports to the report, night after night, and when a figure is explained; the bucket is asked little."""
    storage, _ = bucket
    ours, theirs = (
        client(tmp_path / "ours", "duckdb"),
        client(tmp_path / "theirs", f"{{spark: local, storage: {storage}}}"),
    )
    for line, most in (("", 600), ("", 20), ("06.08.2026 12:00:00;70005550104;SEO;Борис;90\n", 300)):
        asked.clear()
        for folder in (ours, theirs):
            calls = folder / "exports" / "calls.csv"
            calls.write_text(calls.read_text("utf-8") + line, "utf-8")
            done = svodka("run", folder, "--as-of", AS_OF)
            assert done.code == 0, done.err
        assert len(asked) < most
        assert unlike_states(ours / "data", theirs / "data")[0] == {}
    told = [svodka("explain", folder, "calls").out for folder in (ours, theirs)]
    assert told[0] == told[1].replace("theirs", "ours") != ""


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_told(tmp_path, svodka):
    """Before any row moves, by `check` too."""
    folder = client(tmp_path, "{spark: local, storage: s3://nobody/has}")
    for command in (("run", folder, "--as-of", AS_OF), ("check", folder)):
        done = svodka(*command)
        assert done.code == 6
        assert "engine: storage: s3://nobody/has: не записать: The specified bucket does not exist" in done.err


@pytest.mark.long
def test_a_bucket_that_answers_no_more_is_told(bucket, tmp_path, svodka, monkeypatch):
    """The state before stands, and what needs no rows of it goes on."""
    storage, _ = bucket
    folder = client(tmp_path, f"{{spark: local, storage: {storage}}}")
    assert loaded(folder, 1) == ""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    S3FileSystem.clear_instance_cache()
    done = svodka("run", folder, "--as-of", AS_OF)
    assert done.code == 6
    assert f"engine: storage: {storage}" in done.err
    assert "Could not connect to the endpoint URL" in done.err
    with pytest.raises(TargetError, match="строки лежат в storage, а там их нет"), Reading.open(folder / "data") as one:
        one.fetch("staged.calls")
    with Reading.open(folder / "data") as one:
        assert one.fetch("ops.runs")


@pytest.mark.parametrize("storage", ["s3://key:secret@bucket/x", "gs://bucket/x", "s3://"])
def test_another_address_is_refused_and_not_repeated(tmp_path, svodka, storage):
    """Keys stand in the environment; what was typed may hold one."""
    done = svodka("check", client(tmp_path, f"{{spark: local, storage: '{storage}'}}"))
    assert done.code == 2
    assert "это не адрес бакета — нужно s3://бакет/папка" in done.err
    assert "secret" not in done.out + done.err
