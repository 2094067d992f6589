"""What the command line says: names of messages → text in the language of the person there; figures as they read."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from config.messages import DEFAULT_LANGUAGE, Language, message

NBSP = "\u00a0"
UNKNOWN = "—"

_language: ContextVar[Language] = ContextVar("language", default=DEFAULT_LANGUAGE)


def speak(language: Language) -> None:
    """Say everything in this language from now on."""
    _language.set(language)


def language() -> Language:
    """The language in which the command line speaks."""
    return _language.get()


def say(name: str, /, **facts: object) -> str:
    """Name of a message in cli.yaml and its facts in; the sentence out."""
    return message(f"cli.{name}", language(), **facts)


def whole(number: float | Decimal) -> str:
    """`1234567` → `1 234 567`, with spaces that do not break."""
    return f"{Decimal(str(number)).quantize(Decimal(1), ROUND_HALF_UP):,}".replace(",", NBSP)


def roubles(amount: Decimal | float) -> str:
    """`1234567.50` → `1 234 568 ₽`: kopecks are for the report."""
    return f"{whole(amount)}{NBSP}₽"


def day(value: date | None) -> str:
    """`2026-09-20` → `20.09.2026` in Russian, ISO in English."""
    if value is None:
        return UNKNOWN
    return f"{value:%d.%m.%Y}" if language() == "ru" else value.isoformat()


def month(value: date) -> str:
    """First day of a month → `сентябрь 2026`."""
    return f"{say('months').split()[value.month - 1]} {value.year}"


def figure(value: Decimal | float | int | None, unit: str) -> str:
    """A figure and its unit (`rub`, `count`, `share`, `ratio`) in; as a person reads it out, `—` if unknown."""
    if value is None:
        return UNKNOWN
    match unit:
        case "rub":
            return roubles(value)
        case "share":
            return decimal(f"{float(value) * 100:.1f}") + f"{NBSP}%"
        case "ratio" | "months":
            return decimal(f"{float(value):,.2f}".replace(",", NBSP))
        case _:
            return whole(value)


def decimal(text: str) -> str:
    """A number's text with the decimal mark of the reader's language."""
    return text.replace(".", ",") if language() == "ru" else text
