"""The pages for operators: every command, option, setting, key and variable stands in them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from config import settings
from config.client import Client, Consultant, SourceConfig
from config.folder.aliases import Aliases
from config.setting_words import report_keys, setting_keys, setting_words
from config.tables import tables
from flows.cli import COMMANDS, build
from tools.commands_page import commands_page
from tools.settings_page import settings_page

DOCS = Path(__file__).parents[2] / "docs"


def page(name: str) -> str:
    """A page's text."""
    return (DOCS / name).read_text("utf-8")


def options() -> Iterator[tuple[str, str]]:
    """Every command and each of its options."""
    application = typer.main.get_command(build())
    for name, command in application.commands.items():  # type: ignore[attr-defined]
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    yield name, option


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_chapter(command):
    """With an example that can be copied."""
    text = page("commands.md")
    assert f"\n## svodka {command}\n" in text
    assert f"\nsvodka {command} romashka" in text


def test_every_option_is_in_its_commands_chapter():
    """In the words of its help, written by `python -m tools.commands_page`."""
    assert page("commands.md") == commands_page(page("commands.md"))
    for command, option in options():
        chapter = page("commands.md").split(f"\n## svodka {command}\n")[1].split("\n## ")[0]
        assert f"`{option}`" in chapter


def test_no_page_names_an_option_that_is_not_there():
    """Nothing invented, nothing left over."""
    known = {option for _, option in options()} | {"--help", "--version", "--language"}
    known |= {"--install-completion", "--show-completion"}
    for name in ("commands.md", "prefect.md", "client-folder.md"):
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page(name))) <= known, name


def test_every_exit_code_is_explained():
    """The eight of the errors, done, a mistake of the program, and the keyboard."""
    codes = re.findall(r"^\| (\d+) \|", page("commands.md"), re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "130"]


def test_every_environment_variable_is_listed():
    """Those that settings.py reads."""
    read = set(re.findall(r'found\.get\("(\w+)"', Path(settings.__file__).read_text("utf-8")))
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", page("commands.md"), re.MULTILINE))


@pytest.mark.parametrize(
    "key", [*Client.model_fields, *Consultant.model_fields, *SourceConfig.model_fields, *Aliases.model_fields]
)
def test_every_key_of_the_clients_files_is_described(key):
    """In the page of the client folder."""
    assert f"`{key}`" in page("client-folder.md")


def test_every_setting_is_described_with_its_default():
    """As `python -m tools.settings_page` writes them: nothing is described that is not there."""
    assert page("client-folder.md") == settings_page(page("client-folder.md"))
    assert set(setting_words()) == {*setting_keys(), *report_keys()}


@pytest.mark.parametrize("table", list(tables()))
def test_every_table_is_named(table):
    """In the page that the row of `table` in client-folder.md leads to."""
    assert f"(`{table}`)" in page("tables.md")


@pytest.mark.parametrize("field", ["as_of", "since", "until", "only", "to"])
def test_every_field_of_a_run_by_hand_is_described(field):
    """The form on Prefect's page."""
    assert f"`{field}`" in page("prefect.md")
