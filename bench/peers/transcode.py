"""Exports as utf-8, for readers that know nothing else."""

from __future__ import annotations

from pathlib import Path


def transcode(exports: Path, pattern: str, folder: Path) -> list[Path]:
    """cp1251 files of a pattern in, their utf-8 copies in the folder out; in pieces of 4 MiB."""
    copies = []
    for path in sorted(exports.glob(pattern)):
        copies.append(folder / path.name)
        with path.open("rb") as source, copies[-1].open("wb") as target:
            while chunk := source.read(1 << 22):
                target.write(chunk.decode("cp1251").encode())
    return copies
