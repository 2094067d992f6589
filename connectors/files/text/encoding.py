"""The bytes of a text file → the encoding they are in."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from pathlib import Path

from config.errors import SourceError
from config.words import composed

BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SINGLE_BYTE = ("cp1251", "cp866", "koi8-r", "mac-cyrillic")
"""Of two in which a text reads alike the first is taken."""
SAMPLE_BYTES = 4 * 1024 * 1024
LETTERS_BYTES = 32 * 1024
WHOLE_LETTERS = 4
"""A text with at least so many whole letters of UTF-8 to each torn one is UTF-8; the other way round, a code page."""
FEWEST_LETTERS = 20
"""So many prove that part of a text is UTF-8."""
LONGEST_LETTER, MOST_IN_ONE_PLACE = 4, 3
"""Bytes of a letter in UTF-8, and of what is torn in one place of it."""
RUSSIAN = re.compile(rb"\xd0[\x81\x90-\xbf]"), re.compile(rb"\xd1[\x80-\x8f\x91]")
"""Letters of the Russian alphabet in UTF-8; other pairs of bytes are signs of a code page by chance (`Т»`). Each of
both kinds is found by its first byte, five times as fast as either of them."""
NOT_ASCII = bytes(range(0x80, 0x100))
FOLLOWING = bytes(range(0x80, 0xC0))
"""Each letter of UTF-8 that is not ASCII has one of them at least, and three at most, after its first byte."""
TORN = "\ufffd"
"""What stands for bytes that are no letter."""


def encoding_of(data: bytes, is_whole: bool = True) -> str:
    """The beginning of a text in; `utf-8`, `utf-8-sig`, `utf-16`, `utf-16-le`, `utf-16-be` or one of SINGLE_BYTE out.

    A few torn letters (a program that cuts by bytes) leave a text UTF-8; else its letters decide which code page it is.
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
        return "utf-8" if is_mostly_utf8(data) else code_page_of(data)
    return "utf-8"


@dataclass(frozen=True)
class Letters:
    """What a text holds if it is read as UTF-8."""

    whole: int
    """Letters of several bytes."""
    torn: int
    """Places where the bytes are no letter."""

    @property
    def is_utf8(self) -> bool:
        """Whether all but a few are whole."""
        return self.whole >= WHOLE_LETTERS * self.torn


def is_mostly_utf8(data: bytes) -> bool:
    """Bytes in; whether all but a few letters of UTF-8 are whole, out.

    Code pages have so few of the bytes that follow in UTF-8 that these alone tell, which takes a fifth of the time.
    """
    letters, following = (len(data) - len(data.translate(None, some)) for some in (NOT_ASCII, FOLLOWING))
    fewest_torn = (letters - LONGEST_LETTER * following) / MOST_IN_ONE_PLACE
    return following >= WHOLE_LETTERS * fewest_torn and letters_of(data).is_utf8


def letters_of(data: bytes) -> Letters:
    """Bytes in; the letters of UTF-8 among them out."""
    text = data.decode("utf-8", "replace")
    torn = text.count(TORN) - data.count(TORN.encode())
    return Letters(len(text) - len(data.translate(None, NOT_ASCII)) - torn, torn)


def encoding_of_whole(path: Path, beginning: str) -> tuple[str, bool]:
    """A file and the encoding its beginning suggests in; that of the whole, and whether some letters are torn, out."""
    broken = broken_utf8(path) if beginning.startswith("utf-8") else None
    if broken is None or beginning == "utf-8-sig":
        return beginning, broken is not None
    with path.open("rb") as stream:
        parts = [letters_of(chunk) for chunk in iter(lambda: stream.read(SAMPLE_BYTES), b"")]
    letters = Letters(sum(part.whole for part in parts), sum(part.torn for part in parts))
    return ("utf-8", True) if letters.is_utf8 else (code_page_of(broken), False)


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
    """Bytes that are not UTF-8; the code page in which they read most like Russian words."""
    sample = _sample(data)
    found = {name: likeness(sample.decode(name, "replace")) for name in SINGLE_BYTE}
    found[SINGLE_BYTE[0]] += COMMONEST
    return max(found, key=lambda name: found[name])


def text_of(data: bytes, encoding: str) -> str:
    """Bytes and their encoding; the text in composed form, with U+FFFD for a byte that means nothing there."""
    return composed(data.decode(encoding, "replace"))


LINE_END = re.compile(r"\r\n|\n|\r")


def lines_of(text: str) -> list[str]:
    """A text in; its lines out. `splitlines` parts them at U+2028 and VT too, which Word puts inside a text."""
    lines = LINE_END.split(text)
    return lines[:-1] if not lines[-1] else lines


def refuse_unreadable(data: bytes, encoding: str, name: str) -> None:
    """Bytes and the code page they were taken for; raises SourceError if what they say in it is no words either."""
    if encoding not in SINGLE_BYTE:
        return
    words, others = 0, 0
    for token, times in _tokens(_sample(data).decode(encoding, "replace")):
        if token not in ANY_MARKS:
            words += times * len(token) if _is_word(token) else 0
            others += 0 if _is_word(token) else times * sum(not letter.isascii() for letter in token)
    if others > words or _is_mixed(data):
        raise SourceError("files.unknown_encoding", file=name, tried=", ".join(("utf-8", *SINGLE_BYTE)))


