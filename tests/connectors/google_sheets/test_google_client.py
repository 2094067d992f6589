"""How the client waits, gives up in time, and says what the owner must do; against a real socket."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from config.errors import ConfigError, SourceError, TargetError, Unavailable
from config.settings import settings
from connectors.google_sheets.account import account
from connectors.google_sheets.client import Clock, LostAnswer, Pace, Patience, connect, hurried

SHEET = "1-a-spreadsheet-of-this-test"


class Script:
    """A server that gives the answers it was told to, one after another, and then `{}`."""

    def __init__(self):
        self.answers = []
        self.asked = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                script.asked.append((self.command, self.path))
                status, body, headers = script.answers.pop(0) if script.answers else (200, {}, {})
                if status == 0:
                    self.connection.close()
                    return
                sent = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                kind = "text/html" if isinstance(body, str) else "application/json"
                for name, value in {"Content-Type": kind, "Content-Length": str(len(sent)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(sent)

            do_POST = do_GET  # noqa: N815 - the name is the library's

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.root = f"http://127.0.0.1:{self.server.server_port}"

    def refuse(self, status, message="", headers=None, **more):
        """Answer the next request with an error in Google's shape."""
        self.answers.append((status, {"error": {"code": status, "message": message, **more}}, headers or {}))


@pytest.fixture
def script():
    started = Script()
    yield started
    started.server.shutdown()
    started.server.server_close()


class Watch:
    """A clock that only sleeping moves, and remembers the naps."""

    def __init__(self):
        self.naps = []
        self.now = 1_800_000_000.0

    def sleep(self, seconds):
        """Let the time pass."""
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def client_of(script, watch, tmp_path):
    def make(is_writing=False, **pace):
        clock = Clock(lambda: watch.now, watch.sleep)
        chosen = Pace(clock=clock, jitter=lambda: 0.0, cache=tmp_path, **pace)
        return connect(account(settings({"SVODKA_GOOGLE_API_ROOT": script.root})), is_writing, chosen)

    return make


