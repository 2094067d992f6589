"""What a run did: read, refused, changed, main figures, written; for people, for machines and for the run's page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from config.labels import of_enquiries
from config.messages import Language, filled, message
from config.metrics import metric
from config.notices import Kind, checked_key, checked_keys, doubting, kinds, why_checked
from connectors.warehouse import Content, FigureSums, Held, Month, Notice, SourceLoads, UnknownName, Warehouse
from flows.run.given.request import RunRequest
from flows.run.loading.sources import Loaded
from flows.say import day, figure, hint, language, month, plainly, roubles, say, whole
from transforms.mask import mask_text
from transforms.words import as_people_write, figured_day, figured_moment

# The ops tables of a run → where the rows of each source went, what no dictionary knows, what must be said.


def source_rows(warehouse: Warehouse, run_id: str, loaded: Loaded, order: Sequence[str]) -> list[SourceRows]:
    """A run and what loading came to in; one line a source out, in the client's order."""
    problems = {trouble.source: trouble.error.text(language()) for trouble in loaded.troubles}
    found = []
    for row in warehouse.source_loads(run_id):
        name = row.source
        found.append(SourceRows(**vars(row), files_read=loaded.files_read.get(name, 0), problem=problems.get(name)))
    return sorted(found, key=lambda rows: order.index(rows.source) if rows.source in order else len(order))


@dataclass(frozen=True)
class Doubts:
    """What of a run somebody should look into, in words."""

    lines: Sequence[str]
    how_to_say_so: Sequence[str]
    """A line, if any of it may be meant so."""


STRANGE_STATUSES = {"unknown_status": "strange_statuses", "unknown_lead_status": "strange_lead_statuses"}
"""A kind of notice that there is one of for each word → what is said once of all words of a source."""
MOST_WORDS = 10


def notices(warehouse: Warehouse, run_id: str, checked: Mapping[str, str]) -> Doubts:
    """A run, and what svodka.yaml calls checked, in; in words, what somebody should look into out.

    Files, columns and channels that lost what they had; statuses that nobody knows; how to say that it is meant so.
    """
    told = {name: kind for name, kind in kinds().items() if kind.told}
    first = [name for name, kind in told.items() if kind.comes_first]
    all_told = warehouse.notices(run_id, told.keys() | {name for name, kind in kinds().items() if kind.doubts})
    found = [one for one in all_told if why_checked(checked, one.kind, one.source, one.file, one.detail) is None]
    found.sort(key=lambda one: first.index(one.kind) if one.kind in first else len(first))
    lines = [*(_worded(one, told[one.kind]) for one in found if one.kind in told), *_strange_statuses(found)]
    return Doubts(lines, _how_to_say_so(found))


def _strange_statuses(found: Sequence[Notice]) -> Iterator[str]:
    """A line a source: its words for the stage of a deal or a lead that nobody knows, the most frequent first."""
    words: dict[tuple[str, str | None], Counter[str]] = {}
    for one in found:
        if one.kind in STRANGE_STATUSES:
            words.setdefault((one.kind, one.source), Counter())[mask_text(one.detail or "")] += one.rows
    for (kind, source), counts in words.items():
        shown = ", ".join(f"«{word}» ({whole(rows)})" for word, rows in counts.most_common(MOST_WORDS))
        more = f" … +{len(counts) - MOST_WORDS}" if len(counts) > MOST_WORDS else ""
        yield say(STRANGE_STATUSES[kind], source=source, words=shown + more)


def unmet_checks(warehouse: Warehouse, run_id: str, checked: Mapping[str, str]) -> list[str]:
    """A run, and what svodka.yaml calls checked, in; a line with what of it nothing is any more out."""
    met = {
        key
        for one in warehouse.notices(run_id, set(doubting()))
        for key in checked_keys(one.kind, one.source, one.file, one.detail)
    }
    stale = [json.dumps(key, ensure_ascii=False) for key in checked if key not in met]
    return [say("checked_stale", keys=", ".join(stale))] if stale else []


PLAIN = re.compile(r"[\w.]+")
"""A key of YAML that needs no quotes, wherever it stands."""


def _how_to_say_so(found: Sequence[Notice]) -> list[str]:
    """Notices in; a line with what svodka.yaml is to say where those that raise doubts are meant so."""
    doubts = [one for one in found if one.kind in doubting()]
    keys = dict.fromkeys(checked_key(one.kind, one.source, one.file, one.detail) for one in doubts)
    lines = [
        say("checked_line", key=key if PLAIN.fullmatch(key) else json.dumps(key, ensure_ascii=False)) for key in keys
    ]
    return [say("checked_hint", lines=", ".join(lines))] if keys else []


def _worded(one: Notice, kind: Kind) -> str:
    detail = as_people_write(one.detail or "", language()) if kind.has_figures else one.detail
    return filled(
        kind.told.say(language()) if kind.told else "",
        language(),
        source=one.source,
        file=one.file,
        rows=whole(one.rows),
        money=f", {roubles(one.money_rub)}" if one.money_rub else "",
        column=one.detail,
        detail=detail,
    )


