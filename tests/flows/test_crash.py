"""Whatever ends a run halfway, the last complete state stands and the next run equals an undisturbed one."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest

from tests.flows.small_client import AS_OF, FILES, small_client
from tests.helpers.often import often
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CALL = "{:02d}.08.2026 10:{:02d}:00;7000555{:04d};директ;Анна;60\n"
MANY = {
    "exports/calls-2.csv": "Начало;Телефон;Канал;Менеджер;Разговор\n"
    + "".join(CALL.format(1 + number % 28, number % 60, number) for number in range(3000))
}


def command(folder: Path, *words: str) -> list[str]:
    """`svodka run` in a process of its own."""
    return [sys.executable, "-m", "flows.cli", "run", str(folder), "--as-of", AS_OF, *words]


def run(folder: Path) -> None:
    """A run that must succeed."""
    done = subprocess.run(command(folder), check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def figures(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything computed and staged, table by table."""
    with reading(folder / "data") as warehouse:
        names = warehouse.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_schema in ('staged', 'metrics') order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": warehouse.execute(f'from {schema}."{name}" order by all').fetchall()
            for schema, name in names
        }


def cells(folder: Path) -> dict[str, object]:
    """Every cell of the workbook but the stamps of the update."""
    book = openpyxl.load_workbook(folder / "out" / "Сводка.xlsx")
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and "обновлено" not in str(cell.value) and not hasattr(cell.value, "hour")
    }


@dataclass(frozen=True)
class Quiet:
    """A client after one quiet run: everything in it, and how long that run took."""

    figures: dict[str, list[tuple[object, ...]]]
    cells: dict[str, object]
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Quiet:
    """What a client looks like after one quiet run."""
    folder = small_client(tmp_path_factory.mktemp("quiet") / "vasilek", MANY)
    started = time.monotonic()
    run(folder)
    seconds = time.monotonic() - started
    return Quiet(figures(folder), cells(folder), seconds)


def assert_same(folder: Path, undisturbed: Quiet) -> None:
    """The same figures, the same report, and nothing that looks like a human edit."""
    assert figures(folder) == undisturbed.figures
    assert cells(folder) == undisturbed.cells
    assert [path.name for path in (folder / "out").iterdir()] == ["Сводка.xlsx"]
    assert not list((folder / "data").glob("load-*"))


@pytest.mark.long
def test_kill_9_at_any_moment_needs_no_repair(tmp_path, undisturbed):
    """Runs killed at random moments of their lives, each into what the ones before left behind."""
    chance = random.Random(20260831)
    folder = small_client(tmp_path / "vasilek", MANY)
    for _ in range(40):
        process = subprocess.Popen(command(folder), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.2, 1.1) * undisturbed.seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    run(folder)
    assert_same(folder, undisturbed)


@pytest.mark.parametrize("most_bytes", [300_000, 0, 65_536, 4_096][: often(1, 4)])
def test_a_disk_that_is_full_is_said_and_survived(tmp_path, undisturbed, most_bytes):
    """No file may grow beyond so many bytes: code 6, words, no half-written report; with room again all is well."""
    folder = small_client(tmp_path / "vasilek", MANY)

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = subprocess.run(command(folder), check=False, capture_output=True, text=True, cwd=ROOT, preexec_fn=bounded)
    assert done.returncode == 6, done.stdout + done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert "внутренняя ошибка" not in done.stderr
    assert not list(folder.rglob("*.xlsx"))
    run(folder)
    assert_same(folder, undisturbed)


def test_a_disk_without_room_for_the_copy_of_readers_is_said_and_survived(tmp_path, undisturbed):
    """The warehouse is closed while it is copied; the run could not be ended in it, and told of a closed connection."""
    folder = small_client(tmp_path / "school")
    run(folder)
    for name, text in MANY.items():
        (folder / name).write_text(text, "utf-8")
    most_bytes = (folder / "data" / "svodka.duckdb").stat().st_size - 1

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = subprocess.run(command(folder), check=False, capture_output=True, text=True, cwd=ROOT, preexec_fn=bounded)
    assert done.returncode == 6
    assert done.stderr.startswith("data/svodka.duckdb: не записать: ")
    run(folder)
    assert figures(folder)["metrics.channel_period"] == undisturbed.figures["metrics.channel_period"]


def test_a_database_of_somebody_else_is_left_alone(tmp_path, svodka):
    """A file that only has the name: refused in words, not a byte of it changed."""
    folder = small_client(tmp_path)
    (folder / "data").mkdir()
    (folder / "data" / "svodka.duckdb").write_text("это не база")
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 6
    assert "svodka.duckdb" in answer.err
    assert (folder / "data" / "svodka.duckdb").read_text() == "это не база"


def test_a_database_with_other_tables_is_left_alone(tmp_path, svodka):
    """A real DuckDB file that is not ours."""
    folder = small_client(tmp_path)
    (folder / "data").mkdir()
    with duckdb.connect(str(folder / "data" / "svodka.duckdb")) as foreign:
        foreign.execute("create table mine as select 42 as answer")
    assert svodka("run", folder, "--as-of", AS_OF).code == 6
    with duckdb.connect(str(folder / "data" / "svodka.duckdb")) as foreign:
        assert foreign.execute("from mine").fetchall() == [(42,)]


def test_a_database_that_somebody_has_open(tmp_path, svodka, after_run):
    """A table editor left open over the file."""
    folder = after_run(tmp_path)
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", code, str(folder / "data" / "svodka.duckdb")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline() == "open\n"
        answer = svodka("run", folder, "--as-of", AS_OF)
        editor.kill()
    assert answer.code == 6
    assert "svodka.duckdb" in answer.err


def test_one_broken_source_does_not_cost_the_others(tmp_path, svodka, after_run):
    """The calls break after a good run: their rows stay, the new spend counts, code 3 and a name tell of it."""
    folder = after_run(tmp_path)
    (folder / "exports" / "calls.csv").write_text("")
    spend = folder / "exports" / "spend.csv"
    spend.write_text(FILES["exports/spend.csv"].replace("500,50", "999,50"), "utf-8")
    answer = svodka("run", folder, "--as-of", AS_OF)
    assert answer.code == 3
    assert "Расходы на рекламу 2 000 ₽ —" in answer.lines
    assert "Входящие звонки 3 —" in answer.lines
    assert answer.err.startswith("calls: exports/calls.csv: файл пуст")


@pytest.mark.parametrize("spend", [FILES["exports/spend.csv"], FILES["exports/spend.csv"] + "03.08.2026;SEO;1\n"])
def test_a_stopped_run_leaves_yesterdays_report_with_a_banner(tmp_path, svodka, spend, after_run):
    """The calls' folder is emptied, before or after another file was read: a line across the report says why."""
    folder = after_run(tmp_path)
    before, numbers = cells(folder), figures(folder)
    (folder / "exports" / "spend.csv").write_text(spend, "utf-8")
    (folder / "exports" / "calls.csv").unlink()
    answer = svodka("run", folder, "--as-of", "2026-09-01")
    assert answer.code == 3
    assert figures(folder) == numbers
    after = list(cells(folder).values())
    added = " ".join(str(text) for text in after if text not in before.values())
    assert "Отчёт не обновлён, данные по 31.08.2026. Причина: источник calls:" in added
    assert set(before.values()) <= set(after)
