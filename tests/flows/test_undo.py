"""`svodka undo`: warehouse, history and report as before the last run; a kill leaves one state or the other."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest

from flows.cli import main
from tests.flows.small_client import AS_OF, FILES, SVODKA
from tests.helpers.often import often
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CALL = "06.08.2026 12:00:00;70005550109;SEO;Борис;90\n"
OWN = {"published_rows", "published_shapes", "meta", "quiet_sources"}
"""What was published stays known; what was built from what is told anew."""


def state(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All tables of the warehouse, and the names of the history's files."""
    with reading(folder / "data") as warehouse:
        tables = warehouse.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        found = {
            f"{schema}.{name}": warehouse.execute(f'from {schema}."{name}" order by all').fetchall()
            for schema, name in tables
            if name not in OWN
        }
    return found | {"history": [(path.name,) for path in sorted((folder / "data" / "history").glob("*"))]}


def cells(folder: Path) -> dict[str, object]:
    """Every cell of the workbook, the stamp included."""
    book = openpyxl.load_workbook(folder / "out" / "Сводка.xlsx")
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value for sheet in book for row in sheet.iter_rows() for cell in row
    }


@pytest.fixture
def school(tmp_path, after_run):
    """A client after one run."""
    return after_run(tmp_path / "school")


@dataclass(frozen=True)
class Twice:
    """A client after two runs, the second over other exports and another day: what there was after each."""

    folder: Path
    first: tuple[dict[str, list[tuple[object, ...]]], dict[str, object]]
    second: tuple[dict[str, list[tuple[object, ...]]], dict[str, object]]


@pytest.fixture(scope="module")
def kept_twice(tmp_path_factory, after_run):
    """The two runs, made once."""
    folder = after_run(tmp_path_factory.mktemp("twice") / "school")
    first = state(folder), cells(folder)
    with (folder / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
        calls.write(CALL)
    (folder / "exports" / "users.csv").write_text(FILES["exports/users.csv"].replace("30.08", "31.08"), "utf-8")
    assert main(["run", str(folder), "--as-of", "2026-09-01", "--quiet"]) == 0
    return Twice(folder, first, (state(folder), cells(folder)))


@pytest.fixture
def twice(tmp_path, kept_twice):
    """A copy of them of one's own."""
    return replace(kept_twice, folder=shutil.copytree(kept_twice.folder, tmp_path / "school"))


def test_undo_of_a_run_is_what_was_before(twice, svodka):
    """Every table, the history and every cell of the report, stamp included; then the same run gives the same again."""
    school, after = twice.folder, twice.second[1]
    assert twice.second[0] != twice.first[0]
    answer = svodka("undo", school, "--yes")
    assert answer.code == 0
    assert answer.lines[0].startswith("Школа «Василёк»: последний прогон отменён, отчёт снова на 31.08.2026, от ")
    assert (state(school), cells(school)) == twice.first
    assert [path.name for path in (school / "out").iterdir()] == ["Сводка.xlsx"], "nothing looks like a human edit"
    assert svodka("run", school, "--as-of", "2026-09-01").code == 0
    assert {place for place, value in cells(school).items() if value != after.get(place)} <= stamps(school)


def stamps(folder: Path) -> set[str]:
    """Cells that say when the report was made."""
    return {place for place, value in cells(folder).items() if hasattr(value, "hour") or "обновлено" in str(value)}


def test_a_client_that_ran_once_has_nothing_to_take_back(school, svodka):
    """There is no state before it."""
    assert svodka("undo", school, "--yes").code == 2


def test_there_is_one_step_back(twice, svodka):
    """Twice is too much; the words say why."""
    school = twice.folder
    assert svodka("undo", school, "--yes").code == 0
    answer = svodka("undo", school, "--yes")
    assert (answer.code, answer.err.splitlines()[0][:60]) == (2, f"{school}: отменять нечего: прогон был один"[:60])


def test_a_run_that_changed_nothing_is_taken_back_alone(twice, svodka):
    """It made no copy, so that the state before the run that did change something can still be gone back to."""
    school, kept = twice.folder, (twice.folder / "data" / "before.duckdb").stat()
    assert svodka("run", school, "--as-of", "2026-09-01").code == 0
    quiet = state(school), cells(school)
    assert svodka("run", school, "--as-of", "2026-09-01").code == 0
    assert (school / "data" / "before.duckdb").stat().st_ino == kept.st_ino
    for before in (quiet, twice.second):
        assert svodka("undo", school, "--yes").code == 0
        assert (state(school), cells(school)) == before
    assert svodka("undo", school, "--yes").code == 0
    assert (state(school), cells(school)) == twice.first


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("channels.csv", "alias,name\nдирект,Директ\nSEO,SEO\n"),
        ("svodka.yaml", SVODKA + "settings: {calls: {target_seconds: 70}}\n"),
    ],
)
def test_a_run_over_the_same_exports_on_the_same_day_is_taken_back_too(school, svodka, file, text):
    """A channel called otherwise, a setting that figures depend on: nothing is read anew, and much is changed."""
    before = state(school), cells(school)
    usual = (school / file).read_text("utf-8")
    (school / file).write_text(text, "utf-8")
    assert svodka("run", school, "--as-of", AS_OF).code == 0
    assert state(school) != before[0]
    (school / file).write_text(usual, "utf-8")
    assert svodka("undo", school, "--yes").code == 0
    assert (state(school), cells(school)) == before


def test_a_run_that_failed_since_is_not_in_the_way(twice, svodka):
    """It changed nothing; what is taken back is the last good one."""
    school = twice.folder
    (school / "exports" / "calls.csv").unlink()
    assert svodka("run", school, "--as-of", "2026-09-02").code == 3
    assert svodka("undo", school, "--yes").code == 0
    assert state(school) == twice.first[0]


def test_whoever_was_forgotten_does_not_come_back(twice, svodka):
    """The kept state goes with the person."""
    school = twice.folder
    svodka("forget", school, "--person", "70005550109", "--yes")
    assert not (school / "data" / "before.duckdb").exists()
    assert svodka("undo", school, "--yes").code == 2


KILLED = """
import os, pathlib, shutil, signal, sys
from pathlib import Path
left = int(sys.argv[2])
def counted(work):
    def step(*arguments, **names):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*arguments, **names)
    return step
for name in ("replace", "unlink", "write_text"):
    setattr(Path, name, counted(getattr(Path, name)))
shutil.copyfile = counted(shutil.copyfile)
from flows.cli import main
sys.exit(main(["undo", sys.argv[1], "--yes"]))
"""


@pytest.mark.parametrize("step", [5, 12, 0, 2, 8][: often(2, 5)])
def test_a_kill_at_any_step_leaves_one_state_or_the_other(twice, svodka, step):
    """Files copied, replaced, removed one by one, and the process killed between them: undo again ends it."""
    school, before, after = twice.folder, twice.first, twice.second[0]
    done = subprocess.run([sys.executable, "-c", KILLED, str(school), str(step)], check=False, cwd=ROOT)
    assert done.returncode in (-9, 0)
    assert state(school) | {"history": []} in (before[0] | {"history": []}, after | {"history": []})
    if done.returncode:
        assert svodka("undo", school, "--yes").code == 0
    assert (state(school), cells(school)) == before
    assert svodka("run", school, "--as-of", "2026-09-01").code == 0
