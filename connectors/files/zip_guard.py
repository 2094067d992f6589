"""An archive or a zipped workbook → refused if it is a bomb, is locked, or names places outside itself."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from config.errors import SourceError
from connectors.files.table import MEGABYTE, Limits

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, RuntimeError, NotImplementedError, ValueError, KeyError, OSError,
)  # fmt: skip
"""Everything zipfile raises over an archive that is damaged or uses what it cannot unpack."""
JUDGED_ABOVE_BYTES = 10 * MEGABYTE


def guard(path: Path, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """A zip file in; its members that are files out, all within the limits by what the directory of the archive states.

    Raises SourceError for a broken or locked archive, too many or too big members, a ratio that no real table has,
    and names that lead outside. Stated sizes may lie: whoever unpacks must count as well.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except BROKEN as error:
        raise SourceError("files.broken_archive", file=name, problem=str(error)) from error
    if len(members) > limits.max_members:
        raise SourceError("files.too_many_members", file=name, members=len(members), most=limits.max_members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.max_unpacked_bytes:
        raise SourceError(
            "files.too_big_unpacked",
            file=name,
            size_mb=unpacked // MEGABYTE,
            most_mb=limits.max_unpacked_bytes // MEGABYTE,
        )
    for member in members:
        _judge(member, name, limits)
    return members


def _judge(member: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    if member.flag_bits & 0x1:
        raise SourceError("files.password", file=name)
    inner = PurePosixPath(member.filename.replace("\\", "/"))
    if inner.is_absolute() or ".." in inner.parts or ":" in "".join(inner.parts[:1]):
        raise SourceError("files.member_leaves", file=name, member=member.filename)
    if member.file_size > JUDGED_ABOVE_BYTES and member.file_size > member.compress_size * limits.max_ratio:
        raise SourceError("files.bomb", file=name, member=member.filename, size_mb=member.file_size // MEGABYTE)
