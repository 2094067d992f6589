"""The example school with its calls and its plan in a spreadsheet, its report in another; by the real command."""

from __future__ import annotations

import itertools

import openpyxl
import pytest

from connectors.google_sheets.values import canonical, plain
from examples.demo_sheets import client_folder, run, upload
from tests.connectors.google_sheets.owner import Owner

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def school(server, tmp_path_factory):
    """The client's folder and the owner of its report, after one run."""
    folder = tmp_path_factory.mktemp("school") / "school"
    source, report = upload(server.url, latest=1)
    client_folder(folder, source, report)
    assert run(folder, server.url) == 0
    return folder, Owner(server.url, report)


def test_the_spreadsheet_says_what_the_workbook_says(school):
    """Every page, cell by cell: the very same documents went into both."""
    folder, owner = school
    workbook = openpyxl.load_workbook(folder / "out" / "Сводка.xlsx")
    assert list(owner.tabs())[: len(workbook.sheetnames)] == workbook.sheetnames
    for page in workbook:
        rows = owner.sees(page.title)
        for row, cells in enumerate(page.iter_rows()):
            found = rows[row] if row < len(rows) else []
            for cell, value in itertools.zip_longest(cells, found):
                written = canonical(plain(cell.value)) if cell is not None else ""
                assert canonical(plain(value)) == written, (page.title, row + 1)


def test_the_next_run_keeps_the_owners_words_and_tells_their_edit(school, server, capfd):
    """A note beside a channel stays, an edited figure is kept on «Правки»; the next night is one read and one write.

    Before «Правки» takes its title, every tab is looked at once.
    """
    folder, owner = school
    row = next(number for number, cells in enumerate(owner.sees("Каналы"), 1) if cells and cells[0] == "SEO")
    owner.type("Каналы", f"N{row}", "спросить Аню")
    owner.type("Каналы", f"C{row}", 123_456)
    before = len(server.log)
    assert run(folder, server.url) == 0
    sent = [logged.kind for logged in server.log[before:] if owner.spreadsheet in logged.path]
    assert sent == ["read", "read", "write"]
    assert owner.cell("Каналы", f"N{row}") == "спросить Аню"
    assert owner.cell("Каналы", f"C{row}") != 123_456
    assert [cells[1:3] + cells[5:6] for cells in owner.sees("Правки")[1:]] == [["Каналы", f"C{row}", 123_456]]
    assert "Правк" in capfd.readouterr().out
    before = len(server.log)
    assert run(folder, server.url) == 0
    assert [logged.kind for logged in server.log[before:] if owner.spreadsheet in logged.path] == ["read", "write"]
