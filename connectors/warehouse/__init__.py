"""The client's DuckDB file: rows loaded file by file, settled, computed, asked; one transaction a run.

What is named here is all that the flows may know of it.
"""

from connectors.warehouse.ask import (
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
from connectors.warehouse.database import COPIED
from connectors.warehouse.export import Format, export_tables
from connectors.warehouse.figures.restated import Shown
from connectors.warehouse.forget import Forgotten, forget_file, forget_person
from connectors.warehouse.loading.load import LoadApartError
from connectors.warehouse.memory import Memory
from connectors.warehouse.published import PublishedMemory, Row
from connectors.warehouse.reading import PartBehind, Reading, RowBehind
from connectors.warehouse.stored import Handed
from connectors.warehouse.undo import end_undo, last_undoable, recover, undo_run, undoing
from connectors.warehouse.warehouse import Warehouse

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
    "end_undo",
    "export_tables",
    "forget_file",
    "forget_person",
    "last_undoable",
    "recover",
    "undo_run",
    "undoing",
]
