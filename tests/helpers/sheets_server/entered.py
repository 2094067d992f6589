"""USER_ENTERED: what a person would type in; the value and the number format Sheets makes of it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .formats import MONTHS, to_serial
from .locales import Locale, locale_of
from .model import Formula, Json, Value

TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*([AaPp][Mm])?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})(?:\2(\d{1,4}))?")
URL = re.compile(r"(https?://|www\.)\S+")
MONTH_NAMES = {written: number for number, name in enumerate(MONTHS, 1) for written in (name[:3].lower(), name.lower())}
CURRENCIES = "$€£₽₴₸¥"


@dataclass(frozen=True)
class Entered:
    """A value, the format it brings along (None: the cell keeps its own) and the link it makes."""

    value: Value
    number_format: Json | None = None
    hyperlink: str = ""


def read_entered(text: str, locale_name: str, is_text_cell: bool = False) -> Entered:
    """Text and the spreadsheet's locale in; what the cell then holds out."""
    locale = locale_of(locale_name)
    if text == "":
        return Entered(None)
    if text.startswith("'"):
        return Entered(text[1:])
    if is_text_cell:
        return Entered(text)
    if text.startswith("=") and len(text) > 1:
        return Entered(Formula(text))
    bare = text.strip()
    if bare.upper() in (locale.true_text, locale.false_text, "TRUE", "FALSE"):
        return Entered(bare.upper() in (locale.true_text, "TRUE"))
    if URL.fullmatch(bare):
        return Entered(text, hyperlink=bare if "://" in bare else f"http://{bare}")
    if bare.startswith("+") and len(bare) > 1:
        return read_number(bare[1:], locale) or Entered(Formula(f"={bare}"))
    return read_number(bare, locale) or read_moment(bare, locale) or Entered(text)


def read_number(text: str, locale: Locale) -> Entered | None:
    """Text in; a number with the format its marks ask for out, None if it is no number."""
    sign, body = (-1, text[1:].strip()) if text.startswith("-") else (1, text)
    if body.startswith("(") and body.endswith(")"):
        sign, body = -1, body[1:-1]
    percent = body.endswith("%")
    body = body.removesuffix("%").strip()
    currency = next((mark for mark in (*CURRENCIES, "р.", "руб.") if body.startswith(mark) or body.endswith(mark)), "")
    body = body.removeprefix(currency).removesuffix(currency).strip()
    value = plain_number(body, locale)
    if value is None:
        return None
    decimals = len(body.partition(locale.decimal)[2])
    value = sign * (value / 100 if percent else value)
    value = int(value) if value == int(value) and abs(value) < 2**53 else value
    return Entered(value, format_of(body, decimals, percent, currency, locale))


def plain_number(body: str, locale: Locale) -> float | None:
    """Digits with the locale's marks in; the number out, None if it is none."""
    decimal, thousands = re.escape(locale.decimal), f"[{re.escape(locale.thousands)}]"
    if locale.thousands.isspace():
        thousands = "[ \u00a0\u202f]"
    grouped = rf"\d{{1,3}}(?:{thousands}\d{{3}})+(?:{decimal}\d*)?"
    plain = rf"(?:\d+(?:{decimal}\d*)?|{decimal}\d+)(?:[Ee][+-]?\d+)?"
    if not re.fullmatch(f"{grouped}|{plain}", body):
        return None
    return float(re.sub(thousands, "", body).replace(locale.decimal, "."))


def format_of(body: str, decimals: int, percent: bool, currency: str, locale: Locale) -> Json | None:
    """How a number was typed in; the format the cell takes over out."""
    tail = ".00" if decimals else ""
    if percent:
        return {"type": "PERCENT", "pattern": f"0{tail}%"}
    if currency:
        behind = f'#,##0{tail}"{currency}"' if locale.decimal == "," else f'"{currency}"#,##0{tail}'
        return {"type": "CURRENCY", "pattern": behind}
    if re.search(r"[Ee]", body):
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    is_grouped = re.search(rf"\d[{re.escape(locale.thousands)} ]\d{{3}}", body)
    return {"type": "NUMBER", "pattern": f"#,##0{tail}"} if is_grouped else None


