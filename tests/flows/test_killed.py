"""Whatever ends run, correct, undo, restore or backup halfway, the client is whole, and the command again ends it."""

from __future__ import annotations

import csv
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.backup.backup import rebuild
from flows.cli import main
from flows.run.reports.kept import kept_reports, published_at
from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.flows.test_crash import cells, figures
from tests.helpers.often import often
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CALL = "0{}.08.2026 12:00:00;7000555010{};SEO;Борис;90\n"
BACKUP = "copy.zip"
CLIENT = "vasilek"


@dataclass(frozen=True)
class Step:
    """One command, and what changes in the exports before it."""

    words: tuple[str, ...]
    call: int = 0

    def command(self, folder: Path) -> list[str]:
        """Its words for a client."""
        day = f"{published_at(kept_reports(folder / 'data')[-1]):%Y-%m-%d}" if "restore" in self.words else ""
        facts = {"F": str(folder), "DAY": day, "COPY": str(folder.with_name(BACKUP))}
        return [facts.get(word, word) for word in self.words]


RUN, UNDO, COPY = ("run", "F", "--as-of", AS_OF), ("undo", "F", "--yes"), ("backup", "F", "COPY")
STEPS = [
    Step(RUN),
    Step(RUN, call=1),
    Step(("correct", "F", "exports/orders.csv:2", "Сумма=5 100", "--why", "опечатка")),
    Step(RUN),
    Step(UNDO),
    Step(RUN),
    Step(("run", "F", "--as-of", "2026-09-01"), call=2),
    Step(("restore", "F", "--day", "DAY", "--to", "xlsx")),
    Step(COPY),
    Step(UNDO),
    Step(COPY),
]


def fresh(folder: Path) -> Path:
    """The client that every sequence begins with."""
    return small_client(folder, {"svodka.yaml": SVODKA + "corrections: corrections.csv\n"})


