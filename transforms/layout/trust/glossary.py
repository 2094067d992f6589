"""«О показателях»: every column of every page in words, and the settings in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from config.labels import ColumnLabel, Text, labels
from config.metrics import metric
from config.reports import Breakdown, Chain, Figures, FigureSpec, Form, Heat, Months, ReportSpec, Special, figures
from config.setting_words import setting_words
from transforms.layout.drawing.book import Book
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import (
    column_note,
    figure_note,
    formula_text,
    headers,
    is_of_loaded,
    setting_value,
    tables_text,
    unit_text,
)


def draw_glossary(book: Book, canvas: Canvas) -> None:
    """Of each column that stands on a page: meaning, formula in words, unit, source tables; a column once."""
    canvas.sentence(book.say("glossary_heading"), "heading")
    names = ["title", "meaning", "formula", "unit", "sources"]
    place = canvas.header("glossary", names, headers(book, names), is_main=True)
    told: set[tuple[str, str]] = set()
    for report in filter(book.has_something, book.pages):
        shown = shown_on(report)
        fresh = [pair for pair in shown if pair not in told and _stands(book, canvas, *pair)]
        figured = [
            spec for spec in figures_of(report) if is_of_loaded(book, spec) and figure_note(book, spec) in canvas.told
        ]
        if not fresh and not figured:
            continue
        told.update(fresh)
        canvas.line([Entry(report.title.say(book.language), "section"), *[Entry("", "name")] * 4])
        for spec in figured:
            canvas.line(_figure_line(book, spec), place, key=f"figure={spec.title.en}")
        for table, column in fresh:
            canvas.line(_line(book, table, shown[table, column]), place, key=f"column={table}.{column}")
    for report in (report for report in book.pages if report.key == "quality"):
        canvas.line([Entry(report.title.say(book.language), "section"), *[Entry("", "name")] * 4])
        for label in labels().data_columns.values():
            if label.note(book.language) in canvas.told:
                canvas.line(_data_line(book, label), place)
    canvas.gap()


def _stands(book: Book, canvas: Canvas, table: str, column: str) -> bool:
    """Whether a page of this report has such a header: a column of which nothing is known stands nowhere."""
    return any(column_note(book, table, column, form) in canvas.told for form in get_args(Form))


def _data_line(book: Book, label: ColumnLabel) -> list[Entry]:
    """A column of freshness or data quality, which no metric table has."""
    meaning = label.about.say(book.language) if label.about else ""
    texts = (label.say(book.language), meaning, "", label.measured_in(book.language), "")
    return [Entry(text, "words") for text in texts]


@dataclass(frozen=True)
class Shown:
    """A metric column as a page shows it."""

    column: str
    header: Text
    form: Form = "figure"


def shown_on(report: ReportSpec) -> dict[tuple[str, str], Shown]:
    """Metric table and column of everything a page shows, with the header that it has there first."""
    found: dict[tuple[str, str], Shown] = {}
    for table, shown in _shown(report):
        found.setdefault((table, shown.column), shown)
    return found


def _shown(report: ReportSpec) -> Iterator[tuple[str, Shown]]:
    for block in report.blocks:
        match block:
            case Breakdown():
                for each in block.columns:
                    yield block.of, Shown(each.column, each.title or metric(block.of, each.column).heading, each.form)
            case Heat():
                yield block.of, _usual(block.of, block.column)
            case Months() if block.of:
                yield from ((block.of, _usual(block.of, column)) for column in block.columns)
            case Special() if block.of:
                yield from ((block.of, _usual(block.of, column)) for column in block.columns)
            case Chain():
                for step in block.steps:
                    yield from ((table, _usual(table, name)) for table, name in step.columns(block.of))
            case _:
                pass


def _usual(table: str, column: str) -> Shown:
    return Shown(column, metric(table, column).heading)


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


def _line(book: Book, table: str, shown: Shown) -> list[Entry]:
    told = metric(table, shown.column)
    texts = (
        book.say_of(told, shown.header),
        book.say_of(told, told.meaning),
        formula_text(book, told),
        unit_text(told, book.language, shown.form),
        tables_text(told.tables, book.language),
    )
    return [Entry(text, "words") for text in texts]


def _figure_line(book: Book, spec: FigureSpec) -> list[Entry]:
    texts = (
        book.say_of(spec.column, spec.title),
        book.say_of(spec.column, spec.meaning),
        book.say_of(spec.column, spec.formula),
        unit_text(spec.column, book.language),
        tables_text(spec.feeds, book.language),
    )
    return [Entry(text, "words") for text in texts]


def _settings(book: Book) -> Iterator[tuple[str, str]]:
    there = {str(row["table_name"]) for row in book.ops("sources")}
    for key, said in setting_words().items():
        if said.title and (not said.concerns or there.intersection(said.concerns)):
            yield said.title.say(book.language), setting_value(book, key)


def _sources(book: Book) -> Iterator[tuple[str, str]]:
    money = {"ad_spend", "deals", "costs"}
    for row in book.ops("sources"):
        if str(row["table_name"]) in money:
            vat = book.say(f"vat_{row.get('vat') or 'unknown'}")
            currency = str(row.get("currency") or "RUB")
            title = book.say("source_setting", source=book.source_title(str(row["source"])))
            yield title, f"{vat}, {'₽' if currency in {'RUB', 'RUR'} else currency}"
