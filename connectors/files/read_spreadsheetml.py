"""SpreadsheetML 2003 (XML that Excel once saved, often named .xls) → a RawTable for each worksheet."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, RawTable
from config.errors import SourceError
from connectors.files.cells import number, text
from connectors.files.table import Kind, Opened, Spool

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
ZERO_DAYS = ("1899-12-30T", "1899-12-31T")
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384


def read_spreadsheetml(file: Opened) -> list[RawTable]:
    """An XML workbook in; its sheets out, parsed row by row. A document type or an entity of its own is refused."""
    try:
        tables = list(_sheets(file))
    except DefusedXmlException as error:
        raise SourceError("files.xml_entities", file=file.name) from error
    except ParseError as error:
        line = error.position[0] if error.position else 0
        raise SourceError("files.broken_xml", file=file.name, line=line, problem=str(error)) from error
    except (LookupError, ValueError) as error:
        raise SourceError("files.broken_xml", file=file.name, line=1, problem=str(error)) from error
    if not tables:
        raise SourceError("files.empty_workbook", file=file.name, sheets="")
    return tables


def _sheets(file: Opened) -> Iterator[RawTable]:
    """Each worksheet that is wanted and holds something."""
    sheet: _Sheet | None = None
    container: Element | None = None
    stream = defusedxml.ElementTree.iterparse(str(file.path), events=("start", "end"), forbid_dtd=True)
    for event, element in stream:
        tag = element.tag
        if event == "start":
            if tag == f"{SS}Worksheet":
                name = element.get(f"{SS}Name") or ""
                sheet = _Sheet(file, name) if file.wants(name) else None
            elif tag == f"{SS}Table":
                container = element
        elif tag == f"{SS}Row":
            if sheet is not None:
                sheet.take(element)
            (element if container is None else container).clear()
        elif tag == f"{SS}Worksheet":
            table = sheet.spool.table() if sheet is not None else None
            element.clear()
            if table is not None:
                yield table


class _Sheet:
    """Rows of one worksheet as they come: sparse rows and cells are put where their Index says."""

    def __init__(self, file: Opened, name: str) -> None:
        self.file, self.name = file, name
        self.spool = Spool(file, Kind.SPREADSHEETML, name)
        self._hanging: dict[int, tuple[int, str]] = {}

    def take(self, row: Element) -> None:
        """One Row element."""
        index = self._index(row, MAX_ROWS)
        while index is not None and self.spool.count < index - 1:
            self.spool.add(self._hung([]))
        self.spool.add(self._hung(self._cells(row)))

    def _cells(self, row: Element) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if cell.tag != f"{SS}Cell":
                continue
            index = self._index(cell, self.file.limits.max_columns)
            if index is not None:
                cells += [""] * (index - 1 - len(cells))
            else:
                self._step_over(cells)
            across, down = self._merge(cell, "MergeAcross"), self._merge(cell, "MergeDown")
            value = _value(cell.find(f"{SS}Data"))
            first = len(cells)
            cells += [value, *[""] * across]
            if across or down:
                self.spool.merged.append((self.spool.count, first, self.spool.count + down, first + across))
            if down:
                self._hanging.update({first + i: (down + 1, value if i == 0 else "") for i in range(across + 1)})
        return cells

    def _step_over(self, cells: list[str]) -> None:
        """A cell without Index stands right of those that hang down from rows above."""
        while len(cells) in self._hanging:
            cells.append("")

    def _hung(self, cells: list[str]) -> list[str]:
        """The row with the values that hang down into its empty cells."""
        for column, (left, value) in sorted(self._hanging.items()):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or value
            if left <= 1:
                del self._hanging[column]
            else:
                self._hanging[column] = (left - 1, value)
        return cells

    def _index(self, element: Element, most: int) -> int | None:
        found = element.get(f"{SS}Index")
        if found is None:
            return None
        if not found.isdecimal() or not 1 <= int(found) <= most:
            raise SourceError("files.too_wide", file=self.file.name, tab=self.name, columns=found, most=most)
        return int(found)

    def _merge(self, cell: Element, name: str) -> int:
        found = cell.get(f"{SS}{name}") or "0"
        most = MAX_COLUMNS if name == "MergeAcross" else MAX_ROWS
        if not found.isdecimal() or int(found) > most:
            raise SourceError("files.too_wide", file=self.file.name, tab=self.name, columns=found, most=most)
        return int(found)


def _value(data: Element | None) -> str:
    """A Data element; its text with the mark of its type."""
    if data is None:
        return ""
    found = "".join(data.itertext())
    match data.get(f"{SS}Type"):
        case "Number":
            try:
                return number(float(found))
            except (ValueError, OverflowError):
                return found
        case "DateTime":
            return _moment(found)
        case "Boolean":
            return "TRUE" if found.strip() == "1" else "FALSE"
        case "Error":
            return ERROR_MARK + found
        case _:
            return text(found)


def _moment(found: str) -> str:
    """`2026-08-01T10:30:00.000` → a moment, a date if it is midnight, a duration if its day is zero."""
    day, _, clock = found.partition("T")
    clock = clock.partition(".")[0]
    if found.startswith(ZERO_DAYS):
        parts = clock.split(":")
        if len(parts) == 3 and all(part.isdecimal() for part in parts):
            hours, minutes, seconds = map(int, parts)
            return f"{DURATION_MARK}{hours * 3600 + minutes * 60 + seconds}"
        return found
    return MOMENT_MARK + (day if clock in ("", "00:00:00") else f"{day} {clock}")