def read_moment(text: str, locale: Locale) -> Entered | None:
    """Text in; a date, a time or both as a serial with a format out, None if it is none of them."""
    day_text, _, time_text = text.partition(" ")
    whole_day = read_day(text, locale)
    if whole_day:
        return whole_day
    time = TIME.fullmatch(text)
    if time:
        return Entered(read_time(time), {"type": "TIME", "pattern": time_pattern(time)})
    if "T" in day_text and ISO.match(day_text):
        day_text, _, time_text = text.partition("T")
    day, time = read_day(day_text, locale), TIME.fullmatch(time_text.strip())
    if not day or not time or not isinstance(day.value, int | float):
        return None
    pattern = (day.number_format or {})["pattern"] + f" {time_pattern(time)}"
    return Entered(day.value + read_time(time), {"type": "DATE_TIME", "pattern": pattern})


def time_pattern(match: re.Match[str]) -> str:
    """A matched time in; the pattern that shows it as it was typed out."""
    return ("h:mm:ss" if match[3] else "h:mm") + (" am/pm" if match[5] else "")


def read_time(match: re.Match[str]) -> float:
    """A matched time in; its part of a day out."""
    hours = int(match[1])
    if match[5]:
        hours = hours % 12 + (12 if match[5].lower() == "pm" else 0)
    seconds = int(match[3] or 0) + float(match[4] or 0)
    return (hours * 3600 + int(match[2]) * 60 + seconds) / 86400


def read_day(text: str, locale: Locale) -> Entered | None:
    """Text in; a date as a serial with a format out, None if it is no date in the locale."""
    iso = ISO.fullmatch(text)
    if iso:
        return day_entered(int(iso[1]), int(iso[2]), int(iso[3]), "yyyy-mm-dd")
    named = re.fullmatch(r"(?:(\d{1,2})[ -])?([A-Za-z]+)\.?(?:[ -](\d{1,2}),?)?(?:[ -](\d{4}))?", text)
    if named and named[2].lower() in MONTH_NAMES and named[4] and (named[1] or named[3]):
        return day_entered(int(named[4]), MONTH_NAMES[named[2].lower()], int(named[1] or named[3]), "d mmm yyyy")
    match = DATE.fullmatch(text)
    if not match or (match[2] == "." and locale.decimal == "." and not match[4]):
        return None
    if not match[4] and match[2] != locale.date_mark and match[2] == ".":
        return None  # 3.4 is plain text where days are not written with points; in Russia it is the third of April
    return read_parts(match, locale)


def read_parts(match: re.Match[str], locale: Locale) -> Entered | None:
    """A matched date in numbers in; the date in the locale's order out, None if two numbers are no day and month."""
    if not match[4] and len(match[1]) > 2:
        return None
    order = locale.date_order if match[4] else locale.date_order.replace("y", "")
    if len(match[1]) > 2:
        order = "ymd"
    parts = dict(zip(order, [part for part in (match[1], match[3], match[4]) if part], strict=False))
    year = int(parts.get("y") or date.today().year)
    if len(parts.get("y", "0000")) <= 2:
        year += 2000 if year < 50 else 1900
    pattern = locale.date_pattern
    if not match[4]:
        pattern = match[2].join({"d": "d", "m": "m"}[letter] for letter in order)
    return day_entered(year, int(parts.get("m", 0)), int(parts.get("d", 0)), pattern)


def day_entered(year: int, month: int, day: int, pattern: str) -> Entered | None:
    """Numbers of a date and a pattern in; the cell's value out, None when there is no such day."""
    try:
        serial = to_serial(date(year, month, day))
    except ValueError:
        return None
    return Entered(serial, {"type": "DATE", "pattern": pattern})
