"""An empty table to fill in: a workbook with headings, notes that say what to write, and the source that reads it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from config.documents import Cell, Sheet
from config.errors import ConfigError, SvodkaError, TargetError
from config.folder.load import CLIENT_FILE, load_client
from config.messages import Language, message
from config.metrics import metric
from config.tables import InputColumn, InputTable, inputs
from flows.init.client_yaml import scalar
from transforms import words


class Template(NamedTuple):
    """A table that was written, and what to add to svodka.yaml so that it is read."""

    file: str
    """Relative to the client's folder."""
    source: Sequence[str]
    """Lines below `sources:`."""


def write_template(folder: Path, table: str, language: Language) -> Template:
    """The client's folder and a table's name in; the workbook in exports/ out. Raises ConfigError, nothing replaced."""
    if table not in inputs():
        raise ConfigError("cli.no_template", found=table, known=", ".join(inputs()))
    kept = inputs()[table]
    file = _written(folder, _sheet(table, kept, language), language)
    return Template(file, list(_source(_free(folder, table), table, file, kept, language)))


def _free(folder: Path, table: str) -> str:
    """A name for one more source of a client: the table's own, numbered where another source has it."""
    try:
        taken = load_client(folder).client.sources
    except SvodkaError:
        return table  # whoever has no client yet, or one to be mended, is told so by the next command
    names = chain([table], (f"{table}_{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _written(folder: Path, sheet: Sheet, language: Language) -> str:
    from connectors.xlsx import replace_file, workbook_bytes

    file = f"exports/{sheet.title}.xlsx"
    if (folder / file).exists():
        raise ConfigError("cli.template_exists", file=file)
    replace_file(folder / file, workbook_bytes([sheet], language))
    return file


def _sheet(table: str, kept: InputTable, language: Language) -> Sheet:
    columns = kept.columns.values()
    cells = [
        Cell(0, place, column.header.say(language), "headerleft", note=_note(column, language))
        for place, column in enumerate(columns)
    ]
    widths = [max(14, len(column.header.say(language)) + 2, *map(len, column.examples)) for column in columns]
    return Sheet(table, kept.title.say(language), cells, widths=widths, frozen_rows=1)


def _note(column: InputColumn, language: Language) -> str:
    meaning, examples = column.meaning.say(language), dict.fromkeys(filter(None, column.examples))
    return f"{meaning[:1].upper()}{meaning[1:]}\n{'; '.join(examples)}"


def _source(name: str, table: str, file: str, kept: InputTable, language: Language) -> Sequence[str]:
    columns = (f"      {ours}: {scalar(column.header.say(language))}" for ours, column in kept.columns.items())
    return [f"  {name}:", f"    table: {table}", f"    files: {scalar(file)}", "    columns:", *columns]


# The plan of twelve months: a figure a row, a month a column, what the same month held a year before in its note.

PLANNED = (
    "chain_period.revenue_rub", "chain_period.gross_profit_rub", "chain_period.spend_rub", "chain_period.calls",
    "unit_economics_period.orders", "unit_economics_period.buyers_new", "unit_economics_period.av_price_rub",
    "subscriber_period.active_end",
)  # fmt: skip
"""What a business plans, most often; each is read by the name that it has in the report."""
MONTHS, FIGURE_CHARS, MONTH_CHARS = 12, 26, 12
WHOLE = "Всего"
Past = Mapping[tuple[str, date], float]
"""Figure and first day of a month → its value."""


def write_plan(folder: Path, language: Language, today: date) -> Template:
    """The client's folder in; a table of figures and months to fill in out, in exports/.

    It begins with the month that runs at the last report, else with today's. Raises ConfigError, nothing replaced.
    """
    as_of, past = _past(folder)
    first = ((as_of + timedelta(days=1)) if as_of else today).replace(day=1)
    kept = inputs()["plan"]
    known = [
        name for name in PLANNED if not past or any(figure == name and value for (figure, _), value in past.items())
    ]
    sheet = _plan_sheet(known, _months(first), past, kept, language)
    file = _written(folder, sheet, language)
    figure = kept.columns["metric"].header.say(language)
    source = [
        f"  {_free(folder, 'plan')}:",
        "    table: plan",
        f"    files: {scalar(file)}",
        "    columns:",
        f"      metric: {scalar(figure)}",
    ]
    return Template(file, source)


def _past(folder: Path) -> tuple[date | None, Past]:
    """The day of the last report and what it knows of past months; nothing before the first run."""
    from connectors.warehouse import Reading

    if not (folder / CLIENT_FILE).exists():
        return None, {}
    found: dict[tuple[str, date], float] = {}
    try:
        with Reading.open(load_client(folder).data) as warehouse:
            run = warehouse.last_good_run()
            for name in PLANNED if run else ():
                table, _, column = name.partition(".")
                rows = warehouse.fetch(f"metrics.{table}").dicts()
                months = [row for row in rows if row["grain"] == "month" and row.get("channel", WHOLE) == WHOLE]
                found |= {(name, row["period_start"]): row[column] for row in months if row[column] is not None}  # type: ignore[misc]  # rows of a warehouse hold objects
            return (run.as_of if run else None), found
    except TargetError:
        return None, {}


def _months(first: date) -> list[date]:
    return [date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(MONTHS)]


def _plan_sheet(
    names: Sequence[str], months: Sequence[date], past: Past, kept: InputTable, language: Language
) -> Sheet:
    heads = [Cell(0, 0, kept.columns["metric"].header.say(language), "headerleft")]
    heads += [
        Cell(0, place, f"{words.month(month, 'short', language)} {month.year}", "header")
        for place, month in enumerate(months, 1)
    ]
    cells = [cell for row, name in enumerate(names, 1) for cell in _plan_row(row, name, months, past, language)]
    widths = [FIGURE_CHARS, *[MONTH_CHARS] * len(months)]
    title = kept.title.say(language)
    return Sheet("plan", title, [*heads, *cells], widths=widths, frozen_rows=1, frozen_columns=1, is_landscape=True)


def _plan_row(row: int, name: str, months: Sequence[date], past: Past, language: Language) -> Iterator[Cell]:
    """The figure's name, and an empty cell a month; what the month held a year before stands in its note."""
    table, _, column = name.partition(".")
    told = metric(table, column)
    yield Cell(row, 0, told.name.say(language), "words")
    for place, month in enumerate(months, 1):
        before = month.replace(year=month.year - 1)
        value = past.get((name, before))
        note = None
        if value is not None:
            facts = {"month": f"{words.month(before, 'short', language)} {before.year}"}
            note = message("cli.plan_year_ago", language, value=words.figure(value, told.look, language), **facts)
        yield Cell(row, place, None, told.look, note=note)