def prepare(folder: Path, step: Step) -> None:
    """The exports as they are when the step begins."""
    if step.call:
        with (folder / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
            calls.write(CALL.format(step.call, step.call))


def good_runs(folder: Path) -> int:
    """Runs that left a report."""
    if not (folder / "data" / "svodka.duckdb").exists():
        return 0
    with reading(folder / "data") as warehouse:
        known = "select count(*) from duckdb_tables() where schema_name = 'ops' and table_name = 'runs'"
        if not warehouse.execute(known).fetchone()[0]:
            return 0
        return warehouse.execute("select count(*) from ops.runs where status in ('done', 'partial')").fetchone()[0]


def state(folder: Path) -> dict[str, object]:
    """All that a person would miss: figures, rows, notices, history, the report's cells, corrections.

    Not whether the report says that nothing changed since the one before: after a run that was killed too late to
    leave nothing there was one before.
    """
    with reading(folder / "data") as warehouse:
        notices = "select kind, source, source_file, rows, money_rub, detail from ops.notices"
        last = "(select max(run_id) from ops.runs where status in ('done', 'partial'))"
        told = warehouse.execute(f"{notices} where run_id = {last} order by all").fetchall()
        files = str(folder / "data" / "history" / "*.parquet")
        seen = f"select source, source_file, snapshot, kind, subscriber_id, on_date from read_parquet('{files}')"
        history = warehouse.execute(f"{seen} order by all").fetchall()
    table = folder / "corrections.csv"
    return {
        "figures": figures(folder),
        "notices": told,
        "history": history,
        "cells": {place: text for place, text in cells(folder).items() if not place.startswith("Что изменилось!A")},
        "corrections": list(csv.DictReader(table.open(encoding="utf-8"))) if table.exists() else [],
        "books": sorted(path.name for path in (folder / "out").iterdir()),
    }


def copied(folder: Path, scratch: Path) -> dict[str, object]:
    """What a folder rebuilt from the copy is."""
    shutil.rmtree(scratch, ignore_errors=True)
    rebuild(scratch, folder.with_name(BACKUP))
    return state(scratch)


def assert_whole(folder: Path) -> None:
    """What lies there after a kill can be opened, each file as it was before or as it is to be."""
    good_runs(folder)
    for book in (folder / "out").glob("*.xlsx"):
        assert zipfile.ZipFile(book).testzip() is None
    if (copy := folder.with_name(BACKUP)).exists():
        assert zipfile.ZipFile(copy).testzip() is None
    if (table := folder / "corrections.csv").exists():
        assert all(None not in row and None not in row.values() for row in csv.DictReader(table.open(encoding="utf-8")))


def process(folder: Path, step: Step, **more: object) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    words = [sys.executable, "-m", "flows.cli", *step.command(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | more
    return subprocess.Popen(words, cwd=ROOT, text=True, **quiet)  # type: ignore[call-overload]


@dataclass(frozen=True)
class Quiet:
    """A step that nobody disturbed: what there was before it, how long it takes, and what there was after it."""

    kept: Path
    """The client, the exports as they are when the step begins, and the copy beside it if there is one."""
    runs: tuple[int, ...]
    """Good runs before each run that no undo has taken back."""
    seconds: float
    after: dict[str, object]
    copy: dict[str, object] | None

    def begun(self, place: Path) -> Path:
        """A place that is not there yet in; the client as it stands before the step out."""
        return shutil.copytree(self.kept, place) / CLIENT


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> list[Quiet]:
    """The sequence without a kill."""
    root = tmp_path_factory.mktemp("quiet")
    folder = fresh(root / "now" / CLIENT)
    began = time.monotonic()
    assert process(folder, Step(UNDO)).wait() == 2, "there is nothing to take back yet"
    start = time.monotonic() - began
    found: list[Quiet] = []
    runs: tuple[int, ...] = ()
    for place, step in enumerate(STEPS):
        prepare(folder, step)
        kept = shutil.copytree(folder.parent, root / str(place))
        before = runs
        runs = (*runs, good_runs(folder)) if step.words[0] == "run" else runs[:-1] if step.words == UNDO else runs
        began = time.monotonic()
        assert main(step.command(folder)) == 0, step
        seconds = start + time.monotonic() - began
        copy = copied(folder, root / "rebuilt") if step.words == COPY else None
        found.append(Quiet(kept, before, seconds, state(folder), copy))
    return found


def completed(folder: Path, step: Step, runs: int) -> None:
    """The command once more, to its end; of undo as often as there are more good runs than there were."""
    if step.words != UNDO:
        assert main(step.command(folder)) == 0, step
        return
    while good_runs(folder) > runs or (folder / "data" / "undoing.json").exists():
        assert main(step.command(folder)) == 0


def killed(folder: Path, step: Step, after: float) -> float | None:
    """The command, killed after so many seconds; None, or how long it took if it had ended by then."""
    began, running = time.monotonic(), process(folder, step)
    try:
        running.wait(timeout=after)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGKILL)
        running.wait()
        return None
    return time.monotonic() - began


def kills(chance: random.Random) -> Iterator[int]:
    """How often each step of a sequence is killed, until there were enough."""
    left = often(3, 200)
    while left > 0:
        now = min(left, chance.randint(1, 3))
        left -= now
        yield now


def test_kill_9_at_any_moment_of_any_command_leaves_the_client_whole(tmp_path, quiet):
    """Killed at random moments, then begun again: after each step all is as it is where nobody was disturbed.

    An undo goes back over the runs that were begun again because they were killed too late to be undone.
    """
    chance = random.Random(20261130)
    planned, usual = list(kills(chance)), [one.seconds for one in quiet]
    while planned:
        skipped = 0 if len(planned) >= len(STEPS) else chance.randint(0, len(STEPS) - len(planned))
        folder = quiet[skipped].begun(tmp_path / str(len(planned)))
        before, last = list(quiet[skipped].runs), skipped
        for place in range(skipped, len(STEPS)):
            if not planned and place > last + often(1, len(STEPS)):
                break  # what was killed is as it is to be, and so is what came after it
            step, undisturbed = STEPS[place], quiet[place]
            if place > skipped:
                prepare(folder, step)
            if step.words[0] == "run":
                before.append(good_runs(folder))
            runs = before.pop() if step.words == UNDO else 0
            for _ in range(planned.pop() if planned else 0):
                last = place
                if step.words == UNDO and good_runs(folder) <= runs:
                    break  # it was taken back already, and one more undo would go beyond
                usual[place] = killed(folder, step, chance.uniform(0.1, 1.05) * usual[place]) or usual[place]
                assert_whole(folder)
            completed(folder, step, runs)
            assert state(folder) == undisturbed.after, step
            if undisturbed.copy is not None:
                assert copied(folder, tmp_path / "rebuilt") == undisturbed.copy
        shutil.rmtree(folder.parent)


@pytest.mark.parametrize("place", [2, 4, 7, 8])
@pytest.mark.parametrize("most_bytes", [4_096, 0, 300_000][: often(1, 3)])
def test_a_disk_that_is_full_is_said_and_survived_by_every_command(tmp_path, quiet, place, most_bytes):
    """No file may grow beyond so many bytes: words and a code, nothing half done; with room again all is well."""
    folder = quiet[place].begun(tmp_path / "begun")
    step, runs = STEPS[place], good_runs(folder) - 1

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = process(folder, step, preexec_fn=bounded, stderr=subprocess.PIPE)
    said = done.communicate()[1].partition("Exception ignored in")[0]  # openpyxl lets go of a half written sheet
    assert done.returncode == 0 or said.strip()
    assert "Traceback" not in said
    assert "внутренняя ошибка" not in said
    assert_whole(folder)
    completed(folder, step, runs)
    assert state(folder) == quiet[place].after


def test_two_at_once_do_not_meet(tmp_path, quiet):
    """Undo, restore and backup beside a run, or a run beside them: one of two is told to wait, or comes after."""
    for place in (4, 7, 8):
        folder = quiet[place].begun(tmp_path / str(place))
        runs = good_runs(folder) - 1
        step = STEPS[place]
        both = [process(folder, step), process(folder, step)]
        codes = sorted(one.wait() for one in both)
        assert codes[0] == 0
        assert codes[1] in (0, 2, 8)
        completed(folder, step, runs)
        assert state(folder) == quiet[place].after, step


def test_two_corrections_at_once_are_both_written(tmp_path):
    """Neither takes the table from under the other."""
    folder = fresh(tmp_path / "vasilek")
    with ThreadPoolExecutor(4) as pool:
        steps = [Step(("correct", "F", f"exports/calls.csv:{row}", "Разговор=1")) for row in (2, 3, 4)]
        codes = list(pool.map(lambda step: process(folder, step).wait(), steps))
    with (folder / "corrections.csv").open(encoding="utf-8") as table:
        written = {row["строка"] for row in csv.DictReader(table)}
    assert len(written) == codes.count(0)
    assert set(codes) <= {0, 8}
