"""Consultants whose clients are served → their «Все клиенты», written anew once their runs have ended."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.errors import SvodkaError
from config.folder.load import LoadedClient, LoadedConsultant, client_folders, load_client, load_consultant
from connectors.notify import DIGEST, check_addresses
from flows.run.lock import is_running
from flows.run.told.summary import FILE
from flows.say import language, say
from flows.status.publish import publish_statuses

PAUSE = timedelta(minutes=10)
"""Between two tries of a table that could not be written, so that Google is not asked at every look."""


@dataclass(frozen=True)
class Asked:
    """Whom a service is asked to serve."""

    clients: Sequence[LoadedClient]
    """Those with a night of their own."""
    consultants: Sequence[ServedConsultant]
    """Where one names a schedule, all their clients have one night."""

    @property
    def everybody(self) -> list[LoadedClient]:
        """One for each night; that of a consultant's clients is the consultant's."""
        return [*self.clients, *(one.loaded.as_client() for one in self.consultants if one.has_schedule)]

    @property
    def many(self) -> int:
        """Clients, however their nights are shared out."""
        return len(self.clients) + sum(len(one.loaded.clients()) for one in self.consultants if one.has_schedule)

    def check_addresses(self, environment: Mapping[str, str]) -> None:
        """Raise ConfigError if somebody is to be told at what is no address; nothing is sent."""
        for loaded in self.everybody:
            check_addresses(loaded.client.notify, environment)
            check_addresses(loaded.client.digest.to, environment, DIGEST)


def asked_for(folders: Sequence[Path]) -> Asked:
    """Folders of clients and consultants in; whom to serve out."""
    found = [load_consultant(folder) for folder in folders]
    consultants = [ServedConsultant(one) for one in found if one is not None]
    together = {one.loaded.folder for one in consultants if one.has_schedule}
    alone = [folder for folder in folders if folder.absolute() not in together]
    clients = [load_client(folder) for folder in client_folders(alone)]
    return Asked(clients, consultants)


@dataclass
class ServedConsultant:
    """A consultant of this service."""

    loaded: LoadedConsultant
    shown: tuple[int, ...] | None = None
    """When the clients' runs had ended that the table tells of."""
    not_before: datetime | None = None

    @property
    def has_schedule(self) -> bool:
        """Whether all the clients have one night, the consultant's."""
        return bool(self.loaded.consultant.schedule)

    def members(self) -> list[LoadedClient]:
        """The clients whose settings can be read; of the others, the journal says why."""
        found = []
        for folder in self.loaded.clients():
            try:
                found.append(load_client(folder))
            except SvodkaError as error:
                why = error.text(language()).splitlines()[0]
                print(say("client_left_out", folder=folder.name, why=why), file=sys.stderr)  # noqa: T201 - the journal
        return found

    def look(self, moment: datetime) -> None:
        """Write the table if a run has ended since, and none is under way; what went wrong goes to the journal."""
        if self.not_before is not None and moment < self.not_before:
            return
        try:
            ended = self._ended()
            if ended is None or ended == self.shown:
                return
            done = publish_statuses(self.loaded, moment)
        except SvodkaError as error:
            self._put_off(error, moment)
            return
        for failure in done.errors:
            self._put_off(failure, moment)
        if not done.errors:
            self.shown, self.not_before = ended, None
            print(say("all_clients_written", places=", ".join(done.places)), file=sys.stderr)  # noqa: T201 - the journal

    def _put_off(self, error: SvodkaError, moment: datetime) -> None:
        self.not_before = moment + PAUSE
        print(error.text(language()), file=sys.stderr)  # noqa: T201 - the journal of the service

    def _ended(self) -> tuple[int, ...] | None:
        """When each client's last run ended; None while one is under way."""
        found = []
        for folder in self.loaded.clients():
            if is_running(folder / "data"):
                return None
            last = folder / "data" / FILE
            found.append(last.stat().st_mtime_ns if last.exists() else 0)
        return tuple(found)
