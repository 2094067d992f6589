"""The outermost door of a run: a folder and a request in; a summary out, whatever happened inside."""

import traceback
from dataclasses import replace
from pathlib import Path

from config.errors import Busy, RequestError, SvodkaError, is_interruption, refused_by_disk
from config.settings import now
from flows.run.given.request import RunRequest
from flows.run.told.summary import RunSummary, remember_run
from flows.say import Step, language, pasted, say

LOG = "error.log"


def run_folder(folder: Path, asked: RunRequest, step: Step) -> RunSummary:
    """One client's run. Errors of ours become words and their exit code; a mistake of the program, a log and 1."""
    from config.folder.load import load_client
    from flows.run.pipeline import run_client

    try:
        loaded = load_client(folder)
        summary = replace(run_client(loaded, asked, step, now), folder=str(folder))  # as it was named
    except (Busy, RequestError) as error:
        return failed(folder, error.text(language()), error.exit_code)  # how the client stands is not changed by it
    except Exception as error:  # the outermost door: nobody above could do better
        if is_interruption(error):
            raise KeyboardInterrupt from error
        known = error if isinstance(error, SvodkaError) else refused_by_disk(error, folder)
        if known is None:
            summary = failed(folder, unexpected(error, folder), 1)
        else:
            summary = failed(folder, known.text(language()), known.exit_code)
    remember_run(folder / "data", summary, now())
    return summary


def announced(folder: Path, asked: RunRequest) -> str:
    """What a run is going to ask of Google, in words; nothing where it asks nothing or cannot even start."""
    from config.folder.load import load_client
    from flows.run.given.spreadsheets import planned_requests

    try:
        return planned_requests(load_client(folder), asked).told
    except SvodkaError:
        return ""  # the run itself is about to say why


def failed(folder: Path, problem: str, exit_code: int) -> RunSummary:
    """A run that ended before it could sum itself up."""
    name, problems = folder.absolute().name, pasted(problem, folder).splitlines()
    return RunSummary(name, str(folder), status="failed", exit_code=exit_code, problems=problems)


def unexpected(error: Exception, folder: Path) -> str:
    """A mistake of the program, now being handled, in words; its traceback goes into the client's folder."""
    return say("unexpected", folder=folder, problem=_short(error), log=_logged(folder))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}".rstrip(": ")


def _logged(folder: Path) -> str:
    """Write the traceback beside the warehouse; its name out, or nothing where even that fails."""
    try:
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / LOG).write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return "—"
    return f"{folder.absolute().name}/data/{LOG}"
