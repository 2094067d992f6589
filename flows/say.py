"""What the command line says: names of messages → text in the language of the person there; figures as they read.

What moves on a terminal while a run is at work stands below.
"""

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from rich.console import Console

from config.errors import ConfigError
from config.messages import DEFAULT_LANGUAGE, Language, message
from transforms import words

Made = TypeVar("Made")
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


def confirm(question: str) -> None:
    """Ask before something is done for good. Raises Abort for a no, ConfigError where nobody is there to answer."""
    import typer

    try:
        if agreed(question):
            return
    except typer.Abort as nobody:
        if isinstance(nobody.__context__, EOFError):
            raise ConfigError("cli.nobody_answers") from nobody
        raise
    raise typer.Abort


def hint(name: str, folder: object = "") -> str:
    """A command and a client's folder in; what a person can paste to give it, as this installation is called, out."""
    words = [*_called(), name, *([shlex.quote(str(folder))] if str(folder) else [])]
    return " ".join(words)


COMMAND = re.compile(r"\bsvodka (run|check|accept)(?=$|[`,.;:)»\n]| [—-] )")
"""A command in a sentence that names no folder, because it does not know one."""


def pasted(text: str, folder: object) -> str:
    """A sentence and the client's folder in; the same with its commands as a person can paste them out."""
    named = COMMAND.sub(lambda found: hint(found[1], folder), text)
    return named.replace("`svodka ", f"`{' '.join(_called())} ")


def _called() -> list[str]:
    """How this program was started: `svodka` where that is found, else its path or its module."""
    started = Path(sys.argv[0])
    if started.stem == "cli":
        return [shlex.quote(sys.executable), "-m", "flows.cli"]
    found = shutil.which("svodka")
    if started.stem != "svodka" or (found and Path(found).resolve() == started.resolve()):
        return ["svodka"]
    return [shlex.quote(str(started))]


LEAST_WIDTH, WIDTH_OF_A_FILE = 80, 200
"""Of what is printed, in characters."""


def console(*, stderr: bool = False) -> Console:
    """A console that cuts no word short: not in a file, a pipe or a log, which have no window, nor in a narrow one.

    There lines go on below, as the terminal itself lets them.
    """
    made = Console(stderr=stderr, highlight=False, soft_wrap=True)
    made.width = max(made.width, LEAST_WIDTH) if made.is_terminal else WIDTH_OF_A_FILE
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


def moment(value: datetime) -> str:
    """`20.09.2026 03:00` in Russian, ISO in English."""
    return words.figured_moment(value, language())


def month(value: date) -> str:
    """First day of a month → `сентябрь 2026`."""
    return words.month_of_year(value, language())


def figure(value: Decimal | float | int | None, unit: str) -> str:
    """A figure and its unit (`rub`, `count`, `share`, `ratio`, `own`) in; as a person reads it out, `—` if unknown.

    A share has a decimal and a ratio two or more: here a figure is compared with what it was.
    """
    if value is None:
        return UNKNOWN
    match unit:
        case "rub":
            return roubles(value)
        case "share":
            return f"{decimal(float(value) * 100, 1)}{words.NBSP}%"
        case "ratio" | "own" | "months":
            return decimal(value, max(2, words.ratio_places(value)))
        case _:
            return whole(value)


def decimal(number: float | Decimal, places: int) -> str:
    """A number with so many decimals, in the reader's language."""
    return words.number(number, places, language())


def plainly(value: Any) -> Any:
    """A value of ours, with all it holds, in; the same for `--json` out: days and moments ISO, money as text."""
    if isinstance(value, dict):
        return {name: plainly(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plainly(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


# How a run shows that it is alive: a line that moves on a terminal, nothing anywhere else.


class Verb(StrEnum):
    """The six verbs of a run, and telling somebody of it."""

    READ = "read"
    STAGE = "stage"
    LOAD = "load"
    BUILD = "build"
    LAY_OUT = "lay_out"
    WRITE = "write"
    TELL = "tell"


class Step(Protocol):
    """Runs one verb's work: as it is, behind a progress line, or as a task that is retried."""

    def __call__(self, verb: Verb, what: str, work: Callable[[], Made], /) -> Made:
        """The verb, what it is about (a source, a target; may be empty) and the work; what the work made."""


def plain(_verb: Verb, _what: str, work: Callable[[], Made], /) -> Made:
    """Do the work and say nothing."""
    return work()


@contextmanager
def on_terminal(title: str) -> Iterator[Step]:
    """A step that names what is being done on a terminal's error stream, and is silent where there is none."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield plain
        return
    with console.status(title) as status:

        def step(verb: Verb, what: str, work: Callable[[], Made], /) -> Made:
            status.update(f"{title} · {say(f'verb_{verb.value}')} {what}".rstrip())
            return work()

        yield step


@contextmanager
def counting(many: int) -> Iterator[Callable[[int, Callable[[], None]], None]]:
    """How many clients are to be run in; what is told how many are done and how to say so, out.

    On a terminal a line that moves counts them, and steps aside while something is said.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _, tell: tell()
        return
    with console.status(say("many_done", done=0, many=many)) as status:

        def count(done: int, tell: Callable[[], None]) -> None:
            status.stop()
            tell()
            status.update(say("many_done", done=done, many=many))
            status.start()

        yield count
