"""Options in docs/commands.md, written from `--help`: `python -m tools.commands_page`; a test keeps them current."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from flows.cli import build
from flows.say import speak

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = "| ключ | значит |\n|---|---|\n"
OPTIONS = re.compile(r"\| ключ \| значит \|\n(?:\|.*\n)+")
MEANT_LITERALLY = re.compile(
    r"--[a-z-]+|https?://[\w.:/]+|\w+/\w+\.\w+|svodka\.yaml|\b(?:xlsx|sheets|html|none|[A-Z_]{6,})\b"
)
"""Parts of a help text that a page sets as code."""


def commands_page(page: str) -> str:
    """The page as it stands in; the page with the options of each chapter as they are now out."""
    speak("ru")
    commands: dict[str, Any] = typer.main.get_command(build()).commands  # type: ignore[attr-defined]  # it is a group
    for name, command in commands.items():
        head, chapter, rest = _cut(page, name)
        rows = "".join(_rows(command.params))
        page = head + OPTIONS.sub(lambda _, rows=rows: HEAD + rows, chapter, count=1) + rest
    return page


def _cut(page: str, command: str) -> tuple[str, str, str]:
    """What stands before a command's chapter, the chapter, what stands after."""
    first = page.index(f"\n## svodka {command}\n")
    last = page.find("\n## ", first + 1)
    last = len(page) if last < 0 else last
    return page[:first], page[first:last], page[last:]


def _rows(parameters: list[Any]) -> Iterator[str]:
    for one in parameters:
        names = [name for name in one.opts if name.startswith("-")]
        if not names or one.name == "help":
            continue
        yield f"| {', '.join(f'`{name}`' for name in names)} | {_sentence(one)} |\n"


def _sentence(one: Any) -> str:
    """The help of an option without its full stop, with its default."""
    text = MEANT_LITERALLY.sub(lambda found: f"`{found[0]}`", one.help.removesuffix("."))
    default = f"; по умолчанию `{one.default}`" if one.default not in (None, False, (), "") else ""
    return text[0].lower() + text[1:] + default


if __name__ == "__main__":
    PAGE.write_text(commands_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
