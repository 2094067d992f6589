"""Distorted exports → whether they give the known figures, ask, or are told of: a silent difference is a failure."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.client import Client
from config.draft import Run
from config.errors import SvodkaError
from config.folder.aliases import Aliases
from config.folder.load import LoadedClient
from connectors.warehouse import Warehouse
from connectors.warehouse.store.memory import remembered
from flows.run.given.dictionaries import namings, staging_context
from flows.run.given.request import RunRequest
from flows.run.loading.sources import Loading, load_source
from flows.say import plain
from tests.fuzz.meaning import WORLDS, Export, Figures, distorted
from tests.fuzz.tally import Tally

AS_OF = date(2026, 10, 31)
TOGETHER = 10
ORDINARY = frozenset(
    {"free_deals", "deals_without_client", "without_cogs", "channels_alone", "future_rows",
     "assumed_amounts_of_the_line", "assumed_legs_of_a_call"}
)  # fmt: skip
"""Notices that are told of exports in order too."""
COUNTED = {
    "deals": """
        select 'revenue ' || strftime(coalesce(closed_on, created_on), '%Y-%m'), sum(revenue_rub)
        from staged.deals where source = $1 and status = 'won' group by 1
        union all select 'deals', count(*) from staged.deals where source = $1 and status = 'won' and revenue_rub > 0
        union all select 'people', count(distinct phone) from staged.deals
        where source = $1 and status = 'won' and revenue_rub > 0""",
    "calls": """
        select 'calls ' || strftime(started_at, '%Y-%m'), count(*) from staged.calls where source = $1 group by 1
        union all select 'answered', count(*) filter (where is_answered) from staged.calls where source = $1
        union all select 'seconds', coalesce(sum(talk_seconds), 0) from staged.calls where source = $1
        union all select 'people', count(distinct phone) from staged.calls where source = $1""",
    "ad_spend": """
        select 'spend ' || strftime(spend_on, '%Y-%m'), sum(spend_rub)
        from staged.ad_spend where source = $1 group by 1""",
}


@dataclass(frozen=True)
class Meant:
    """What one export was taken for."""

    same: bool
    refusal: str | None = None
    told: tuple[str, ...] = ()
    """Kinds of doubts that are named."""
    found: Figures | None = None

    @property
    def is_silent(self) -> bool:
        """Whether other figures stand there and nobody is told."""
        return not self.same and self.refusal is None and not self.told

    @property
    def outcome(self) -> str:
        """In a word, for the tally."""
        if self.refusal:
            return self.refusal
        return "same figures" if self.same else f"told: {', '.join(self.told)}" if self.told else "silent"


def meant(exports: Sequence[Export]) -> list[Meant]:
    """Exports in; what each was taken for out. What stops them all is looked for in each alone."""
    with TemporaryDirectory(prefix="meaning-") as folder:
        try:
            return _meant(Path(folder), exports)
        except SvodkaError as error:
            if len(exports) == 1:
                return [Meant(False, error.key)]
    return [one for export in exports for one in meant([export])]


def _meant(folder: Path, exports: Sequence[Export]) -> list[Meant]:
    sources = {f"s{place}": {**export.source, "files": f"exports/{place}/*"} for place, export in enumerate(exports)}
    client = Client.model_validate({"client": "Проверка", "sources": sources, "settings": {"grains": ["month"]}})
    loaded = LoadedClient(folder, client, Aliases(), "hash")
    if any(export.before for export in exports):
        _write(folder, exports, is_before=True)
        with _begun(loaded, 1) as loading:
            _load(loading, exports)
            loading.warehouse.commit(datetime(2026, 11, 1, 1, 30))
    _write(folder, exports, is_before=False)
    with _begun(loaded, 2) as loading:
        refused = _load(loading, exports)
        return [_one(loading, place, export, refused.get(place)) for place, export in enumerate(exports)]


def _write(folder: Path, exports: Sequence[Export], *, is_before: bool) -> None:
    for place, export in enumerate(exports):
        path = folder / "exports" / str(place) / f"export{export.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export.write(export.before if is_before and export.before else export.rows))


@contextmanager
def _begun(loaded: LoadedClient, number: int) -> Iterator[Loading]:
    names = namings(loaded, {})
    with Warehouse.open(loaded.data, loaded.client) as warehouse, TemporaryDirectory() as scratch:
        warehouse.begin(Run(f"run-{number}", datetime(2026, 11, 1, number), AS_OF, "manual", "fuzz", "hash"))
        warehouse.use_names(names)
        context = staging_context(loaded, names, {})
        memory = remembered(warehouse._connection)
        yield Loading(warehouse, loaded, RunRequest(), plain, context, Path(scratch), memory=memory)


def _load(loading: Loading, exports: Sequence[Export]) -> dict[int, str]:
    """Load and settle; place → the key of what refused it."""
    refused = {}
    for place in range(len(exports)):
        name = f"s{place}"
        try:
            load_source(loading, name, loading.loaded.client.sources[name])
        except SvodkaError as error:
            refused[place] = error.key
    loading.warehouse.settle(AS_OF, namings(loading.loaded, {}))
    return refused


def _one(loading: Loading, place: int, export: Export, refusal: str | None) -> Meant:
    if refusal:
        return Meant(False, refusal)
    name, connection = f"s{place}", loading.warehouse._connection
    counted = connection.execute(COUNTED[export.source["table"]], [name]).fetchall()
    found = {what: Decimal(str(count)) for what, count in counted if count}
    notices = connection.execute(
        "select distinct kind from ops.notices where run_id = 'run-2' and (source = ? or source is null)", [name]
    ).fetchall()
    told = {kind for (kind,) in notices} - ORDINARY
    rejects = connection.execute(
        "select distinct reason from ops.rejects where run_id = 'run-2' and source = ?", [name]
    ).fetchall()
    told |= {f"refused {reason}" for (reason,) in rejects}
    wanted = {what: count for what, count in export.figures.items() if count}
    return Meant(found == wanted, None, tuple(sorted(told)), found)


def try_meanings(seed: int, first: int, count: int) -> Tally:
    """Seed, the first number and how many in; what became of them out. Exports in order must raise no doubt at all."""
    tally = Tally()
    for start in range(first, first + count, TOGETHER):
        numbers = range(start, min(start + TOGETHER, first + count))
        named = [distorted(seed, number) for number in numbers]
        try:
            found = meant([export for _, export in named])
        except Exception:
            tally.add(
                Tally({"failed": 1}, [(f"meaning, seed {seed} from {start}", traceback.format_exc(limit=-6), "")])
            )
            continue
        for number, (name, export), one in zip(numbers, named, found, strict=True):
            what = f"meaning, seed {seed} case {number}: {name}"
            wrong = [(what, f"{_plain(export.figures)} became {_plain(one.found)}", "")] if one.is_silent else []
            tally.add(Tally({one.outcome: 1}, wrong))
    return tally


def in_order(seed: int, number: int) -> list[tuple[str, Meant]]:
    """Each kind of export as it is; what it was taken for."""
    from random import Random

    made = [(world.__name__, world(Random(f"order/{seed}/{number}"))) for world in WORLDS]
    return [(name, one) for (name, _), one in zip(made, meant([export for _, export in made]), strict=True)]


def _plain(figures: Figures | None) -> dict[str, Any]:
    return {what: str(count) for what, count in sorted((figures or {}).items())}
