"""What a run remembers of files beside their rows, and has to say of them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from config.draft import SourceFile
from connectors.warehouse.ledger import standing
from connectors.warehouse.run.computed import Computed
from connectors.warehouse.store import memory


class Notes(Computed):
    """A warehouse that files are noted in."""

    def remember_columns(self, file: SourceFile, columns: Collection[str]) -> None:
        """The columns that a file was just read with, instead of those it had."""
        with self.worded():
            memory.remember(self._connection, file.source, file.file, columns)

    def forget_columns(self, source: str, files: Collection[str]) -> None:
        """A source and the files it has now in; nothing is remembered of its other files."""
        with self.worded():
            memory.forget_files(self._connection, source, files)

    def note(self, kind: str, detail: str, file: SourceFile, rows: int = 0, money_rub: Decimal = Decimal(0)) -> None:
        """A notice that every run gives for as long as the file is loaded as it is."""
        with self.worded():
            memory.note(self._connection, memory.Notice(kind, detail, rows, money_rub), file.source, file.file)

    def note_corrected(self, file: SourceFile, detail: str, rows: int) -> None:
        """The same of what a person put right in a file; its roubles are those that the file was read with."""
        with self.worded():
            money = self._connection.execute(
                "select coalesce(sum(money_corrected_rub), 0) from ops.files where source = ? and file = ?",
                [file.source, file.file],
            ).fetchone()[0]
        self.note("corrected", detail, file, rows, money)

    def note_unmet(self, kind: str, source: str, file: str | None, detail: str) -> None:
        """A notice of this run alone."""
        with self.worded():
            self._connection.execute(
                "insert into ops.notices values (?, ?, ?, ?, 1, 0, ?)",
                [self._begun().run_id, kind, source, file, detail],
            )

    def noted(self, kind: str) -> set[str]:
        """What the notices of a kind say, of all files that are loaded."""
        found = self.query("noted", "select distinct detail from loaded.notices where kind = ?", [kind])
        return {str(row[0]) for row in found.rows}

    def report_told(self) -> str | None:
        """What `tell_report` was told last."""
        return self._told(standing.REPORT)

    def tell_report(self, told: str) -> None:
        """What the next run is to know of the report that was written."""
        with self.worded():
            self._connection.execute("insert or replace into ops.meta values (?, ?)", [standing.REPORT, told])
