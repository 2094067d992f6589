"""The first bytes of a file → the kind of container it is. The name of a file decides nothing."""

import re
import zipfile
from pathlib import Path

from config.errors import SourceError
from connectors.files.table import Kind
from connectors.files.text.encoding import encoding_of, text_of
from connectors.files.zip_guard import BROKEN

HEAD_BYTES = 8192
WORKBOOK_PARTS = re.compile(r"^(xl/workbook\.(xml|bin)|content\.xml|\[content_types\]\.xml)$", re.IGNORECASE)
OTHER = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "SQLite",
    b"MZ": "EXE",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet",
}
HTML = re.compile(r"<(!doctype\s+html|html|head|meta|table|body|style|tr|td)\b", re.IGNORECASE)
SPREADSHEETML = re.compile(r"Excel\.Sheet|urn:schemas-microsoft-com:office:spreadsheet", re.IGNORECASE)


def kind_of(path: Path, name: str) -> Kind:
    """A file on disk; its kind. Raises SourceError for one that is empty or that no reader of ours reads."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise SourceError("files.unreadable", file=name, problem=error) from error
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise SourceError("files.empty", file=name)
    if head.startswith(b"PK"):
        return _zipped(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.XLS
    if re.match(rb"\x09[\x00\x02\x04\x08]", head):  # BIFF 2 to 5 without a container
        return Kind.XLS
    for start, what in OTHER.items():
        if head.startswith(start):
            raise SourceError("files.not_a_table", file=name, what=what)
    return _textual(text_of(head, encoding_of(head, is_whole=False)).lstrip("\ufeff \t\r\n"), name)


def _textual(text: str, name: str) -> Kind:
    if text.startswith("1CClientBankExchange"):
        return Kind.BANK
    if text.startswith("<"):
        return _markup(text, name)
    if text.startswith("{") or re.match(r"\[\s*[\[{\"]", text):
        return Kind.JSON
    return Kind.CSV


def _markup(text: str, name: str) -> Kind:
    if SPREADSHEETML.search(text):
        return Kind.SPREADSHEETML
    if HTML.search(text):
        return Kind.HTML
    if text.startswith("<?xml"):
        raise SourceError("files.not_a_table", file=name, what="XML")
    return Kind.CSV


def _zipped(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except BROKEN as error:
        raise SourceError("files.broken_archive", file=name, problem=str(error)) from error
    if any(WORKBOOK_PARTS.match(member.replace("\\", "/")) for member in names):
        if any(member.casefold().startswith("word/") for member in names):
            raise SourceError("files.not_a_table", file=name, what="DOCX")
        return Kind.XLSX
    return Kind.ZIP
