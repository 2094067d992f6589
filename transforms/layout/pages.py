"""ReportSpec + Results → Sheets: every page of the report, block by block; of it, what one reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from config.client import Client, Edition, Narrowing
from config.documents import Result, Sheet, Value
from config.labels import Text
from config.metrics import metrics
from config.reports import (
    Block,
    Breakdown,
    Chain,
    ChartBlock,
    Doubts,
    Figures,
    Heat,
    MainPoints,
    Months,
    Need,
    Own,
    Plain,
    ReportSpec,
    Restated,
    Sentences,
    Special,
)
from transforms import words
from transforms.layout.drawing.book import UNKNOWN, WHOLE, Book, ReportInput
from transforms.layout.drawing.canvas import Canvas
from transforms.layout.drawing.spans import Span
from transforms.layout.subjects.answers import are_they_satisfied, draw_low_scores, owed_to_partners, why_not_bought
from transforms.layout.subjects.channels import (
    calls_per_1000_change,
    conversion_by_channel,
    dearest_and_cheapest_call,
    draw_dependence,
    largest_channel,
    pool_net,
    repeat_change,
)
from transforms.layout.subjects.economics import constraint, cost_not_known, draw_levers, no_constraint_yet
from transforms.layout.subjects.loyalty import draw_cohorts, draw_segments, draw_winback, third_month, whom_to_win_back
from transforms.layout.subjects.people import (
    alive_of_total,
    conversions_story,
    do_managers_differ,
    few_target,
    managers_real_or_chance,
    most_missed,
)
from transforms.layout.subjects.plan import behind_plan, draw_experiments, draw_plan, off_the_plan, what_worked
from transforms.layout.summary.first_screen import draw_figures, draw_freshness
from transforms.layout.summary.main_points import draw_main
from transforms.layout.tables.breakdown import draw_breakdown, draw_own
from transforms.layout.tables.chain import draw_chain, weakest_step
from transforms.layout.tables.charts import draw_chart
from transforms.layout.tables.months import draw_heat, draw_months
from transforms.layout.trust.glossary import draw_glossary, draw_settings
from transforms.layout.trust.quality import (
    balance,
    draw_assumed,
    draw_doubts,
    draw_notices,
    draw_reconciliation,
    draw_rejects,
    draw_unmapped,
)
from transforms.layout.trust.restated import draw_restated, restated
from transforms.layout.trust.unknown import (
    unknown_buyers,
    unknown_channels,
    unknown_clients,
    unknown_costs,
    unknown_managers,
)


def lay_out(report: ReportInput) -> list[Sheet]:
    """The client, the day and the tables in; the finished pages out, in the order of their tabs."""
    book = Book(report)
    sheets: list[Sheet] = []
    for spec in book.pages:
        told = frozenset(cell.note for sheet in sheets for cell in sheet.cells if cell.note)
        sheets.append(_linked(_page(book, spec, told), book))
    return sheets


def _linked(sheet: Sheet, book: Book) -> Sheet:
    """The page without links to pages that this report does not have."""
    known = {f"#{spec.key}" for spec in book.pages}
    lost = [cell for cell in sheet.cells if cell.link and cell.link.startswith("#") and cell.link not in known]
    if not lost:
        return sheet
    return replace(sheet, cells=tuple(replace(cell, link=None) if cell in lost else cell for cell in sheet.cells))


def _page(book: Book, spec: ReportSpec, told: frozenset[str]) -> Sheet:
    canvas = Canvas(list(spec.widths), spec.text_columns, spec.frozen_columns, _feeds(spec), told)
    title = spec.title.say(book.language)
    canvas.sentence(book.report.client.client if spec.key == "summary" else title, "title")
    _draw_banner(book, canvas)
    if book.has_something(spec):
        _draw_subtitle(book, canvas, spec)
        for block in spec.blocks:
            draw(book, canvas, block)
    else:
        canvas.frozen_columns = 0
    if spec.needs and not book.has_key_figures(spec):
        for line in _lines_of_nothing(book, spec.needs):
            canvas.sentence(line.say(book.language))
    return canvas.sheet(spec.key, title, is_landscape=spec.is_landscape)


def _lines_of_nothing(book: Book, need: Need) -> list[Text]:
    """What is missing; who has loaded it already is not asked to add it."""
    filled = {row["table_name"] for row in book.ops("sources")}
    return [line for table, line in need.loaded.items() if table in filled] or need.missing


def _feeds(spec: ReportSpec) -> frozenset[str]:
    tables = [block.of for block in spec.blocks if isinstance(block, Breakdown | Heat | Months | Chain | Special)]
    known = [metrics().tables[name] for name in tables if name in metrics().tables]
    return frozenset(feed for table in known for feed in table.feeds)


def draw(book: Book, canvas: Canvas, block: Block) -> None:
    """One block onto the page."""
    DRAWERS[type(block)](book, canvas, block)


def _draw_sentences(book: Book, canvas: Canvas, block: Sentences) -> None:
    told = [text for name in block.say for text in CONCLUSIONS[name](book)]
    if block.title:
        if not told:
            return
        canvas.sentence(block.title.say(book.language), "heading")
    if not told and (old := book.stale_sources(canvas.feeds)):
        told = [book.say("no_conclusion", sources=", ".join(old))]
    for text in told:
        canvas.sentence(text)
    canvas.gap()


def _draw_heat(book: Book, canvas: Canvas, block: Heat) -> None:
    is_chance = block.by == "manager" and not do_managers_differ(book)
    draw_heat(book, canvas, block.model_copy(update={"good": "none"}) if is_chance else block)


def _draw_special(book: Book, canvas: Canvas, block: Special) -> None:
    SPECIAL_DRAWERS[block.kind](book, canvas, block)


def _draw_plain(book: Book, canvas: Canvas, block: Plain) -> None:
    PLAIN_DRAWERS[block.kind](book, canvas)


def _draw_banner(book: Book, canvas: Canvas) -> None:
    banner = book.report.banner
    if banner is not None:
        canvas.sentence(banner.text, "banner" if banner.kind == "failed" else "stalebanner")


def _draw_subtitle(book: Book, canvas: Canvas, spec: ReportSpec) -> None:
    days, spans = book.data_days, book.periods
    if spec.subtitle == "freshness":
        key = "freshness_none" if days is None else "freshness_late" if days[1] < book.report.as_of else "freshness"
        text = book.say(
            key,
            # a phone is no wider
            day=words.days(*days, book.language, with_year=key == "freshness" or days[1].year != book.report.as_of.year)
            if days
            else "",
            as_of=words.short_day(book.report.as_of, book.language),
            stamp=stamp(book, book.report.updated_at),
        )
        canvas.sentence(text, "subtitle")
    elif spec.subtitle == "compared":
        key = "compared_none" if not days else "compared_begun" if spans.running.is_just_begun else "compared"
        text = book.say(
            key,
            span=spans.running.header(book.language),
            year=spans.running.last.year,
            before=_of_month(book, spans.running_before),
            day=words.days(*days, book.language) if days else "",
        )
        canvas.sentence(text, "subtitle")
    canvas.gap(8)


def _of_month(book: Book, span: Span) -> str:
    """`1–20 авг`, or `августа` if whole: after «против»."""
    return words.month(span.last, "of", book.language) if span.is_whole else span.header(book.language)


def stamp(book: Book, moment: datetime) -> str:
    """`21 сен, 03:04`."""
    return f"{words.short_day(moment.date(), book.language)}, {moment:%H:%M}"


DRAWERS: dict[type[Block | Own], Callable[[Book, Canvas, Any], None]] = {
    Sentences: _draw_sentences,
    MainPoints: draw_main,
    Figures: draw_figures,
    Doubts: draw_doubts,
    Breakdown: draw_breakdown,
    Own: draw_own,
    Heat: _draw_heat,
    Months: draw_months,
    ChartBlock: draw_chart,
    Chain: draw_chain,
    Special: _draw_special,
    Restated: draw_restated,
    Plain: _draw_plain,
}
SPECIAL_DRAWERS: dict[str, Callable[[Book, Canvas, Special], None]] = {
    "levers": draw_levers,
    "cohorts": draw_cohorts,
    "segments": draw_segments,
    "dependence": draw_dependence,
    "winback": draw_winback,
    "low_scores": draw_low_scores,
    "plan": draw_plan,
    "experiments": draw_experiments,
}
PLAIN_DRAWERS: dict[str, Callable[[Book, Canvas], None]] = {
    "freshness": draw_freshness,
    "reconciliation": draw_reconciliation,
    "notices": draw_notices,
    "assumed": draw_assumed,
    "unmapped": draw_unmapped,
    "rejects": draw_rejects,
    "settings": draw_settings,
    "glossary": draw_glossary,
}
CONCLUSIONS: dict[str, Callable[[Book], Iterator[str]]] = {
    "largest_channel": largest_channel,
    "dearest_and_cheapest_call": dearest_and_cheapest_call,
    "calls_per_1000_change": calls_per_1000_change,
    "managers_real_or_chance": managers_real_or_chance,
    "few_target": few_target,
    "most_missed": most_missed,
    "alive_of_total": alive_of_total,
    "conversions_story": conversions_story,
    "pool_net": pool_net,
    "repeat_change": repeat_change,
    "weakest_step": weakest_step,
    "balance": balance,
    "restated": restated,
    "constraint": constraint,
    "no_constraint_yet": no_constraint_yet,
    "cost_not_known": cost_not_known,
    "third_month": third_month,
    "whom_to_win_back": whom_to_win_back,
    "conversion_by_channel": conversion_by_channel,
    "are_they_satisfied": are_they_satisfied,
    "why_not_bought": why_not_bought,
    "owed_to_partners": owed_to_partners,
    "off_the_plan": off_the_plan,
    "behind_plan": behind_plan,
    "what_worked": what_worked,
    "unknown_channels": unknown_channels,
    "unknown_managers": unknown_managers,
    "unknown_buyers": unknown_buyers,
    "unknown_clients": unknown_clients,
    "unknown_costs": unknown_costs,
}


# A report of the whole and one of its readers → the same with nothing in it that is not theirs.

SIDES: dict[Narrowing, tuple[str, ...]] = {
    "manager": ("manager", "last_manager"), "channel": ("channel",), "partner": ("partner",)
}  # fmt: skip
"""What a report is narrowed to → the columns of metric tables that name it."""
OWN_OPS = ("sources",)
"""Of a run only the age of its sources is told to somebody who sees nothing of the whole."""
OPS_OF_WHOLE = ("sources", "loads", "earlier_run", "restated", "moved")
"""Neither refused cells nor unknown names: they are texts as somebody typed them."""
LISTS = frozenset({"low_score_reason", "winback_first", "manager_channel_period"})
"""Tables that tell of everybody's clients, and of managers among channels: a part of it proves nothing."""


