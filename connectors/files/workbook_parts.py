"""Which part of an XLSX holds which sheet, as the workbook itself says."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from config.errors import SourceError
from connectors.files.limits import MEGABYTE
from connectors.files.zip_guard import BROKEN

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MOST_BYTES = 16 * MEGABYTE
"""Of a part that lists sheets; Excel's own limits keep it far below."""


def sheet_parts(path: Path, name: str) -> dict[str, str]:
    """A workbook in; name of a sheet → name of its part, in lower case, out; empty where the lists cannot be read.

    Raises SourceError for a document type or an entity of its own.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {member.filename.casefold(): member for member in archive.infolist()}
            targets = {one.get("Id"): one.get("Target") or "" for one in _elements(archive, parts.get(RELATIONS))}
            sheets = [one for one in _elements(archive, parts.get(WORKBOOK)) if _local(one.tag) == "sheet"]
    except DefusedXmlException as error:
        raise SourceError("files.xml_entities", file=name) from error
    except (*BROKEN, ParseError, LookupError):
        return {}
    return {sheet.get("name") or "": _part(targets.get(_relation(sheet)) or "") for sheet in sheets}


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo | None) -> Iterator[Element]:
    """Every element of a small part."""
    if part is None or part.file_size > MOST_BYTES:
        return iter(())
    with archive.open(part) as stream:
        root: Element = defusedxml.ElementTree.fromstring(stream.read(MOST_BYTES), forbid_dtd=True)
    return root.iter()


def _relation(sheet: Element) -> str | None:
    return next((value for key, value in sheet.items() if key.startswith("{") and _local(key) == "id"), None)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _part(target: str) -> str:
    """A target, from the root or from the workbook's own folder, in; the part's name out."""
    return posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/"))).lstrip("/").casefold()
