"""What several machines keep at one Prefect server: who runs a client now, and how many requests Google was asked.

A slot of one of the server's global concurrency limits is leased. Whoever dies does not renew the lease, and the slot
is free again after a minute; nothing is ever left to be removed by hand. Prefect itself is not imported.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.errors import Unavailable
from config.settings import Settings

if TYPE_CHECKING:
    from requests import Response

LEASE_SECONDS = 60.0
"""The shortest that a Prefect server gives; one that is not renewed is taken back some seconds later."""
RENEWAL_SECONDS = LEASE_SECONDS / 4
LIMITS = "v2/concurrency_limits"
LOCKED, BUSY = 423, 503
"""All slots are taken; the server's database is busy just now."""
TRIES = 20
PAUSE_SECONDS = 0.5
PREFIX = "svodka-"
"""Of the names of our limits, for an operator who looks at the server's page."""


@dataclass(frozen=True)
class Shared:
    """The limits of one Prefect server."""

    address: str
    """Of its API."""
    auth: tuple[str, str] | None = None

    def take(self, name: str, most: int, seconds: float) -> bool:
        """A limit and how many slots it has in; whether one was free. Nobody gives it back: it is free in so long."""
        return self._lease(name, most, seconds) is not None

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """A limit of one slot in; while the block runs nobody else holds it. Whether it was free out."""
        lease = self._lease(name, 1, LEASE_SECONDS)
        if lease is None:
            yield False
            return
        ended = threading.Event()
        renewal = threading.Thread(target=self._renew, args=(lease, ended), daemon=True)
        renewal.start()
        try:
            yield True
        finally:
            ended.set()
            renewal.join()
            self._give_back(lease)

    def are_held(self, names: Sequence[str]) -> dict[str, bool]:
        """Limits in; whether a slot of each is taken out."""
        return {name: bool(self._known(name).get("active_slots")) for name in names}

    def free(self, name: str) -> None:
        """Take a slot back that nobody can hold any more: a server that forgot its leases would keep it for good."""
        if self._known(name).get("active_slots"):
            self._ask("PATCH", f"{LIMITS}/{name}", {"active_slots": 0})

    def _known(self, name: str) -> Mapping[str, Any]:
        answer = self._ask("GET", f"{LIMITS}/{name}")
        return dict(answer.json()) if answer.ok else {}

    def _lease(self, name: str, most: int, seconds: float) -> str | None:
        """The id of a lease of one slot; None if all are taken. A limit that is not there yet is made."""
        wanted = {"slots": 1, "names": [name], "mode": "concurrency", "lease_duration": seconds}
        for _ in range(2):
            answer = self._ask("POST", f"{LIMITS}/increment-with-lease", wanted)
            if answer.status_code == LOCKED:
                return None
            said = answer.json() if answer.ok else {}
            if said.get("limits"):
                return str(said["lease_id"])
            self._ask("POST", f"{LIMITS}/", {"name": name, "limit": most})
        raise Unavailable("shared.no_lease", address=self.address, name=name, detail=answer.text[:200])

    def _renew(self, lease: str, ended: threading.Event) -> None:
        """Until the block has ended; a server that does not answer is asked again, the lock on the disk holds too."""
        while not ended.wait(RENEWAL_SECONDS):
            try:
                self._ask("POST", f"{LIMITS}/leases/{lease}/renew", {"lease_duration": LEASE_SECONDS})
            except Unavailable:
                continue

    def _give_back(self, lease: str) -> None:
        try:
            self._ask("POST", f"{LIMITS}/decrement-with-lease", {"lease_id": lease})
        except Unavailable:
            return  # it is free in a minute without our word

    def _ask(self, method: str, path: str, body: object = None) -> Response:
        """One request, again where the server's database is busy. Raises Unavailable if nothing comes."""
        import requests  # a run on one machine asks no server

        try:
            for _ in range(TRIES):
                answer = requests.request(method, f"{self.address}/{path}", json=body, auth=self.auth, timeout=(5, 30))
                if answer.status_code != BUSY:
                    return answer
                time.sleep(PAUSE_SECONDS)
        except requests.RequestException as error:
            raise Unavailable("shared.no_server", address=self.address, detail=type(error).__name__) from None
        raise Unavailable("shared.no_server", address=self.address, detail=f"HTTP {BUSY}")


def shared(settings: Settings) -> Shared | None:
    """Settings in; what is shared by the workers of a pool out, None where one machine does all."""
    if not settings.work_pool or not settings.prefect_api_url:
        return None
    user, found, password = settings.prefect_auth.partition(":")
    return Shared(settings.prefect_api_url.rstrip("/"), (user, password) if found else None)
