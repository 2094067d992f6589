"""A number and its format in; the text a person sees out: patterns as Sheets writes them, in a locale."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .locales import RUSSIA, Locale
from .model import Json

EPOCH = datetime(1899, 12, 30)  # developers.google.com/sheets/api/guides/formats
DATE_TYPES = {"DATE", "TIME", "DATE_TIME"}
SECTION = re.compile(r'(?:[^;"\\]|"[^"]*"|\\.)+')
PIECE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|[#0?][#0?,. \u00a0]*[#0?]|[#0?]|\.0+|E[+-]0+|.', re.DOTALL)
DATE_PIECE = re.compile(r'"[^"]*"|\\.|am/pm|a/p|\[h+\]|\[m+\]|\[s+\]|y+|m+|d+|h+|s+|\.0+|.', re.IGNORECASE | re.DOTALL)
MONTHS = tuple(calendar.month_name)[1:]
DAYS = tuple(calendar.day_name)
RUSSIAN_MONTHS = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
RUSSIAN_DAYS = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"]


def to_serial(moment: datetime | date) -> float:
    """A date or a moment in; days since 1899-12-30 out."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    days = (moment - EPOCH) / timedelta(days=1)
    return int(days) if days == int(days) else days


def to_moment(serial: float) -> datetime:
    """Days since 1899-12-30 in; the moment, to the millisecond, out."""
    return EPOCH + timedelta(milliseconds=round(serial * 86_400_000))


def default_pattern(kind: str, locale: Locale) -> str:
    """A NumberFormat's type in; the pattern the locale gives it out, "" for none."""
    return {
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "CURRENCY": f"#,##0.00 {locale.currency}" if locale.decimal == "," else f"{locale.currency}#,##0.00",
        "SCIENTIFIC": "0.00E+00",
        "DATE": locale.date_pattern,
        "TIME": "h:mm:ss" if locale.date_order != "mdy" else "h:mm:ss am/pm",
        "DATE_TIME": f"{locale.date_pattern} h:mm:ss",
    }.get(kind, "")


def is_date(number_format: Json | None) -> bool:
    """Does the format show a date or a time, yes or no."""
    return bool(number_format) and (number_format or {}).get("type") in DATE_TYPES


def shown(number: float, number_format: Json | None, locale: Locale) -> str:
    """A number and its NumberFormat (None for automatic) in; the text in the cell out."""
    kind = (number_format or {}).get("type", "")
    pattern = (number_format or {}).get("pattern") or default_pattern(kind, locale)
    if not pattern or kind == "TEXT" or pattern in ("General", "@"):
        return general(number, locale)
    if kind in DATE_TYPES:
        return shown_moment(number, pattern, locale)
    return shown_number(number, pattern, locale)


