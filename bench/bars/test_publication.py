"""A report of 50,000 rows goes into a spreadsheet within the memory and time of a small machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from config.settings import settings
from connectors.google_sheets.account import account
from connectors.google_sheets.batch.body import LARGEST_BODY
from connectors.google_sheets.client import Pace, connect
from tests.connectors.google_sheets.test_google_scale import TITLE

ROWS = 50_000
NIGHTS = ("first", "again", "edited")
CHILD = """
import gc, json, resource, sys, time
from pathlib import Path
from config.client import Client
from connectors.google_sheets.plan.rows import draft
from connectors.google_sheets.known.publication import PublishedRow
from connectors.google_sheets.publish import publish
from connectors.warehouse import Warehouse
from connectors.warehouse.store.published import PublishedMemory
from bench.bars.test_publication import NIGHTS, ROWS, child_client, payload
from tests.connectors.google_sheets.google_fixtures import AT
from tests.connectors.google_sheets.owner import Owner
from tests.connectors.google_sheets.test_google_scale import TITLE, large

url, key_file, cache, spreadsheet = sys.argv[1:]
told = {"spent": {}, "edits": {}, "serialise": []}


def seconds(work):
    started = time.process_time()
    work()
    return time.process_time() - started


def night(name, memory):
    done = []
    sheet = large(ROWS + 10 * NIGHTS.index(name))
    told["spent"][name] = seconds(lambda: done.append(publish(client, spreadsheet, [sheet], memory, AT)))
    told["edits"][name] = [[edit.cell, edit.row_key, edit.published, edit.found] for edit in done[0].edits]


client = child_client(url, key_file, cache)
declared = Client.model_validate({"client": "x", "sources": {"calls": {"table": "calls", "files": "*"}}})
with Warehouse.open(Path(cache) / "data", declared) as warehouse:
    for name in NIGHTS:
        if name == "edited":
            Owner(url, spreadsheet).type(TITLE, "C25001", 777)
        night(name, PublishedMemory(warehouse._connection, PublishedRow, AT.updated_at))
    cells = "select count(*), count(distinct cell_row) from ops.published where sheet_key = 'large' and cell_row >= 0"
    told["kept"] = warehouse._connection.execute(cells).fetchone()
told["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
rows = [row.held for row in draft(large(ROWS)).rows]
gc.collect()
told["serialise"] = min(seconds(lambda: payload(rows)) for _ in range(3))
print(json.dumps(told))
"""


def payload(rows):
    """The report's values as a plain script would serialise them: what the time of a publication is measured by."""
    cells = [
        {
            "values": [
                {"userEnteredValue": {"stringValue" if isinstance(value, str) else "numberValue": value}}
                for value in row
            ]
        }
        for row in rows
    ]
    return json.dumps({"requests": [{"updateCells": {"rows": cells}}]}, ensure_ascii=False).encode()


def child_client(url, key_file, cache):
    """A client in a process of its own."""
    found = settings({"SVODKA_GOOGLE_API_ROOT": url, "GOOGLE_APPLICATION_CREDENTIALS": key_file})
    return connect(account(found), True, Pace(cache=Path(cache)))


def test_50_000_rows_take_bounded_memory_and_time(server, key_file, owner, bodies, tmp_path):
    """Three nights, each whole, remembering and recalling in the warehouse included: under 500 MiB of our process.

    By its processor time, each is done within three times of what serialising the payload costs. An edit is kept.
    """
    command = [sys.executable, "-c", CHILD, server.url, str(key_file), str(tmp_path), owner.spreadsheet]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["edits"] == {"first": [], "again": [], "edited": [["C25001", "client=25000", 50_000.0, 777]]}
    assert figures["kept"] == [12 * (ROWS + 20), ROWS + 20]
    assert figures["peak_mib"] < 500, figures
    assert max(figures["spent"].values()) < 3 * figures["serialise"], figures
    assert all(size <= LARGEST_BODY for size, _ in bodies())
    assert [kinds.count("copyPaste") for _, kinds in bodies() if "copyPaste" in kinds] == [1, 1, 1]
    assert owner.sees(TITLE, "A50019:C50020") == [
        [f"Клиент {row}", 46_042 - 19 + row % 28, 2 * row] for row in (50_018, 50_019)
    ]
    assert owner.cell(TITLE, "C25001") == 50_000
