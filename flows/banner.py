"""A run that was stopped → the last good report once more, with a line across it that says why it is old."""

from __future__ import annotations

from config.errors import SvodkaError
from config.load import LoadedClient
from config.messages import message
from connectors.warehouse import Warehouse
from flows.progress import Step, Verb
from flows.publish import Publication, Written, publish
from flows.report import Occasion, laid_out
from flows.request import RunRequest
from transforms.layout import Banner

LAST_DONE = """
select run_id, as_of, finished_at
from ops.runs
where status in ('done', 'partial')
order by run_id desc
limit 1
"""


def publish_banner(
    warehouse: Warehouse, loaded: LoadedClient, asked: RunRequest, error: SvodkaError, step: Step
) -> Written:
    """The reason in; where the last good report now stands with its banner out, nothing if there never was one.

    Figures and stamp are those of the last good run: only the banner is new.
    """
    done = warehouse.query("last_done", LAST_DONE).dicts()
    if not done or not asked.to:
        return Written()
    last = done[0]
    why = error.text(loaded.client.language).splitlines()[0]
    text = message("cli.banner", loaded.client.language, day=f"{last['as_of']:%d.%m.%Y}", why=why)
    occasion = Occasion(str(last["run_id"]), last["as_of"], last["finished_at"], Banner(text))  # type: ignore[arg-type]
    sheets = step(Verb.LAY_OUT, "", lambda: laid_out(warehouse, loaded.client, occasion))
    return publish(Publication(sheets, loaded, warehouse, occasion.updated_at), asked, step)
