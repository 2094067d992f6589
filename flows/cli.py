"""`svodka …`: the commands, their help, and the exit code of whatever happened. Heavy libraries load when needed."""

from __future__ import annotations

import atexit
import gc
import io
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console

from config.errors import ConfigError, SvodkaError, is_interruption, refused_by_disk
from config.messages import DEFAULT_LANGUAGE, Language
from config.settings import GARBAGE_AFTER, own_version, settings
from flows.say import hint, language, pasted, say, speak

COMMANDS = {
    "init": "flows.init.command",
    "check": "flows.check.command",
    "accept": "flows.check.command:accept",
    "run": "flows.run_command",
    "status": "flows.status.command",
    "digest": "flows.digest",
    "undo": "flows.undo.command",
    "restore": "flows.undo.command:restore",
    "backup": "flows.backup.command",
    "forget": "flows.forget.command",
    "serve": "flows.serve.command",
    "export": "flows.export",
    "correct": "flows.correct.command",
    "explain": "flows.explain.command",
}
"""Each command and the module that holds it, imported when it is asked for; it is called `command` there, or so."""
SPEAKS_ALONE = frozenset({"status"})
"""Commands that have something to say without a word after them."""
LANGUAGES: tuple[str, ...] = get_args(Language)
INTERRUPTED = 130  # 128 + SIGINT, as shells count
LETTERS = "Сводка"


def main(arguments: Sequence[str] | None = None) -> int:
    """The words after `svodka` in; its exit code out. No traceback leaves this function.

    Without words it takes those of the process, and ends it.
    """
    if arguments is not None:
        return _obey(list(arguments))
    code = _obey(sys.argv[1:])
    _end(code)
    return code


def _obey(words: list[str]) -> int:
    gc.set_threshold(GARBAGE_AFTER)
    _write_letters(sys.stdout, sys.stderr)
    speak(_asked_language(words))
    stderr = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        code = int(spoken(build(_named(words)))(args=words, prog_name="svodka", standalone_mode=False) or 0)
        return _interrupted(stderr) if code == INTERRUPTED else code  # typer keeps Ctrl-C to itself
    except SvodkaError as error:
        stderr.print(pasted(error.text(language()), _folder(words)), style="red", markup=False)
        return error.exit_code
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(stderr)
    except typer.TyperException as error:
        if text := usage_text(error):
            stderr.print(text, style="red", markup=False)
        return 2
    except Exception as error:  # the outermost door of every command, as `one_client` is that of a run
        if is_interruption(error):
            return _interrupted(stderr)
        if refused := refused_by_disk(error, _folder(words)):
            stderr.print(refused.text(language()), style="red", markup=False)
            return refused.exit_code
        stderr.print(_unexpected(error, Path(_folder(words))), style="red", markup=False)
        return 1


def _write_letters(*streams: Any) -> None:
    """Let a stream that cannot hold Russian letters (`LANG=C`, cron) hold UTF-8, and none fail for want of a sign."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            try:
                LETTERS.encode(stream.encoding)
                stream.reconfigure(errors="replace")
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8", errors="replace")


def _interrupted(stderr: Console) -> int:
    stderr.print(say("interrupted"), markup=False)
    return INTERRUPTED


def _unexpected(error: Exception, folder: Path) -> str:
    """A mistake of the program in words; all that is known of it where no client's folder can keep that."""
    from config.folder.load import CLIENT_FILE
    from flows.run.one_client import unexpected

    return unexpected(error, folder) if (folder / CLIENT_FILE).is_file() else traceback.format_exc()


def _end(code: int) -> None:
    """End the process, all said and put away, without taking apart what its modules hold: that costs a tenth second.

    Nothing is done where somebody still works, or nobody takes what was said: then Python ends as it always does.
    """
    if any(one is not threading.main_thread() and not one.daemon for one in threading.enumerate()):
        return
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(code)


