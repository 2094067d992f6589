"""The real command, failing in every way that ends at once: no credential is printed or left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.google_sheets.google_fixtures import ADDRESS
from tests.flows.small_client import AS_OF, SVODKA, small_client

pytestmark = pytest.mark.slow
SVODKA_COMMAND = str(Path(sys.executable).with_name("svodka"))


def svodka(command, folder, server, key_file):
    """A command of Svodka on a folder; its exit code and all that it printed, at the most talkative level, out."""
    environment = os.environ | {
        "SVODKA_GOOGLE_API_ROOT": server.url, "GOOGLE_APPLICATION_CREDENTIALS": str(key_file),
        "PREFECT_LOGGING_LEVEL": "DEBUG", "PYTHONVERBOSE": "",
    }  # fmt: skip
    done = subprocess.run(
        [SVODKA_COMMAND, *command, str(folder)], capture_output=True, text=True, env=environment, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path, server):
    """A client whose plan is in a spreadsheet that nobody shared, its report in one that may only be read."""
    report = server.create("Только читать", locale="ru_RU")
    report.share(ADDRESS, "reader")
    plan = f"sources:\n  plan: {{table: plan, sheet: {server.forbidden_id}, tab: План}}\n"
    text = SVODKA.replace("sources:\n", plan) + f"reports: {{sheet: {report.id}}}\n"
    return small_client(tmp_path / "client", {"svodka.yaml": text}) or tmp_path / "client"


@pytest.fixture
def unknown_key(server, tmp_path):
    """The key of an account that Google knows no more."""
    key = server.key_file("gone@school.iam.gserviceaccount.com")
    del server.access.keys["gone@school.iam.gserviceaccount.com"]
    path = tmp_path / "gone.json"
    path.write_text(json.dumps(key))
    return path


def secrets(server, *key_files):
    """What must not be seen: each line of each private key, its id, every token given out."""
    keys = [json.loads(path.read_text()) for path in key_files]
    lines = [line for key in keys for line in key["private_key"].splitlines() if "PRIVATE KEY" not in line]
    return [*(line for line in lines if line), *(key["private_key_id"] for key in keys), *server.access.tokens]


def left_behind(folder):
    """The content of every file in the folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_failing_runs_tell_no_secret(folder, server, key_file, unknown_key):
    """Neither on the screen nor in a file: not shared, not writable, API off, key refused."""
    said = [svodka(["check"], folder, server, key_file), svodka(["run", "--as-of", AS_OF], folder, server, key_file)]
    server.access.disabled_apis.add("sheets.googleapis.com")
    try:
        said.append(svodka(["check"], folder, server, key_file))
    finally:
        server.access.disabled_apis.clear()
    said.append(svodka(["check"], folder, server, unknown_key))
    assert all(code not in {0, 1} for code, _ in said), said
    assert all("Traceback" not in text for _, text in said)
    everything = "".join(text for _, text in said)
    assert ADDRESS in everything
    kept = left_behind(folder)
    for secret in [*secrets(server, key_file, unknown_key), "Bearer ", "assertion=", "ya29."]:
        assert secret not in everything
        assert secret.encode() not in kept
