"""`corrections:` as a workbook that a person keeps: one line more, all else as it was; else it is told, not written."""

import zipfile

import openpyxl
import pytest

from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.flows.test_corrections import revenue

pytestmark = pytest.mark.slow


def workbook_with(path, *rows, change=None):
    """A table of corrections that somebody keeps in a workbook, second sheet of two, in their own look."""
    book = openpyxl.Workbook()
    book.active.title = "Правки"
    for row in (["кто", "источник", "файл", "строка", "запись", "столбец", "было", "стало", "моё"], *rows):
        book.active.append(row)
    book.create_sheet("Черновик")["B2"] = "не трогать"
    for cell in book.active[book.active.max_row]:
        cell.fill = openpyxl.styles.PatternFill("solid", fgColor="FFEECC")
    if change is not None:
        change(book)
    book.save(path)


def test_a_correction_is_written_into_a_workbook_that_a_person_keeps(tmp_path, svodka):
    """One row more, in the look of the one above, or instead of one of its place; all the rest is as it was."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": SVODKA + "corrections: свои.xlsx\n"})
    own = ["Анна", "spend", "exports/spend.csv", 2, None, "Расход", 1000, 900, "=1+1"]
    workbook_with(folder / "свои.xlsx", own, change=lambda book: book.active.auto_filter.__setattr__("ref", "A1:I2"))
    for value in ("8 000", "8 000", "=8500"):
        assert svodka("correct", folder, "orders#2", f"Сумма={value}").code == 0
    book = openpyxl.load_workbook(folder / "свои.xlsx")
    kept, written = [[cell.value for cell in row] for row in book["Правки"].iter_rows(min_row=2)]
    assert (kept, written[1:]) == (own, ["orders", None, None, "2", "Сумма", "7 000,50", "=8500", None])
    assert book["Правки"]["H3"].data_type == "s"
    assert book["Правки"]["B3"].fill.fgColor.rgb == book["Правки"]["B2"].fill.fgColor.rgb == "00FFEECC"
    assert (book["Правки"].auto_filter.ref, book["Черновик"]["B2"].value) == ("A1:I3", "не трогать")
    assert svodka("correct", folder, "orders#2", "Сумма=8 000").code == 0
    svodka("run", folder, "--as-of", AS_OF)
    assert revenue(folder) == (13000, 2)


def test_a_workbook_of_corrections_that_is_not_there_yet_begins_with_its_header(tmp_path, svodka):
    """And is read as it is."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": SVODKA + "corrections: свои.xlsx\n"})
    assert svodka("correct", folder, "orders#2", "Сумма=8 000").code == 0
    svodka("run", folder, "--as-of", AS_OF)
    assert revenue(folder) == (13000, 2)


def chart(book):
    """What openpyxl does not read."""
    book.active.add_chart(openpyxl.chart.BarChart(), "L1")


def other_table(book):
    """No table of corrections."""
    book.active["B1"] = "что-то"


def broken(path):
    """A workbook whose sheet is no XML any more."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[:200] if name.endswith("sheet1.xml") else content)


def test_a_workbook_that_cannot_be_read_is_not_written(tmp_path, svodka):
    """The line to paste is told, and no traceback."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": SVODKA + "corrections: свои.xlsx\n"})
    workbook_with(folder / "свои.xlsx")
    broken(folder / "свои.xlsx")
    before = (folder / "свои.xlsx").read_bytes()
    answer = svodka("correct", folder, "orders#2", "Сумма=8 000")
    assert (answer.code, "вставьте строку сами" in answer.err) == (0, True)
    assert (folder / "свои.xlsx").read_bytes() == before


@pytest.mark.parametrize("change", [chart, other_table])
def test_a_workbook_that_would_lose_something_is_not_written(tmp_path, svodka, change):
    """The line to paste is told instead."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": SVODKA + "corrections: свои.xlsx\n"})
    workbook_with(folder / "свои.xlsx", change=change)
    before = (folder / "свои.xlsx").read_bytes()
    answer = svodka("correct", folder, "orders#2", "Сумма=8 000")
    assert (answer.code, answer.out.startswith("orders\t\t\t2\tСумма\t7 000,50\t8 000\t")) == (0, True)
    assert "вставьте строку сами" in answer.err
    assert (folder / "свои.xlsx").read_bytes() == before


@pytest.mark.parametrize("lock", ["~$свои.xlsx", ".~lock.свои.xlsx#"])
def test_a_workbook_that_is_open_is_not_written(tmp_path, svodka, lock):
    """Its program would write over the line: close it first."""
    folder = small_client(tmp_path / "a", {"svodka.yaml": SVODKA + "corrections: свои.xlsx\n", lock: "Анна"})
    workbook_with(folder / "свои.xlsx")
    before = (folder / "свои.xlsx").read_bytes()
    answer = svodka("correct", folder, "orders#2", "Сумма=8 000")
    assert (answer.code, "закройте" in answer.err) == (6, True)
    assert (folder / "свои.xlsx").read_bytes() == before
