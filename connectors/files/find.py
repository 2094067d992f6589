"""A source's patterns and the client's folder → the files they mean, each with its size, time and content hash."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from config.errors import SourceError

HASHING = 2
"""Files at a time: Python lets go of a core while it hashes."""
CHUNK_BYTES = 1024 * 1024
UNFINISHED = re.compile(r"^(~\$|\.~lock|\.)|\.(part|crdownload|tmp|download|partial|opdownload)$|~$", re.IGNORECASE)
"""Names of files that another program is still working on: locks of Excel and LibreOffice, downloads under way."""
WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class FoundFile:
    """One file of a source as it was when found."""

    path: Path
    file: str
    """Relative to the client's folder, with forward slashes, as people write it."""
    size: int
    modified_at: float
    """Seconds since 1970, as the file system says."""
    content_hash: str
    """sha256 of the bytes, in hex."""


def find(
    source: str,
    patterns: Sequence[str],
    folder: Path,
    allowed_roots: Sequence[Path] = (),
    max_file_bytes: int | None = None,
) -> list[FoundFile]:
    """Patterns relative to the folder in; every file they match, once, in order of name, out.

    Names are compared in composed form, so that `й` typed on a Mac finds the file of a Windows archive.
    Raises SourceError if a pattern matches nothing, a path or a link leads outside the folder and the allowed roots,
    a file cannot be opened, is empty, too big, or grows while it is read.
    """
    roots = [folder.resolve(), *(root.resolve() for root in allowed_roots)]
    matched: dict[str, Path] = {}
    for pattern in patterns:
        of_pattern = _matches(source, pattern, folder, roots)
        readable = {name: path for name, path in of_pattern.items() if not UNFINISHED.search(path.name)}
        if not readable:
            raise _nothing(source, pattern, folder, roots, list(of_pattern))
        matched.update(readable)
    with ThreadPoolExecutor(HASHING, "hash") as pool:
        return list(pool.map(lambda one: _found(one[1], one[0], roots, max_file_bytes), sorted(matched.items())))


def matching(pattern: str, folder: Path, allowed_roots: Sequence[Path]) -> list[str]:
    """A pattern relative to the folder in; names of the finished files it matches, unopened, none if there are none.

    Raises SourceError if it leads outside the folder and the allowed roots.
    """
    found = _matches("", pattern, folder, [folder.resolve(), *(root.resolve() for root in allowed_roots)])
    return sorted(name for name, path in found.items() if not UNFINISHED.search(path.name))


def _matches(source: str, pattern: str, folder: Path, roots: Sequence[Path]) -> dict[str, Path]:
    """Name relative to the folder → path, of every file a pattern matches."""
    parts = _parts(source, pattern, folder)
    start = Path(parts[0]) if Path(pattern).is_absolute() else folder
    rest = parts[1:] if Path(pattern).is_absolute() else parts
    _inside(start.joinpath(*_fixed(rest[:-1])), pattern, roots)
    return {_name(path, folder): path for path in _walk(start, rest) if path.is_file()}


def _parts(source: str, pattern: str, folder: Path) -> list[str]:
    parts = list(Path(pattern).parts)
    if not parts:
        raise SourceError("files.no_match", source=source, pattern=pattern, folder=folder.name)
    if ".." in parts:
        raise SourceError("files.leaves_folder", file=pattern)
    return parts


def _fixed(parts: Sequence[str]) -> list[str]:
    """The parts of a pattern before its first wildcard."""
    return list(takewhile(lambda part: not WILDCARD.search(part), parts))


def _walk(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """A folder and the parts of a pattern in; every path below that matches out. `**` stands for any depth.

    Where something of just this name is, `Звонки [август].csv` as a browser saves it, it is meant and nothing else.
    """
    if not parts:
        yield folder
        return
    if not folder.is_dir():
        return
    head, *rest = parts
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise SourceError("files.unreadable", file=folder.name, problem=error) from error
    if head == "**":
        yield from _walk(folder, rest)
        for entry in entries:
            if entry.is_dir() and not entry.is_symlink():
                yield from _walk(entry, parts)
        return
    same = [entry for entry in entries if _composed(entry.name) == _composed(head)]
    matcher = _matcher(head)
    for entry in same or [entry for entry in entries if matcher.fullmatch(_composed(entry.name))]:
        if not entry.name.startswith(".") or head.startswith("."):
            yield from _walk(entry, rest)


def _matcher(part: str) -> re.Pattern[str]:
    """One part of a pattern → the names it means; `*`, `?` and `[…]`, everything else literally."""
    pieces = {"*": ".*", "?": "."}
    text, regex, index = _composed(part), "", 0
    while index < len(text):
        end = text.find("]", index + 2) if text[index] == "[" else -1
        if end > 0:
            inner = re.sub(r"[\\[&|~]", r"\\\g<0>", text[index + 1 : end])
            regex += "[" + ("^" + inner[1:] if inner[0] in "!^" else inner) + "]"
            index = end
        else:
            regex += pieces.get(text[index], re.escape(text[index]))
        index += 1
    try:
        return re.compile(regex, re.DOTALL)
    except re.error:
        return re.compile(re.escape(text))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _name(path: Path, folder: Path) -> str:
    try:
        return _composed(path.relative_to(folder).as_posix())
    except ValueError:
        return _composed(path.as_posix())


def _inside(path: Path, name: str, roots: Sequence[Path]) -> None:
    target = path.resolve()
    if not any(target == root or root in target.parents for root in roots):
        raise SourceError("files.leaves_folder", file=name)


def _nothing(source: str, pattern: str, folder: Path, roots: Sequence[Path], unfinished: list[str]) -> SourceError:
    """Why a pattern gave no file: the folder is missing, empty, or holds other names."""
    if unfinished:
        return SourceError("files.only_unfinished", source=source, pattern=pattern, files=", ".join(sorted(unfinished)))
    fixed = _fixed(Path(pattern).parts[:-1])
    parent, place = folder.joinpath(*fixed), "/".join(fixed) or folder.name
    _inside(parent, pattern, roots)
    if not parent.is_dir():
        return SourceError("files.no_folder", source=source, pattern=pattern, folder=place)
    present = sorted(
        _composed(entry.name) for entry in parent.iterdir() if entry.is_file() and not entry.name.startswith(".")
    )
    if not present:
        return SourceError("files.empty_folder", source=source, pattern=pattern, folder=place)
    shown = ", ".join(present[:8]) + (", …" if len(present) > 8 else "")
    return SourceError("files.no_match", source=source, pattern=pattern, folder=place, present=shown)


def _found(path: Path, name: str, roots: Sequence[Path], max_file_bytes: int | None) -> FoundFile:
    _inside(path, name, roots)
    try:
        before = path.stat()
        if before.st_size == 0:
            raise SourceError("files.empty", file=name)
        if max_file_bytes is not None and before.st_size > max_file_bytes:
            raise SourceError(
                "files.too_big", file=name, size_mb=before.st_size // CHUNK_BYTES, most_mb=max_file_bytes // CHUNK_BYTES
            )
        content_hash = _sha256(path)
        after = path.stat()
    except OSError as error:
        raise SourceError("files.unreadable", file=name, problem=error) from error
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise SourceError("files.still_written", file=name)
    return FoundFile(path, name, after.st_size, after.st_mtime, content_hash)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
