"""How wide a text is and how many lines it takes in a cell: widths of Arial's letters, so that nothing is cut off."""

from functools import lru_cache

PIXELS_PER_CHAR, COLUMN_PADDING = 7, 5
"""A column of n characters is 7n + 5 pixels wide at Arial 10 (learn.microsoft.com, `Column.width`)."""
LINE_POINTS = 13
CELL_PADDING = 6
SAFETY = 1.03
"""Letters are drawn a little differently by every program; better one line too many than one cut off."""
BOLD = 1.07

_HUNDREDTHS = {
    22: "ijl", 26: "|", 28: " !,./:;I[\\]ft·\u00a0", 33: "()-`r{}'\"", 36: "г", 39: "*", 44: "к", 46: "зт",
    50: "Jcksvxyzсухэ", 53: "чьв", 55: "Гпян÷≈≤≥", 58: "бц+<=>~Кдл×−", 60: "ЗFTZТ", 63: "ъΣУ",
    67: "БЛЬ&ABEKPSVXYАВЕРХЧжЁΔДм", 71: "█░", 72: "CDHNRUwИЙНПСЭЯы", 76: "ЦюФ", 80: "GOQОЪш", 83: "фщMmМ", 91: "%ЫЖШ",
    100: "WЩ▲▼—…→Ю@", 107: "№",
}  # fmt: skip
"""Advance width of letters in hundredths of the font size, measured on a font as wide as Arial."""
_WIDTHS = {letter: width for width, letters in _HUNDREDTHS.items() for letter in letters}
_USUAL = 56


def text_pixels(text: str, size: int = 10, *, bold: bool = False) -> float:
    """Width of one line in pixels at 96 dpi."""
    points = _hundredths(text) / 100 * size
    return points * 96 / 72 * (BOLD if bold else 1)


@lru_cache(4096)
def _hundredths(text: str) -> int:
    """Reports say the same words again and again."""
    return sum([_WIDTHS.get(letter, _USUAL) for letter in text])


def column_pixels(widths: list[int]) -> int:
    """Width of columns side by side."""
    return sum(width * PIXELS_PER_CHAR + COLUMN_PADDING for width in widths)


def line_count(text: str, pixels: float, size: int = 10, *, bold: bool = False) -> int:
    """Lines that the text wraps into; words longer than a line are broken."""
    return sum(_wrapped(part, pixels - CELL_PADDING, size, bold=bold) for part in text.split("\n"))


def broken(text: str, pixels: float, size: int = 10, *, bold: bool = False) -> list[str]:
    """The text broken into lines that fit the width."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_pixels(longer, size, bold=bold) * SAFETY <= pixels - CELL_PADDING:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def height_points(lines: int, size: int = 10) -> int:
    """Row height that shows so many lines."""
    return round(lines * LINE_POINTS * size / 10) + 3


def _wrapped(text: str, room: float, size: int, *, bold: bool) -> int:
    lines, used = 1, 0.0
    space = text_pixels(" ", size, bold=bold)
    for word in text.split(" "):
        width = text_pixels(word, size, bold=bold) * SAFETY
        if used and used + space + width > room:
            lines, used = lines + 1, 0.0
        if width > room:
            lines += int(width // room)
            width %= room
        used += (space if used else 0) + width
    return lines
