"""A second run of a day over the same files leaves the report as it stands, and tells all that the first one told."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.folder.load import load_client
from connectors.warehouse.store.database import open_for_reading
from flows.run.given.request import RunRequest
from flows.run.pipeline import run_client
from flows.run.told.summary import RunSummary
from flows.say import plain
from flows.undo.undo import undo
from tests.flows.small_client import SVODKA, small_client

pytestmark = pytest.mark.slow
DAY = RunRequest(as_of=date(2026, 8, 31))
MORNING = datetime(2026, 9, 1, 3, tzinfo=UTC)
REPORT = "out/Сводка.xlsx"
WITH_REPORT = f"{SVODKA}reports: {{xlsx: {REPORT}}}\n"
LINES = {
    "loads": "* exclude (run_id, is_read)",
    "notices": "* exclude (run_id)",
    "unmapped": "* exclude (run_id)",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A client whose report was written in the morning."""
    folder = small_client(tmp_path_factory.mktemp("kept") / "c", {"svodka.yaml": WITH_REPORT})
    assert run(folder).status == "done"
    return folder


@pytest.fixture
def client(tmp_path, kept):
    """A copy of it of one's own."""
    return shutil.copytree(kept, tmp_path / "c")


def run(folder: Path, asked: RunRequest = DAY, hours: float = 0) -> RunSummary:
    """A run so many hours after the morning."""
    return run_client(load_client(folder), asked, plain, lambda: MORNING + timedelta(hours=hours))


def stamp(folder: Path) -> int:
    """When the workbook was written last."""
    return (folder / REPORT).stat().st_mtime_ns


def told(folder: Path, table: str) -> list[list[tuple[object, ...]]]:
    """The lines of each run in a table of the ledger."""
    with open_for_reading(folder / "data") as warehouse:
        runs = [row[0] for row in warehouse.execute("select run_id from ops.runs order by 1").fetchall()]
        lines = f"select {LINES[table]} from ops.{table} where run_id = ? order by all"
        return [warehouse.execute(lines, [run]).fetchall() for run in runs]


def test_a_report_of_the_day_stands(client):
    """The file is not touched; the run has its line, and says what the first one said."""
    before = stamp(client)
    first, second, third = run(client, hours=1), run(client, hours=2), run(client, hours=3)
    assert stamp(client) == before
    assert first.written == [REPORT]
    assert replace(first, run_id="", seconds=0) == replace(second, run_id="", seconds=0)
    assert replace(first, run_id="", seconds=0) == replace(third, run_id="", seconds=0)
    for table in LINES:
        lines = told(client, table)
        assert len(lines) == 4
        assert lines == [lines[0]] * 4
    assert told(client, "unmapped")[3], "a name that no dictionary has is told by each run"
    with open_for_reading(client / "data") as warehouse:
        read = "select bool_or(is_read) from ops.loads group by run_id order by run_id"
        assert warehouse.execute(read).fetchall() == [(True,), (False,), (False,), (False,)]


def test_it_says_what_a_whole_run_would_say(client):
    """Beside a run that is made to look at everything: the same words and figures."""
    stood = run(client, hours=1)
    (client / REPORT).unlink()
    whole = run(client, hours=2)
    assert replace(stood, run_id="", seconds=0) == replace(whole, run_id="", seconds=0)


def edited(folder: Path) -> RunRequest:
    """Somebody wrote into the workbook."""
    with (folder / REPORT).open("ab") as file:
        file.write(b"\0")
    return DAY


def removed(folder: Path) -> RunRequest:
    """Somebody threw it away."""
    (folder / REPORT).unlink()
    return DAY


def rewritten(folder: Path, name: str, old: str, new: str) -> RunRequest:
    """A file of the client says something else."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return DAY


def narrowed(folder: Path) -> RunRequest:
    """The run before wrote no report of what it found."""
    rewritten(folder, "exports/orders.csv", "5 000", "6 000")
    run(folder, replace(DAY, to=()), hours=0.5)
    return DAY


def failed(folder: Path) -> RunRequest:
    """The run before put a banner across the report."""
    calls = folder / "exports/calls.csv"
    calls.rename(folder / "calls.csv")
    assert run(folder, hours=0.5).status == "failed"
    (folder / "calls.csv").rename(calls)
    return DAY


CHANGES = {
    "edited": edited,
    "removed": removed,
    "another title": lambda folder: rewritten(folder, "svodka.yaml", "Василёк", "Роза"),
    "another setting": lambda folder: rewritten(
        folder, "svodka.yaml", "reports:", "settings: {calls: {target_seconds: 70}}\nreports:"
    ),
    "another name": lambda folder: rewritten(folder, "channels.csv", "Яндекс.Директ", "Директ"),
    "another row": lambda folder: rewritten(folder, "exports/orders.csv", "5 000", "6 000"),
    "another pattern": lambda folder: rewritten(folder, "svodka.yaml", "calls*.csv", "call?.csv"),
    "another day": lambda _: replace(DAY, as_of=date(2026, 8, 30)),
    "days again": lambda _: replace(DAY, since=date(2026, 8, 1)),
    "nothing written": narrowed,
    "failed": failed,
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_it_is_written_again(client, change):
    """What the report shows, its file, the day, or the run before it."""
    before = (client / REPORT).read_bytes()
    assert run(client, CHANGES[change](client), hours=1).written == [REPORT]
    assert (client / REPORT).read_bytes() != before


def test_a_new_morning_has_a_stamp_of_its_own(client):
    """The day of the figures was given and is the same; the report says that it was looked at today."""
    before = stamp(client)
    run(client, hours=24)
    assert stamp(client) != before


def test_a_run_that_left_the_report_can_be_taken_back(client):
    """Its lines go, and the report is that of the first run."""
    run(client, hours=1)
    undo(client, plain)
    assert [len(told(client, table)) for table in LINES] == [1, 1, 1]
    assert run(client, hours=2).status == "done"


def test_a_report_that_was_left_stands_when_that_run_is_taken_back(client):
    """Nothing of it was the later run's; what the later run had to write is written anew, with the earlier stamp."""
    before = stamp(client)
    run(client, hours=1), run(client, hours=2)
    undo(client, plain)
    assert stamp(client) == before
    run(client, hours=3)
    assert stamp(client) == before
    (client / REPORT).unlink()
    run(client, hours=4)
    before = stamp(client)
    undo(client, plain)
    assert stamp(client) != before