def build(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command-line application, with these of its commands, in the language spoken now."""
    app = typer.Typer(
        name="svodka",
        help=say("about"),
        epilog=say("exit_codes"),
        rich_markup_mode="rich",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_globals)
    for name in names:
        module, _, function = COMMANDS[name].partition(":")
        app.command(name, help=say(f"help_{name}"), no_args_is_help=name not in SPEAKS_ALONE)(
            getattr(import_module(module), function or "command")
        )
    return app


def _named(words: Sequence[str]) -> Iterable[str]:
    """The command that stands first, without which nothing of the others is asked; all of them where none does."""
    return words[:1] if words and words[0] in COMMANDS else COMMANDS


def _folder(words: Sequence[str]) -> str:
    """The words of a command in; the client's folder that it was given for out, nothing where there is none."""
    place = next((place for place, word in enumerate(words) if word in COMMANDS), len(words))
    return next((word for word in words[place + 1 :] if not word.startswith("-") and os.path.isdir(word)), "")  # noqa: PTH112 - is_dir raises where nobody may look


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


# Words around the help pages and mistakes of usage, in the language of the person, over typer's English ones.

ARGUMENT = re.compile(r"[{\[](?P<name>folders?|number|keys|file|place|value)[}\]](?:\.\.\.)?")
PATTERNS = {
    "usage_missing": re.compile(r"Missing (?:argument|option|parameter) '?(?P<what>[^'.]*)"),
    "usage_no_command": re.compile(r"No such command '?(?P<what>[^'.]*)"),
    "usage_no_number": re.compile(r"Invalid value for '(?P<what>--[a-z-]+)': Input should be"),
    "usage_no_value": re.compile(r"Option '?(?P<what>--[a-z-]+)'? requires an argument"),
    "usage_needless_value": re.compile(r"Option '?(?P<what>--[a-z-]+)'? does not take a value"),
    "usage_extra": re.compile(r"Got unexpected extra argument(?:\(s\)|s)? \((?P<what>.*)\)", re.DOTALL),
    "usage_no_option": re.compile(r"No such option:? '?(?P<what>[^' .]*)"),
}


def spoken(app: typer.Typer) -> Any:
    """The application in; the command it makes, with the words of typer's own options in our language, out."""
    root: Any = typer.main.get_command(app)
    for command in (root, *root.commands.values()):
        command.get_usage = partial(_usage, command.get_usage)
        for parameter in command.params:
            parameter._get_number_range_help_str = _nothing  # nor does `[0<=x<=65534]`
            if not parameter.metavar:
                parameter.display_type_rich = _nothing  # `<list[Path]>` helps nobody; the text says what is wanted
        if option := command.get_help_option(typer.Context(command)):
            option.help = say("opt_help")
            option.display_type_rich = _nothing
    for parameter in root.params:
        if parameter.name in {"install_completion", "show_completion"}:
            parameter.help = say(f"opt_{parameter.name}")
    return root


def _usage(usual: Callable[[Any], str], context: Any) -> str:
    _titled()
    text = usual(context).replace("Usage:", say("usage")).replace("[OPTIONS]", say("usage_options"))
    text = text.replace("COMMAND [ARGS]...", say("usage_command"))
    return ARGUMENT.sub(lambda found: say(f"usage_{found['name']}"), text)


def _titled() -> None:
    """Give the boxes of the help pages their titles, once there is a page: what draws them takes long to load."""
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = say("title_options")
    rich_utils.ARGUMENTS_PANEL_TITLE = say("title_arguments")
    rich_utils.COMMANDS_PANEL_TITLE = say("title_commands")
    rich_utils.ERRORS_PANEL_TITLE = say("title_error")
    rich_utils.REQUIRED_LONG_STRING = say("required")
    rich_utils.ABORTED_TEXT = say("aborted")
    rich_utils.DEFAULT_STRING = say("default_value")


def _nothing(**_facts: object) -> None:
    """No word on the type."""


def usage_text(error: typer.TyperException) -> str:
    """A mistake of usage in; what is wrong and where to look out, or nothing where the help page said it."""
    text = error.format_message()
    if not text:
        return ""  # the help page has been shown instead
    for name, pattern in PATTERNS.items():
        if found := pattern.search(text):
            said = re.search(r"Did you mean:? '?([^'?]*)", text)
            near = said[1] if said else next(iter(getattr(error, "possibilities", None) or ()), None)
            named = ARGUMENT.fullmatch(f"{{{found['what']}}}") if name == "usage_missing" else None
            what = say(f"usage_{named['name']}") if named else found["what"]
            text = say(name, what=what, possible=_possible(error)) + (f" → {near}?" if near else "")
            break
    context = getattr(error, "ctx", None)
    command = context.command_path.removeprefix("svodka").strip() if context else ""
    return f"{text}\n{say('usage_hint', command=hint(command).strip())}"


def _possible(error: typer.TyperException) -> str:
    """Which numbers an option takes, in words; nothing of one that takes others."""
    least, most = (getattr(getattr(error, "param", None), name, None) for name in ("min", "max"))
    return say("usage_least", least=least) if most is None else say("usage_between", least=least, most=most)


if __name__ == "__main__":
    sys.exit(main())
