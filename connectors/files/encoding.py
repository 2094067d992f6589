"""The bytes of a text file → the encoding they are in."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
FREQUENT = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ")
SINGLE_BYTE = ("cp1251", "cp866")
SAMPLE_BYTES = 4 * 1024 * 1024
LETTERS_BYTES = 64 * 1024


def encoding_of(data: bytes, is_whole: bool = True) -> str:
    """The beginning of a text in; `utf-8`, `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be`, `cp1251` or `cp866` out.

    UTF-8 is strict: a single wrong byte makes the text a code page, and letters decide which one.
    """
    for mark, name in BOMS.items():
        if data.startswith(mark):
            return name
    wide = _without_mark(data[:4096])
    if wide:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(data, final=is_whole)
    except UnicodeDecodeError:
        return code_page_of(data)
    return "utf-8"


def encoding_of_whole(path: Path, beginning: str) -> str:
    """A file and the encoding its beginning suggests in; that of the whole out: UTF-8 that breaks off never was."""
    broken = None if beginning != "utf-8" else broken_utf8(path)
    return beginning if broken is None else code_page_of(broken)


def broken_utf8(path: Path) -> bytes | None:
    """A file in; the part of it where it is no UTF-8, None if it is."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as stream:
        chunk = stream.read(SAMPLE_BYTES)
        try:
            while chunk:
                following = stream.read(SAMPLE_BYTES)
                decoder.decode(chunk, final=not following)
                chunk = following
        except UnicodeDecodeError:
            return chunk
    return None


def code_page_of(data: bytes) -> str:
    """Bytes that are not UTF-8; the code page in which they read most like Russian."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - LETTERS_BYTES // 2) if first else 0
    sample = data[start : start + LETTERS_BYTES]
    return max(SINGLE_BYTE, key=lambda name: _russian(sample.decode(name, "replace")))


def text_of(data: bytes, encoding: str) -> str:
    """Bytes and their encoding; the text, with U+FFFD for a byte that means nothing there."""
    return data.decode(encoding, "replace")


def _russian(text: str) -> int:
    """Small letters that Russian uses, less the signs that letters of another code page turn into."""
    good = sum(text.count(letter) for letter in FREQUENT)
    capitals = sum(text.count(letter.upper()) for letter in FREQUENT)
    letters = good + capitals
    strange = (
        len(text)
        - len(text.encode("ascii", "ignore"))
        - letters
        - sum(text.count(mark) for mark in "«»—–№ё\u00a0…“”’„")
    )
    return 2 * good + capitals - 2 * max(strange, 0)


def _without_mark(data: bytes) -> str | None:
    """UTF-16 that does not begin with a mark: every other byte of its Latin letters and digits is zero."""
    if len(data) < 8:
        return None
    even, odd = data[0::2].count(0), data[1::2].count(0)
    half = len(data) // 2
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    return None
