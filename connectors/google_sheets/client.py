"""Settings → a gspread HTTP client that keeps to the quota, waits, gives up in time and says what the owner must do."""

import json
import math
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import requests
from google.auth import exceptions as google_errors
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL, SPREADSHEET_VALUES_BATCH_URL

from config.errors import Unavailable
from connectors.a1 import spreadsheet_link
from connectors.google_sheets.account import TRANSIENT, Account, Refusal, as_error, is_loopback, refusal
from connectors.shared import PREFIX, Shared

# One budget of requests per service account, shared by every client and process on this machine, or of a work pool.

Kind = Literal["read", "write"]

WINDOW_SECONDS = 61.0
"""Google counts a minute; the second more is for a request that travels slowly."""
PER_WINDOW = 60  # developers.google.com/sheets/api/limits: 60 reads and 60 writes a minute, per user and project
SHARED_PAUSE_SECONDS = 2.0
"""Between two questions to the server of a pool whether there is room again."""
SHARED_MOST_SECONDS = 600.0
"""Of waiting in a line of many workers; then the server has forgotten to give slots back."""


@dataclass(frozen=True)
class Clock:
    """What time it is, in seconds since the epoch, and how to wait; a test brings its own."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True)
class Budget:
    """The requests that one service account has sent in the last minute, kept in a small SQLite file.

    SQLite's own lock makes processes take turns, and a crash of one releases it.
    """

    path: Path
    clock: Clock

    def take(self, kind: Kind) -> float:
        """Kind of request in; the seconds waited until the quota has room for it out. It is counted at once."""
        waited = 0.0
        while (seconds := self._seconds_until_free(kind)) > 0:
            self.clock.sleep(seconds)
            waited += seconds
        return waited

    def _seconds_until_free(self, kind: Kind) -> float:
        """0 and the request is counted, or how long the oldest request still fills the window."""
        try:
            return self._counted(kind)
        except sqlite3.OperationalError as error:
            raise Unavailable("google.no_quota_log", file=self.path, detail=error) from None
        except sqlite3.DatabaseError:
            self.path.unlink(missing_ok=True)  # not a log any more: a minute's count is lost, nothing else
            return self._counted(kind)

    def _counted(self, kind: Kind) -> float:
        with self._log() as log:
            now = self.clock.now()
            log.execute("delete from request where sent_at <= ? or sent_at > ?", (now - WINDOW_SECONDS, now + 1))
            sent = [at for (at,) in log.execute("select sent_at from request where kind = ? order by sent_at", (kind,))]
            if len(sent) >= PER_WINDOW:
                return max(0.01, float(sent[-PER_WINDOW]) + WINDOW_SECONDS - now)
            log.execute("insert into request (kind, sent_at) values (?, ?)", (kind, now))
            return 0.0

    @contextmanager
    def _log(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=60, isolation_level=None)) as log:
            log.execute(
                "pragma synchronous = off"
            )  # a lost minute of the log costs one wait, a sync costs every request
            log.execute("begin immediate")
            log.execute("create table if not exists request (kind text not null, sent_at real not null)")
            yield log
            log.execute("commit")


@dataclass(frozen=True)
class SharedBudget:
    """The same for the workers of a pool, kept at their Prefect server: a slot for each request, free in a minute."""

    at: Shared
    account: str
    clock: Clock

    def take(self, kind: Kind) -> float:
        """Kind of request in; the seconds waited until the quota has room for it out. It is counted at once."""
        waited = 0.0
        while not self.at.take(google_limit(self.account, kind), PER_WINDOW, WINDOW_SECONDS):
            if waited > SHARED_MOST_SECONDS:
                raise Unavailable("shared.no_quota", address=self.at.address)
            self.clock.sleep(SHARED_PAUSE_SECONDS)
            waited += SHARED_PAUSE_SECONDS
        return waited


def google_limit(account: str, kind: Kind) -> str:
    """A service account's address in; the name of the limit that counts its requests out."""
    return f"{PREFIX}google-{kind}-{sha256(account.encode()).hexdigest()[:16]}"


def budget(account: str, clock: Clock, folder: Path | None = None, at: Shared | None = None) -> Budget | SharedBudget:
    """A service account's address in; its shared budget out. The folder is the user's cache unless another is given."""
    if at is not None:
        return SharedBudget(at, account, clock)
    place = folder or _cache_folder()
    return Budget(place / f"google-{sha256(account.encode()).hexdigest()[:16]}.sqlite", clock)


