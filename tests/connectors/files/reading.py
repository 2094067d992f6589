"""Small files for the readers' tests."""

from __future__ import annotations

import zipfile
from pathlib import Path

from config.documents import RawTable
from connectors.files.find import FoundFile
from connectors.files.read import read
from connectors.files.table import Limits

DATA = Path(__file__).parents[2] / "data" / "files"


def read_bytes(
    folder: Path,
    content: bytes,
    name: str = "выгрузка.csv",
    *,
    limits: Limits | None = None,
    sheets: tuple[str, ...] = (),
) -> list[RawTable]:
    """Bytes written under a name and read as a source `s`."""
    path = folder / name
    path.write_bytes(content)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return read(FoundFile(path, name, len(content), 0.0, ""), "s", scratch, limits, sheets)


def rows_of(folder: Path, text: str, encoding: str = "utf-8", **options: object) -> list[list[str]]:
    """The rows of the one table that a text gives."""
    [table] = read_bytes(folder, text.encode(encoding), **options)  # type: ignore[arg-type]
    assert table.rows is not None
    return [list(row) for row in table.rows]


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of members, as bytes."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path.read_bytes()
