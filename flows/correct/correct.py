"""A row or a record, a column and what is right → a line of the client's corrections, with what stood there."""

import csv
import getpass
import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from config.client import DictionaryPlace
from config.errors import ConfigError, TargetError
from config.folder.corrections import HEADERS, LEFT_OUT, NEEDED, Correction
from config.folder.load import LoadedClient, load_client
from config.nearest import nearest
from config.settings import now
from config.tables import tables
from config.words import fold, vocabulary
from connectors.files.find import FoundFile, find
from connectors.files.read import read
from connectors.files.table import MEGABYTE, Limits
from connectors.files.text.encoding import encoding_of
from connectors.xlsx.save import replace_file
from flows.run.given.corrections import has_id
from flows.run.lock import one_correction
from transforms.correct import There, cells_of
from transforms.recognise import Recognised, recognise_file

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
    loaded = load_client(folder)
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
        return WrittenDown(correction, kept.tab, line(correction, "\t"), is_read, is_tab=True)
    path = loaded.path(kept)
    with one_correction(loaded.data, now()):
        content = with_correction(path, correction)
        if content is None:
            return WrittenDown(correction, kept, line(correction, "\t"), is_read)
        replace_file(path, content)
    return WrittenDown(correction, kept, is_read=is_read)


def _check_figure(loaded: LoadedClient, correction: Correction, there: There) -> None:
    """Raises ConfigError where an amount, a count or a day is to become a text that has no digit.

    What a row can do without may become blank.
    """
    columns = tables()[loaded.client.sources[correction.source].table].columns
    is_blank = fold(correction.becomes) in map(fold, vocabulary().nulls)
    is_figure = any(
        columns[ours].type in OF_DIGITS and (columns[ours].is_required or not is_blank) for ours in there.read_as
    )
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
    if not becomes.strip():
        raise ConfigError("cli.correct_empty", column=column.strip())
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


# The table of corrections, CSV or a workbook, with one line more; all else in it as its keeper left it.

USUAL_HEADER = tuple(words[0] for words in HEADERS.values())
WORKBOOK = ".xlsx"


def with_correction(path: Path, correction: Correction) -> bytes | None:
    """The table as it stands, in its own form, with one line more, or with this one instead of an earlier of its place.

    The columns of a table that is there may stand in any order, and there may be others; one that is not there yet
    begins with its header. None for a workbook that holds more than can be written again, and for a text whose letters
    cannot be. Raises ConfigError for a
    table that lacks a column which the line needs.
    """
    return _in_workbook(path, correction) if path.suffix.lower() == WORKBOOK else _in_text(path, correction)


def line(correction: Correction, delimiter: str) -> str:
    """The correction as a line of a table whose columns stand in the usual order."""
    return _joined(_cells(correction, USUAL_HEADER), delimiter)


def _in_workbook(path: Path, correction: Correction) -> bytes | None:
    from connectors.xlsx.kept_by_hand import Row, with_row

    def cells(header: Sequence[str]) -> list[str]:
        _check(header, correction, path.name)
        return _cells(correction, header)

    row = Row(lambda texts: set(NEEDED) <= _places(texts).keys(), cells, _key)
    return with_row(path, path.stem, USUAL_HEADER, row)


def _in_text(path: Path, correction: Correction) -> bytes | None:
    data = path.read_bytes() if path.exists() else b""
    encoding = encoding_of(data)
    try:
        return _with_line(data.decode(encoding), correction, path.name).encode(encoding)
    except UnicodeError:  # torn letters in the table, or a letter of the line that its code page lacks
        return None


def _with_line(text: str, correction: Correction, file: str) -> str:
    lines = text.splitlines(keepends=True) if text.strip() else [",".join(USUAL_HEADER)]
    ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    header = next(csv.reader([lines[0]], delimiter=delimiter))
    _check(header, correction, file)
    wanted = _cells(correction, header)
    kept = "".join(one for one in lines if not one.strip() or not _is_of(one, wanted, _key(header), delimiter))
    return kept + ("" if kept.endswith("\n") else ending) + _joined(wanted, delimiter) + ending


def _is_of(text: str, wanted: Sequence[str], places: Sequence[int], delimiter: str) -> bool:
    """Whether a line of the table is of the same place as the one that is to be written."""
    cells = next(csv.reader([text], delimiter=delimiter))
    return all(at < len(cells) and cells[at].strip() == wanted[at] for at in places)


def _places(header: Sequence[str]) -> dict[str, int]:
    """Our name of a column → its place in the header."""
    folded = [fold(one) for one in header]
    return {name: at for name, words in HEADERS.items() for at, one in enumerate(folded) if one in map(fold, words)}


def _key(header: Sequence[str]) -> list[int]:
    places = _places(header)
    return [places[name] for name in ("source", "file", "row", "record", "column") if name in places]


def _check(header: Sequence[str], correction: Correction, file: str) -> None:
    where = ("record",) if correction.record else ("file", "row")
    if lacking := [HEADERS[name][0] for name in where if name not in _places(header)]:
        raise ConfigError("cli.correct_lacks", file=file, lacking=", ".join(lacking))


def _cells(correction: Correction, header: Sequence[str]) -> list[str]:
    found = [""] * len(header)
    for name, at in _places(header).items():
        found[at] = str(getattr(correction, name) or "")
    return found


def _joined(cells: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()
