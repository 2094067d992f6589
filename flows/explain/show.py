"""An explained figure → what a person reads: its value and formula, then each part with its rows, used and left out."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from rich.text import Text

from config.messages import catalogue, message
from config.metrics import MetricColumn, metrics
from config.setting_words import setting_words
from connectors.warehouse import PartBehind, RowBehind
from flows.explain.explain import Cell, Explained
from flows.say import UNKNOWN, console, day, figure, hint, language, pasted, say, whole
from transforms.mask import HIDDEN
from transforms.words import days


def tell_explained(explained: Explained) -> None:
    """Print it."""
    out = console()
    for line in lines(explained):
        out.print(line)


def lines(explained: Explained) -> Iterator[Text]:
    """The paragraphs, in the order they are read."""
    described, tongue = explained.described, language()
    place = ", ".join(f"{name}={value}{_week(explained.key, name)}" for name, value in explained.key.items())
    unit = _unit(described, explained.key)
    told = _value(explained.column, explained.value, unit) if explained.is_found else say("explain_no_row")
    yield Text(f"{described.name.say(tongue)}: {told}", style="bold")
    yield Text(f"{explained.table}.{explained.column} · {place} · {say('explain_as_of', day=day(explained.as_of))}")
    for name, values in explained.choices.items():
        yield Text(say("explain_choose", key=name, names=", ".join(values)), style="dim")
    yield Text(described.meaning.say(tongue))
    yield Text(say("explain_formula", formula=described.formula.say(tongue)))
    if explained.column in metrics().tables[explained.table].key:
        yield Text(say("explain_key_column", table=explained.table))
    if len(explained.parts) > 1 or (explained.parts and explained.parts[0].name != explained.column):
        yield from _ratio(explained)
    for name, value in explained.rests_on.items():
        yield Text(_resting(name, value))
    for part in explained.parts:
        yield from _part(explained, part)
    yield from _cells(explained)
    if explained.rows_refused:
        told = say("explain_refused", rows=whole(explained.rows_refused))
        yield Text(pasted(told, explained.folder), style="yellow")
    if explained.corrections:
        yield Text(say("explain_correct"), style="dim")
    yield from (Text(f"  {command}", style="dim") for command in explained.corrections)


def _week(key: Mapping[str, Any], name: str) -> str:
    """` (24–30 ноя 2026)` behind the Monday by which a week is known: a day alone does not say that it is one."""
    if name != "period_start" or key.get("grain") != "week":
        return ""
    first = date.fromisoformat(str(key[name]))
    return f" ({days(first, first + timedelta(days=6), language(), with_year=True)})"


def _unit(described: MetricColumn, key: Mapping[str, Any]) -> str:
    """The unit of a figure; where it is that of the figure which the row is about, that one's."""
    if described.unit != "own":
        return described.unit
    table, _, column = str(key.get("metric", "")).rpartition(".")
    lever = str(key.get("lever", ""))
    of = metrics().tables.get(table) or metrics().tables["unit_economics_period"]
    found = next((of.columns[name] for name in (column, lever, f"{lever}_rub") if name in of.columns), None)
    return found.unit if found else "own"


