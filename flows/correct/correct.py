"""A row or a record, a column and what is right → a line of the client's corrections, with what stood there."""

from __future__ import annotations

import getpass
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from config.client import DictionaryPlace
from config.corrections import LEFT_OUT, Correction
from config.errors import ConfigError, TargetError
from config.load import LoadedClient, load_client
from config.nearest import nearest
from config.settings import now, settings
from config.tables import tables
from config.words import fold
from config.yaml_file import inside
from connectors.files.find import FoundFile, find
from connectors.files.read import read
from connectors.files.table import MEGABYTE, Limits
from connectors.xlsx.save import replace_file
from flows.correct.corrections_table import line, with_correction
from flows.run.given.corrections import has_id
from flows.run.lock import one_correction
from transforms.correct import There, cells_of
from transforms.recognise import Recognised, recognise_file

USUAL = "corrections.csv"
RECORD = "#"
"""Between a source and the id of a record."""
OF_DIGITS = frozenset({"money", "count", "number", "date", "moment"})
"""Types of columns whose values cannot be written without a digit."""
LIMITS = Limits(in_memory_bytes=256 * MEGABYTE)


@dataclass(frozen=True)
class WrittenDown:
    """A correction that now stands in the table, or is to be added to it by hand."""

    correction: Correction
    table: str
    is_named: bool
    """Whether svodka.yaml names the table, so that runs apply it."""
    line: str = ""
    """Where nothing is written (a spreadsheet, a workbook with pictures): the line to paste, tabs between its cells."""
    is_read: bool = True
    """Whether any of our columns is read from the one that is put right."""
    is_tab: bool = False
    """Whether the table is a tab of a spreadsheet."""


def write_down(folder: Path, place: str, value: str, *, is_left_out: bool, why: str) -> WrittenDown:
    """`file:row` or `source#id`, `column=value` (a column alone of what is left out) and why in; what was written out.

    Raises ConfigError for a place or a column that there is not, and for a record whose rows say different things.
    """
    loaded = load_client(folder, settings().allowed_roots)
    column, becomes = _value(value, is_left_out=is_left_out)
    wanted = Correction("", "", 0, column, "", becomes, getpass.getuser(), f"{now():%Y-%m-%d}", why)
    if (of := place.partition(RECORD)) and of[0] in loaded.client.sources and of[2]:
        there = _of_record(loaded, wanted := replace(wanted, source=of[0], record=of[2].strip()))
    else:
        file, row = _place(place, list(loaded.client.sources))
        wanted, there = _of_row(loaded, replace(wanted, file=file, row=row))
    correction = replace(wanted, column=there.column, was=there.text)
    _check_figure(loaded, correction, there)
    is_read = bool(there.read_as) or not there.column or wanted.is_left_out
    kept = loaded.client.corrections
    if isinstance(kept, DictionaryPlace):
        return WrittenDown(correction, kept.tab, True, line(correction, "\t"), is_read, is_tab=True)
    table = kept or USUAL
    path = inside(loaded.folder, table, loaded.allowed_roots)
    with one_correction(loaded.data, now()):
        content = with_correction(path, correction)
        if content is None:
            return WrittenDown(correction, table, kept is not None, line(correction, "\t"), is_read)
        replace_file(path, content)
    return WrittenDown(correction, table, kept is not None, is_read=is_read)


def _check_figure(loaded: LoadedClient, correction: Correction, there: There) -> None:
    """Raises ConfigError where an amount, a count or a day is to become a text that has no digit."""
    columns = tables()[loaded.client.sources[correction.source].table].columns
    is_figure = any(columns[ours].type in OF_DIGITS for ours in there.read_as)
    if is_figure and correction.becomes and not correction.is_left_out and not re.search(r"\d", correction.becomes):
        raise ConfigError("cli.correct_no_figure", column=correction.column, found=correction.becomes)


def _place(text: str, sources: Sequence[str]) -> tuple[str, int]:
    file, _, row = text.rpartition(":")
    if not file and RECORD in text:
        raise ConfigError("cli.correct_no_source", source=text.partition(RECORD)[0], sources=", ".join(sources))
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


def _of_record(loaded: LoadedClient, wanted: Correction) -> There:
    """What stands in the record now; of several files the last that has it is believed."""
    table = tables()[loaded.client.sources[wanted.source].table]
    if not has_id(loaded.client.sources[wanted.source].table):
        raise ConfigError("cli.correct_no_id", source=wanted.source)
    found: list[There] = []
    for name, file in _files(loaded):
        if name == wanted.source and (here := list(cells_of(_recognised(loaded, name, file), wanted, table))):
            found = list(dict.fromkeys(here))
    if not found:
        raise ConfigError("cli.correct_no_record", source=wanted.source, record=wanted.record, column=wanted.column)
    if len(found) > 1:
        raise ConfigError("cli.correct_many", record=wanted.record, column=wanted.column)
    return found[0]


def _of_row(loaded: LoadedClient, wanted: Correction) -> tuple[Correction, There]:
    """The correction with its source, and what stands in the cell now."""
    names = []
    for name, file in _files(loaded):
        names.append(file.file)
        if wanted.file != file.file and not wanted.file.startswith(f"{file.file}!"):
            continue
        recognised = _recognised(loaded, name, file)
        there = next(cells_of(recognised, wanted, tables()[loaded.client.sources[name].table]), None)
        if there is None and not wanted.column:
            raise ConfigError("cli.correct_no_row", file=wanted.file, row=wanted.row)
        if there is None:
            headers = [header for one in recognised for header in one.shape.headers]
            if fold(wanted.column) in {*map(fold, headers), *(column for one in recognised for column in one.columns)}:
                raise ConfigError("cli.correct_no_row", file=wanted.file, row=wanted.row)
            like = nearest(wanted.column, headers, cutoff=0.4, most=3) or headers
            facts = {"file": wanted.file, "row": wanted.row, "column": wanted.column}
            raise ConfigError("cli.correct_no_cell", columns=", ".join(f"«{one}»" for one in like), **facts)
        return replace(wanted, source=name), there
    near = ", ".join(nearest(wanted.file, names, cutoff=0.4, most=3)) or ", ".join(names[:3]) or "—"
    raise ConfigError("cli.correct_no_file", file=wanted.file, near=near)


def _recognised(loaded: LoadedClient, name: str, file: FoundFile) -> list[Recognised]:
    source = loaded.client.sources[name]
    try:
        with tempfile.TemporaryDirectory(prefix="svodka-correct-") as scratch:
            found = read(file, name, Path(scratch), LIMITS, source.tab)
    except OSError as error:
        raise TargetError("xlsx.disk_full", file="svodka-correct") from error
    return recognise_file(found, source.table, source, loaded.aliases.headers_of(name), set())


def _files(loaded: LoadedClient) -> Iterator[tuple[str, FoundFile]]:
    for name, source in loaded.client.sources.items():
        if source.files:
            found = find(name, source.files, loaded.folder, loaded.allowed_roots, LIMITS.max_file_bytes)
            yield from ((name, one) for one in found)
