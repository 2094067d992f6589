"""`corrections:` of a client → what a person put right in a source's rows: where, what stood there, what is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.errors import ConfigError
from config.words import fold

HEADERS: Mapping[str, tuple[str, ...]] = {
    "source": ("источник", "source"),
    "file": ("файл", "file"),
    "row": ("строка", "row"),
    "record": ("запись", "record"),
    "column": ("столбец", "column"),
    "was": ("было", "was"),
    "becomes": ("стало", "becomes"),
    "who": ("кто", "who"),
    "on": ("когда", "when"),
    "why": ("почему", "why"),
}
"""Our name of a column → its headers, Russian first."""
NEEDED = ("source", "column", "was", "becomes")
PLACES = (("file", "row"), ("record",))
"""Columns that say where, one group of which a table needs."""
LEFT_OUT = ("не считать", "leave out")
"""Instead of a value: the row counts for nothing."""


@dataclass(frozen=True)
class Correction:
    """One cell, or one row or record that is not to be counted."""

    source: str
    file: str
    """As the report names it: a path, `archive.zip!member`, a tab of a spreadsheet; empty: any file of the source."""
    row: int
    """As a person sees it, from 1; 0 where the record is named by its id."""
    column: str
    """A header of the file, or our name of the column."""
    was: str
    becomes: str
    who: str = ""
    on: str = ""
    why: str = ""
    record: str = ""
    """The id of the record, as the file has it: it stays when rows move; empty where the row is named."""

    @property
    def is_left_out(self) -> bool:
        """Whether the whole row is not to be counted."""
        return fold(self.becomes) in map(fold, LEFT_OUT)

    @property
    def place(self) -> str:
        """Row and column, without what stands there: it may be personal."""
        return ", ".join(filter(None, (self.record or str(self.row), self.column)))


def corrections(rows: Sequence[Sequence[str]], file: str) -> list[Correction]:
    """The rows of a table of corrections, its header first, in; the corrections out, a blank row is none.

    Raises ConfigError for a header that lacks a column, or a row number that is none.
    """
    places = _places(rows[0] if rows else (), file)
    found = []
    for number, row in enumerate(rows[1:], 2):
        values = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        if not any(values.values()):
            continue
        is_of_row = values.get("row", "").isdecimal() and bool(values.get("file")) and bool(values["column"])
        one = Correction(**{"file": "", **values, "row": int(values["row"]) if is_of_row else 0})  # type: ignore[arg-type]  # row alone is no text
        if not one.source or not (is_of_row or (one.record and (one.column or one.is_left_out))):
            raise ConfigError("config.correction_incomplete", file=file, row=number)
        found.append(replace(one, record="") if is_of_row else one)
    return found


def _places(header: Sequence[str], file: str) -> dict[str, int]:
    names = [fold(cell) for cell in header]
    places = {
        name: next(names.index(fold(word)) for word in words if fold(word) in names)
        for name, words in HEADERS.items()
        if any(fold(word) in names for word in words)
    }
    of_rows = PLACES[0] if "record" not in places else ()
    if lacking := [HEADERS[name][0] for name in HEADERS if name in (*NEEDED, *of_rows) and name not in places]:
        present = ", ".join(header) or "—"
        raise ConfigError("config.correction_columns", file=file, lacking=", ".join(lacking), present=present)
    return places
