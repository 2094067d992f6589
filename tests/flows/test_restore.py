"""`svodka restore`, `svodka backup`: a report as it was published, a client as it was, from what is kept of them."""

import io
import pickle
import zipfile
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

import openpyxl
import pytest

from config import documents
from config.errors import SourceError, TargetError
from flows.backup.backup import rebuild
from flows.run.reports.kept import _form, keep_report, kept_reports, published_at, read_report, thinned
from tests.flows.small_client import AS_OF, small_client

pytestmark = pytest.mark.slow
CALL = "06.08.2026 12:00:00;70005550109;SEO;Борис;90\n"


def cells(path: Path) -> dict[str, object]:
    """Every cell of a workbook."""
    book = openpyxl.load_workbook(path)
    shown = ((sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row)
    return {f"{title}!{cell.coordinate}": cell.value for title, cell in shown}


@pytest.fixture
def school(tmp_path, after_run):
    """A client after one run."""
    return after_run(tmp_path / "school")


def dated(school: Path, day: str) -> None:
    """As if the last report had been published on that day."""
    path = kept_reports(school / "data")[-1]
    path.rename(path.with_name(f"{day} 030000.sheets"))


def test_a_report_comes_back_as_it_was_published(school, svodka):
    """Cell for cell, beside the present one or in its place; the next run writes the present one again."""
    first = cells(school / "out" / "Сводка.xlsx")
    dated(school, "2026-09-01")
    with (school / "exports" / "calls.csv").open("a", encoding="utf-8") as calls:
        calls.write(CALL)
    assert svodka("run", school, "--as-of", AS_OF).code == 0
    second = cells(school / "out" / "Сводка.xlsx")
    assert second != first
    answer = svodka("restore", school, "--day", "2026-09-01")
    assert (answer.code, answer.out) == (0, f"Записано: {school}/out/Сводка 01.09.2026.xlsx\n")
    assert cells(school / "out" / "Сводка 01.09.2026.xlsx") == first
    assert cells(school / "out" / "Сводка.xlsx") == second
    assert svodka("restore", school, "--day", "2026-09-01", "--to", "xlsx").code == 0
    assert cells(school / "out" / "Сводка.xlsx") == first
    assert svodka("run", school, "--as-of", AS_OF).code == 0
    assert len(list((school / "out").iterdir())) == 2, "a restored report is ours, and no human edit"


def test_a_day_that_is_none_names_the_option(school, svodka):
    """`--day`, as it was typed."""
    answer = svodka("restore", school, "--day", "вчера")
    assert (answer.code, answer.err) == (2, "--day: найдено «вчера», нужен день вида 2026-09-20\n")


def test_a_day_without_a_report_names_the_nearest(school, svodka):
    """Code 2, and nothing is written."""
    dated(school, "2026-09-01")
    answer = svodka("restore", school, "--day", "2026-09-03")
    assert (answer.code, answer.err) == (
        2,
        "--day: отчёта, опубликованного 2026-09-03, нет; ближайшие: 2026-09-01\n",
    )


def test_sixty_are_kept_and_one_a_month_beyond():
    """A hundred nights: the last sixty, and of the forty before them the last of each month."""
    first = datetime(2026, 5, 20, 3)
    paths = [Path(f"{first + timedelta(day):%Y-%m-%d %H%M%S}.sheets") for day in range(100)]
    left = [path for path in paths if path not in thinned(paths)]
    assert [f"{published_at(path):%d.%m}" for path in left[:-60]] == ["31.05", "28.06"]
    assert len(left) == 62


def test_a_kept_report_is_data_and_runs_nothing(school):
    """A file that names anything but the documents is refused, and so is one of another version."""
    path = kept_reports(school / "data")[-1]
    import gzip

    class Harm:
        def __reduce__(self):
            return (io.open, (str(school / "harm"), "w"))

    path.write_bytes(gzip.compress(_form() + pickle.dumps(Harm())))
    with pytest.raises(TargetError):
        read_report(path)
    assert not (school / "harm").exists()
    path.write_bytes(gzip.compress(b"0" * 32 + pickle.dumps(())))
    with pytest.raises(TargetError, match="другой версией"):
        read_report(path)


def test_whoever_was_forgotten_is_in_no_kept_report(tmp_path, svodka):
    """Of a client that keeps personal data in its reports."""
    from tests.flows.small_client import SVODKA

    folder = small_client(
        tmp_path / "school",
        {
            "svodka.yaml": SVODKA + "settings: {personal_data: keep}\n",
            "exports/calls-2.csv": (
                "Начало;Телефон;Канал;Менеджер;Разговор\n03.08.2026 10:00:00;70005550104;SEO;70005550101;30\n"
            ),
        },
    )
    svodka("run", folder, "--as-of", AS_OF)
    [path] = kept_reports(folder / "data")
    assert any("70005550101" in str(cell.value) for sheet in read_report(path).sheets for cell in sheet.cells)
    assert svodka("forget", folder, "--person", "70005550101", "--yes").code == 0
    assert kept_reports(folder / "data") == []


def test_a_client_is_rebuilt_from_one_file(school, tmp_path, svodka):
    """On another machine: the same figures, the same report, the history and the kept reports; nothing is read anew."""
    report = cells(school / "out" / "Сводка.xlsx")
    answer = svodka("backup", school, tmp_path / "school.zip")
    assert answer.code == 0
    assert answer.out.startswith(f"{tmp_path / 'school.zip'}: файлов ")
    there = tmp_path / "another" / "school"
    assert svodka("backup", there, "--from", tmp_path / "school.zip").code == 0
    assert cells(there / "out" / "Сводка.xlsx") == report
    assert kept_reports(there / "data")[0].read_bytes() == kept_reports(school / "data")[0].read_bytes()
    again = svodka("run", there, "--as-of", AS_OF)
    assert again.code == 0
    assert any("calls 1 (не изменились)" in line or "calls" in line for line in again.lines)
    now = cells(there / "out" / "Сводка.xlsx")
    assert {place for place in report if report[place] != now[place]} <= {
        place for place, value in now.items() if hasattr(value, "hour") or "обновлено" in str(value)
    }


def test_a_backup_goes_nowhere_but_into_a_folder_of_its_own(school, tmp_path, svodka):
    """Not over files, not out of the folder, not from what is none; a damaged one leaves nothing behind."""
    svodka("backup", school, tmp_path / "school.zip")
    assert svodka("backup", school, "--from", tmp_path / "school.zip").code == 2
    whole = (tmp_path / "school.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as evil:
        for name in ("svodka-backup.json", "svodka.yaml", "../evil.txt"):
            evil.writestr(name, "x")
    for name in ("cut.zip", "evil.zip"):
        with pytest.raises(SourceError):
            rebuild(tmp_path / "new", tmp_path / name)
        assert not (tmp_path / "new").exists()
        assert not (tmp_path / "evil.txt").exists()


def test_a_report_is_kept_alike_by_every_python(school, svodka, monkeypatch):
    """Before 3.11.3 a member of an enumeration is packed by `getattr`, which is no part of a sheet."""
    for made in vars(documents).values():
        if isinstance(made, type) and issubclass(made, Enum) and len(made):
            monkeypatch.setattr(made, "__reduce_ex__", lambda one, _form: (getattr, (type(one), one.name)))
    [first] = kept_reports(school / "data")
    kept = read_report(first)
    keep_report(school / "data", kept, datetime(2026, 9, 1, 3))
    assert read_report(school / "data" / "reports" / "2026-09-01 030000.sheets") == kept
