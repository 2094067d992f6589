"""The client's DuckDB file: rows loaded file by file, settled, computed, asked; one transaction a run.

What is named here is all that the flows may know of it.
"""

from connectors.warehouse.answers.ask import (
    Asked,
    Content,
    FigureSums,
    GoodRun,
    Held,
    Month,
    Notice,
    SourceLoads,
    Typed,
    UnknownName,
)
from connectors.warehouse.answers.reading import Format, PartBehind, Reading, RowBehind, export_tables
from connectors.warehouse.engine import check_ready
from connectors.warehouse.figures.restated import Shown
from connectors.warehouse.kept.forget import Forgotten, forget_file, forget_person
from connectors.warehouse.kept.stored import Handed
from connectors.warehouse.kept.undo import end_undo, last_undoable, recover, undo_run, undoing
from connectors.warehouse.loading.load import LoadApartError
from connectors.warehouse.run.warehouse import Warehouse
from connectors.warehouse.store.database import COPIED
from connectors.warehouse.store.folders import borrow, drop_storage, lend, opened, remove, run_folder
from connectors.warehouse.store.memory import Memory
from connectors.warehouse.store.published import PublishedMemory, Row

__all__ = [
    "COPIED",
    "Asked",
    "Content",
    "FigureSums",
    "Forgotten",
    "Format",
    "GoodRun",
    "Handed",
    "Held",
    "LoadApartError",
    "Memory",
    "Month",
    "Notice",
    "PartBehind",
    "PublishedMemory",
    "Reading",
    "Row",
    "RowBehind",
    "Shown",
    "SourceLoads",
    "Typed",
    "UnknownName",
    "Warehouse",
    "borrow",
    "check_ready",
    "drop_storage",
    "end_undo",
    "export_tables",
    "forget_file",
    "forget_person",
    "last_undoable",
    "lend",
    "opened",
    "recover",
    "remove",
    "run_folder",
    "undo_run",
    "undoing",
]
