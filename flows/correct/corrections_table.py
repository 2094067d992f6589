"""A client's table of corrections, CSV or a workbook → the same table with one line more."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from config.corrections import HEADERS, NEEDED, Correction
from config.errors import ConfigError
from config.words import fold
from connectors.files.text.encoding import encoding_of

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
