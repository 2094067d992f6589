"""An explained figure → what a person reads: its value and formula, then each part with its rows, used and left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rich.text import Text

from config.messages import message
from config.metrics import metrics
from connectors.warehouse import PartBehind, RowBehind
from flows.explain.explain import Explained
from flows.run.show import console
from flows.say import UNKNOWN, day, figure, language, say, whole


def tell_explained(explained: Explained) -> None:
    """Print it."""
    out = console()
    for line in lines(explained):
        out.print(line)


def lines(explained: Explained) -> Iterator[Text]:
    """The paragraphs, in the order they are read."""
    described, tongue = explained.described, language()
    place = ", ".join(f"{name}={value}" for name, value in explained.key.items())
    yield Text(f"{described.name.say(tongue)}: {_value(explained)}", style="bold")
    yield Text(f"{explained.table}.{explained.column} · {place} · {say('explain_as_of', day=day(explained.as_of))}")
    for name, values in explained.choices.items():
        yield Text(say("explain_choose", key=name, names=", ".join(values)), style="dim")
    yield Text(described.meaning.say(tongue))
    yield Text(say("explain_formula", formula=described.formula.say(tongue)))
    if len(explained.parts) > 1 or (explained.parts and explained.parts[0].name != explained.column):
        yield from _ratio(explained)
    for part in explained.parts:
        yield from _part(explained, part)
    if explained.rows_refused:
        yield Text(say("explain_refused", rows=whole(explained.rows_refused)), style="yellow")
    if shown := next((row for part in explained.parts for row in (*part.used, *part.unused) if row.source_row), None):
        yield Text(say("explain_correct", folder=explained.folder, place=_place(shown)), style="dim")


def _value(explained: Explained) -> str:
    if not explained.is_found:
        return say("explain_no_row")
    if isinstance(explained.value, bool):
        return say("yes" if explained.value else "no")
    if explained.described.unit in {"date", "text", "flag"}:
        return UNKNOWN if explained.value is None else str(explained.value)
    return figure(explained.value, explained.described.unit)


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
            yield Text(say(f"explain_{role}", text=_equation(explained, part, times)))


def _equation(explained: Explained, part: PartBehind, times: int) -> str:
    """`Звонки = 64`, or `1000 × Звонки = 1000 × 64 = 64 000`."""
    title, total = _title(explained, part.name), _total(explained, part)
    if times == 1:
        return f"{title} = {total}"
    return f"{times} × {title} = {times} × {total} = {_total(explained, replace(part, total=part.total * times))}"


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
    if value is None:
        return UNKNOWN
    return whole(value) if value == int(value) else figure(value, "ratio")


def _title(explained: Explained, name: str) -> str:
    columns = metrics().tables[explained.table].columns
    return columns[name].name.say(language()) if name in columns else say(f"explain_part_{name}")


def _total(explained: Explained, part: PartBehind) -> str:
    columns = metrics().tables[explained.table].columns
    return figure(part.total, columns[part.name].unit if part.name in columns else "count")


def _reason(code: str | None) -> str:
    return message(f"explain.reason_{code}", language()) if code else UNKNOWN
