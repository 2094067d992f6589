"""«Пульт» as an owner meets it: a tick in the spreadsheet, `svodka serve` running, the report renewed."""

import pytest

from tests.connectors.google_sheets.google_fixtures import ADDRESS, key_file, server  # noqa: F401
from tests.flows.small_client import SVODKA, small_client
from tests.flows.test_nightly import Mailbox, free_port, service, wait_for

TOGETHER = "clients: clients/*\nschedule: 0 4 1 1 *\nreports: {xlsx: null}\n"


@pytest.mark.slow
@pytest.mark.parametrize("are_together", [pytest.param(False, marks=pytest.mark.long), True])
def test_a_tick_is_answered_while_serving(tmp_path, server, key_file, monkeypatch, svodka, *, are_together):  # noqa: F811
    """Through Prefect, in a process of its own, alone or among all clients of a consultant.

    The report's write clears the tick and says what was read again.
    """
    book = server.create("Школа", locale="ru_RU")
    book.share(ADDRESS)
    text = SVODKA + f"reports: {{xlsx: null, sheet: {book.id}, control: true}}\n"
    folder = small_client(tmp_path / "clients" / "school", {"svodka.yaml": text})
    served = folder
    if are_together:
        served = tmp_path
        small_client(tmp_path / "clients" / "salon")
        (tmp_path / "svodka.yaml").write_text(TOGETHER, encoding="utf-8")
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    assert svodka("run", folder, "--quiet").code == 0
    with service(tmp_path, [served], free_port(), Mailbox()):
        book.update("'Пульт'!B4:B5", [[True], ["2026-08-01"]])
        wait_for(lambda: book.values("'Пульт'!B4:B7")[0] == [False])
        assert "Перечитано с 01.08.2026: без изменений" in book.values("'Пульт'!B4:B7")[3][0]
    assert not (tmp_path / "clients" / "salon" / "data" / "svodka.duckdb").exists()
