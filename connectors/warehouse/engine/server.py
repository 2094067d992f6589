"""`engine:` of svodka.yaml → a session of a Spark Connect server; what goes wrong with it, in words."""

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Any

from config.client import Engine, is_bucket
from config.errors import ConfigError, TargetError, Unavailable
from connectors.warehouse.store.folders import check_open, folder

NEEDED = ("sqlglot", "pyspark", "pyarrow", "grpc")
SERVER = "pysail"
"""What a server in this process needs beside those."""
OF_BUCKETS = ("s3fs", "upath")
"""And a storage in a bucket."""
TRIES, FIRST_WAIT_MS, LONGEST_WAIT_MS = 4, 500, 4000
"""How often a server that does not answer is asked again: some ten seconds, then the run ends."""
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # Spark 4.2 breaks the plan of the widest tables by it (PLAN_VALIDATION_FAILED_RULE_IN_BATCH)
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases",
}


def check_ready(engine: Engine) -> None:
    """What can be told without asking the server.

    Raises ConfigError if the extra, named with the command that helps, or the storage is lacking, TargetError if a
    bucket takes nothing.
    """
    needed = (*NEEDED, *([SERVER] if engine.is_local else []), *(OF_BUCKETS if is_bucket(engine.storage) else []))
    lacking = [name for name in needed if find_spec(name) is None]
    if lacking:
        raise ConfigError("engine.not_installed", spark=engine.spark, lacking=", ".join(lacking))
    if engine.storage:
        check_open(folder(engine.storage))


@contextmanager
def worded(engine: Engine, table: str = "") -> Iterator[None]:
    """Whatever the engine raises inside becomes an Unavailable if it is lost, a TargetError if it refuses."""
    from grpc import RpcError
    from pyspark.errors import AnalysisException, ParseException, PySparkException, UnsupportedOperationException

    try:
        yield
    except (AnalysisException, ParseException, UnsupportedOperationException) as error:
        raise TargetError("engine.refused", spark=engine.spark, table=table, problem=_first_line(error)) from error
    except (PySparkException, RpcError, ConnectionError) as error:
        raise Unavailable("engine.lost", spark=engine.spark, problem=_first_line(error)) from error


def connect(engine: Engine) -> tuple[Any, Callable[[], None]]:
    """Where the engine is in; a session there, and what ends it, out. Raises Unavailable."""
    hush()
    with _main_with_a_file():
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    address, stop = started() if engine.is_local else (engine.spark, lambda: None)  # that one goes on
    try:
        with worded(engine):
            session = SparkSession.builder.remote(address).create()
            session.client.set_retry_policies(
                [DefaultPolicy(max_retries=TRIES, initial_backoff=FIRST_WAIT_MS, max_backoff=LONGEST_WAIT_MS)]
            )
            for name, value in SETTINGS.items():
                session.conf.set(name, value)
    except BaseException:
        stop()
        raise
    return session, lambda: _ended(session, stop)


def hush() -> None:
    """What PySpark warns of pandas 3 and logs of a refused statement, pages of its plan, is told in our own words."""
    from pyspark.logger import PySparkLogger

    warnings.filterwarnings("ignore", module=r"pyspark\.")
    for kind in ("SQL", "DataFrame"):
        PySparkLogger.getLogger(f"{kind}QueryContextLogger").addFilter(lambda record: False)


@contextmanager
def _main_with_a_file() -> Iterator[None]:
    """A process that was begun without one, as one of a pool is, PySpark takes for its own tests, and ends it."""
    main = sys.modules["__main__"]
    if hasattr(main, "__file__") or main.__spec__ is not None:
        yield
        return
    main.__file__ = __file__
    try:
        yield
    finally:
        del main.__file__


def started() -> tuple[str, Callable[[], None]]:
    """A server in this process, for this computer alone."""
    os.environ.setdefault("RUST_LOG", "off")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start()
    _, port = server.listening_address
    return f"sc://127.0.0.1:{port}", server.stop


def _ended(session: Any, stop: Callable[[], None]) -> None:
    from grpc import RpcError
    from pyspark.errors import PySparkException

    try:
        with suppress(PySparkException, RpcError):  # it is lost already, and its memory with it
            session.stop()
    finally:
        stop()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
