"""«О показателях»: every column of every page in words, and the settings in force."""

from __future__ import annotations

from collections.abc import Iterator

from config.labels import ColumnLabel, Text, labels
from config.metrics import metric
from config.reports import Breakdown, Chain, Figures, FigureSpec, Heat, Months, ReportSpec, figures, reports
from transforms import words
from transforms.layout.book import Book
from transforms.layout.canvas import Canvas, Entry
from transforms.layout.figures import described, formula_text, sources_text, tables_text, unit_text
from transforms.layout.summary import headers


def draw_glossary(book: Book, canvas: Canvas) -> None:
    """Page by page: meaning, formula in words, unit, source tables; a column is told once."""
    canvas.sentence(book.say("glossary_heading"), "heading")
    names = ["title", "meaning", "formula", "unit", "sources"]
    place = canvas.header("glossary", names, headers(book, names))
    told: set[tuple[str, str]] = set()
    for report in reports():
        shown = headers_of(report)
        fresh = [pair for pair in shown if pair not in told and described(*pair)]
        if not fresh and not figures_of(report):
            continue
        told.update(fresh)
        canvas.line([Entry(report.title.say(book.language), "name.strong"), *[Entry("", "name")] * 4])
        for spec in figures_of(report):
            canvas.line(_figure_line(book, spec), place, key=f"figure={spec.title.en}")
        for table, column in fresh:
            canvas.line(_line(book, table, column, shown[table, column]), place, key=f"column={table}.{column}")
    title = next(report.title.say(book.language) for report in reports() if report.key == "quality")
    canvas.line([Entry(title, "name.strong"), *[Entry("", "name")] * 4])
    for label in labels().data_columns.values():
        canvas.line(_data_line(book, label), place)
    canvas.gap()


def _data_line(book: Book, label: ColumnLabel) -> list[Entry]:
    """A column of freshness or data quality, which no metric table has."""
    texts = (label.say(book.language), label.note(book.language) or "", "", "", "")
    return [Entry(text, "words") for text in texts]


def headers_of(report: ReportSpec) -> dict[tuple[str, str], Text]:
    """Metric table and column of everything a page shows, with the header that it has there."""
    titled = {
        (block.of, column.column): column.title
        for block in report.blocks
        if isinstance(block, Breakdown)
        for column in block.columns
        if column.title
    }
    return {pair: titled.get(pair) or metric(*pair).heading for pair in columns_of(report)}


def columns_of(report: ReportSpec) -> Iterator[tuple[str, str]]:
    """Metric table and column of everything a page shows."""
    for block in report.blocks:
        match block:
            case Breakdown():
                yield from ((block.of, column.column) for column in block.columns)
            case Heat():
                yield block.of, block.column
            case Months() if block.of:
                yield from ((block.of, column) for column in block.columns)
            case Chain():
                steps = (name for step in block.steps for name in (step.column, step.share) if name)
                yield from ((block.of, name) for name in steps)
            case _:
                pass


def figures_of(report: ReportSpec) -> list[FigureSpec]:
    """The figures of figures.yaml that a page shows."""
    return [figures()[name] for block in report.blocks if isinstance(block, Figures) for name in block.figures]


def draw_settings(book: Book, canvas: Canvas) -> None:
    """The settings that change figures, and VAT and currency of each source."""
    canvas.sentence(book.say("settings_heading"), "heading")
    names = ["setting", "setting_value"]
    place = canvas.header("settings", names, headers(book, names))
    for title, value in [*_settings(book), *_sources(book)]:
        canvas.line([Entry(title, "words"), Entry(value, "words")], place)
    canvas.gap()


def _line(book: Book, table: str, column: str, header: Text) -> list[Entry]:
    metric = described(table, column)
    if metric is None:
        return []
    texts = (
        header.say(book.language),
        metric.meaning.say(book.language),
        formula_text(metric, book.language),
        unit_text(metric, book.language),
        sources_text(metric, book.language),
    )
    return [Entry(text, "words") for text in texts]


def _figure_line(book: Book, spec: FigureSpec) -> list[Entry]:
    texts = (
        spec.title.say(book.language),
        spec.meaning.say(book.language),
        spec.formula.say(book.language),
        unit_text(spec.column, book.language),
        tables_text(spec.feeds, book.language),
    )
    return [Entry(text, "words") for text in texts]


def _settings(book: Book) -> list[tuple[str, str]]:
    settings = book.report.client.settings

    def days(count: int) -> str:
        return words.counted(count, "day", book.language)

    return [
        (book.say("setting_calls_count"), book.say(f"calls_count_{settings.calls.count}")),
        (book.say("setting_unique_days"), days(settings.calls.unique_days)),
        (book.say("setting_target_seconds"), str(settings.calls.target_seconds)),
        (book.say("setting_active_days"), days(settings.subscribers.active_days)),
        (book.say("setting_client_days"), days(settings.clients.client_days)),
        (book.say("setting_min_clients"), str(settings.channels.min_clients)),
        (book.say("setting_min_callers"), str(settings.managers.min_callers)),
        (
            book.say("setting_attribution"),
            book.say(f"attribution_{settings.attribution.model}", days=days(settings.attribution.lookback_days)),
        ),
        (book.say("setting_stale_days"), days(settings.loading.stale_days)),
        (book.say("setting_personal"), book.say(f"personal_{settings.personal_data}")),
    ]


def _sources(book: Book) -> Iterator[tuple[str, str]]:
    money = {"ad_spend", "deals", "costs"}
    for row in book.ops("sources"):
        if str(row["table_name"]) in money:
            vat = book.say(f"vat_{row.get('vat') or 'unknown'}")
            currency = str(row.get("currency") or "RUB")
            title = book.say("source_setting", source=book.source_title(str(row["source"])))
            yield title, f"{vat}, {'₽' if currency in {'RUB', 'RUR'} else currency}"