WIDE = re.compile(rb"(?:[^\0]\0){8}|(?:\0[^\0]){8}")
"""Eight letters or digits of UTF-16: zeros alone are what a cut off power leaves of a file."""


def refuse_wide_rows(pieces: Iterable[bytes], encoding: str, name: str) -> None:
    """A file piece by piece and its encoding; raises SourceError if its end is UTF-16, as PowerShell adds it."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    lines, before = 1, b""
    for piece in pieces:
        here = before + piece
        if b"\0" in piece and (found := WIDE.search(here)):
            row = lines + here.count(b"\n", 0, found.start() + 1)
            raise SourceError("files.two_encodings", file=name, row=row, encoding=encoding)
        before = here[-16:]
        lines += here.count(b"\n") - before.count(b"\n")


def _is_mixed(data: bytes) -> bool:
    """Whether neither UTF-8 nor a code page explains the letters: two files in one."""
    russian = sum(len(letters.findall(data)) for letters in RUSSIAN)
    if russian < FEWEST_LETTERS:
        return False
    letters = letters_of(data)
    return not letters.is_utf8 and russian * WHOLE_LETTERS >= letters.torn


# How often Russian uses each letter, in parts of ten thousand: what a text in a wrong code page turns upside down.

USUAL = {
    "о": 1097, "е": 845, "а": 801, "и": 735, "н": 670, "т": 626, "с": 547, "р": 473, "в": 454, "л": 440, "к": 349,
    "м": 321, "д": 298, "п": 281, "у": 262, "я": 201, "ы": 190, "ь": 174, "г": 170, "з": 165, "б": 159, "ч": 144,
    "й": 121, "х": 97, "ж": 94, "ш": 73, "ю": 64, "ц": 48, "щ": 36, "э": 32, "ф": 26, "ъ": 4, "ё": 4,
}  # fmt: skip
WEIGHTS = {letter: log(parts * len(USUAL) / 10_000) for letter, parts in USUAL.items()}
MARKS = frozenset("«»—–№°…“”’‘„•·×±§©®€₽½\u00a0\u00ad\u200b\ufeff")
"""Signs beyond ASCII that stand among words in any text."""
ANY_MARKS = MARKS | frozenset("™‰‹›†‡¤¦¬¶µ‚´¨¯¸¹²³¼¾ªº")
"""Others that are no letters of any language, though they are rare enough to tell one code page from another."""
TOKEN = re.compile(r"[^\W\d_]+|[^\x00-\x7f]")
COMMONEST = 1.0
"""What the code page of Windows is ahead of the others: a letter or two prove nothing."""
TURNED = re.compile(r"[а-яё][А-ЯЁ]")
"""A capital after a small letter: what KOI8-R makes of every name in another code page."""

GLUED = re.compile(r"[А-Яа-яЁё][€«„№][а-яё]")
"""A sign within a word: «Заявка» of Windows is «а€вка on a Macintosh."""


def _sample(data: bytes) -> bytes:
    """Some kilobytes round the first letter that is not ASCII."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, first.start() - LETTERS_BYTES // 2) if first else 0
    return data[start : start + LETTERS_BYTES]


def _tokens(text: str) -> list[tuple[str, int]]:
    """Words and signs that are not ASCII, each with how often it stands there."""
    return [(token, times) for token, times in Counter(TOKEN.findall(text)).items() if not token.isascii()]


def _is_word(token: str) -> bool:
    """Whether a token is all of Cyrillic letters."""
    return all("Ѐ" <= letter <= "ӿ" for letter in token)


def likeness(text: str) -> float:
    """How much like Russian a text reads: usual letters count for it, signs and mixed words against it."""
    read = sum(times * _weight(token) for token, times in _tokens(text) if token not in MARKS)
    return read - 2 * len(GLUED.findall(text))


def _weight(token: str) -> float:
    if token in ANY_MARKS:
        return -1.0
    if not _is_word(token):
        return -3.0 * sum(not letter.isascii() for letter in token)
    return sum(WEIGHTS.get(letter, -2.0) for letter in token.lower()) - 2 * len(TURNED.findall(token))


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


# A name as a table has it → what it was before some program read its bytes in a wrong code page and saved that.

WRITTEN_AND_READ = (
    ("utf-8", ("cp1251", "latin-1", "cp1252", "cp866", "koi8-r")),
    ("cp1251", ("latin-1", "cp1252", "cp866", "koi8-r")),
    ("cp866", ("cp1251", "latin-1", "cp1252")),
    ("koi8-r", ("cp1251", "latin-1", "cp1252", "cp866")),
)
"""How a text was written, and as what programs are known to read it."""
MUCH_LIKELIER = 3.0
"""By so much the one text must read more like Russian than the other."""
FEWEST_OF_NAME = 4
"""Of fewer, any other may read as well."""
PLAIN = re.compile(r"[ -~А-Яа-яЁё«»—–№…\u00a0]+")
"""What names are written in."""
OF_TWO = re.compile(r"[a-z][а-яё№]|[а-яё№][a-z]", re.IGNORECASE)
"""No word of one language: `M№ller` was Müller, and is whole."""


def undone(name: str) -> str | None:
    """A name in; what it surely was before its letters were spoilt out, None for one that may be whole."""
    if len(name) < FEWEST_OF_NAME or (PLAIN.fullmatch(name) and not TURNED.search(name)):
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
