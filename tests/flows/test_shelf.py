"""The files that reports name open in a browser on this machine; nothing else does."""

from urllib.parse import quote

import pytest
import requests

from config.folder.load import load_client
from flows.serve.shelf import shelf
from tests.flows.small_client import SVODKA, small_client


@pytest.fixture
def opened(tmp_path):
    """A shelf with one client, whose workbook stands and whose page does not yet."""
    reports = SVODKA + "reports: {xlsx: out/Сводка.xlsx, html: out/Сводка.html}\n"
    folder = small_client(tmp_path / "vasilek", {"svodka.yaml": reports, "out/Сводка.xlsx": "книга"})
    with shelf(0) as found:
        found.put("Школа «Василёк»", load_client(folder))
        yield found


def test_a_workbook_is_given_out_by_the_name_of_its_client(opened):
    """With its own name, to be saved."""
    answer = requests.get(f"{opened.address}/{quote('Школа «Василёк»')}/{quote('Сводка.xlsx')}", timeout=5)
    assert (answer.status_code, answer.content.decode()) == (200, "книга")
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('Сводка.xlsx')}"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/Школа «Василёк»",
        "/Школа «Василёк»/",
        "/Школа «Василёк»/Сводка.html",
        "/Школа «Василёк»/svodka.yaml",
        "/Школа «Василёк»/../../svodka.yaml",
        "/Школа «Василёк»/%2e%2e%2fsvodka.yaml",
        "/Школа «Ромашка»/Сводка.xlsx",
        "//etc/passwd",
    ],
)
def test_nothing_else_is_there(opened, path):
    """No listing, no file that no report names, none that is not written yet."""
    assert requests.get(opened.address + quote(path, safe="/%"), timeout=5).status_code == 404


def test_a_foreign_name_that_leads_here_is_refused(opened):
    """A page of somebody else cannot read a report by having its own name point at this machine."""
    path = f"{opened.address}/{quote('Школа «Василёк»')}/{quote('Сводка.xlsx')}"
    assert requests.get(path, headers={"Host": "evil.example:80"}, timeout=5).status_code == 404
    assert requests.post(path, timeout=5).status_code == 501


def test_two_shelves_do_not_mix(opened):
    """Each service gives out its own clients; a taken port is no obstacle."""
    port = int(opened.address.rpartition(":")[2])
    with shelf(port) as other:
        assert other.address != opened.address
        assert (
            requests.get(f"{other.address}/{quote('Школа «Василёк»')}/{quote('Сводка.xlsx')}", timeout=5).status_code
            == 404
        )
