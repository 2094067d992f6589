"""Cells of an XLSX that are shown as money of a country → their places and currencies, which its reader does not tell.

Only where a style of the workbook shows another money than roubles are its parts searched, while their sizes are
counted. What is shown in roubles is told apart only in a sheet that shows other money too.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from connectors.a1 import column_number
from connectors.files.cells import MarkedCell
from connectors.files.table import MEGABYTE
from connectors.files.zip_guard import BROKEN
from connectors.shown_money import ROUBLES, money_text, shown_currency

STYLES = "xl/styles.xml"
MOST_BYTES = 16 * MEGABYTE
LONGEST_TAG_BYTES = 1000
COLUMN_BITS, CURRENCY_BITS = 16, 8


def money_styles(path: Path) -> Mapping[str, str]:
    """A workbook in; number of a cell's style → the currency it shows out; empty unless one is not roubles."""
    try:
        with zipfile.ZipFile(path) as archive:
            part = next((one for one in archive.infolist() if one.filename.casefold() == STYLES), None)
            if part is None or part.file_size > MOST_BYTES:
                return {}
            with archive.open(part) as stream:
                root: Element = defusedxml.ElementTree.fromstring(stream.read(MOST_BYTES), forbid_dtd=True)
    except (*BROKEN, DefusedXmlException, ParseError, LookupError):
        return {}
    codes = {
        one.get("numFmtId"): currency
        for one in root.iter()
        if one.tag.endswith("}numFmt") and (currency := shown_currency(one.get("formatCode") or "")) is not None
    }
    styles = [one for found in root if found.tag.endswith("}cellXfs") for one in found]
    shown = {str(style): codes[known] for style, one in enumerate(styles) if (known := one.get("numFmtId")) in codes}
    return shown if set(shown.values()) - {ROUBLES} else {}


class MoneyCells:
    """Takes one part of a workbook, chunk by chunk; then says in the rows of its sheet which money is which.

    A cell is one number (row, column, currency), so that a column of a million amounts takes eight megabytes.
    """

    def __init__(self, styles: Mapping[str, str]) -> None:
        """Number of a cell's style → the currency it shows; none, and nothing is searched for."""
        self._styles = styles
        self._currencies = sorted(set(styles.values()))
        self._found = array("Q")
        self._rest = b""
        numbers = "|".join(styles).encode()
        self._cell = re.compile(
            rb"""<(?:\w+:)?c\s(?=[^<>]*?\bs=["'](""" + numbers + rb""")["'])"""
            rb"""(?=[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'])"""
        )

    def __bool__(self) -> bool:
        return bool(self._found)

    def take(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        if not self._styles:
            return
        buffer = self._rest + chunk
        last = max(buffer.rfind(b"<"), len(buffer) - LONGEST_TAG_BYTES)
        whole = last if buffer[last : last + 1] == b"<" and b">" not in buffer[last:] else len(buffer)
        for style, letters, row in self._cell.findall(buffer, 0, whole):
            currency = self._currencies.index(self._styles[style.decode()])
            place = max(0, int(row) - 1) << COLUMN_BITS | column_number(letters.decode())
            self._found.append(place << CURRENCY_BITS | currency)
        self._rest = buffer[whole:]

    def end(self) -> None:
        """The part is over."""
        self._rest = b""
        only = {self._currencies[key % (1 << CURRENCY_BITS)] for key in self._found}
        self._found = array("Q") if only <= {ROUBLES} else array("Q", sorted(self._found))

    def put_into(self, rows: Sequence[list[Any]], first_row: int, first_column: int) -> None:
        """Cells of the sheet, and where, from 0, the first of them stands; numbers among them get their currency."""
        bits, mask = COLUMN_BITS + CURRENCY_BITS, (1 << COLUMN_BITS) - 1
        start, end = (bisect_left(self._found, row << bits) for row in (first_row, first_row + len(rows)))
        for key in self._found[start:end]:
            cells, place = rows[(key >> bits) - first_row], (key >> CURRENCY_BITS & mask) - first_column
            if 0 <= place < len(cells) and type(cells[place]) in (int, float):
                cells[place] = MarkedCell(money_text(cells[place], self._currencies[key % (1 << CURRENCY_BITS)]))