def shown_unmapped(found: Sequence[UnknownName], personal_data: str) -> list[UnknownName]:
    """Unknown names in; the same fit to be shown out: a phone or an e-mail where a name should be is masked."""
    if personal_data == "keep":
        return list(found)
    return [one._replace(alias=_masked(one.alias)) for one in found]


def _masked(alias: str) -> str:
    """Without the phone or e-mail in it; the last two digits stay, so that the operator knows which one to add."""
    shown = mask_text(alias)
    digits = re.sub(r"\D", "", alias)
    return shown if shown == alias or not digits else f"{shown}{digits[-2:]}"


def unmapped_lines(found: Sequence[UnknownName], places: Mapping[str, str], folder: str) -> list[str]:
    """Unknown names, the place of each dictionary and the client's folder in; a line each, with what to do, out."""
    return [
        say("unmapped_near", alias=one.alias, near=one.near, worth=worth(one), accept=hint("accept", folder))
        if one.near
        else say(
            "unmapped",
            alias=one.alias,
            place=places.get(one.dictionary, say("some_dictionary")),
            dictionary=say(f"dictionary_{one.dictionary}"),
        )
        for one in found
    ]


def worth(one: UnknownName) -> str:
    """How many rows and roubles bear a name."""
    if not one.rows:
        return ""
    return say("unmapped_worth", rows=whole(one.rows), money=f", {roubles(one.money_rub)}" if one.money_rub else "")


Status = Literal["done", "partial", "failed"]


@dataclass(frozen=True)
class SourceRows(SourceLoads):
    """One source of the run, as the warehouse tells of it, and what the run itself knows."""

    files_read: int = 0
    problem: str | None = None


@dataclass(frozen=True)
class Figure:
    """One of the main figures of the last complete month, beside the month before."""

    name: str
    value: Decimal | float | int | None
    before: Decimal | float | int | None
    unit: str


@dataclass(frozen=True)
class Changed:
    """A figure of an earlier period that this run found different from the last run."""

    period_start: date
    name: str
    before: Decimal | float | int | None
    after: Decimal | float | int | None
    unit: str


