"""Quotas by a clock, faults on demand, tokens and sharing: over real HTTP, as a client meets them."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from tests.helpers.sheets_server import Book, Server

ANYONE = "anything"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"


def get(server: Server, book_id: str, token: str = ANYONE, **options: Any) -> requests.Response:
    """The answer to a metadata read."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{server.url}/v4/spreadsheets/{book_id}", headers=headers, timeout=options.pop("timeout", 5))


def put(server: Server, book_id: str, value: Any, token: str = ANYONE, timeout: float = 5) -> requests.Response:
    """The answer to a write of one cell."""
    url = f"{server.url}/v4/spreadsheets/{book_id}/values/A1?valueInputOption=RAW"
    headers = {"Authorization": f"Bearer {token}"}
    return requests.put(url, json={"values": [[value]]}, headers=headers, timeout=timeout)


def test_sixty_reads_a_minute_then_429_until_the_clock_moves_on(server: Server, book: Book) -> None:
    """Writes have a quota of their own; the next minute begins anew."""
    server.quota.enforced = True
    server.clock.set(1_800_000_000)
    token = server.token()
    assert [get(server, book.id, token).status_code for _ in range(60)] == [200] * 60
    refused = get(server, book.id, token)
    assert refused.status_code == 429
    error = refused.json()["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["message"] == (
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
        "'sheets.googleapis.com' for consumer 'project_number:123456789012'."
    )
    assert error["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert put(server, book.id, 1, token).status_code == 200
    server.clock.advance(60)
    assert get(server, book.id, token).status_code == 200


def test_users_share_the_project(server: Server, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has their own 60, but all together no more than the project's 300 (here 4)."""
    server.quota.enforced = True
    server.clock.set(1_800_000_000)
    monkeypatch.setattr(server.quota, "per_project", 4)
    people = [server.token(f"user{number}@example.com") for number in range(5)]
    for number in range(5):
        book.share(f"user{number}@example.com")
    answers = [get(server, book.id, person) for person in people]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "'Read requests per minute'" in answers[4].json()["error"]["message"]


@pytest.mark.parametrize("kind", ["429", "500", "503", "html"])
@pytest.mark.parametrize("after", [False, True])
def test_a_write_that_fails_was_or_was_not_carried_out(server: Server, book: Book, kind: str, after: bool) -> None:
    """The second write fails; whether it was applied before its answer was lost is the test's choice."""
    server.faults.add(kind, at=2, after=after, only="write")
    assert put(server, book.id, "first").status_code == 200
    failed = put(server, book.id, "second")
    assert failed.status_code == (502 if kind == "html" else int(kind))
    assert failed.headers["Content-Type"].startswith("text/html" if kind == "html" else "application/json")
    assert book.values("A1") == [["second" if after else "first"]]
    assert put(server, book.id, "third").status_code == 200


@pytest.mark.parametrize("kind", ["reset", "truncated"])
def test_a_connection_breaks(server: Server, book: Book, kind: str) -> None:
    """The client sees no whole answer; the write may have been applied."""
    server.faults.add(kind, after=True, only="write")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        put(server, book.id, "lost")
    assert book.values("A1") == [["lost"]]


def test_silence_until_the_client_gives_up(server: Server, book: Book) -> None:
    """Without a time-out of its own a client would wait for an hour."""
    server.faults.add("timeout", only="write")
    with pytest.raises(requests.ReadTimeout):
        put(server, book.id, "never", timeout=0.2)
    assert book.values("A1") == []


def test_retry_after_is_sent_when_asked_for(server: Server, book: Book) -> None:
    """Google seldom sends it; a client must honour it when it does."""
    server.faults.add("429", retry_after=7)
    assert get(server, book.id).headers["Retry-After"] == "7"


def test_unknown_forbidden_and_bad_token(server: Server, book: Book) -> None:
    """404, 403 and 401 in Google's words."""
    answers = [get(server, "nosuch"), get(server, server.forbidden_id), get(server, book.id, "bad-token")]
    assert [(answer.status_code, answer.json()["error"]["status"]) for answer in answers] == [
        (404, "NOT_FOUND"),
        (403, "PERMISSION_DENIED"),
        (401, "UNAUTHENTICATED"),
    ]
    assert answers[0].json()["error"]["message"] == "Requested entity was not found."
    assert answers[1].json()["error"]["message"] == "The caller does not have permission"


def service_token(server: Server, email: str) -> str:
    """A token google-auth fetches with the account's key file."""
    credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
        server.key_file(email), scopes=[SCOPE]
    )
    credentials.refresh(Request())
    return str(credentials.token)


def test_a_service_account_sees_what_is_shared_with_it(server: Server, book: Book) -> None:
    """403 until shared; a reader may not write, a writer may."""
    email = "robot@svodka-test.iam.gserviceaccount.com"
    token = service_token(server, email)
    assert get(server, book.id, token).status_code == 403
    book.share(email, "reader")
    assert get(server, book.id, token).status_code == 200
    assert put(server, book.id, 1, token).status_code == 403
    book.share(email)
    assert put(server, book.id, 1, token).status_code == 200


def test_a_service_account_cannot_make_files(server: Server) -> None:
    """It has no room of its own: Drive says so."""
    token = server.token("robot@example.com", ("https://www.googleapis.com/auth/drive",))
    server.access.tokens[token] = type(server.access.tokens[token])(
        "robot@example.com", frozenset({"https://www.googleapis.com/auth/drive"}), is_service=True
    )
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{server.url}/drive/v3/files", json={"name": "x"}, headers=headers, timeout=5)
    assert answer.status_code == 403
    assert answer.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"


def test_scopes_and_a_disabled_api(server: Server, book: Book) -> None:
    """A read-only token may not write; an API that is switched off says where to switch it on."""
    token = server.token(scopes=("https://www.googleapis.com/auth/spreadsheets.readonly",))
    assert get(server, book.id, token).status_code == 200
    assert (
        put(server, book.id, 1, token).json()["error"]["message"] == "Request had insufficient authentication scopes."
    )
    server.access.disabled_apis.add("sheets.googleapis.com")
    try:
        error = get(server, book.id).json()["error"]
    finally:
        server.access.disabled_apis.clear()
    assert error["details"][0]["reason"] == "SERVICE_DISABLED"
    assert "https://console.developers.google.com/apis/api/sheets.googleapis.com" in error["message"]


def test_admin_endpoint_plans_faults_for_other_processes(server: Server, book: Book) -> None:
    """What a test does in process can be done over HTTP."""
    plan = {"kind": "503", "at": 2, "only": "read"}
    assert requests.post(f"{server.url}/admin/faults", json=plan, timeout=5).json()["kind"] == "503"
    assert [get(server, book.id).status_code for _ in range(3)] == [200, 503, 200]
    log = requests.get(f"{server.url}/admin/requests", timeout=5).json()
    assert [entry["status"] for entry in log] == [200, 503, 200]


def test_the_page_shows_cells_fills_and_merges(server: Server) -> None:
    """A person can look at a spreadsheet without an account."""
    book = server.create("Отчёт школы")
    book.update("A1", [["Итого <2026>"], [5]])
    area = {"startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2}
    cell = {"userEnteredFormat": {"backgroundColor": {"red": 1}, "textFormat": {"bold": True}}}
    book.batch_update(
        {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredFormat"}},
        {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}},
    )
    page = requests.get(f"{server.url}/spreadsheets/{book.id}", timeout=5).text
    assert "colspan=2" in page
    assert "background:rgb(255,0,0);font-weight:bold" in page
    assert "Итого &lt;2026&gt;" in page
    assert "Отчёт школы" in requests.get(server.url, timeout=5).text
