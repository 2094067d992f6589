"""A file that came back with fewer rows, or under another name and unreadable, is named; a day to come is refused."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from tests.flows.small_client import AS_OF, FILES, SVODKA, small_client
from tests.helpers.loaded import load

pytestmark = pytest.mark.slow

HEADER = "Номер;Оплачен;Телефон;Менеджер;Сумма\n"
ROWS = [f"{day};{day:02}.08.2026;7000555{day:04};Анна;1000" for day in range(1, 31)]
SHRANK = "orders: exports/orders.csv стал короче: строк было и стало 30 → "
EARLIER = "orders: данные в exports/orders.csv кончаются раньше, чем прежде: "


def orders(rows: list[str]) -> str:
    """The text of an export of these sales."""
    return HEADER + "\n".join(rows) + "\n"


def told(folder, rows: list[str], night: int = 2) -> list[str]:
    """What is said of the sales' file once it holds these rows."""
    (folder / "exports" / "orders.csv").write_text(orders(rows), "utf-8")
    summary = load(folder, date.fromisoformat(AS_OF), night)
    assert summary.exit_code == 0
    lines = [" ".join(note.replace("\u00a0", " ").split()) for note in summary.notes]
    return [line for line in lines if line.startswith(("orders: exports", "orders: данные в"))]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A client whose file of sales reaches to 30 August, once it was loaded."""
    made = small_client(tmp_path_factory.mktemp("kept"), {"exports/orders.csv": orders(ROWS)})
    assert load(made, date.fromisoformat(AS_OF)).exit_code == 0
    return made


@pytest.fixture
def folder(tmp_path, kept):
    """A copy of it of one's own."""
    return shutil.copytree(kept, tmp_path, dirs_exist_ok=True)


def test_an_export_cut_in_half_is_told_with_both_counts(folder):
    """On each run for as long as it lies there so; the whole file takes it back."""
    cut = ROWS[:14]
    for night in (2, 3):
        lines = told(folder, cut, night)
        assert [line.partition(" — ")[0] for line in lines] == [
            f"{SHRANK}14",
            f"{EARLIER}30.08.2026 → 14.08.2026",
        ]
    assert told(folder, ROWS, night=4) == []


@pytest.mark.parametrize(
    ("rows", "starts"),
    [
        (ROWS[6:], []),
        (ROWS[7:], [f"{SHRANK}23"]),
        (ROWS[:-1], [f"{EARLIER}30.08.2026 → 29.08.2026"]),
        ([*ROWS[1:], "31;31.08.2026;70005550031;Анна;1000"], []),
    ],
    ids=["four fifths are kept", "fewer", "the last day is gone", "the oldest day moved out"],
)
def test_what_is_a_loss_and_what_is_none(folder, rows, starts):
    """24 of 30 rows are as many as are asked for; an export may lose its oldest days, hardly its latest."""
    assert [line.partition(" — ")[0] for line in told(folder, rows)] == starts


def test_rows_that_a_setting_leaves_out_are_no_loss(folder):
    """The file is the same; the person who wrote `where:` knows."""
    described = SVODKA.replace("files: exports/orders.csv\n", "files: exports/orders.csv\n    where: {Номер: ['1']}\n")
    (folder / "svodka.yaml").write_text(described, "utf-8")
    assert told(folder, ROWS) == []


def test_a_share_of_ones_own(folder):
    """`min_kept_share: 0` is for files that are emptied by hand."""
    (folder / "svodka.yaml").write_text(SVODKA + "settings: {loading: {min_kept_share: 0}}\n", "utf-8")
    assert told(folder, [*ROWS[:3], ROWS[-1]]) == []


def test_the_report_names_it_first(folder, svodka):
    """Above all else that is in doubt."""
    (folder / "exports" / "orders.csv").write_text(orders(ROWS[:14]), "utf-8")
    assert svodka("run", folder, "--as-of", AS_OF, "--to", "xlsx").code == 0
    sheet = load_workbook(folder / "out" / "Сводка.xlsx")["Сводка"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    first = texts[next(place for place, text in enumerate(texts) if "Чему пока не верить" in text) + 1]
    assert "файл exports/orders.csv стал короче: строк было и стало 30 → 14" in first


def test_an_unreadable_file_of_a_new_name_leaves_the_rows_of_the_old_one(folder, svodka):
    """The export was renamed and broke off: revenue is that of yesterday, not nothing, and the run says so."""
    (folder / "svodka.yaml").write_text(SVODKA.replace("exports/orders.csv", "exports/orders*.*"), "utf-8")
    assert svodka("run", folder, "--as-of", AS_OF, "--to", "none").code == 0
    (folder / "exports" / "orders.csv").unlink()
    (folder / "exports" / "orders-new.xlsx").write_bytes(b"PK\x03\x04 broken")
    for _ in range(2):
        answer = svodka("run", folder, "--as-of", AS_OF, "--to", "none")
        assert answer.code == 3
        assert "Выручка 30 000 ₽ —" in answer.lines
    (folder / "exports" / "orders-new.xlsx").unlink()
    (folder / "exports" / "orders-new.csv").write_text(orders(ROWS[:20]), "utf-8")
    assert "Выручка 20 000 ₽ —" in svodka("run", folder, "--as-of", AS_OF, "--to", "none").lines


def test_a_day_to_come_is_refused_unless_asked_for(tmp_path, svodka):
    """On it every source is old, and a whole report turns grey."""
    folder = small_client(tmp_path, {"exports/calls.csv": FILES["exports/calls.csv"]})
    day = (date.today() + timedelta(days=40)).isoformat()
    refused = svodka("run", folder, "--as-of", day, "--to", "none")
    assert refused.code == 2
    assert f"--as-of {day}: этот день ещё не наступил" in refused.err
    assert svodka("run", folder, "--as-of", day, "--ahead", "--to", "none").code == 0
