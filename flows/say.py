"""What the command line says: names of messages → text in the language of the person there; figures as they read."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from config.messages import DEFAULT_LANGUAGE, Language, message
from transforms import words

if TYPE_CHECKING:
    from rich.console import Console

UNKNOWN = words.DASH
AGREED = frozenset({"да", "д", "yes", "y"})

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


def agreed(question: str) -> bool:
    """A question in; whether the person there says yes out: `да`, `yes`, `д`, `y` in any case, all else is no."""
    import typer

    answer: str = typer.prompt(f"{question} [{say('yes')}/{say('no')}]", default="", show_default=False)
    return answer.strip().casefold() in AGREED


def hint(name: str, folder: object = "") -> str:
    """A command and a client's folder in; what a person can paste to give it, as this installation is called, out."""
    words = [*_called(), name, *([shlex.quote(str(folder))] if str(folder) else [])]
    return " ".join(words)


COMMAND = re.compile(r"(?<!следующий )\bsvodka (run|check|accept)(?=$|[`,.;:)»\n]| [—-] )")
"""A command in a sentence that names no folder, because it does not know one."""


def pasted(text: str, folder: object) -> str:
    """A sentence and the client's folder in; the same with its commands as a person can paste them out."""
    return COMMAND.sub(lambda found: hint(found[1], folder), text)


def _called() -> list[str]:
    """How this program was started: `svodka` where that is found, else its path or its module."""
    started = Path(sys.argv[0])
    if started.stem == "cli":
        return [shlex.quote(sys.executable), "-m", "flows.cli"]
    found = shutil.which("svodka")
    if started.stem != "svodka" or (found and Path(found).resolve() == started.resolve()):
        return ["svodka"]
    return [shlex.quote(str(started))]


def console(*, stderr: bool = False) -> Console:
    """A console that never cuts a line short where nobody has a window: in a file, a pipe or a log."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, soft_wrap=True)
    if not made.is_terminal:
        made.width = 200
    return made


def whole(number: float | Decimal) -> str:
    """`1234567` → `1 234 567`, with spaces that do not break."""
    return words.number(number, 0, language())


def roubles(amount: Decimal | float) -> str:
    """`1234567.50` → `1 234 568 ₽`: kopecks are for the report."""
    return words.figure(amount, "money", language())


def day(value: date | None) -> str:
    """`2026-09-20` → `20.09.2026` in Russian, ISO in English."""
    return UNKNOWN if value is None else words.figured_day(value, language())


def month(value: date) -> str:
    """First day of a month → `сентябрь 2026`."""
    return words.month_of_year(value, language())


def figure(value: Decimal | float | int | None, unit: str) -> str:
    """A figure and its unit (`rub`, `count`, `share`, `ratio`) in; as a person reads it out, `—` if unknown.

    A share has a decimal and a ratio two whatever their size: here a figure is compared with what it was.
    """
    if value is None:
        return UNKNOWN
    match unit:
        case "rub":
            return roubles(value)
        case "share":
            return f"{decimal(float(value) * 100, 1)}{words.NBSP}%"
        case "ratio" | "months":
            return decimal(value, 2)
        case _:
            return whole(value)


def decimal(number: float | Decimal, places: int) -> str:
    """A number with so many decimals, in the reader's language."""
    return words.number(number, places, language())
