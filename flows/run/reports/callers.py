"""Whom to call → a file beside the workbook with who is behind each number; no Google table, no message."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from connectors.warehouse import Warehouse
from flows.say import say


def callers_path(workbook: Path) -> Path:
    """The workbook in; the file beside it out."""
    return workbook.with_name(f"{workbook.stem} - {say('callers_file')}.csv")


def callers(warehouse: Warehouse, personal_data: str) -> bytes | None:
    """Number on «Вернуть клиентов» and the phone or e-mail behind it; None where the page shows them itself."""
    if personal_data == "keep":
        return None
    rows = warehouse.fetch("metrics.winback_first").dicts()
    if not rows:
        return None
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";")
    table.writerow([say("callers_number"), say("callers_person")])
    table.writerows([number, row["client_key"]] for number, row in enumerate(rows, start=1))
    return out.getvalue().encode("utf-8-sig")
