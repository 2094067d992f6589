"""Cases that load → a whole run over them all, its report, a check of them, and what `init` makes of the folder."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from config.errors import SvodkaError
from config.folder.load import load_client
from config.settings import settings
from flows.check.check import check_client
from flows.check.show import as_plain, tell_checked
from flows.init.init import start
from flows.run.given.request import RunRequest
from flows.run.pipeline import run_client
from flows.run.show import tell
from flows.say import plain
from tests.fuzz.bench import AS_OF, client_of
from tests.fuzz.case import Case
from tests.fuzz.limit import TooLong, at_most

SECONDS = 120.0
MOMENT = datetime(2026, 11, 1, 3, tzinfo=UTC)


def ran_whole(loaded: Sequence[Case], refused: Sequence[Case]) -> list[str]:
    """Cases that load and cases that do not; what went wrong in a run, a check and an init over them."""
    with TemporaryDirectory(prefix="fuzz-") as folder:
        try:
            with at_most(SECONDS):
                _start(Path(folder) / "init", [*loaded, *refused])
                return list(_runs(Path(folder) / "run", _recorded_once(loaded)))
        except TooLong:
            return ["TooLongError: the whole run does not end in time"]
        except Exception:
            return [traceback.format_exc(limit=-8)]


def _recorded_once(cases: Sequence[Case]) -> list[Case]:
    """Without a second list of changes: every sample of one records the same, which a run rightly refuses."""
    first = next((case for case in cases if case.source["table"] == "experiments"), None)
    return [case for case in cases if case.source["table"] != "experiments" or case is first]


def _runs(folder: Path, cases: Sequence[Case]) -> Iterator[str]:
    if not cases:
        return
    _write(folder, cases)
    said = client_of(cases).model_dump(mode="json", exclude_defaults=True)
    (folder / "svodka.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    client = load_client(folder)
    summary = run_client(client, RunRequest(as_of=AS_OF, to=("xlsx",)), plain, lambda: MOMENT)
    if summary.exit_code:
        yield f"a run over files that load ends with {summary.exit_code}: {summary.problems}"
    checked = check_client(client, settings({}), AS_OF, datetime(2026, 11, 1, 3), plain)
    if checked.exit_code:
        errors = [error.text("en") for error in checked.errors]
        yield f"a check of files that load ends with {checked.exit_code}: {errors}"
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        tell(summary)
        tell_checked(checked)
    json.dumps([summary.as_json(), as_plain(checked)], ensure_ascii=False)


def _write(folder: Path, cases: Sequence[Case]) -> None:
    for place, case in enumerate(cases):
        path = folder / "exports" / str(place) / case.file
        path.parent.mkdir(parents=True)
        path.write_bytes(case.content)


def _start(folder: Path, cases: Sequence[Case]) -> None:
    """Whatever lies there, `init` writes a svodka.yaml that can be read, unless it found nothing."""
    _write(folder, cases)
    start(folder, plain)
    with suppress(SvodkaError):
        load_client(folder)
