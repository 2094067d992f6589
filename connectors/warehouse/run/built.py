"""The figures of a run: built of its rows, asked anew at the last report's day, for plans and changes at others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from config.client import Client
from config.documents import AskedRun, Planned, Tried
from connectors.warehouse.answers.ask import BUILT
from connectors.warehouse.figures import asked, build, restated
from connectors.warehouse.run.computed import Computed


class Built(Computed):
    """A warehouse that figures are built in."""

    def __init__(self, data: Path, client: Client, connection: Any) -> None:
        super().__init__(data, client, connection)
        self._renewal: build.Renewal | None = None

    def build(self, queries: Mapping[str, str], variables: Mapping[str, Mapping[str, object]]) -> None:
        """Name → SELECT, and schema → the variables of its tables in; every table there as they say out.

        A table is made only where a row, a variable or SQL that it follows from changed since it was made last.
        """
        with self.worded():
            self._renewal = build.Renewal(self._connection, asked.unanswered(queries), self._maker())
            for schema_name, values in variables.items():
                self._renewal.build(values, schema_name)

    def keep_shown(self, figures: Mapping[str, Sequence[str]]) -> None:
        """Metric table → its figures in; what the last report showed of them set aside, before they are built anew."""
        with self.worded():
            restated.keep_shown(self._connection, figures)

    def restate(
        self, variables: Mapping[str, object], schema: str, shown: restated.Shown, figures: Mapping[str, Sequence[str]]
    ) -> None:
        """Ask the last report's figures anew at its own day; what differs, and which rows moved it, into ops tables.

        `variables` of that day; `schema`: where its tables are made, or stand already.
        """
        run = self._begun()
        with self.worded():
            if self._renewal is not None:
                self._renewal.build(variables, schema, figures)
            if restated.write_restated(self._connection, run.run_id, schema, shown, figures):
                restated.write_moved(self._connection, self._data, run.run_id, shown)

    def asked(self, as_of: date) -> tuple[list[Planned], list[Tried]]:
        """The day in; the figures that the plan sets, and the changes made by then, out."""
        with self.worded():
            return asked.planned(self._connection), asked.tried(self._connection, as_of)

    def answer(
        self,
        queries: Mapping[str, str],
        runs: Mapping[AskedRun, Mapping[str, object]],
        facts: Sequence[Sequence[object]],
        built_with: Mapping[str, object],
    ) -> None:
        """The tables of plans and experiments, after those that they ask about were built; see `asked.answer_all`."""
        with self.worded():
            asked.answer_all(self._connection, queries, runs, facts, built_with, maker=self._maker())

    def keep_figures(self, mark: str) -> None:
        """What was just built holds: remember of what, for the next run and for `figures_mark`."""
        with self.worded():
            if self._renewal is not None:
                self._renewal.remember()
            self._connection.execute("insert or replace into ops.meta values (?, ?)", [BUILT, mark])
        self._leave_engine()

    def figures_made(self) -> list[str]:
        """The metric tables of this run's day that were made anew."""
        made = self._renewal.made | asked.ANSWERED if self._renewal is not None else ()
        return sorted(place.removeprefix("metrics.") for place in made if place.startswith("metrics."))
