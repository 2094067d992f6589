"""Twenty clients on one account, and a report too large for one request."""

from __future__ import annotations

import json
from datetime import date

import pytest

from config.documents import Cell, Sheet
from connectors.google_sheets.batch.body import LARGEST_BODY, STAGING_TITLE
from connectors.google_sheets.publish import publish as publish_sheets
from tests.connectors.google_sheets.google_fixtures import ADDRESS, AT, client_of, shared_book
from tests.connectors.google_sheets.report_sheets import channels
from tests.helpers.memory import InMemory
from tests.helpers.sheets_server import running_server

TITLE = "Клиенты"


def tab(key, calls):
    """A small tab of its own."""
    return Sheet(key, f"Вкладка {key}", [Cell(0, 0, key, "name"), Cell(0, 1, calls, "count")], row_keys={0: f"k={key}"})


@pytest.mark.slow
def test_twenty_clients_of_ten_tabs_meet_no_429(tmp_path):
    """One budget for all: nobody is refused, and the waiting is the quota's own."""
    with running_server(quotas=True) as server:
        server.clock.set(1_800_000_000)
        key_file = tmp_path / "key.json"
        key_file.write_text(json.dumps(server.key_file(ADDRESS)))
        owners = [shared_book(server) for _ in range(20)]
        memories = [InMemory() for _ in owners]
        clients = [client_of(server, key_file, tmp_path) for _ in owners]
        started = server.clock.now()
        for night in range(4):
            for client, owner, memory in zip(clients, owners, memories, strict=True):
                publish_sheets(client, owner.spreadsheet, [tab(str(n), night) for n in range(10)], memory, AT)
        answers = [logged for logged in server.log if logged.kind in {"read", "write"}]
        assert {logged.status for logged in answers} == {200}
        assert len(answers) == 20 * 4 * 2
        assert server.clock.now() - started <= 61 + 1  # 80 reads and 80 writes: one minute to wait, not more


def large(rows, first="Клиент"):
    """A report of so many rows and twelve columns."""
    cells = [Cell(0, column, f"Столбец {column}", "header") for column in range(12)]
    for row in range(1, rows):
        cells.append(Cell(row, 0, f"{first} {row}", "name"))
        cells.append(Cell(row, 1, date(2026, 1, 1 + row % 28), "date"))
        cells += [Cell(row, column, row * column, "money" if column % 2 else "count") for column in range(2, 12)]
    keys = {row: f"client={row}" for row in range(1, rows)}
    return Sheet("large", TITLE, cells, widths=(20,) * 12, frozen_rows=1, row_keys=keys)


@pytest.fixture
def bodies(server):
    """Sizes of the writes sent since."""
    before = len(server.log)
    return lambda: [(logged.request_bytes, logged.request_kinds) for logged in server.log[before:]
                    if logged.kind == "write"]  # fmt: skip


@pytest.mark.slow
def test_a_large_report_is_staged_and_copied_at_once(owner, client, memory, bodies):
    """5,000 rows: bodies of at most 2 MB into a hidden tab, then one atomic copy; the staging tab is gone after."""
    small = channels({"SEO": (5, 0), "VK": (1, 1)})
    publish_sheets(client, owner.spreadsheet, [small, large(5_000)], memory, AT)
    sent = bodies()
    assert all(size <= LARGEST_BODY for size, _ in sent)
    assert "copyPaste" in sent[-1][1]
    assert all(set(kinds) <= {"addSheet", "updateCells", "createDeveloperMetadata"} for _, kinds in sent[:-1])
    assert STAGING_TITLE not in owner.tabs()
    assert owner.sees(TITLE, "A4999:L5000") == [
        [f"Клиент {row}", (date(2026, 1, 1 + row % 28) - date(1899, 12, 30)).days, *(row * n for n in range(2, 12))]
        for row in (4_998, 4_999)
    ]
    drawn = owner.tab(TITLE, "data.rowData.values.userEnteredFormat.numberFormat", "A5000:D5000")
    patterns = [
        cell["userEnteredFormat"]["numberFormat"]["pattern"] for cell in drawn["data"][0]["rowData"][0]["values"]
    ]
    assert patterns[1] == "d mmm yyyy"


@pytest.mark.slow
def test_a_large_report_keeps_what_is_the_owners(owner, client, memory):
    """Formats, notes and a column of theirs, an edit: as in a small report; rows that move take their notes along."""
    publish_sheets(client, owner.spreadsheet, [large(3_400)], memory, AT)
    owner.type(TITLE, "C11", 777)
    owner.type(TITLE, "N11", "моё")
    theirs = {"userEnteredFormat": {"backgroundColorStyle": {"rgbColor": {"green": 1}}}}
    owner.do({"repeatCell": {"range": owner.range(TITLE, 10, 3), "cell": theirs,
                             "fields": "userEnteredFormat.backgroundColorStyle"}})  # fmt: skip
    outcome = publish_sheets(client, owner.spreadsheet, [large(3_500)], memory, AT)
    assert [(edit.cell, edit.published, edit.found) for edit in outcome.edits] == [("C11", 20.0, 777)]
    assert owner.cell(TITLE, "C11") == 20
    assert owner.cell(TITLE, "N11") == "моё"
    drawn = owner.tab(TITLE, "data.rowData.values.userEnteredFormat", "D11")["data"][0]["rowData"][0]["values"][0]
    assert drawn["userEnteredFormat"]["backgroundColorStyle"] == {"rgbColor": {"green": 1}}
    assert owner.cell(TITLE, "A3500") == "Клиент 3499"
    assert outcome.reads <= 4
