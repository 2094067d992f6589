"""Words around the help pages and mistakes of usage, in the language of the person, over typer's English ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import typer

from flows.words import say

ARGUMENT = re.compile(r"[{\[](?P<name>folders?|number|keys)[}\]](?:\.\.\.)?")
PATTERNS = {
    "usage_missing": re.compile(r"Missing (?:argument|option|parameter) '?(?P<what>[^'.]*)"),
    "usage_no_command": re.compile(r"No such command '?(?P<what>[^'.]*)"),
    "usage_no_number": re.compile(r"Invalid value for '(?P<what>--(?:rows|port))'"),
    "usage_no_option": re.compile(r"No such option:? '?(?P<what>[^' .]*)"),
}


def spoken(app: typer.Typer) -> Any:
    """The application in; the command it makes, with the words of typer's own options in our language, out."""
    root: Any = typer.main.get_command(app)
    for command in (root, *root.commands.values()):
        command.get_usage = partial(_usage, command.get_usage)
        for parameter in command.params:
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
            text = say(name, what=found["what"]) + (f" → {near}?" if near else "")
            break
    context = getattr(error, "ctx", None)
    return f"{text}\n{say('usage_hint', command=context.command_path if context else 'svodka')}"