def _value(column: str, value: Any, unit: str) -> str:
    """A figure, a day, a flag or a code as a person reads it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str) or unit in {"date", "text", "flag"}:
        words = catalogue().get(f"report.value_{column}_{value}")
        return words[language()] if words else str(value)
    return whole(value) if unit == "own" and value == int(value) else figure(value, unit)


def _resting(name: str, value: Any) -> str:
    """A setting, a day or a rule that the figure rests on."""
    kind, _, key = name.partition(".")
    if kind == "given":
        unit = "rub" if key.endswith("_rub") or key == "rub_per_client" else "share" if key == "share" else "count"
        return f"{say(f'explain_given_{key}')}: {_value(key, value, unit)}"
    title = setting_words()[key].title
    shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return say("explain_setting", key=key, title=f"{title.say(language())}: " if title else "", value=shown)


def _cells(explained: Explained) -> Iterator[Text]:
    """Each figure that it is computed from, with the command that explains it."""
    if explained.cells:
        yield Text()
        yield Text(say("explain_cells"), style="bold")
    for cell in explained.cells:
        described = metrics().tables[cell.table].columns[cell.column]
        told = _value(cell.column, cell.value, _unit(described, cell.key))
        place = ", ".join(map(_worded, (item for item in cell.key.items() if item not in explained.key.items())))
        yield Text(f"  {described.name.say(language())}{f' ({place})' if place else ''}: {told}")
        yield Text(f"    {_command(explained, cell)}", style="dim")


def _worded(part: tuple[str, str]) -> str:
    if part[0] in {"period_start", "cohort_on"}:
        return day(date.fromisoformat(part[1]))
    words = catalogue().get(f"report.{part[0]}_{part[1]}")
    return words[language()] if words else part[1]


def _command(explained: Explained, cell: Cell) -> str:
    # whoever asked knows the client; what is hidden could not be pasted
    shown = {name: say("explain_client") if value == HIDDEN else value for name, value in cell.key.items()}
    keys = [shlex.quote(f"{name}={value}") for name, value in shown.items()]
    return " ".join([hint("explain", explained.folder), f"{cell.table}.{cell.column}", *keys])


def _ratio(explained: Explained) -> Iterator[Text]:
    """Numerator and denominator in figures."""
    described = explained.described
    for role, name in (
        ("numerator", described.numerator),
        ("minus", described.minus),
        ("denominator", described.denominator),
    ):
        part = next((part for part in explained.parts if part.name == name), None)
        if part is not None:
            times = described.times if role == "numerator" else 1
            said = "minuend" if role == "numerator" and described.denominator is None else role
            yield Text(say(f"explain_{said}", text=_equation(explained, part, times)))


def _equation(explained: Explained, part: PartBehind, times: int) -> str:
    """`Звонки = 64`, or `1 000 × Звонки = 1 000 × 64 = 64 000`."""
    title, total = _title(explained, part.name), _total(explained, part)
    if times == 1:
        return f"{title} = {total}"
    product = _total(explained, replace(part, total=part.total * times))
    return f"{whole(times)} × {title} = {whole(times)} × {total} = {product}"


def _part(explained: Explained, part: PartBehind) -> Iterator[Text]:
    total = _total(explained, part)
    yield Text()
    yield Text(
        say("explain_part", name=_title(explained, part.name), total=total, rows=whole(part.rows_used)), style="bold"
    )
    yield from (Text(f"  {_row(row)}") for row in part.used)
    if part.rows_used > len(part.used):
        yield Text("  " + say("and_more", more=whole(part.rows_used - len(part.used))), style="dim")
    for reason, rows in part.left_out.items():
        yield Text(say("explain_left_out", reason=_reason(reason), rows=whole(rows)), style="yellow")
        shown = [row for row in part.unused if row.reason == reason]
        yield from (Text(f"  {_row(row)}") for row in shown)
        if rows > len(shown):
            yield Text("  " + say("and_more", more=whole(rows - len(shown))), style="dim")


def _row(row: RowBehind) -> str:
    return f"{day(row.day_on)}  {_number(row.value)}  {_place(row)}"


def _place(row: RowBehind) -> str:
    return row.source_file if row.source_row is None else f"{row.source_file}:{row.source_row}"


def _number(value: Any) -> str:
    if value is None or isinstance(value, str | date):
        return _value("", value, "text")
    return whole(value) if value == int(value) else figure(value, "ratio")


def _title(explained: Explained, name: str) -> str:
    described = metrics().tables[explained.table]
    return (described.columns[name].name if name in described.columns else described.behind[name].title).say(language())


def _total(explained: Explained, part: PartBehind) -> str:
    described = metrics().tables[explained.table]
    unit = (described.columns.get(part.name) or described.behind[part.name]).unit
    return _value(part.name, part.total, unit)


def _reason(code: str | None) -> str:
    return message(f"explain.reason_{code}", language()) if code else UNKNOWN
