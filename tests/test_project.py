"""The project as a whole: what it ships, what it must never carry, what its pages promise."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

from config.messages import catalogue

ROOT = Path(__file__).parents[1]
PACKAGES = ("config", "transforms", "connectors", "flows")


def tracked() -> list[Path]:
    """Files git knows, or every file where there is no git."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()] or [
        path for path in ROOT.rglob("*") if path.is_file()
    ]


def text_files() -> list[Path]:
    """Tracked files that people write: no exports, no pictures."""
    endings = {".py", ".md", ".yaml", ".yml", ".toml", ".sql", ".lock", ".sh", ""}
    return [path for path in tracked() if path.suffix in endings and "data" not in path.parts]


def test_locks_name_no_registry():
    """A lock holds versions and hashes; where they are fetched from is the machine's business."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert any("--hash=sha256:" in line for line in lines)
        assert [line for line in lines if "://" in line or line.lstrip().startswith("-")] == [
            line for line in lines if line.lstrip().startswith("--hash=")
        ]


def test_no_file_names_a_home_folder():
    """A path of somebody's machine works nowhere else."""
    home = re.compile("|".join(re.escape(f"/{top}/") for top in ("home", "root", "Users")))
    assert [
        path.name for path in text_files() if path != Path(__file__) and home.search(path.read_text(encoding="utf-8"))
    ] == []


def test_every_message_speaks_both_languages():
    """A key without a Russian or an English text would fail when somebody needs it."""
    assert {key: sorted(texts) for key, texts in catalogue().items() if sorted(texts) != ["en", "ru"]} == {}


def test_both_languages_of_a_message_tell_the_same_facts():
    """A fact named in one language is named in the other; `report` inflects Russian words by fields of their own."""
    told = {key: texts for key, texts in catalogue().items() if not key.startswith("report.")}
    assert {key for key, texts in told.items() if fields(texts["ru"]) != fields(texts["en"])} == set()


def fields(text: str) -> set[str]:
    """The facts that a message names."""
    return {re.split(r"\W", name)[0] for _, name, _, _ in Formatter().parse(text) if name}


def test_links_of_the_docs_lead_somewhere():
    """Every relative link of a page names a file."""
    broken = [
        (page.name, link)
        for page in text_files()
        if page.suffix == ".md"
        for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if "://" not in link and not (page.parent / link.strip()).exists()
    ]
    assert broken == []


def test_the_way_of_a_row_leads_through_functions_that_exist():
    """Every `path:function` of the docs is a function or a class of that file; a row takes at most nine steps."""
    pages = {page: page.read_text(encoding="utf-8") for page in text_files() if page.suffix == ".md"}
    named = [place for text in pages.values() for place in re.findall(r"`([\w/]+\.py):(\w+)`", text)]
    missing = [
        f"{path}:{name}"
        for path, name in named
        if not (ROOT / path).is_file()
        or not re.search(rf"^ *(?:def|class) {name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []
    steps = re.findall(r"^\| (\d) \|.*`[\w/]+\.py:\w+`", pages[ROOT / "docs" / "architecture.md"], re.MULTILINE)
    assert steps == list("123456789")


def test_no_file_is_over_450_lines():
    """A file answers one question: over 450 lines it answers several, and a reader loses the first."""
    folders = (*PACKAGES, "bench", "examples")
    assert {name: lines for folder in folders for name, lines in lengths(folder).items() if lines > 450} == {}


def lengths(folder: str) -> dict[str, int]:
    """Lines of each Python and SQL file of a folder."""
    return {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sql"}
    }


def test_everything_is_caught_at_the_door_alone():
    """`except Exception` in the middle hides a mistake of the program; the two outermost doors put it into words."""
    catching = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"except\s*(Exception\b|:)", path.read_text(encoding="utf-8"))
    ]
    assert sorted(catching) == ["flows/cli.py", "flows/run/one_client.py"]


def test_every_exception_to_the_types_has_its_reason():
    """`type: ignore` tells a reader that something is wrong; what it is stands behind it."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in (*PACKAGES, "bench")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# type: ignore(?!\[[a-z, -]+\]  # \w)", line)
    ]
    assert bare == []


def test_actions_are_pinned_and_may_do_nothing():
    """A tag of an action can be moved to other code; a hash cannot. A job names each permission that it needs."""
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        workflow = path.read_text(encoding="utf-8")
        used = re.findall(r"uses: (.*)", workflow)
        assert [action for action in used if not re.match(r"\S+@[0-9a-f]{40} +# v", action)] == []
        assert re.search(r"^permissions: \{\}", workflow, re.MULTILINE)


def test_an_old_python_is_told_in_words(tmp_path):
    """`make` says what is needed, what is there and what to type, before any environment is made."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'import sys; sys.version_info = (3, 10, 4); exec(sys.argv[1])' \"$2\"\n"
    )
    old.chmod(0o755)
    told = subprocess.run(
        ["make", "demo"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{old.parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stderr.splitlines()[0] == "Нужен Python 3.11 или новее, у вас 3.10; PYTHON=python3.12 make demo"
    assert told.returncode == 2
    assert not (tmp_path / ".venv").exists()


@pytest.mark.slow
def test_wheel_works_away_from_the_checkout(tmp_path):
    """The wheel carries its SQL and YAML: an installed copy knows profiles, metrics and messages in another folder."""
    source = tmp_path / "source"
    for path in tracked():
        copy = source / path.relative_to(ROOT)
        if copy.suffix not in {".csv", ".xlsx"}:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    target = tmp_path / "installed"
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(target), str(source)],
        check=True,
    )
    told = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    place, profiles, metrics, messages, tables = told.stdout.split()
    assert Path(place).is_relative_to(target)
    assert min(int(profiles), int(metrics), int(messages), int(tables)) >= 5


ASK = """
import config.tables
from config.messages import catalogue
from config.profiles import profiles
from config.tables import tables
from transforms.metrics import metric_queries
print(config.tables.__file__, len(profiles()), len(metric_queries()), len(catalogue()), len(tables()))
"""
