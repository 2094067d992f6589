"""The Dockerfile: what it copies is there, it installs as `make` does, and what it installs makes a report."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.small_client import AS_OF, SVODKA, small_client

ROOT = Path(__file__).parents[1]
QUIET = {"--quiet", "--disable-pip-version-check", "--no-cache-dir", "--editable"}
"""Of an installation: how it is told, and whether the folder itself is used; none changes what is installed."""


def instructions(name: str) -> list[list[str]]:
    """The words of each instruction of this name."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith(f"{name} ")]


def installs() -> list[list[str]]:
    """What the image has pip install, in order."""
    return [words[4:] for words in instructions("RUN") if words[:4] == ["python", "-m", "pip", "install"]]


def test_what_is_copied_is_there_and_let_in():
    """A file that .dockerignore keeps out, or a package that is forgotten, would only show at the first build."""
    copied = [source for *sources, _ in instructions("COPY") for source in sources]
    assert [one for one in copied if not (ROOT / one).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == set(copied)
    assert {"config", "connectors", "flows", "transforms"} <= set(copied)


def test_the_image_installs_what_make_installs():
    """The lock with its hashes, then the project itself, and nothing that the lock does not name."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [usual] = re.findall(r"^INSTALL := .* pip install (.*)$", makefile, re.MULTILINE)
    runtime = makefile.partition("$(VENV)/runtime:")[2].partition("\n\n")[0]
    by_make = [shlex.split(f"{usual} {rest}") for rest in re.findall(r"@\$\(INSTALL\) (.*)$", runtime, re.MULTILINE)]
    meant = [[set(words) - QUIET for words in commands] for commands in (installs(), by_make)]
    assert meant[0] == meant[1]
    assert all("--no-deps" in words for words in installs())


def test_a_worker_may_give_its_own_command():
    """A docker worker of Prefect starts `prefect flow-run execute`: an entry point would swallow it."""
    assert instructions("ENTRYPOINT") == []
    assert instructions("USER") == [["svodka"]]


@pytest.mark.slow
def test_the_installed_package_makes_a_report(tmp_path):
    """The very command of the image, over copies of what it copies: no SQL, font or word is left behind."""
    build, installed = tmp_path / "build", tmp_path / "installed"
    build.mkdir()
    for source in (one for *sources, _ in instructions("COPY") for one in sources):
        ignored = shutil.ignore_patterns("__pycache__")
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, build / source, **({"ignore": ignored} if (ROOT / source).is_dir() else {}))
    command = [sys.executable, "-m", "pip", "install", *installs()[-1], "--target", str(installed)]
    subprocess.run(command, cwd=build, check=True, capture_output=True)
    school = small_client(
        tmp_path / "school",
        {"svodka.yaml": f"{SVODKA}reports: [{{xlsx: out/Сводка.xlsx}}, {{html: out/Сводка.html}}]\n"},
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    found = [sys.executable, "-c", "import flows.cli; print(flows.cli.__file__)"]
    assert str(installed) in subprocess.check_output(found, cwd=tmp_path, env=environment, text=True)
    run = [sys.executable, "-m", "flows.cli", "run", str(school), "--as-of", AS_OF, "--to", "xlsx,html"]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
    assert (school / "out" / "Сводка.html").exists()
    assert (school / "out" / "Сводка.xlsx").exists()
