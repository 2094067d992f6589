"""One budget of requests per service account, shared by every client and process on this machine."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from config.errors import Unavailable

Kind = Literal["read", "write"]

WINDOW_SECONDS = 61.0
"""Google counts a minute; the second more is for a request that travels slowly."""
PER_WINDOW = 60  # developers.google.com/sheets/api/limits: 60 reads and 60 writes a minute, per user and project


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


def budget(account: str, clock: Clock, folder: Path | None = None) -> Budget:
    """A service account's address in; its shared budget out. The folder is the user's cache unless another is given."""
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
