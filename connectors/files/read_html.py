"""An HTML page, whatever its name (Битрикс24, 1C and ad cabinets call it .xls) → a RawTable for each table."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from config.documents import RawTable
from config.errors import SourceError
from config.words import composed
from connectors.files.table import Kind, Opened, Spool
from connectors.files.text.encoding import SAMPLE_BYTES, encoding_of

CHUNK_BYTES = 256 * 1024
MAX_SPAN = 1000
SPACES = re.compile(r"[ \t\r\n\f]+")
UNEVEN = re.compile(r"[\t\r\n\f]|  ")
WHITE = " \t\r\n\f"
BREAK = "\ue000"
"""Stands for `<br>` until the cell ends: a line break of the source text itself is a mere space."""
SINGLE = (1, 1)
SKIPPED = frozenset({"script", "style", "title", "head"})


def read_html(file: Opened) -> list[RawTable]:
    """An HTML file in; its tables out. It is parsed as it streams: no tree is built, nothing is fetched or run.

    An empty list is exported as a sentence instead of a table: that sentence is in the SourceError.
    """
    collector = Collector(file)
    parser = etree.HTMLParser(target=collector, huge_tree=True, no_network=True)  # type: ignore[arg-type]  # needs no comments
    try:
        for chunk in _text(file.path):
            parser.feed(chunk)
        parser.close()
    except etree.ParseError as error:
        raise SourceError("files.broken_html", file=file.name, problem=str(error)) from error
    tables = collector.finish()
    if tables and not _is_closed(file.path):
        raise SourceError("files.truncated_html", file=file.name)
    if not tables:
        raise SourceError("files.html_without_table", file=file.name, says=collector.words()[:200])
    return tables


def _text(path: Path) -> Iterator[str]:
    """The file decoded in chunks; its bytes, not its meta tag, say in which encoding."""
    with path.open("rb") as stream:
        start = stream.read(SAMPLE_BYTES)
        decoder = codecs.getincrementaldecoder(encoding_of(start, is_whole=False))("replace")
        for position in range(0, len(start), CHUNK_BYTES):
            yield decoder.decode(start[position : position + CHUNK_BYTES])
        while chunk := stream.read(CHUNK_BYTES):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _is_closed(path: Path) -> bool:
    """Whether the end of the file closes a table: a download that broke off does not, and the parser would not tell."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - CHUNK_BYTES))
        return b"</table" in stream.read().replace(b"\0", b"").lower()


class Collector:
    """Target of the parser: rows of the outermost tables; cells over several columns or rows are laid out as areas.

    A value over several rows is written into each of them, so that a reader who sees one row at a time sees it too.
    """

    def __init__(self, file: Opened) -> None:
        self._file = file
        self._spool: Spool | None = None
        self._tables: list[RawTable] = []
        self._depth = 0
        self._silent = 0
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = SINGLE
        self._hanging: dict[int, tuple[int, str]] = {}
        self._outside: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Opening tag."""
        match tag:
            case "td" | "th" if self._depth == 1:
                self._end_cell()
                self._row = [] if self._row is None else self._row
                self._cell, self._span = [], _spans(attributes) if attributes else SINGLE
            case "tr" if self._depth == 1:
                self._end_row()
                self._row = []
            case "table":
                self._depth += 1
                if self._depth == 1:
                    self._spool, self._hanging = Spool(self._file, Kind.HTML, self._title()), {}
            case "br" | "p" | "div" | "li" if self._cell:
                self._cell.append(BREAK)
            case _ if tag in SKIPPED:
                self._silent += 1

    def end(self, tag: str) -> None:
        """Closing tag, or one that the parser supplied."""
        match tag:
            case "td" | "th" if self._depth == 1:
                self._end_cell()
            case "tr" if self._depth == 1:
                self._end_row()
            case "table":
                self._depth -= 1
                if self._depth == 0:
                    self._end_row()
                    self._end_table()
            case _ if tag in SKIPPED:
                self._silent -= 1

    def data(self, text: str) -> None:
        """Text between tags; entities are characters already."""
        if self._silent:
            return
        if self._cell is not None:
            self._cell.append(text)
        elif self._depth == 0 and len(self._outside) < 200:
            self._outside.append(text)

    def close(self) -> None:
        """End of the document."""

    def finish(self) -> list[RawTable]:
        """Every table that holds something."""
        return self._tables

    def words(self) -> str:
        """What stands outside of tables, as one line."""
        return SPACES.sub(" ", " ".join(self._outside)).strip()

    def _title(self) -> str | None:
        """Tables after the first are told apart by number, as sheets are by name."""
        return None if not self._tables else f"Таблица {len(self._tables) + 1}"

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None or self._spool is None:
            return
        text = _cell_text(self._cell)
        self._cell = None
        if self._hanging:
            self._let_hang()
        if self._span == SINGLE:
            self._row.append(text)
        else:
            self._lay_out(text, self._row, self._spool)

    def _lay_out(self, text: str, row: list[str], spool: Spool) -> None:
        """A cell over several columns or rows: its value in the first column, of every row it covers."""
        rows, columns = self._span
        first = len(row)
        if first + columns > self._file.limits.max_columns:
            most = self._file.limits.max_columns
            raise SourceError("files.too_wide_row", file=self._file.name, columns=first + columns, most=most)
        row += [text, *[""] * (columns - 1)]
        if not spool.is_spilled:
            spool.merged.append((spool.count, first, spool.count + rows - 1, first + columns - 1))
        if rows > 1:
            self._hanging.update({first + i: (rows - 1, text if i == 0 else "") for i in range(columns)})

    def _let_hang(self) -> None:
        """Put what hangs down from the rows above into the columns where this row now stands."""
        while self._row is not None and len(self._row) in self._hanging:
            left, text = self._hanging.pop(len(self._row))
            if left > 1:
                self._hanging[len(self._row)] = (left - 1, text)
            self._row.append(text)

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None or self._spool is None:
            return
        self._let_hang()
        self._spool.add(self._row)
        self._row = None

    def _end_table(self) -> None:
        table = self._spool.table() if self._spool else None
        if table is not None:
            self._tables.append(table)
        self._spool = None


def _spans(attributes: dict[str, str]) -> tuple[int, int]:
    """Attributes of a cell; how many rows and columns it takes."""
    return _span(attributes.get("rowspan")), _span(attributes.get("colspan"))


def _span(value: str | None) -> int:
    """The value of rowspan or colspan; what makes no sense is one."""
    try:
        return min(max(int(value or 1), 1), MAX_SPAN)
    except ValueError:
        return 1


def _cell_text(pieces: list[str]) -> str:
    """What stood inside a cell; its text, white space as a browser shows it, `<br>` as a line break."""
    text = "".join(pieces)
    text = composed(text)
    if BREAK not in text:
        return " ".join(SPACES.split(text.strip(WHITE))) if UNEVEN.search(text) else text.strip(" ")
    lines = (" ".join(SPACES.split(line.strip(WHITE))) for line in text.split(BREAK))
    return "\n".join(lines).strip("\n")