def _cache_folder() -> Path:
    """A folder of this user's that every process of theirs shares; the temporary one if the cache cannot be written."""
    for base in (Path.home() / ".cache", Path(tempfile.gettempdir())):
        folder = base / "svodka"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return Path(tempfile.gettempdir())


SYSTEM_CLOCK = Clock(time.time, time.sleep)
GOOGLE_ROOTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")
NEVER_SENT = (requests.ConnectTimeout,)
Hook = Callable[[dict[str, Any]], Any]
LOST = (requests.RequestException,)


@dataclass
class Patience:
    """Seconds that may still go by without an answer, over all requests of one asker together."""

    seconds: float = math.inf


@dataclass(frozen=True)
class Pace:
    """How long to try: every wait and time-out has an end."""

    clock: Clock = SYSTEM_CLOCK
    jitter: Callable[[], float] = random.random
    connect_seconds: float = 10.0
    answer_seconds: float = 190.0
    """Google gives up on a request after 180 seconds."""
    longest_wait: float = 64.0
    total_seconds: float = 300.0
    """All waits for one request together; more than a minute window of the quota, several times over."""
    patience: Patience = field(default_factory=Patience)
    """What failed tries and the waits after them may cost, whatever the number of requests."""
    cache: Path | None = None
    """Where the shared log of the quota lives; the user's cache folder by default."""

    def wait(self, attempt: int, retry_after: str | None) -> float:
        """Attempt counted from 0 and the Retry-After that came in; the seconds to wait before the next out."""
        grown = min(2.0 ** (attempt + 1), self.longest_wait) + self.jitter()
        return max(grown, _asked_seconds(retry_after, self.clock.now()))


def hurried() -> Pace:
    """The pace for one who waits for the answer: what does not answer is told within a minute, whatever is asked."""
    return Pace(connect_seconds=5.0, answer_seconds=15.0, total_seconds=10.0, patience=Patience(55.0))


class LostAnswer(Unavailable):
    """A write was sent and no answer came: it may have been applied. Read the state again before another try."""


class SheetsHttp(HTTPClient):
    """gspread's HTTP client with a root of its own, a budget, time-outs and refusals in the owner's words."""

    def __init__(self, account: Account, is_writing: bool, pace: Pace, log: Budget | SharedBudget) -> None:
        session = account.session(is_writing, pace.answer_seconds)
        super().__init__(auth=None, session=session)  # type: ignore[arg-type]  # the session signs
        self.account, self.is_writing, self.pace, self.log = account, is_writing, pace, log

    def request(  # noqa: PLR0917 - the signature is gspread's
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Any = None,
        files: Any = None,
        headers: Any = None,
    ) -> requests.Response:
        """Send one request and return its good answer.

        A refusal that time may mend is repeated until `pace.total_seconds` are over, then raises Unavailable;
        a write whose answer was lost raises LostAnswer at once; any other refusal raises what the owner must do.
        """
        spent, patience = 0.0, self.pace.patience
        parts = {"params": params, "data": data, "json": json, "headers": headers}
        for attempt in range(64):
            self.log.take("read" if method.lower() == "get" else "write")
            if patience.seconds <= 0:
                raise Unavailable("google.not_asked")
            began = self.pace.clock.now()
            try:
                answer = self._send(method, endpoint, parts)
            except LostAnswer:
                patience.seconds -= max(0.0, self.pace.clock.now() - began)
                raise
            if isinstance(answer, requests.Response):
                return answer
            wait = self.pace.wait(attempt, answer.retry_after)
            spent += wait
            patience.seconds -= max(0.0, self.pace.clock.now() - began)
            if spent > self.pace.total_seconds or wait >= patience.seconds:
                said, tried = answer.words or f"HTTP {answer.code}", round(spent - wait)
                raise Unavailable("google.unavailable_tried", detail=said, tries=attempt + 1, seconds=tried)
            patience.seconds -= wait
            self.pace.clock.sleep(wait)
        raise Unavailable("google.unavailable", detail="")

    def _send(self, method: str, endpoint: str, parts: dict[str, Any]) -> requests.Response | Refusal:
        """One attempt: a good answer, or a refusal worth repeating. Raises for everything else."""
        is_read, pace = method.lower() == "get", self.pace
        left = pace.patience.seconds
        limits = (min(pace.connect_seconds, left), min(pace.answer_seconds, left))
        try:
            answer = self.session.request(method, self._address(endpoint), timeout=limits, **parts)
        except google_errors.GoogleAuthError as error:
            return self.account.after_failure(error, self.is_writing)
        except LOST as error:
            if is_read or isinstance(error, NEVER_SENT):
                return Refusal(0, type(error).__name__)
            raise LostAnswer("google.unavailable", detail=type(error).__name__) from None
        if answer.ok and _is_whole(answer):
            return answer
        refused = refusal(answer)
        if not answer.ok and refused.code not in TRANSIENT:
            raise as_error(refused, self.is_writing, address=self.account.address, sheet=_sheet_of(endpoint))
        if not is_read and refused.code != 429:
            raise LostAnswer("google.unavailable", detail=refused.words or f"HTTP {refused.code}")
        return refused

    def _address(self, endpoint: str) -> str:
        for google_root in GOOGLE_ROOTS:
            if self.account.root and endpoint.startswith(google_root):
                return self.account.root + endpoint.removeprefix(google_root)
        return endpoint


