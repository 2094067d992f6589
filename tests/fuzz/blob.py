"""What may happen to a file on its way: each takes bytes and luck and gives other bytes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from random import Random

from tests.fuzz import nasty

Change = Callable[[bytes, Random], bytes]
PIECES = (
    b"\0", b'"', b'""', b"\n\n", b"\r", b"\x1a", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0", b"\x98", b"<table>", b"</tr>",
    b"<td rowspan=70000>", b"&#0;", b"&lol;", b";;;", b"\t", b"sep=;\n", b"sep=,\r\n", b"PK\x03\x04", b"PK\x05\x06",
    b"{", b"]", b"null", b"<!--", b"<script>", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b' ss:Index="99999999"',
    b' ss:MergeAcross="99999"', b" colspan=9999", b' r="XFD1048576"',
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "cp866", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "utf-32", "latin-1")


def flipped(content: bytes, rng: Random) -> bytes:
    """A few bytes are others."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 3, 20])):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(content: bytes, rng: Random) -> bytes:
    """The download broke off, or lost its middle."""
    at = rng.randrange(len(content) + 1)
    return content[:at] if rng.random() < 0.6 else content[:at] + content[at + rng.randrange(1, 200) :]


def put_in(content: bytes, rng: Random) -> bytes:
    """Something that does not belong there, where it hurts: at the start, behind a line, anywhere."""
    lines = [found.end() for found in re.finditer(b"\n|>", content)]
    at = rng.choice([0, len(content), rng.randrange(len(content) + 1), *(rng.choice(lines) for _ in range(3) if lines)])
    return content[:at] + rng.choice(PIECES) * rng.choice([1, 1, 1, 50]) + content[at:]


def doubled(content: bytes, rng: Random) -> bytes:
    """A part twice, or the whole file."""
    at = rng.choice([0, rng.randrange(len(content) + 1)])
    return content + content[at:] if rng.random() < 0.5 else content[:at] + content[at:][:300] + content[at:]


def lines_moved(content: bytes, rng: Random) -> bytes:
    """Lines gone, repeated, in another order."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case _:
            rng.shuffle(lines)
    return b"".join(lines)


def other_delimiter(content: bytes, rng: Random) -> bytes:
    """In every line, or in some."""
    old, new = tuple(rng.choice([";,", ",;", ";\t", "\t;", ",\t", ";|", "\n\r", "\"'"]))
    share = rng.choice([1, 1, 0.3])
    lines = content.split(b"\n")
    return b"\n".join(line.replace(old.encode(), new.encode()) if rng.random() < share else line for line in lines)


def other_encoding(content: bytes, rng: Random) -> bytes:
    """Read as one, written as another."""
    for known in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1251"):
        try:
            return content.decode(known).encode(rng.choice(ENCODINGS), "replace")
        except UnicodeDecodeError:
            continue
    return content


def mixed_encodings(content: bytes, rng: Random) -> bytes:
    """Half of the file in another encoding."""
    at = content.find(b"\n", rng.randrange(len(content) + 1))
    return content if at < 0 else content[:at] + other_encoding(content[at:], rng)


def other_line_ends(content: bytes, rng: Random) -> bytes:
    """Of a Mac, of Windows, of both."""
    plain = content.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", rng.choice([b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n"]))


def nasty_text(content: bytes, rng: Random) -> bytes:
    """A nasty value in place of a word."""
    words = list(re.finditer(rb"[^\s;,<>\"{}\[\]]+", content))
    if not words:
        return content
    word = rng.choice(words)
    return content[: word.start()] + nasty.value(rng).encode("utf-8", "replace") + content[word.end() :]


def packed(content: bytes, rng: Random) -> bytes:
    """In an archive: deep, twice, under a bad name, beside a bomb."""
    stream = io.BytesIO()
    name = rng.choice(
        ["a.csv", "../../a.csv", "/etc/a.csv", "a/b/c.csv", "вложение.xlsx", "__MACOSX/._a.csv", "a\\b.csv", "."]
    )
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        for extra in range(rng.choice([0, 0, 1, 3])):
            archive.writestr(f"{extra}.csv", rng.choice([b"", content, b"x" * 100, b"0" * 11_000_000]))
    return stream.getvalue()


def repacked(content: bytes, rng: Random) -> bytes:
    """A part of a workbook or an archive is damaged, its checksum right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        return flipped(content, rng)
    if not parts:
        return content
    chosen = rng.choice([name for name in parts if "sheet" in name.lower()] * 3 + list(parts))
    change = rng.choice([flipped, cut, put_in, put_in, doubled, nasty_text])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, change(part, rng) if name == chosen else part)
    return stream.getvalue()


CHANGES: dict[str, tuple[int, Change]] = {
    change.__name__: (weight, change)
    for weight, change in (
        (4, flipped), (4, cut), (4, put_in), (2, doubled), (4, lines_moved), (3, other_delimiter),
        (3, other_encoding), (1, mixed_encodings), (3, other_line_ends), (6, nasty_text), (1, packed), (3, repacked),
    )
}  # fmt: skip
"""Name → how often it happens, and what it does."""
