"""A client's warehouse whose files and figures may be the work of an engine, `engine:` of svodka.yaml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from uuid import uuid4

from config.client import Client
from config.documents import Result
from config.draft import Run
from connectors.warehouse.answers.ask import Asked
from connectors.warehouse.engine import open_engine
from connectors.warehouse.figures.build import DUCKDB, Maker
from connectors.warehouse.kept import stored
from connectors.warehouse.kept.stored import Handed
from connectors.warehouse.loading.load import new_loads
from connectors.warehouse.loading.of_one_file import are_of_one_file
from connectors.warehouse.store.database import Session, is_stored

LOADS_OF_A_FILE = 4096
"""So many numbers are set aside for the tables of a file that is loaded elsewhere: months and tabs have one each."""


class Computed(Session, Asked):
    """One connection, and the engine that it asks where the client has one."""

    def __init__(self, data: Path, client: Client, connection: Any) -> None:
        super().__init__(data, connection)
        self._client = client
        self.is_of_pieces = False
        """What is loaded are pieces of files, which decide nothing by themselves."""
        self._engine: Any = None
        self._engines = ExitStack()

    @property
    def run(self) -> Run:
        """What was begun."""
        return self._begun()

    @property
    def rows_folder(self) -> Path | None:
        """Where the rows of the client's files are kept for an engine; None without one."""
        return stored.rows_folder(self._client.engine, self._data)

    def spread(self, work: Callable[[bytes], bytes], tasks: Sequence[bytes]) -> Iterator[bytes]:
        """What workers of the engine make of each task, in the order of the tasks. Raises TargetError, Unavailable."""
        self._maker()
        yield from self._engine.each(work, tasks)

    def set_aside(self, files: int) -> int:
        """The first of the loads of so many files that others will load."""
        return new_loads(self._connection, files * LOADS_OF_A_FILE)

    def number_from(self, first_load: int) -> None:
        """Of a warehouse for once: its loads are numbered so."""
        self._connection.execute(
            f"drop sequence ops.load_ids; create sequence ops.load_ids minvalue {first_load} start {first_load}"
        )

    def hand_over(self, folder: Path, before: int = 0) -> Handed:
        """All that a warehouse for once holds, written to a new folder in this one.

        `before`: how many rows of its file stand before a piece. Raises TargetError.
        """
        own = folder / uuid4().hex[:16]
        with stored.worded(folder):
            own.mkdir()  # a storage that is not there must not be made: it would be a folder of this computer alone
            return Handed(own, stored.hand_over(self._connection, own, before))

    def are_of_one_file(self, handed: Sequence[Handed]) -> bool:
        """Whether pieces of a file add up to what it would be as a whole. Raises TargetError."""
        with self.worded():
            return are_of_one_file(handed, self._data)

    def close(self) -> None:
        """As of any session; an engine that was asked is left too."""
        with self._engines:
            super().close()

    def _maker(self) -> Maker:
        """Who computes figures: DuckDB, or the client's engine, asked from its first figure on."""
        if self._client.engine.spark and self._engine is None:
            self._engine = self._engines.enter_context(closing(open_engine(self._client.engine, self._data)))
        return DUCKDB if self._engine is None else self._engine.maker

    def _settler(self, changed: Collection[str]) -> Maker:
        """Who finds out what displaces what, and counts, where rows of these tables changed."""
        return self._maker() if changed and is_stored(self._connection) else DUCKDB

    def _tell_engine(self) -> None:
        """The rows are settled otherwise than when the engine was told of them."""
        if self._engine is not None:
            self._engine.forget("loaded", "staged", "temp", "stored")

    def _leave_engine(self) -> None:
        self._engines.close()
        self._engine = None

    def _asked(self, name: str, sql: str) -> Result:
        return super()._asked(name, sql) if self._engine is None else self._engine.ask(self._connection, name, sql)
