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


@pytest.mark.parametrize("key", list(OURS))
def test_both_languages_say_the_same_facts(key):
    """A fact that one language leaves out is a mistake in one of them."""
    assert set(OURS[key]) == {"ru", "en"}
    assert fields(OURS[key]["ru"]) == fields(OURS[key]["en"])


@pytest.mark.parametrize("name", sorted(set(re.findall(r'say\(\s*"(\w+)"', CODE))))
def test_everything_said_is_in_the_catalogue(name):
    """A missing message would be an internal error in somebody's night."""
    assert f"cli.{name}" in OURS


@pytest.mark.parametrize("key", sorted(set(re.findall(r'"((?:cli|config)\.[a-z_]+)"', CODE))))
def test_every_error_has_its_text(key):
    """Errors carry the key of their message."""
    assert key in OURS


@pytest.mark.parametrize("key", list(OURS))
def test_nothing_is_in_the_catalogue_that_nobody_says(key):
    """Whole names, or the beginning of a name that is put together."""
    name = key.partition(".")[2]
    pieces = [name[:length] for length in range(3, len(name)) if name[length - 1] == "_"]
    begun = "|".join(pieces) or "nothing"
    assert re.search(rf"['\"](?:cli\.|config\.)?{name}['\"]|f\"(?:cli\.|config\.)?(?:{begun}){{", CODE)


@pytest.mark.parametrize(
    ("said", "pasteable"),
    [
        ("если так, выполните svodka accept, иначе впишите", "если так, выполните svodka accept /a/b, иначе впишите"),
        ("выполните `svodka run`: всё", "выполните `svodka run /a/b`: всё"),
        ("работает ли svodka serve, и запустите: svodka run", "работает ли svodka serve, и запустите: svodka run /a/b"),
        ("svodka run romashka", "svodka run romashka"),
        ("Показатели обновит следующий svodka run", "Показатели обновит следующий svodka run"),
    ],
)
def test_commands_in_a_sentence_can_be_pasted(said, pasteable):
    """A message that knows no folder is given it where it is shown; one that names its own is left as it is."""
    assert pasted(said, "/a/b") == pasteable