@dataclass
class SheetsClient:
    """What the rest of this package asks of Google: read a spreadsheet under a mask, send one atomic batch."""

    http: SheetsHttp
    reads: int = field(default=0)
    writes: int = field(default=0)

    @property
    def address(self) -> str:
        """The service account's address, with which an owner shares the spreadsheet."""
        return self.http.account.address

    def link(self, spreadsheet: str) -> str:
        """Where a person opens a spreadsheet: at Google, or at the server that stands in for it on this machine."""
        root = self.http.account.root
        return f"{root}/spreadsheets/{spreadsheet}" if root and is_loopback(root) else spreadsheet_link(spreadsheet)

    @property
    def pace(self) -> Pace:
        """How long this client tries."""
        return self.http.pace

    def spreadsheet(
        self, spreadsheet: str, fields: str, ranges: Sequence[str] = (), hook: Hook | None = None
    ) -> dict[str, Any]:
        """Spreadsheet id, field mask and A1 ranges (none: the whole) in; Google's answer out.

        A hook sees every JSON object, innermost first, and may put something smaller in its place.
        """
        self.reads += 1
        params: dict[str, Any] = {"fields": fields}
        if ranges:
            params["ranges"] = list(ranges)
        return _parsed(self.http.request("get", SPREADSHEET_URL % spreadsheet, params=params), hook=hook)

    def values(self, spreadsheet: str, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """Spreadsheet id and A1 ranges in; each range's rows, formulas as they were typed, out.

        Trailing blanks are cut by Google, of rows and of ranges.
        """
        self.reads += 1
        params = {"ranges": list(ranges), "valueRenderOption": "FORMULA"}
        answer = _parsed(self.http.request("get", SPREADSHEET_VALUES_BATCH_URL % spreadsheet, params=params))
        return [found.get("values", []) for found in answer.get("valueRanges", ())]

    def batch_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        """Spreadsheet id and a serialised batchUpdate body in; the replies out. All of it is applied, or nothing.

        Raises LostAnswer if it is not known which.
        """
        self.writes += 1
        endpoint = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return _parsed(self.http.request("post", endpoint, data=body, headers=headers), is_write=True)


def connect(account: Account, is_writing: bool, pace: Pace | None = None) -> SheetsClient:
    """A service account in; a client out that asks for the narrowest scope: read-only unless it is to write."""
    chosen = pace or Pace()
    log = budget(account.address, chosen.clock, chosen.cache, account.at)
    return SheetsClient(SheetsHttp(account, is_writing, chosen, log))


def _is_whole(answer: requests.Response) -> bool:
    """Whether the body is JSON to its end, and not a page of HTML or half of an answer."""
    return "json" in answer.headers.get("Content-Type", "") and answer.content.rstrip().endswith(b"}")


def _parsed(answer: requests.Response, is_write: bool = False, hook: Hook | None = None) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = json.loads(answer.content, object_hook=hook)
    except ValueError:
        kind = LostAnswer if is_write else Unavailable
        raise kind("google.unavailable", detail="not JSON") from None
    return parsed


def _sheet_of(endpoint: str) -> str:
    """The spreadsheet id inside an endpoint, for the message."""
    return endpoint.partition("/spreadsheets/")[2].partition("/")[0].partition(":")[0]


def _asked_seconds(retry_after: str | None, now: float) -> float:
    """Retry-After as seconds from now: it comes as a number or as a date."""
    if not retry_after:
        return 0.0
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (TypeError, ValueError):
        return 0.0