@dataclass(frozen=True)
class RunSummary:
    """One run of one client, whole or failed."""

    client: str
    folder: str
    run_id: str | None = None
    as_of: date | None = None
    status: Status = "done"
    exit_code: int = 0
    sources: Sequence[SourceRows] = ()
    unmapped: Sequence[UnknownName] = ()
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    """Dictionary → the file or tab where a name is to be added."""
    figures_of: date | None = None
    """First day of the month the figures are of."""
    figures: Sequence[Figure] = ()
    changed: Sequence[Changed] = ()
    written: Sequence[str] = ()
    kept_edits: int = 0
    edits_tab: str = ""
    """Title of the tab on which they are kept."""
    """Human edits found in the report and saved to «Правки»."""
    problems: Sequence[str] = ()
    """In words, in the language of the reader: what went wrong and what to do."""
    seconds: float = 0.0
    doubts: Sequence[str] = ()
    """In words, what of the rows somebody should look into."""
    notes: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`: dates ISO, money as text with two digits."""
        return {name: plainly(value) for name, value in asdict(self).items()}


def is_address(place: str) -> bool:
    """Whether a written report is on the web, and not a file of the client's folder."""
    return place.startswith(("https://", "http://"))


# What each source held of each month before and after days were read again → in words, what changed there.


def reread_lines(asked: RunRequest, before: Held, after: Held) -> list[str]:
    """The days asked for, what was held and is held now; a line for each source and month that differs, or one."""
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if not changed:
        return [say("reread_same", days=_days(asked))]
    return [say("reread_head", days=_days(asked)), *(_line(key, before, after) for key in changed)]


def refigured_lines(made: Sequence[str], before: FigureSums, after: FigureSums) -> list[str]:
    """Tables made anew, and their rows before and after, in; which those are, and of which months they differ, out."""
    if not made:
        return [say("refigured_none")]
    months: dict[date, list[str]] = {}
    for table, of in sorted(before.keys() | after.keys()):
        if table in made and before.get((table, of)) != after.get((table, of)):
            months.setdefault(of, []).append(table)
    head = say("refigured", count=whole(len(made)), tables=", ".join(made))
    if not months:
        return [head, say("refigured_same")]
    lines = [say("refigured_month", month=month(of), tables=", ".join(months[of])) for of in sorted(months)]
    return [head, say("refigured_head"), *lines]


def _line(key: tuple[str, date], before: Held, after: Held) -> str:
    old, new = before.get(key, Content()), after.get(key, Content())
    has_money = old.money is not None or new.money is not None
    return say(
        "reread_money" if has_money else "reread_one",
        source=key[0],
        month=month(key[1]),
        before=whole(old.rows),
        after=whole(new.rows),
        money_before=roubles(old.money or 0),
        money_after=roubles(new.money or 0),
    )


def _days(asked: RunRequest) -> str:
    name = "reread_days" if asked.since and asked.until else "reread_since" if asked.since else "reread_until"
    return say(name, since=day(asked.since), until=day(asked.until))


# A run → what «Пульт» says of it, beside the report that the owner looks at.

MOST_TOLD = 6
"""Lines on «Пульт»."""


def control_text(summary: RunSummary, moment: datetime, language: Language) -> str:
    """A run that is about to be written, its local moment and the reader's language in; a few lines out."""
    told_day = figured_day(summary.as_of, language) if summary.as_of else ""
    facts = {"moment": figured_moment(moment, language), "day": told_day}
    lines = [message(f"cli.control_{summary.status}", language, **facts), *summary.problems]
    if summary.changed:
        lines.append(message("cli.control_changed", language, figures=len(summary.changed)))
    return "\n".join([*lines, *summary.doubts, *summary.notes][:MOST_TOLD])


# Months → the figures a run ends with: the last whole month beside the one before, and what changed since.

MAIN = {
    "spend_rub": "chain_period",
    "calls": "chain_period",
    "calls_per_1000_rub": "whole_period",
    "clients": "chain_period",
    "revenue_rub": "chain_period",
    "active_end": "subscriber_period",
    "conversion_of_active": "subscriber_period",
}
"""Figure → the metric table that names it, in the order in which they are told."""


def main_figures(
    after: Sequence[Month], sources: Sequence[SourceRows], counted: str
) -> tuple[date | None, list[Figure]]:
    """Months, what feeds them, what `calls.count` counts in; the last whole one, its figures beside those before out.

    Of a month after the end of an old source nothing is known: its revenue is not 0 ₽.
    """
    whole = [month for month in after if month.is_complete]
    if not whole:
        return None, []
    last, before = whole[-1], whole[-2] if len(whole) > 1 else None
    over = {name: _over(name, sources) for name in MAIN}
    pairs = {
        name: tuple(None if side is None or side.period_start > over[name] else getattr(side, name)
                    for side in (last, before))
        for name in MAIN
    }  # fmt: skip
    figures = [
        Figure(_name(name, counted), now, then, _unit(name))
        for name, (now, then) in pairs.items()
        if now is not None or then is not None
    ]
    return last.period_start, figures


def _over(name: str, sources: Sequence[SourceRows]) -> date:
    """The last day of which a figure can be known: that of the first of its old sources to end."""
    fed = [rows for rows in sources if rows.table in metric(MAIN[name], name).tables]
    old = {rows.table for rows in fed if rows.is_stale}
    ends = [max((rows.data_to_on or date.min) for rows in fed if rows.table == table) for table in old]
    return min(ends, default=date.max)


def changed_months(
    before: Sequence[Month], after: Sequence[Month], counted: str, *, is_same_day: bool
) -> list[Changed]:
    """Months as the last run left them and as they are now; the figures that differ out, newest first.

    A running month is compared only if both are of the same day: else it has simply gone on.
    """
    known = {month.period_start: month for month in before if month.is_complete or is_same_day}
    found = []
    for later in reversed(after):
        if later.period_start not in known:
            continue
        for name in MAIN:
            old, new = getattr(known[later.period_start], name), getattr(later, name)
            if figure(old, _unit(name)) != figure(new, _unit(name)):
                found.append(Changed(later.period_start, _name(name, counted), old, new, _unit(name)))
    return found


def _name(figure: str, counted: str) -> str:
    told = metric(MAIN[figure], figure)
    name = told.name.say(language())
    return of_enquiries(name, language()) if counted == "enquiries" and told.counts_calls else name


def _unit(figure: str) -> str:
    return metric(MAIN[figure], figure).unit


# How the last run ended, and the last good one: kept beside the warehouse, so that nobody need open that.

FILE = "last_run.json"
LAST, GOOD, BEFORE = "last", "good", "before"
"""The last run, the last that left a report, and the one that did before it."""


def remember_run(data: Path, summary: RunSummary, ended_at: datetime) -> None:
    """A run that ended in; kept as the last one, and as the last good one if it left a report.

    A folder that has no data yet gets none; a disk that takes nothing was told of by the run itself.
    """
    if not data.is_dir():
        return
    told = {**summary.as_json(), "ended_at": ended_at.isoformat()}
    known = read_runs(data)
    known[LAST] = told
    if summary.status != "failed":
        known |= {BEFORE: known[GOOD]} if GOOD in known else {}
        known[GOOD] = told
    _write(data, known)


def forget_last_good(data: Path) -> None:
    """The last good run was taken back: the one before it is the last again."""
    known = read_runs(data)
    before = known.pop(BEFORE, None)
    if before is not None:
        _write(data, {LAST: before, GOOD: before})


def _write(data: Path, known: dict[str, dict[str, Any]]) -> None:
    try:
        fresh = data / f"{FILE}.new"
        fresh.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        fresh.replace(data / FILE)
    except OSError:
        return


def read_runs(data: Path) -> dict[str, dict[str, Any]]:
    """The data folder in; `last` and `good` runs as `svodka run --json` tells them out; empty before the first."""
    try:
        found = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
