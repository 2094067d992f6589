"""A client's data folder → its warehouse, open for one run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from config.client import Client
from config.documents import Result
from config.staging import Draft, Naming, Run, SourceFile


class Warehouse:
    """One run over one client's `data/svodka.duckdb`.

    The order of a run, every step of which is a method here:

        with Warehouse.open(folder / "data", client) as warehouse:
            warehouse.begin(run)                                    # ops.runs, a transaction of its own
            for source in …:
                warehouse.found(source, files)                      # the complete list; rows of files not in it leave
                if not warehouse.is_unchanged(file, fingerprint):   # content, source config, profile, code, dictionary
                    warehouse.load(file, fingerprint, drafts)       # replaces all rows of that file
                … or warehouse.keep(source, problem)                # cannot be read now: its last rows stay
            warehouse.settle(as_of, names)                          # names, overlaps, history, balance: raises what stops a run
            build(warehouse.connection, …)                          # metrics
            warehouse.fetch("metrics.channel_period")
            warehouse.check_rules(rule_queries())                   # RuleBroken, or nothing
            warehouse.commit(finished_at)
    A block left by an exception rolls everything back; `fail` records why in `ops.runs` first.
    """

    @classmethod
    def open(cls, data: Path, client: Client) -> Warehouse:
        """The data folder (made if missing) and the client; the open warehouse, its schema brought up to date.

        Raises TargetError for a file of somebody else, a newer version, a locked or damaged one, a full disk.
        """
        raise NotImplementedError

    def begin(self, run: Run) -> None:
        """Record the run as `running`, in a transaction of its own, and mark runs that were killed as `killed`."""
        raise NotImplementedError

    def is_unchanged(self, file: SourceFile, fingerprint: str) -> bool:
        """Whether the file is loaded with this content and fingerprint (`transforms.staging.fingerprint`)."""
        raise NotImplementedError

    def holds_days(self, file: SourceFile, since: date | None, until: date | None) -> bool:
        """Whether the loaded file has data of those days: `--since`, `--until` read it again, changed or not."""
        raise NotImplementedError

    def found(self, source: str, files: Sequence[SourceFile]) -> None:
        """The complete list of a source's files now; rows of its other files leave, each file with a notice.

        The modified times of unchanged files are renewed. Raises ContractError if the list is empty.
        """
        raise NotImplementedError

    def load(self, file: SourceFile, fingerprint: str, drafts: Sequence[Draft]) -> None:
        """A file and its recognised tables in; their rows replace all rows the file had. Raises ContractError."""
        raise NotImplementedError

    def keep(self, source: str, problem: str) -> bool:
        """A source that cannot be read now and why; its last rows stay, with a notice. False if it was never loaded."""
        raise NotImplementedError

    def settle(self, as_of: date, names: Mapping[str, Naming]) -> None:
        """The day and the dictionaries (`channels`, `managers`) in; staged tables and ops tables as they must be.

        Raises ContractError above the share of refused rows, RuleBroken if rows or roubles do not balance.
        """
        raise NotImplementedError

    @property
    def connection(self) -> Any:
        """The DuckDB connection, inside the run's transaction."""
        raise NotImplementedError

    def set_variables(self, values: Mapping[str, Any]) -> None:
        """Name → value (None, number, text, date, list of texts) for `getvariable` in metric SQL."""
        raise NotImplementedError

    def fetch(self, relation: str, order: Collection[str] = ()) -> Result:
        """`schema.table` in; all of it, named by the table, out."""
        raise NotImplementedError

    def query(self, name: str, sql: str, parameters: Sequence[Any] = ()) -> Result:
        """Any SELECT in; its Result out."""
        raise NotImplementedError

    def check_rules(self, queries: Mapping[str, str]) -> None:
        """Rule name → SELECT of rows that must not exist; raises RuleBroken naming the rules and their first rows."""
        raise NotImplementedError

    def is_anything_new(self) -> bool:
        """Whether this run loaded, dropped or re-ordered any rows: False = figures of the same `as_of` stay as they are."""
        raise NotImplementedError

    def commit(self, finished_at: datetime, status: str = "done") -> None:
        """Keep everything, and the history files, and close the run in `ops.runs`."""
        raise NotImplementedError

    def fail(self, finished_at: datetime, status: str = "failed") -> None:
        """Undo everything but the line in `ops.runs`."""
        raise NotImplementedError

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError
