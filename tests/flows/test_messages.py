"""What the command line says exists in both languages, with the same facts in both."""

import re
from pathlib import Path
from string import Formatter

import pytest

from config.messages import catalogue
from flows.say import pasted

FLOWS = Path(__file__).parents[2] / "flows"
AREAS = ("cli", "config")
OURS = {key: texts for key, texts in catalogue().items() if key.partition(".")[0] in AREAS}
CODE = "\n".join(
    path.read_text("utf-8")
    for folder, pattern in ((FLOWS, "**/*.py"), (FLOWS.parent / "config", "**/*.py"), (FLOWS.parent, "svodka.py"))
    for path in sorted(folder.glob(pattern))
)


def fields(text: str) -> set[str]:
    """Names that a message expects to be filled."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_facts():
    """A fact that one language leaves out is a mistake in one of them."""
    assert {key for key, texts in OURS.items() if set(texts) != {"ru", "en"}} == set()
    assert {key for key, texts in OURS.items() if fields(texts["ru"]) != fields(texts["en"])} == set()


def test_everything_said_is_in_the_catalogue():
    """A missing message would be an internal error in somebody's night."""
    said = {f"cli.{name}" for name in re.findall(r'say\(\s*"(\w+)"', CODE)}
    assert said
    assert said - OURS.keys() == set()


def test_every_error_has_its_text():
    """Errors carry the key of their message."""
    named = set(re.findall(r'"((?:cli|config)\.[a-z_]+)"', CODE))
    assert named
    assert named - OURS.keys() == set()


def test_nothing_is_in_the_catalogue_that_nobody_says():
    """Whole names, or the beginning of a name that is put together."""
    whole = set(re.findall(r"['\"](?:cli\.|config\.)?(\w+)['\"]", CODE))
    begun = set(re.findall(r'f"(?:cli\.|config\.)?([a-z_]+_){', CODE))

    def is_said(name: str) -> bool:
        return name in whole or any(name[:length] in begun for length in range(3, len(name)))

    assert {key for key in OURS if not is_said(key.partition(".")[2])} == set()


@pytest.mark.parametrize(
    ("said", "pasteable"),
    [
        ("если так, выполните svodka accept, иначе впишите", "если так, выполните svodka accept /a/b, иначе впишите"),
        ("выполните `svodka run`: всё", "выполните `svodka run /a/b`: всё"),
        ("работает ли svodka serve, и запустите: svodka run", "работает ли svodka serve, и запустите: svodka run /a/b"),
        ("svodka run romashka", "svodka run romashka"),
    ],
)
def test_commands_in_a_sentence_can_be_pasted(said, pasteable):
    """A message that knows no folder is given it where it is shown; one that names its own is left as it is."""
    assert pasted(said, "/a/b") == pasteable
