"""How much of a file may be taken in before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one file; the client's `settings.loading` sets the first two."""

    max_file_bytes: int = 4096 * MEGABYTE
    max_unpacked_bytes: int = 2048 * MEGABYTE
    """Of everything inside one archive or workbook together."""
    max_ratio: int = 200
    """Unpacked to packed, of one member; ordinary workbooks stay below 60. Only members above 10 MB are judged."""
    max_members: int = 2000
    max_columns: int = 2000
    in_memory_bytes: int = 1 * MEGABYTE
    """A plain text file up to this size is read into rows; a larger one stays on disk."""
    max_document_bytes: int = 64 * MEGABYTE
    """Of containers that cannot be read in parts (JSON, bank statements)."""

    @classmethod
    def of_megabytes(cls, max_file_mb: int, max_unpacked_mb: int) -> Limits:
        """The two settings of a client, in megabytes; Limits out."""
        return cls(max_file_bytes=max_file_mb * MEGABYTE, max_unpacked_bytes=max_unpacked_mb * MEGABYTE)
