"""A name as a table has it → what it was before some program read its bytes in a wrong code page and saved that."""

from __future__ import annotations

import re

from connectors.files.text.encoding import TURNED, likeness

WRITTEN_AND_READ = (
    ("utf-8", ("cp1251", "latin-1", "cp1252", "cp866", "koi8-r")),
    ("cp1251", ("latin-1", "cp1252", "cp866", "koi8-r")),
    ("cp866", ("cp1251", "latin-1", "cp1252")),
    ("koi8-r", ("cp1251", "latin-1", "cp1252", "cp866")),
)
"""How a text was written, and as what programs are known to read it."""
MUCH_LIKELIER = 3.0
"""By so much the one text must read more like Russian than the other."""
FEWEST_LETTERS = 4
"""Of fewer, any other may read as well."""
PLAIN = re.compile(r"[ -~А-Яа-яЁё«»—–№…\u00a0]+")
"""What names are written in."""
OF_TWO = re.compile(r"[a-z][а-яё№]|[а-яё№][a-z]", re.IGNORECASE)
"""No word of one language: `M№ller` was Müller, and is whole."""


def undone(name: str) -> str | None:
    """A name in; what it surely was before its letters were spoilt out, None for one that may be whole."""
    if len(name) < FEWEST_LETTERS or (PLAIN.fullmatch(name) and not TURNED.search(name)):
        return None
    best = max(filter(_may_be_name, _readings(name)), key=likeness, default="")
    return best if best and likeness(name) < min(0, likeness(best) - MUCH_LIKELIER) else None


def _may_be_name(text: str) -> bool:
    is_plain = PLAIN.fullmatch(text) and not text.isascii()
    return bool(is_plain) and not TURNED.search(text) and not OF_TWO.search(text)


def _readings(name: str) -> list[str]:
    """What the bytes of a name say in the code pages that they may be in."""
    found = []
    for written, wrongly in WRITTEN_AND_READ:
        for read in wrongly:
            try:
                found.append(name.encode(read).decode(written))
            except UnicodeError:
                continue
    return found
