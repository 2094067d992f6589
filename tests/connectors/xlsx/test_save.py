"""A workbook is written whole or not at all, and an edited one is kept."""

import errno
import os
from datetime import date

import pytest

from config.documents import Cell, Sheet
from config.errors import TargetError
from connectors.xlsx import file_hash, keep_edited, replace_file, workbook_bytes

SHEETS = [Sheet("summary", "Сводка", (Cell(0, 0, "Школа", "title"),), widths=(25,))]
DAY = date(2026, 9, 21)


def test_a_report_appears_in_a_folder_of_its_own(tmp_path):
    """The folder is made; nothing but the report is left in it."""
    path = tmp_path / "out" / "Сводка.xlsx"
    assert replace_file(path, workbook_bytes(SHEETS)) == file_hash(path)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (
            errno.ENOSPC,
            "Сводка.xlsx: на диске нет места, прежний отчёт остался целым — освободите место и запустите снова",
        ),
        (
            errno.EROFS,
            (
                "Сводка.xlsx: записать нельзя, файл или папка только для чтения; "
                "прежний отчёт остался целым — откройте права на запись в папку"
            ),
        ),
        (
            errno.EIO,
            (
                "Сводка.xlsx: записать не удалось (диск не отвечает), "
                "прежний отчёт остался целым — проверьте диск и запустите снова"
            ),
        ),
    ],
)
def test_a_failed_write_leaves_the_former_report(tmp_path, monkeypatch, number, text):
    """Whatever the disk says, the owner still has yesterday's report and no litter beside it."""
    path = tmp_path / "Сводка.xlsx"
    path.write_bytes(b"yesterday")

    def fail(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(TargetError) as caught:
        replace_file(path, workbook_bytes(SHEETS))
    assert str(caught.value) == text
    assert path.read_bytes() == b"yesterday"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_place_of_the_report_is_named(tmp_path):
    """`xlsx: out/` is a mistake of the config."""
    with pytest.raises(TargetError, match="здесь папка, а не файл"):
        replace_file(tmp_path, workbook_bytes(SHEETS))


def test_our_own_workbook_is_not_kept(tmp_path):
    """Nobody touched it since we wrote it."""
    path = tmp_path / "Сводка.xlsx"
    ours = replace_file(path, workbook_bytes(SHEETS))
    assert keep_edited(path, ours, DAY) is None
    assert keep_edited(tmp_path / "Нет.xlsx", None, DAY) is None


def test_an_edited_workbook_is_kept_beside(tmp_path):
    """With the day in its name and its very bytes."""
    path = tmp_path / "Сводка.xlsx"
    path.write_bytes(b"edited")
    kept = keep_edited(path, "hash of ours", DAY)
    assert kept == tmp_path / "Сводка (правки 2026-09-21).xlsx"
    assert kept.read_bytes() == b"edited"


def test_two_edits_of_one_day_are_both_kept(tmp_path):
    """The second gets a number; the same content is not kept twice."""
    path = tmp_path / "Сводка.xlsx"
    for content in (b"first", b"second", b"second"):
        path.write_bytes(content)
        keep_edited(path, None, DAY)
    kept = sorted(each.read_bytes() for each in tmp_path.glob("*правки*"))
    assert kept == [b"first", b"second"]