def test_a_full_quota_is_waited_out(script, watch, client_of):
    """429 is repeated with growing waits, which outlast a minute before the sixth."""
    for _ in range(6):
        script.refuse(429, "Quota exceeded")
    script.answers.append((200, {"spreadsheetId": SHEET}, {}))
    assert client_of().spreadsheet(SHEET, "spreadsheetId") == {"spreadsheetId": SHEET}
    assert watch.naps == [2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize("asked", ["90", "Fri, 15 Jan 2027 08:01:30 GMT"])
def test_retry_after_is_honoured(script, watch, client_of, asked):
    """As seconds or as a date: 1,800,000,000 is 08:00:00 on 15 January 2027."""
    script.refuse(503, "The service is currently unavailable.", {"Retry-After": asked})
    client_of().spreadsheet(SHEET, "spreadsheetId")
    assert watch.naps == [90]


def test_trying_ends(script, watch, client_of):
    """A service that never comes back is given up, within the time allowed, as Unavailable."""
    for _ in range(50):
        script.refuse(503, "The service is currently unavailable.")
    with pytest.raises(Unavailable) as raised:
        client_of().spreadsheet(SHEET, "spreadsheetId")
    assert sum(watch.naps) <= 300
    assert raised.value.text("en") == (
        f"Google does not answer now (The service is currently unavailable.; {len(watch.naps) + 1} tries "
        f"with pauses of {round(sum(watch.naps))} s): the former report stands, the next run will update it"
    )


def test_somebody_who_waits_is_told_within_a_minute():
    """Three tries of at most 20 s to connect and answer, and the waits between them."""
    pace = hurried()
    waits = [pace.wait(attempt, None) for attempt in (0, 1, 2)]
    assert sum(waits[:2]) <= pace.total_seconds < sum(waits)
    assert 3 * max(pace.connect_seconds, pace.answer_seconds) + sum(waits[:2]) <= 60


def test_the_minute_is_of_all_requests_together(script, watch, client_of):
    """Two spreadsheets that do not answer: what the first took of the patience, the second has no more."""
    for _ in range(50):
        script.refuse(503, "The service is currently unavailable.")
    client = client_of(patience=Patience(55.0), total_seconds=30)
    for _ in range(3):
        with pytest.raises(Unavailable):
            client.spreadsheet(SHEET, "spreadsheetId")
    assert watch.naps == [2, 4, 8, 16, 2, 4, 8, 2, 4]
    assert client.pace.patience.seconds == 55 - sum(watch.naps)
    client.pace.patience.seconds = 0
    asked = len(script.asked)
    with pytest.raises(Unavailable, match="уже минуту"):
        client.spreadsheet(SHEET, "spreadsheetId")
    assert len(script.asked) == asked


def test_a_page_of_html_is_no_answer(script, watch, client_of):
    """Google's front end and hotel networks answer in HTML, even with 200."""
    script.answers += [(502, "<html>Bad Gateway</html>", {}), (200, "<html>Log in</html>", {})]
    assert client_of().spreadsheet(SHEET, "spreadsheetId") == {}
    assert len(watch.naps) == 2


def test_a_reset_connection_is_repeated_when_reading(script, watch, client_of):
    """Reading twice harms nobody."""
    script.answers.append((0, "", {}))
    assert client_of().spreadsheet(SHEET, "spreadsheetId") == {}


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_lost_answer_to_a_write_is_not_repeated_blindly(script, client_of, status):
    """It may have been applied: whoever wrote must look first."""
    script.answers.append((status, {"error": {"message": "x"}}, {}))
    with pytest.raises(LostAnswer):
        client_of(is_writing=True).batch_update(SHEET, b"{}")
    assert len(script.asked) == 1


def test_a_write_over_quota_was_not_applied_and_is_repeated(script, client_of):
    """429 refuses before anything is done."""
    script.refuse(429, "Quota exceeded")
    client_of(is_writing=True).batch_update(SHEET, b"{}")
    assert len(script.asked) == 2


def test_a_slow_answer_ends(script, client_of):
    """Every request has a time-out: a server that accepts and says nothing is Unavailable in the end."""
    silent = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    script.root = f"http://127.0.0.1:{silent.server_port}"
    with pytest.raises(Unavailable):
        client_of(answer_seconds=0.05, total_seconds=3).spreadsheet(SHEET, "spreadsheetId")
    silent.server_close()


@pytest.mark.parametrize(
    ("status", "message", "text"),
    [
        (403, "The caller does not have permission",
         f"Spreadsheet {SHEET}: no access; open it, press Share and add svodka@local.invalid as a Viewer"),
        (404, "Requested entity was not found.",
         (f"Spreadsheet {SHEET}: there is none; check the address in svodka.yaml and that it is not in the bin; "
          "svodka@local.invalid needs access")),
        (400, "This operation is not supported for this document",
         (f"Spreadsheet {SHEET}: an Excel file on Drive, not a Google spreadsheet; open it, choose File → Save as "
          "Google Sheets, and name that address")),
    ],
)  # fmt: skip
def test_a_final_refusal_ends_at_once_and_says_what_to_do(  # noqa: PLR0917
    script, watch, client_of, status, message, text
):
    """400, 403 and 404 are never repeated."""
    script.refuse(status, message)
    with pytest.raises(SourceError) as raised:
        client_of().spreadsheet(SHEET, "spreadsheetId")
    assert raised.value.text("en") == text
    assert (watch.naps, len(script.asked)) == ([], 1)


@pytest.mark.parametrize(
    ("status", "message", "more", "key"),
    [
        (403, "The caller does not have permission", {}, "google.not_shared_for_writing"),
        (403, "Google Sheets API has not been used in project 1 before or it is disabled.", {}, "google.api_disabled"),
        (403, "off", {"details": [{"reason": "SERVICE_DISABLED"}]}, "google.api_disabled"),
        (401, "Request had invalid authentication credentials.", {}, "google.key_refused"),
        (400, "This action would increase the number of cells in the workbook above the limit of 10000000 cells.", {},
         "google.no_room"),
        (400, "You are trying to edit a protected cell or object.", {}, "google.protected"),
    ],
)  # fmt: skip
def test_writing_ends_as_target_error(script, client_of, status, message, more, key):  # noqa: PLR0917
    """What the owner must do depends on what Google says."""
    script.refuse(status, message, **more)
    with pytest.raises(TargetError) as raised:
        client_of(is_writing=True).batch_update(SHEET, b"{}")
    assert raised.value.key == key


def test_no_credential_in_a_message(script, client_of):
    """Google's words are quoted without tokens, keys or signatures."""
    script.refuse(400, "Bad header Authorization: Bearer ya29.a0AfH6SMBx-secret and ya29.other_secret")
    with pytest.raises(SourceError) as raised:
        client_of().spreadsheet(SHEET, "spreadsheetId")
    assert "secret" not in str(raised.value)


@pytest.fixture
def own_key_file(tmp_path):
    """A service account's key, made here."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "key.json"
    path.write_text(
        json.dumps(
            {
                "type": "service_account",
                "client_email": "report@example.org",
                "private_key": private.decode(),
                "token_uri": "http://127.0.0.1:9/token",
            }
        )
    )
    return path


def test_the_scope_is_as_narrow_as_it_can_be(own_key_file):
    """Reading asks for read-only, writing for spreadsheets, nobody for Drive."""
    whole = account(settings({"GOOGLE_APPLICATION_CREDENTIALS": str(own_key_file)}))
    assert whole.address == "report@example.org"
    assert whole.session(False).credentials.scopes == ["https://www.googleapis.com/auth/spreadsheets.readonly"]
    assert whole.session(True).credentials.scopes == ["https://www.googleapis.com/auth/spreadsheets"]
    assert "PRIVATE" not in repr(whole)


@pytest.mark.parametrize("root", ["http://sheets.example.org", "ftp://127.0.0.1", "https://user:pass@example.org"])
def test_a_token_never_travels_in_the_clear(root):
    """Another root is https, or this machine."""
    with pytest.raises(ConfigError) as raised:
        account(settings({"SVODKA_GOOGLE_API_ROOT": root}))
    assert raised.value.key == "google.bad_root"


@pytest.mark.parametrize(
    ("content", "key"), [(None, "google.no_key_file"), ("{}", "google.bad_key_file"), ("[", "google.bad_key_file")]
)
def test_a_bad_key_file_is_told(tmp_path, content, key):
    """Missing, not a key, not JSON."""
    path = tmp_path / "key.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError) as raised:
        account(settings({"GOOGLE_APPLICATION_CREDENTIALS": str(path)}))
    assert raised.value.key == key


def test_without_a_key_the_operator_is_sent_to_the_docs():
    """Nothing works without an account."""
    with pytest.raises(ConfigError) as raised:
        account(settings({}))
    assert raised.value.text("en") == (
        "No access to Google yet: GOOGLE_APPLICATION_CREDENTIALS names no key file; make a service account's key by "
        "the steps of docs/google.md"
    )
