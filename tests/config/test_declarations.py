"""The project's own YAML is parsed once for a user; what it declares is the same either way."""

import os
import time
from pathlib import Path

import pytest
import yaml

import config
from config.declarations import declaration

ALL = sorted(Path(config.__file__).parent.rglob("*.yaml"))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A user of their own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def written(folder, text):
    """A file of declarations."""
    path = folder / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def kept(home):
    """What is kept for the user."""
    return sorted((home / ".cache" / "svodka" / "declarations").glob("*"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_file_declares_the_same_when_it_was_kept(path):
    """The second time it comes from the cache: values, their types, their order."""
    told = repr(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [repr(declaration(path)), repr(declaration(path))] == [told, told]


def test_what_is_kept_is_read_instead(tmp_path, home):
    """Else nothing would be saved."""
    path = written(tmp_path, "a: 1")
    declaration(path)
    kept(home)[0].write_text('{"a": 2}')
    assert declaration(path) == {"a": 2}


def test_another_content_is_parsed_anew(tmp_path):
    """Whatever its date."""
    assert declaration(written(tmp_path, "a: 1")) == {"a": 1}
    assert declaration(written(tmp_path, "a: 3")) == {"a": 3}


def test_what_json_cannot_say_is_never_kept(tmp_path, home):
    """Numbers as keys, days."""
    assert declaration(written(tmp_path, "1: a")) == {1: "a"}
    assert str(declaration(written(tmp_path, "2026-01-01"))) == "2026-01-01"
    assert [file for file in kept(home) if file.suffix == ".json"] == []


def test_a_torn_file_is_parsed_anew(tmp_path, home):
    """And kept again."""
    path = written(tmp_path, "a: 1")
    declaration(path)
    kept(home)[0].write_text('{"a":')
    assert declaration(path) == {"a": 1}
    assert kept(home)[0].read_text() == '{"a": 1}'


def test_what_was_kept_long_ago_goes(tmp_path, home):
    """What a release of two months ago declared; that of yesterday stays."""
    declaration(written(tmp_path, "a: 1"))
    days = 60 * 24 * 3600
    os.utime(kept(home)[0], (time.time() - days, time.time() - days))
    declaration(written(tmp_path, "a: 2"))
    declaration(written(tmp_path, "a: 3"))
    assert len(kept(home)) == 2


def test_a_user_without_a_place_to_keep_it_is_served_too(tmp_path, home):
    """The home is a file."""
    home.write_text("")
    assert declaration(written(tmp_path, "a: 1")) == {"a": 1}
