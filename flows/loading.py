"""What it takes to load a client's sources, and how one file is made ready: read, recognised, staged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import SvodkaError
from config.load import LoadedClient
from config.staging import Draft, SourceFile
from config.tables import tables
from connectors.warehouse import Warehouse
from connectors.warehouse.memory import Memory
from flows.progress import Step
from flows.request import RunRequest
from flows.spreadsheets import Found
from transforms.recognise import Recognised, recognise_file
from transforms.staging import StagingContext, stage


@dataclass(frozen=True)
class Loading:
    """What it takes to load a source."""

    warehouse: Warehouse
    loaded: LoadedClient
    asked: RunRequest
    step: Step
    context: StagingContext
    scratch: Path
    """A folder for files rewritten on the way; whoever made it clears it."""
    spreadsheets: Mapping[str, Found] = field(default_factory=dict)
    """Source → its tabs as they were read from Google, or why they were not."""
    memory: Memory = field(default_factory=Memory)
    """What each file gave when it was last read."""
    recognised: list[Recognised] = field(default_factory=list)
    """Every table that was recognised, as it goes."""


@dataclass(frozen=True)
class Ready:
    """A file's tables, read, recognised and staged."""

    recognised: Sequence[Recognised]
    staged: Sequence[Draft] = ()
    error: SvodkaError | None = None
    """Why they could not be staged."""

    def drafts(self) -> Sequence[Draft]:
        """What the warehouse needs to load them. Raises what stands against it."""
        if self.error is not None:
            raise self.error
        return self.staged


def make_ready(loading: Loading, source: SourceConfig, file: SourceFile, read: Callable[[], list[RawTable]]) -> Ready:
    """A file and how to have its tables in; all that can be done without a connection, in any thread, out.

    Raises what is wrong with the file itself.
    """
    aliases, had = loading.loaded.aliases.headers_of(file.source), loading.memory.columns_of(file.source, file.file)
    recognised = recognise_file(read(), source.table, source, aliases, had)
    try:
        staged = [stage(found, tables()[source.table], source, loading.context) for found in recognised]
        return Ready(recognised, [loading.warehouse.written(draft) for draft in staged])
    except SvodkaError as error:
        return Ready(recognised, error=error)
