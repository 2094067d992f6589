"""A manager's own spreadsheet beside the owner's: nothing that Google holds of it names anybody else."""

import json

import pytest
import requests

from examples.demo_sheets import HEADERS, create
from flows.cli import main
from tests.flows.small_client import AS_OF, SVODKA, small_client

pytestmark = pytest.mark.slow


def held(server, spreadsheet):
    """Everything that Google keeps of a spreadsheet: cells, notes, charts, formats, metadata, named ranges."""
    answer = requests.get(
        f"{server.url}/v4/spreadsheets/{spreadsheet}", {"includeGridData": "true"}, headers=HEADERS, timeout=60
    )
    return json.dumps(answer.json(), ensure_ascii=False)


def test_a_managers_spreadsheet_holds_nobody_else(server, tmp_path, monkeypatch):
    """The owner's has both managers on ten tabs; Anna's has Anna, on two, the second night too."""
    whole, own = create(server.url, "Школа"), create(server.url, "Анна")
    reports = f"reports:\n  - {{sheet: {whole}}}\n  - {{sheet: {own}, managers: [Анна]}}\n"
    folder = small_client(tmp_path, {"svodka.yaml": SVODKA + reports})
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    for _ in range(2):
        assert main(["run", str(folder), "--as-of", AS_OF]) == 0
        assert "Борис" in held(server, whole)
        told = held(server, own)
        assert "Анна" in told
        assert not [name for name in ("Борис", "Директ", "SEO", "12000.5") if name in told]
    assert not list((folder / "out").glob("*")) if (folder / "out").exists() else True
