"""`svodka run --dry-run`: what a run would change is told, and not a byte of the client's folder changes."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.settings import now
from flows.run.lock import one_run
from tests.flows.small_client import AS_OF, small_client

pytestmark = pytest.mark.slow
CALL = "06.08.2026 12:00:00;70005550109;SEO;Борис;90\n"


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def school(tmp_path, after_run):
    """A client after one run, with a call more in its export since."""
    folder = after_run(tmp_path / "school")
    with (folder / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
        calls.write(CALL)
    return folder


def test_what_would_change_is_told_and_nothing_changes(school, svodka):
    """Rows of the source, the figure of August, cells by page; then the run itself says the same."""
    before = everything(school)
    answer = svodka("run", school, "--as-of", AS_OF, "--dry-run")
    assert answer.code == 0
    assert everything(school) == before
    assert answer.lines[:4] == [
        "Школа «Василёк»: проба на 31.08.2026, ничего не изменено",
        "calls: строк 3 → 4",
        "Показатели прошлых месяцев:",
        "август 2026: Входящие звонки 3 → 4",
    ]
    assert any(line.startswith("«Менеджеры»: другими стали бы ячеек ") for line in answer.lines)
    assert "август 2026: Входящие звонки 3 → 4" in svodka("run", school, "--as-of", AS_OF).lines
    assert svodka("run", school, "--as-of", AS_OF, "--dry-run").lines[1:] == [
        "Ни одна строка и ни одна ячейка отчёта не изменились бы"
    ]


def test_rows_that_only_move_are_no_change(school, svodka):
    """A correction adds a line to «Качество данных» and changes its sums; all that stands below goes down a row."""
    assert svodka("run", school, "--as-of", AS_OF).code == 0
    with (school / "svodka.yaml").open("a", encoding="utf-8") as config:
        config.write("corrections: corrections.csv\n")
    assert svodka("correct", school, "orders#1", "Сумма=5 001").code == 0
    lines = svodka("run", school, "--as-of", AS_OF, "--dry-run").lines
    [quality] = [line for line in lines if line.startswith("«Качество данных»")]
    changed, cells = (int(word) for word in quality.split() if word.isdecimal())
    assert changed < cells / 2


def test_corrections_that_would_be_applied_are_told(school, svodka):
    """Those of the next run, where, what was and becomes; one that is applied already is no news."""
    with (school / "svodka.yaml").open("a", encoding="utf-8") as config:
        config.write("corrections: corrections.csv\n")
    header = "источник,файл,строка,столбец,было,стало\n"
    first = "orders,exports/orders.csv,2,Сумма,5 000,6 000\n"
    (school / "corrections.csv").write_text(header + first, "utf-8")
    lines = svodka("run", school, "--as-of", AS_OF, "--dry-run").lines
    head = lines.index("Корректировки (строка или запись, столбец):")
    assert lines[head + 1] == "exports/orders.csv: 2, Сумма: 5 000 → 6 000"
    assert svodka("run", school, "--as-of", AS_OF).code == 0
    lines = svodka("run", school, "--as-of", AS_OF, "--dry-run").lines
    assert "Корректировки (строка или запись, столбец):" not in lines


def test_a_run_that_would_stop_is_told_with_its_code(school, svodka):
    """And why; the folder stays as it is."""
    (school / "exports" / "calls.csv").unlink()
    before = everything(school)
    answer = svodka("run", school, "--as-of", AS_OF, "--dry-run")
    assert (answer.code, answer.lines) == (3, ["Школа «Василёк»: прогон остановился бы, отчёт остался бы прежним"])
    assert answer.err.startswith("источник calls: шаблону «exports/calls*.csv» не подходит ни один файл")
    assert everything(school) == before


def test_a_day_to_come_can_be_tried_as_it_can_be_run(school, svodka):
    """With `--ahead`, and only with it."""
    day = date.today() + timedelta(days=2)
    asked = ("run", school, "--as-of", day, "--dry-run")
    assert svodka(*asked).code == 2
    assert svodka(*asked, "--ahead").lines[0] == f"Школа «Василёк»: проба на {day:%d.%m.%Y}, ничего не изменено"


def test_a_client_that_never_ran_has_all_of_it_to_come(tmp_path, svodka):
    """Nothing is made in its folder, not even data."""
    folder = small_client(tmp_path / "fresh")
    found = json.loads(svodka("run", folder, "--as-of", AS_OF, "--dry-run", "--json").out)
    assert found["dry_run"] is True
    orders = next(one for one in found["would_change"]["sources"] if one["source"] == "orders")
    assert (orders["rows"], orders["rows_after"], orders["money_after_rub"]) == (0, 2, "12000.50")
    assert not (folder / "data").exists()


def test_while_a_run_is_under_way_it_waits_its_turn(school, svodka):
    """A half-written warehouse is no state to compare with: code 8."""
    with one_run(school / "data", now()):
        assert svodka("run", school, "--dry-run").code == 8
