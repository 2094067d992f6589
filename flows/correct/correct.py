"""A file, a row, a column and what is right → a line of the client's table of corrections, with what stood there."""

from __future__ import annotations

import csv
import getpass
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from config.client import DictionaryPlace
from config.corrections import HEADERS, LEFT_OUT, Correction
from config.errors import ConfigError
from config.load import LoadedClient, load_client
from config.nearest import nearest
from config.settings import settings
from config.yaml_file import inside
from connectors.files.find import FoundFile, find
from connectors.files.read import read
from connectors.files.table import MEGABYTE, Limits
from connectors.xlsx.save import replace_file
from flows.run.one_client import now
from transforms.correct import cell_of
from transforms.recognise import recognise_file

USUAL = "corrections.csv"
LIMITS = Limits(in_memory_bytes=256 * MEGABYTE)


@dataclass(frozen=True)
class WrittenDown:
    """A correction that now stands in the table."""

    correction: Correction
    table: str
    is_named: bool
    """Whether svodka.yaml names the table, so that runs apply it."""


def write_down(folder: Path, place: str, value: str, *, is_left_out: bool, why: str) -> WrittenDown:
    """`file:row`, `column=value` (or a column alone, of a row that is left out) and why in; what was written out.

    Raises ConfigError for a place or a column that there is not, or where the corrections are kept in a spreadsheet.
    """
    loaded = load_client(folder, settings().allowed_roots)
    file, row = _place(place)
    column, becomes = _value(value, is_left_out=is_left_out)
    wanted = Correction("", file, row, column, "", becomes, getpass.getuser(), f"{now():%Y-%m-%d}", why)
    correction = _with_was(loaded, wanted)
    kept = loaded.client.corrections
    if isinstance(kept, DictionaryPlace):
        raise ConfigError("cli.correct_in_tab", tab=kept.tab, line=_line(correction, "\t"))
    table = kept or USUAL
    path = inside(loaded.folder, table, loaded.allowed_roots)
    replace_file(path, _appended(path, correction))
    return WrittenDown(correction, table, kept is not None)


def _place(text: str) -> tuple[str, int]:
    file, _, row = text.rpartition(":")
    if not file or not row.isdecimal() or int(row) < 1:
        raise ConfigError("cli.correct_not_place", found=text)
    return file, int(row)


def _value(text: str, *, is_left_out: bool) -> tuple[str, str]:
    column, found, becomes = text.partition("=")
    if is_left_out:
        return text.strip(), LEFT_OUT[0]
    if not found or not column.strip():
        raise ConfigError("cli.correct_not_value", found=text)
    return column.strip(), becomes.strip()


def _with_was(loaded: LoadedClient, wanted: Correction) -> Correction:
    """The correction with its source and what stands in the cell now."""
    names = []
    for name, found in _files(loaded):
        names.append(found.file)
        if wanted.file != found.file and not wanted.file.startswith(f"{found.file}!"):
            continue
        source = loaded.client.sources[name]
        with tempfile.TemporaryDirectory(prefix="svodka-correct-") as scratch:
            tables = read(found, name, Path(scratch), LIMITS, source.tab)
        recognised = recognise_file(tables, source.table, source, loaded.aliases.headers_of(name), set())
        was = cell_of(recognised, wanted)
        if was is None:
            columns = ", ".join(header for one in recognised for header in one.shape.headers)
            facts = {"file": wanted.file, "row": wanted.row, "column": wanted.column}
            raise ConfigError("cli.correct_no_cell", columns=columns, **facts)
        return replace(wanted, source=name, was=was)
    near = ", ".join(nearest(wanted.file, names, cutoff=0.4, most=3)) or ", ".join(names[:3]) or "—"
    raise ConfigError("cli.correct_no_file", file=wanted.file, near=near)


def _files(loaded: LoadedClient) -> Iterator[tuple[str, FoundFile]]:
    for name, source in loaded.client.sources.items():
        if source.files:
            found = find(name, source.files, loaded.folder, loaded.allowed_roots, LIMITS.max_file_bytes)
            yield from ((name, one) for one in found)


def _appended(path: Path, correction: Correction) -> bytes:
    """The table as it stands, in its own form, and one line more; a table that is not there yet begins with its header.

    The columns of a table that is there may stand in any order, and there may be others.
    """
    text = path.read_text("utf-8-sig") if path.exists() else ""
    if not text.strip():
        header = [words[0] for words in HEADERS.values()]
        text = ",".join(header) + "\n"
    first = text.splitlines()[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = next(csv.reader([first], delimiter=delimiter))
    line = _line(correction, delimiter, header)
    return (text if text.endswith("\n") else text + "\n").encode() + line.encode() + b"\n"


def _line(correction: Correction, delimiter: str, header: Sequence[str] = ()) -> str:
    known = {word: str(getattr(correction, name)) for name, words in HEADERS.items() for word in words}
    names = [one.strip().casefold() for one in header] or [words[0] for words in HEADERS.values()]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow([known.get(name, "") for name in names])
    return out.getvalue()
