"""`svodka run --dry-run`: a run over a copy of the data; what it would change, by source, figure and page."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from typing import Any

from config.documents import Sheet, Value
from config.errors import SvodkaError, TargetError
from config.folder.load import LoadedClient, load_client
from config.settings import now
from connectors.warehouse import COPIED, Held, Reading, drop_storage
from flows.run.given.request import RunRequest
from flows.run.lock import no_run
from flows.run.one_client import failed
from flows.run.pipeline import run_client
from flows.run.reports.report import Occasion, laid_out
from flows.run.told.summary import RunSummary
from flows.say import Step, language

Row = tuple[tuple[int, Value], ...]
"""Column and value of each filled cell."""


@dataclass(frozen=True)
class SourceChange:
    """What a source holds, and would hold."""

    source: str
    rows: int
    rows_after: int
    money_rub: Decimal | None
    money_after_rub: Decimal | None


@dataclass(frozen=True)
class PageChange:
    """A page of the report: cells that would stand otherwise than they do."""

    title: str
    changed: int
    cells: int


@dataclass(frozen=True)
class DryRun:
    """What a run would do. Nothing was changed."""

    summary: RunSummary
    sources: Sequence[SourceChange] = ()
    pages: Sequence[PageChange] = ()
    corrections: Sequence[str] = ()
    """What corrections would put right and do not yet: a file and its rows, without personal data."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        sources = [{**asdict(one), **_texts(one)} for one in self.sources]
        pages = [asdict(one) for one in self.pages]
        return {**self.summary.as_json(), "dry_run": True, "would_change": {
            "sources": sources, "pages": pages, "corrections": list(self.corrections),
        }}  # fmt: skip


@dataclass(frozen=True)
class _State:
    """What a warehouse holds and the report that it makes."""

    held: Held
    sheets: Sequence[Sheet]
    corrected: Sequence[str] = ()


def dry_run(folder: Path, asked: RunRequest, step: Step) -> DryRun:
    """A client's folder and a request in; what the run would change out. Data and report stay as they are."""
    try:
        loaded = load_client(folder)
        with tempfile.TemporaryDirectory(prefix="svodka-dry-") as made:
            data = Path(made) / "data"
            _copy(loaded, data)
            beside = replace(loaded, elsewhere=data)
            stamp = now()
            before = _state(beside, stamp)
            try:
                summary = run_client(beside, replace(asked, to=()), step, now)
                if summary.status == "failed":
                    return DryRun(summary)
                after = _state(beside, stamp)
            finally:
                drop_storage(loaded.client.engine, data)
    except SvodkaError as error:
        return DryRun(failed(folder, error.text(language()), error.exit_code))
    corrections = [one for one in after.corrected if one not in before.corrected]
    return DryRun(
        summary, list(_sources(before.held, after.held)), list(_pages(before.sheets, after.sheets)), corrections
    )


def _copy(loaded: LoadedClient, data: Path) -> None:
    """The warehouse and its history, as no run is changing them. Raises Busy while one is."""
    data.mkdir()
    if not loaded.data.is_dir():
        return
    with no_run(loaded.data):
        for name in COPIED:
            place = loaded.data / name
            if place.is_dir():
                shutil.copytree(place, data / name)
            elif place.exists():
                shutil.copyfile(place, data / name)


def _state(loaded: LoadedClient, stamp: datetime) -> _State:
    """Nothing before the first good run."""
    try:
        with Reading.open(loaded.data) as warehouse:
            last = warehouse.last_good_run()
            if last is None:
                return _State({}, ())
            sheets = laid_out(warehouse, loaded.client, Occasion(last.run_id, last.as_of, stamp.replace(tzinfo=None)))
            corrected = [f"{one.file}: {one.detail}" for one in warehouse.notices(last.run_id, {"corrected"})]
            return _State(warehouse.held(), sheets, corrected)
    except TargetError as error:
        if error.key != "warehouse.none":
            raise
        return _State({}, ())


def _sources(before: Held, after: Held) -> Iterator[SourceChange]:
    """Sources of which a month would hold something else."""
    changed = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    for source in sorted(changed):
        (rows, money), (rows_after, money_after) = (_summed(held, source) for held in (before, after))
        yield SourceChange(source, rows, rows_after, money, money_after)


def _summed(held: Held, source: str) -> tuple[int, Decimal | None]:
    found = [content for key, content in held.items() if key[0] == source]
    money = [content.money for content in found if content.money is not None]
    return sum(content.rows for content in found), sum(money, Decimal(0)) if money else None


def _pages(before: Sequence[Sheet], after: Sequence[Sheet]) -> Iterator[PageChange]:
    known = {sheet.key: _rows(sheet) for sheet in before}
    for sheet in after:
        old, new = known.pop(sheet.key, []), _rows(sheet)
        if changed := sum(_changed(old, new)):
            yield PageChange(sheet.title, changed, sum(len(row) for row in new))


def _changed(old: Sequence[Row], new: Sequence[Row]) -> Iterator[int]:
    """How many cells differ, row by row; a row that only moved is no change, one that came or went is all its cells."""
    for kind, first, last, first_new, last_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for was, becomes in zip_longest(old[first:last], new[first_new:last_new], fillvalue=()):
                cells, cells_new = dict(was), dict(becomes)
                yield sum(cells.get(place) != cells_new.get(place) for place in cells.keys() | cells_new.keys())


def _rows(sheet: Sheet) -> list[Row]:
    """The filled cells of each row, from the left."""
    found: dict[int, list[tuple[int, Value]]] = {}
    for cell in sorted(sheet.cells, key=lambda one: (one.row, one.column)):
        if cell.value is not None:
            found.setdefault(cell.row, []).append((cell.column, cell.value))
    return [tuple(found.get(row, ())) for row in range(max(found, default=-1) + 1)]


def _texts(one: SourceChange) -> dict[str, str | None]:
    money = {"money_rub": one.money_rub, "money_after_rub": one.money_after_rub}
    return {name: None if value is None else str(value) for name, value in money.items()}