def general(number: float, locale: Locale) -> str:
    """A number without a format in; at most ten significant digits out, as Sheets shows it."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    if not 1e-7 <= abs(number) < 1e15:
        mantissa, exponent = f"{number:.5E}".split("E")
        mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}E{exponent[0]}{int(exponent[1:]):02d}"
    else:
        text = f"{Decimal(f'{number:.10g}'):f}"
    return text.replace(".", locale.decimal)


def shown_number(number: float, pattern: str, locale: Locale) -> str:
    """A number and a pattern with up to four sections in; the text out."""
    sections = SECTION.findall(pattern)
    if number < 0 and len(sections) > 1:
        return by_section(-number, sections[1], locale)
    if number == 0 and len(sections) > 2:
        return by_section(0, sections[2], locale)
    text = by_section(abs(number), sections[0] if sections else pattern, locale)
    return f"-{text}" if number < 0 and re.search(r"[1-9]", text) else text


def by_section(number: float, section: str, locale: Locale) -> str:
    """A number not below zero and one section of a pattern in; the text out."""
    bare = re.sub(r'"[^"]*"|\\.', "", section)
    exponent = re.search(r"E[+-](0+)", bare)
    if "%" in bare:
        number *= 100
    power = 0
    if exponent and number:
        power = int(f"{number:E}".split("E")[1])
        number /= 10**power
    text, is_written = "", False
    for piece in PIECE.findall(section):
        if piece[0] in "#0?" or (piece[0] == "." and len(piece) > 1):
            text += "" if is_written else digits(number, piece, locale)
            is_written = True
        elif exponent and piece[0] == "E":
            text += f"E{'-' if power < 0 else '+'}{abs(power):0{len(piece) - 2}d}"
        else:
            text += literal(piece)
    return text


def literal(piece: str) -> str:
    """A piece of a pattern that is no digit in; what it shows out."""
    if piece[0] == '"':
        return piece[1:-1]
    if piece[0] == "\\":
        return piece[1:]
    if piece[0] == "[":
        currency = re.match(r"\[\$([^-\]]*)", piece)
        return currency[1] if currency else ""
    if piece[0] == "_":
        return " "
    return "" if piece[0] == "*" else piece


def digits(number: float, piece: str, locale: Locale) -> str:
    """A number and the digit places of a pattern in; its digits in the locale out."""
    piece = piece.rstrip(" \u00a0")
    whole, _, decimals = piece.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    places = len(decimals)
    value = Decimal(repr(float(number))) / (1000**scale)
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    left, _, right = f"{rounded:f}".partition(".")
    kept = decimals.rstrip("#?")
    while len(right) > len(kept) and right.endswith("0"):
        right = right[:-1]
    needed = len(re.sub(r"[^0]", "", whole))
    left = left.lstrip("0").rjust(needed, "0")
    if re.search(r"[#0?][, \u00a0][#0?]", whole):
        left = re.sub(r"(?<=\d)(?=(\d{3})+$)", locale.thousands, left)
    return left + (locale.decimal + right if right else "")


def shown_moment(serial: float, pattern: str, locale: Locale) -> str:
    """A serial and a date pattern in; the text out."""
    moment = to_moment(serial)
    pieces = DATE_PIECE.findall(pattern)
    is_twelve = any(piece.lower() in ("am/pm", "a/p") for piece in pieces)
    text = ""
    for place, piece in enumerate(pieces):
        is_minute = piece[0] in "mM" and beside_time(pieces, place)
        text += moment_piece(serial, moment, piece, is_minute, is_twelve, locale=locale)
    return text


def beside_time(pieces: list[str], place: int) -> bool:
    """Pieces of a pattern and where an `m` stands in; does it mean minutes (after h or before s), yes or no."""
    before = [piece for piece in pieces[:place] if piece[0].isalpha() or piece[0] == "["]
    after = [piece for piece in pieces[place + 1 :] if piece[0].isalpha() or piece[0] == "["]
    return bool((before and before[-1].lower()[-2:].strip("[]")[:1] == "h") or (after and after[0].lower()[:1] == "s"))


def moment_piece(
    serial: float, moment: datetime, piece: str, is_minute: bool, is_twelve: bool, *, locale: Locale
) -> str:
    """One piece of a date pattern in; what it shows out."""
    kind, width = piece[0].lower(), len(piece)
    russian = locale.decimal == "," and locale.true_text == RUSSIA.true_text
    if kind == "[" and piece[1:2].lower() in "hms":
        unit = {"h": 24, "m": 1440, "s": 86400}[piece[1].lower()]
        return str(int(serial * unit + 1e-6)).rjust(width - 2, "0")
    if piece.lower() in ("am/pm", "a/p"):
        return ("AM" if moment.hour < 12 else "PM")[: 2 if "m" in piece.lower() else 1]
    if kind == "h":
        hour = (moment.hour - 1) % 12 + 1 if is_twelve else moment.hour
        return f"{hour:0{min(width, 2)}d}"
    if kind == "s":
        return f"{moment.second:0{min(width, 2)}d}"
    if kind == "m" and is_minute:
        return f"{moment.minute:0{min(width, 2)}d}"
    if kind == "." and width > 1:
        return locale.decimal + f"{moment.microsecond:06d}"[: width - 1]
    return day_piece(moment, piece, russian)


def day_piece(moment: datetime, piece: str, russian: bool) -> str:
    """A piece of a date pattern about the day in; what it shows out."""
    kind, width = piece[0].lower(), len(piece)
    if kind == "y":
        return f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}"
    if kind == "m":
        name = (RUSSIAN_MONTHS if russian else MONTHS)[moment.month - 1]
        return name if width > 3 else name[:3] if width == 3 else f"{moment.month:0{width}d}"
    if kind == "d":
        name = (RUSSIAN_DAYS if russian else DAYS)[moment.weekday()]
        return name if width > 3 else name[:3] if width == 3 else f"{moment.day:0{width}d}"
    return literal(piece)
