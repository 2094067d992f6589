"""`svodka …`: the commands, their help, and the exit code of whatever happened. Heavy libraries load when needed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, get_args

import typer
from rich.console import Console

from config.errors import ConfigError, SvodkaError
from config.messages import DEFAULT_LANGUAGE, Language
from config.settings import settings
from flows.usage import spoken, usage_text
from flows.version import own_version
from flows.words import language, say, speak

COMMANDS = ("init", "check", "accept", "run", "forget", "serve", "explain")
LANGUAGES: tuple[str, ...] = get_args(Language)
INTERRUPTED = 130  # 128 + SIGINT, as shells count
GARBAGE_AFTER = 100_000
"""New objects before cycles are looked for: rows and settings have none, and Python's 700 cost a short run 4 %."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The words after `svodka` in; its exit code out. No traceback leaves this function."""
    gc.set_threshold(GARBAGE_AFTER)
    words = list(sys.argv[1:] if arguments is None else arguments)
    speak(_asked_language(words))
    stderr = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        return int(spoken(build())(args=words, prog_name="svodka", standalone_mode=False) or 0)
    except SvodkaError as error:
        stderr.print(error.text(language()), style="red", markup=False)
        return error.exit_code
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        stderr.print(say("interrupted"), markup=False)
        return INTERRUPTED
    except typer.TyperException as error:
        if text := usage_text(error):
            stderr.print(text, style="red", markup=False)
        return 2


def build() -> typer.Typer:
    """The command-line application in the language spoken now."""
    app = typer.Typer(
        name="svodka",
        help=say("about"),
        epilog=say("exit_codes"),
        rich_markup_mode="rich",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_globals)
    for name in COMMANDS:
        command = import_module(f"flows.commands.{name}").command
        app.command(name, help=say(f"help_{name}"), no_args_is_help=True)(command)
    return app


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"svodka {own_version()}")
        raise typer.Exit


def _globals(
    language_asked: Annotated[str | None, typer.Option("--language", help=say("opt_language"), metavar="ru|en")] = None,
    _version: Annotated[
        bool, typer.Option("--version", help=say("opt_version"), is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Options that stand before the command; both have done their work by now."""
    if language_asked not in (None, *LANGUAGES):
        raise ConfigError("cli.unknown_language", found=language_asked, known=", ".join(LANGUAGES))


def _asked_language(words: Sequence[str]) -> Language:
    """`--language` is needed before the help texts are made, so it is looked up here."""
    for position, word in enumerate(words):
        if word == "--language" and position + 1 < len(words):
            return "en" if words[position + 1] == "en" else DEFAULT_LANGUAGE
        if word.startswith("--language="):
            return "en" if word.endswith("=en") else DEFAULT_LANGUAGE
    return settings().language


if __name__ == "__main__":
    sys.exit(main())