def for_reader(report: ReportInput, edition: Edition) -> ReportInput:
    """The report of the whole and what one reader may see in; what is theirs, in their language, out."""
    found = replace(report, client=for_client(report.client, edition), edition=edition)
    if edition.by is None:
        return found
    kept = OPS_OF_WHOLE if edition.sees == "all" else OWN_OPS
    return replace(
        found,
        now=_narrowed(report.now, edition),
        before=_narrowed(report.before, edition),
        ops={name: result for name, result in report.ops.items() if name in kept},
        hidden=frozenset(_names(report, edition.by)) - set(edition.names),
    )


def for_client(client: Client, edition: Edition) -> Client:
    """The client in the language of a report, and with its masking."""
    hidden = edition.personal_data or client.settings.personal_data
    settings = client.settings.model_copy(update={"personal_data": hidden})
    return client.model_copy(update={"language": edition.language or client.language, "settings": settings})


def _names(report: ReportInput, by: Narrowing) -> Iterator[str]:
    """Everybody of that kind whom any table names."""
    for result in (*report.now.values(), *report.before.values()):
        for place in (place for place, column in enumerate(result.columns) if column in SIDES[by]):
            yield from (str(row[place]) for row in result.rows if row[place] not in {None, WHOLE, UNKNOWN})


def _narrowed(tables: dict[str, Result], edition: Edition) -> dict[str, Result]:
    found = ((name, _rows_of(result, edition)) for name, result in tables.items() if name not in LISTS)
    return {name: result for name, result in found if result is not None}


def _rows_of(result: Result, edition: Edition) -> Result | None:
    """Rows about whom the report is; None where no row of the table can be."""
    by = edition.by
    own = [place for place, column in enumerate(result.columns) if by and column in SIDES[by]]
    others = [place for place, column in enumerate(result.columns) if column in _others(by)]
    if edition.sees == "own" and not own:
        return None
    names: set[Value] = {*edition.names, *([WHOLE] if edition.sees == "all" else [])}
    whole: set[Value] = {WHOLE, None}
    rows = [
        row
        for row in result.rows
        if all(row[place] in names for place in own)
        and (edition.sees == "all" or all(row[place] in whole for place in others))
    ]
    return replace(result, rows=rows)


def _others(by: Narrowing | None) -> set[str]:
    return {column for side, columns in SIDES.items() if side != by for column in columns}
