"""The list of whom to call: numbers on the page, the phones in a file beside the workbook and nowhere else."""

import openpyxl
import pytest

from tests.flows.small_client import SVODKA, small_client

pytestmark = pytest.mark.slow
LATE = "2026-11-20"
"""More than ninety days after the last sale."""


def page(folder):
    book = openpyxl.load_workbook(folder / "out" / "Сводка.xlsx")
    return [str(cell.value) for row in book["Вернуть клиентов"].iter_rows() for cell in row if cell.value is not None]


def test_a_number_on_the_page_is_a_phone_in_the_file(tmp_path, after_run):
    """Two bought in August and never again; the page knows them by numbers, the file beside it by phones."""
    folder = after_run(tmp_path / "a", as_of=LATE)
    assert {"Клиент 1", "Клиент 2"} <= set(page(folder))
    assert not any("7000555" in text for text in page(folder))
    listed = (folder / "out" / "Сводка - кому звонить.csv").read_text("utf-8-sig").splitlines()
    assert listed == ["Клиент №;Телефон, почта или номер", "1;70005550103", "2;70005550101"]


def test_who_is_forgotten_is_not_on_the_list(tmp_path, svodka, after_run):
    """The file goes at once, and comes back without the person."""
    folder = after_run(tmp_path / "a", as_of=LATE)
    listed = folder / "out" / "Сводка - кому звонить.csv"
    svodka("forget", folder, "--person", "70005550103", "--yes")
    assert not listed.exists()


def test_a_client_that_shows_phones_needs_no_file(tmp_path, svodka):
    """`personal_data: keep` puts them on the page itself."""
    folder = small_client(tmp_path, {"svodka.yaml": f"{SVODKA}settings: {{personal_data: keep}}\n"})
    svodka("run", folder, "--as-of", LATE)
    assert "70005550103" in page(folder)
    assert not list((folder / "out").glob("*.csv"))
