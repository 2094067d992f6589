"""The six verbs for one client, in order: read → stage → load → build → lay out → write. Only wiring."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from config.draft import Naming, Partner, Run
from config.errors import SeveralErrors, SvodkaError
from config.folder.corrections import Correction
from config.folder.load import LoadedClient
from config.settings import own_version
from connectors.warehouse import FigureSums, Held, Month, Warehouse
from flows.run.given.corrections import corrections_of, note_unmet
from flows.run.given.dictionaries import namings, partners_of, places, staging_context
from flows.run.given.request import RunRequest, answered_days, check_asked, settled_as_of
from flows.run.given.spreadsheets import read_spreadsheets
from flows.run.loading.ahead import one_ahead
from flows.run.loading.apart import loaded_by
from flows.run.loading.sources import Loaded, Loading, load_sources
from flows.run.lock import one_run
from flows.run.reports.digest import make_digest
from flows.run.reports.editions import known_names
from flows.run.reports.kept import Kept, kept_or_why
from flows.run.reports.publish import Publication, load_writers, publish, publish_banner
from flows.run.reports.report import Occasion, build_figures, figures_mark, report_input
from flows.run.reports.standing import keep_standing, remember, standing
from flows.run.told.summary import (
    GOOD,
    RunSummary,
    changed_months,
    control_text,
    main_figures,
    notices,
    read_runs,
    refigured_lines,
    reread_lines,
    shown_unmapped,
    source_rows,
)
from flows.say import Step, Verb, language, pasted
from transforms.layout import ReportInput, lay_out

SCRATCH = "load-"
Clock = Callable[[], datetime]


def run_client(loaded: LoadedClient, asked: RunRequest, step: Step, clock: Clock) -> RunSummary:
    """One client and a request in; the report written and what was done out.

    The data change in one transaction, before anything is written; what stops a run leaves data and report as they
    were, save for a banner that says so. Raises Busy, RequestError, and TargetError where the warehouse does not open.
    """
    check_asked(asked, loaded.client)
    with one_run(loaded.data, clock()):
        for left in loaded.data.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)  # of a run that was killed
        return _Pipeline(loaded, asked, step, clock).run()


@dataclass(frozen=True)
class _Read:
    """What a run found, loaded where it changed."""

    names: Mapping[str, Naming]
    partners: Sequence[Partner]
    listed: Sequence[Correction]
    loaded: Loaded


@dataclass(frozen=True)
class _Pipeline:
    loaded: LoadedClient
    asked: RunRequest
    step: Step
    clock: Clock

    def run(self) -> RunSummary:
        started_at = self.clock()
        run = self._described(started_at)
        with Warehouse.open(
            self.loaded.data, self.loaded.client, is_to_change=self._is_new_day(run.as_of)
        ) as warehouse:
            warehouse.begin(run)
            try:
                summary, publication = self._computed(warehouse, run)
            except SvodkaError as error:
                warehouse.fail(self._local_now())
                summary = self._stopped(warehouse, run, error)
            else:
                summary = summary if publication is None else self._written(publication, summary)
        return replace(summary, seconds=(self.clock() - started_at).total_seconds())

    def _is_new_day(self, as_of: date) -> bool:
        """Whether the last good run was of another day, so that all figures will be made anew."""
        last = read_runs(self.loaded.data).get(GOOD)
        return last is not None and last["as_of"] != as_of.isoformat()

    def _described(self, started_at: datetime) -> Run:
        return Run(
            run_id=f"{started_at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:4]}",
            started_at=self._local(started_at),
            as_of=settled_as_of(self.asked, self.loaded.client, started_at),
            trigger=self.asked.trigger,
            version=own_version(),
            config_hash=self.loaded.config_hash,
        )

    def _computed(self, warehouse: Warehouse, run: Run) -> tuple[RunSummary, Publication | None]:
        """Read, stage, load, build, commit, lay out; or raise with nothing changed. No publication of what stands."""
        warehouse.expect_figures(figures_mark(self.loaded.client, run.as_of))
        earlier, last, before = warehouse.months(), warehouse.last_good_run(), self._held(warehouse)
        read = self._read(warehouse, run)
        if (stood := self._stood(warehouse, run, read, earlier)) is not None:
            return stood, None
        source = self._built(warehouse, run, read)
        latest = warehouse.months()
        doubts = notices(warehouse, run.run_id, self.loaded.client.checked)
        summary = replace(
            self._described_run(warehouse, run, read.loaded, latest),
            changed=changed_months(
                earlier,
                latest,
                self.loaded.client.settings.calls.count,
                is_same_day=last is not None and last.as_of == run.as_of,
            ),
            doubts=doubts.lines,
            notes=[*doubts.how_to_say_so, *self._reread(warehouse, before)],
        )
        known = known_names(self.loaded.client.reports, warehouse, read.names, read.partners)
        with one_ahead() as ahead:  # no page asks the warehouse
            ahead.begin("sheets", lambda: lay_out(source))
            warehouse.commit(self._local_now(), summary.status)
            sheets = self.step(Verb.LAY_OUT, "", lambda: ahead.result("sheets", lambda: lay_out(source)))
        return summary, Publication(sheets, self.loaded, warehouse, self._local_now(), source, known)

    def _read(self, warehouse: Warehouse, run: Run) -> _Read:
        """What the client's files and spreadsheets say, loaded where it changed. Raises what must not be loaded."""
        spreadsheets = read_spreadsheets(self.loaded, self.asked, self.step)
        names = namings(self.loaded, spreadsheets)
        partners = partners_of(self.loaded, spreadsheets)
        warehouse.use_names(names)
        context = staging_context(self.loaded, names, spreadsheets)
        memory, listed = warehouse.memory(), corrections_of(self.loaded, spreadsheets)
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.loaded.data) as scratch:
            folder = Path(scratch)
            loading = Loading(
                warehouse, self.loaded, self.asked, self.step, context, folder, spreadsheets, run.as_of, memory, listed
            )
            return _Read(names, partners, listed, load_sources(loading, loaded_by(loading)))

    def _stood(self, warehouse: Warehouse, run: Run, read: _Read, figures: Sequence[Month]) -> RunSummary | None:
        """Where nothing is new since the run before, of the same day, and its report stands: that, kept once more."""
        last = None if read.listed or read.loaded.troubles else warehouse.last_alike(read.names, read.partners)
        told = standing(warehouse, self.loaded, self.asked, last) if last else None
        if last is None or told is None:
            return None
        warehouse.repeat(last)
        summary = self._described_run(warehouse, run, read.loaded, figures)
        keep_standing(warehouse, told, run.run_id)
        warehouse.commit(self._local_now(), summary.status)
        doubts = notices(warehouse, run.run_id, self.loaded.client.checked)
        return replace(summary, changed=[], written=told.places, doubts=doubts.lines, notes=doubts.how_to_say_so)

    def _built(self, warehouse: Warehouse, run: Run, read: _Read) -> ReportInput:
        """Rows settled and figures made; what the report is made of out. Raises what the rows or the rules forbid."""
        client = self.loaded.client
        with one_ahead() as ahead:
            ahead.begin("writers", lambda: load_writers(self.loaded, self.asked))
            self.step(Verb.LOAD, "", lambda: warehouse.settle(run.as_of, read.names, read.partners))
            note_unmet(warehouse, read.listed)
            self.step(Verb.BUILD, "", lambda: build_figures(warehouse, client, run.as_of))
        return report_input(warehouse, client, Occasion(run.run_id, run.as_of, self._local_now()))

    def _described_run(self, warehouse: Warehouse, run: Run, loaded: Loaded, latest: Sequence[Month]) -> RunSummary:
        """What the sources gave and what the figures are, before anything is said of the past."""
        client = self.loaded.client
        sources = source_rows(warehouse, run.run_id, loaded, list(client.sources))
        figures_of, figures = main_figures(latest, sources, client.settings.calls.count)
        return RunSummary(
            client=client.client,
            folder=str(self.loaded.folder),
            run_id=run.run_id,
            as_of=run.as_of,
            status="partial" if loaded.troubles else "done",
            exit_code=max((trouble.error.exit_code for trouble in loaded.troubles), default=0),
            sources=sources,
            unmapped=shown_unmapped(warehouse.unknown_names(run.run_id), client.settings.personal_data),
            dictionaries=places(self.loaded),
            figures_of=figures_of,
            figures=figures,
            problems=[
                f"{one.source}: {pasted(one.error.text(language()), self.loaded.folder)}" for one in loaded.troubles
            ],
        )

    def _held(self, warehouse: Warehouse) -> tuple[Held, FigureSums]:
        """What each source holds and each table shows of each month, where days are to be read again."""
        return (warehouse.held(), warehouse.figure_sums()) if self.asked.is_reread else ({}, {})

    def _reread(self, warehouse: Warehouse, before: tuple[Held, FigureSums]) -> list[str]:
        if not self.asked.is_reread:
            return []
        (held, sums), (held_now, sums_now) = before, self._held(warehouse)
        figures = refigured_lines(warehouse.figures_made(), sums, sums_now)
        return [*reread_lines(self.asked, held, held_now), *figures]

    def _written(self, publication: Publication, summary: RunSummary) -> RunSummary:
        sheets, run_id = publication.sheets, summary.run_id
        told = control_text(summary, publication.updated_at, self.loaded.client.language)
        publication = replace(publication, told=told, answered=answered_days(self.asked))
        written = publish(publication, self.asked, self.step)
        untold = make_digest(self.loaded, sheets, written.places) if self.asked.to else None
        kept = Kept(sheets, written.others)
        unkept = kept_or_why(self.loaded.data, kept, publication.updated_at) if written.places else None
        if run_id and not written.errors:
            remember(publication.warehouse, self.loaded, self.asked, run_id, written.places)
        return replace(
            summary,
            status="partial" if written.errors else summary.status,
            exit_code=max(summary.exit_code, *(error.exit_code for error in written.errors), 0),
            written=written.places,
            kept_edits=written.kept_edits,
            edits_tab=written.edits_tab,
            notes=[*summary.notes, *written.notes, *(one for one in (untold, unkept) if one)],
            problems=[
                *summary.problems,
                *(pasted(error.text(language()), self.loaded.folder) for error in written.errors),
            ],
        )

    def _stopped(self, warehouse: Warehouse, run: Run, error: SvodkaError) -> RunSummary:
        """Nothing changed; the last report, if there is one, says so in a banner."""
        errors = error.errors if isinstance(error, SeveralErrors) else [error]
        banner = publish_banner(warehouse, self.loaded, self.asked, error, self.step)
        return RunSummary(
            client=self.loaded.client.client,
            folder=str(self.loaded.folder),
            run_id=run.run_id,
            as_of=run.as_of,
            status="failed",
            exit_code=error.exit_code,
            written=banner.places,
            problems=[pasted(one.text(language()), self.loaded.folder) for one in (*errors, *banner.errors)],
        )

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.loaded.client.timezone)).replace(tzinfo=None, microsecond=0)

    def _local_now(self) -> datetime:
        return self._local(self.clock())
