"""«План и факт» and «Что сработало»: a row per planned figure, a row per change that somebody made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import ceil, floor, log10
from typing import cast

from config.documents import Chart, ChartKind, Series, SeriesRole
from config.letters import column_pixels
from config.metrics import MetricColumn, metrics
from config.reports import Special
from transforms import words
from transforms.layout.drawing.book import WHOLE, Book, Number, Row, number
from transforms.layout.drawing.canvas import Canvas, Entry
from transforms.layout.drawing.figures import axis_look, change_entry, column_header, value_entry
from transforms.layout.drawing.spans import month_end

LOW, HIGH = 0.8, 1.2
"""The zone in which nothing need be done."""
FULL, EMPTY = "█", "░"
BAR, BAR_MOST = 10, 13
"""Letters of a bar that is full, and of the longest one."""
LEAST_DAYS = 2
NEEDED = {
    "forecast": ("forecast_low", "forecast_high"),
    "last_year": ("last_year",), "growth": ("last_year",), "doubled": ("last_year",),
}  # fmt: skip
"""Column → what some row must have for it to stand."""
NO_INTERVAL = (words.DASH, words.DASH)
SERIES = {"fact": SeriesRole.ACTUAL, "planned": SeriesRole.PLAN, "forecast": SeriesRole.FORECAST}
CHART_COLUMNS, CHART_ROWS, CHART_HEIGHT_PX, LINE_HEIGHT_PT = 7, 12, 230, 15


def off_the_plan(book: Book) -> Iterator[str]:
    """What is furthest below its plan and where it will end, or that all is within 80–120 %; what costs too much."""
    yield from _furthest_below(book)
    dear = [row for row in _running(book) if _is_less_better(row) and float(number(row["completion"]) or 0) > HIGH]
    if dear:
        row = max(dear, key=lambda row: float(number(row["completion"]) or 0))
        look = _look(row)
        yield book.say(
            "plan_over",
            title=book.say("quoted", name=plan_title(book, row)),
            actual=words.figure(number(row["actual"]), look, book.language),
            to_date=words.figure(number(row["planned_to_date"]), look, book.language),
            completion=words.figure(number(row["completion"]), "share", book.language),
        )


def behind_plan(book: Book) -> Iterator[str]:
    """Of the money that is below 80 % of its plan, what lacks most roubles: for «Сводка», once a month has a week."""
    short = [
        row
        for row in _running(book)
        if (column := _column(row)) and column.unit == "rub" and column.adds_up and column.good == "up"
        and row["zone"] == "low"
    ]  # fmt: skip
    if short and not book.periods.running.is_just_begun:
        yield _told_below(book, max(short, key=_lacking), "plan_lags")


def _lacking(row: Row) -> float:
    return float(number(row["planned_to_date"]) or 0) - float(number(row["actual"]) or 0)


def _furthest_below(book: Book) -> Iterator[str]:
    rows = [row for row in _running(book) if number(row["completion"]) is not None and not _is_less_better(row)]
    if not rows:
        return
    if float(number(rows[0]["completion"]) or 0) >= LOW:
        above = any(float(number(row["completion"]) or 0) > HIGH for row in rows)
        yield book.say("plan_above" if above else "plan_kept")
        return
    yield _told_below(book, rows[0], "plan_behind")


def _told_below(book: Book, row: Row, key: str) -> str:
    look, interval = _look(row), _interval(book, row)
    return book.say(
        key if interval == NO_INTERVAL else f"{key}_forecast",
        title=book.say("quoted", name=plan_title(book, row)),
        completion=words.figure(number(row["completion"]), "share", book.language),
        actual=words.figure(number(row["actual"]), look, book.language),
        to_date=words.figure(number(row["planned_to_date"]), look, book.language),
        end=words.short_day(month_end(book.report.as_of), book.language),
        low=interval[0],
        high=interval[1],
        planned=words.figure(number(row["planned"]), look, book.language),
    )


def draw_plan(book: Book, canvas: Canvas, block: Special) -> None:
    """A row per planned figure of the running month, the one furthest below its plan first, and its days as a chart."""
    rows = _running(book)
    if not rows:
        canvas.sentence(book.say("plan_no_rows"))
        return
    heads = _plan_heads(book, block, rows)
    place = canvas.header(block.key, list(heads), list(heads.values()))
    for row in rows:
        key = ",".join(f"{name}={row[name]}" for name in ("metric", "channel", "manager") if row.get(name) != WHOLE)
        line = _plan_line(book, row)
        canvas.line([line[name] for name in heads], place, key=key)
    said = ["plan_note", *(["plan_note_forecast"] if "forecast" in heads else [])]
    canvas.sentence(" ".join(book.say(key) for key in said), "footnote")
    canvas.gap()
    first = next((row for row in rows if len(_days(book, row)) >= LEAST_DAYS), None)
    if first is not None:
        _draw_days(book, canvas, first)


def _running(book: Book) -> list[Row]:
    """Plans of the running month: those furthest below first, then what is better the less it is, then the unknown."""
    rows = book.rows("plan_period", book.periods.running.first)
    return sorted(rows, key=_distance)


def _distance(row: Row) -> tuple[bool, bool, float]:
    completion = number(row["completion"])
    return completion is None, _is_less_better(row), float(completion or 0)


def _plan_heads(book: Book, block: Special, rows: list[Row]) -> dict[str, Entry]:
    """Column → its header; without the columns of a year ago and of what is ahead where no row has them."""
    heads = {"metric": Entry(book.say("figure_column"), "headerleft", book.say("note_plan_figure"))}
    for name in block.columns:
        heads[name] = column_header(book, "plan_period", name)
        if name == "completion":
            heads["bar"] = Entry(book.say("bar_column"), "headerleft", book.say("note_bar"))
    heads["doubled"] = Entry(book.say("doubled_column"), "headerleft.indent", book.say("note_doubled"))
    dropped = [
        column for column, needed in NEEDED.items() if all(number(row[name]) is None for row in rows for name in needed)
    ]
    return {name: head for name, head in heads.items() if name not in dropped}


def _plan_line(book: Book, row: Row) -> dict[str, Entry]:
    """Column → its cell."""
    look, column, interval = _look(row), _column(row), _interval(book, row)
    good = column.good if column else "none"
    growth = number(row["growth"])
    zone = str(row["zone"]) if row["zone"] is not None else None
    is_bad = (zone == "low" and good == "up") or (zone == "high" and good == "down")
    is_good = (zone == "high" and good == "up") or (zone == "low" and good == "down")
    style = ".worse" if is_bad else ".better" if is_good else ""
    change = Entry(words.DASH, "dash") if growth is None else change_entry(1.0, 1 + float(growth), good)
    return {
        "metric": Entry(plan_title(book, row), "words"),
        "planned_to_date": value_entry(look, number(row["planned_to_date"]), ".grey", book.language),
        "actual": value_entry(look, number(row["actual"]), ".strong", book.language),
        "completion": value_entry("share", number(row["completion"]), style, book.language),
        "bar": Entry(_bar(number(row["completion"])), f"words.unwrapped{style or '.neutral'}"),
        "zone": Entry(book.value_word("zone", zone), f"words.indent{style}"),
        "forecast": Entry(words.DASH if interval == NO_INTERVAL else "–".join(interval), "figuretext"),
        "planned": value_entry(look, number(row["planned"]), ".grey", book.language),
        "last_year": value_entry(look, number(row["last_year"]), ".earlier", book.language),
        "growth": change,
        "doubled": Entry(words.DASH if growth is None else book.say("yes" if growth >= 1 else "no"), "words.indent"),
    }


def _bar(completion: Number | None) -> str:
    """Completion as a bar of letters, which every product draws: ten of them are the plan to date."""
    if completion is None:
        return words.DASH
    full = min(round(float(completion) * BAR), BAR_MOST)
    return FULL * full + EMPTY * (BAR - full)


def _days(book: Book, row: Row) -> list[Row]:
    """What a planned figure came to by each day of the month so far; none of what does not add up by days."""
    names = ("metric", "channel", "manager")
    days = [day for day in book.listed("plan_day") if all(day[name] == row[name] for name in names)]
    return days if all(number(day["actual"]) is not None for day in days) else []


def _draw_days(book: Book, canvas: Canvas, row: Row) -> None:
    """The chart of one figure, cumulated by day, and the table that it is drawn from."""
    end = month_end(book.report.as_of)
    actual = {cast(date, day["day_on"]): number(day["actual"]) for day in _days(book, row)}
    look, last = _look(row), max(actual)
    told = words.figure(actual[last], look, book.language)
    day = words.short_day(last, book.language)
    to_date = words.figure(number(row["planned_to_date"]), look, book.language)
    canvas.sentence(
        book.say("chart_plan", title=plan_title(book, row), actual=told, day=day, plan=to_date), "charthead"
    )
    anchor, width = canvas.row, column_pixels(canvas.widths[:CHART_COLUMNS])
    for _ in range(CHART_ROWS):
        canvas.gap(LINE_HEIGHT_PT)
    canvas.gap()
    month = words.month(end, "of", book.language)
    canvas.sentence(book.say("plan_days", title=plan_title(book, row)), "heading", columns=CHART_COLUMNS)
    has_forecast = number(row["forecast"]) is not None and last < end
    shown = [name for name in SERIES if name != "forecast" or has_forecast]
    heads = [Entry(book.say("day_column", month=month), "header")]
    heads += [Entry(book.say(f"plan_{name}"), "header") for name in shown]
    place = canvas.header("plan_days", ["day", *shown], heads)
    for number_of_day in range(1, end.day + 1):
        canvas.line(_day_line(book, row, actual, end.replace(day=number_of_day))[: len(heads)], place)
    canvas.gap()
    lines = [Series(book.say(f"plan_{name}"), place.column_area(name), SERIES[name]) for name in shown]
    chart = Chart(
        "plan",
        ChartKind.LINE,
        anchor,
        0,
        place.column_area("day"),
        lines,
        width,
        CHART_HEIGHT_PX,
        axis_look(look, max(float(number(row[name]) or 0) for name in ("planned", "actual")), book.language),
    )
    canvas.pending_charts.append(lambda: chart)


def _day_line(book: Book, row: Row, actual: Mapping[date, Number | None], day: date) -> list[Entry]:
    """A day: the fact up to it, the plan up to it, and from the last known day on where it goes."""
    look, end, last = _look(row), month_end(day), max(actual)
    planned, forecast = number(row["planned"]), number(row["forecast"])
    fact, goal = actual.get(day), float(planned or 0) * day.day / end.day
    ahead: float | None = None
    if forecast is not None and day >= last and last < end:
        reached = float(actual[last] or 0)
        ahead = reached + (float(forecast) - reached) * (day - last).days / (end - last).days
    style = ".strong" if fact is not None else ""
    return [
        Entry(day.day, "count"),
        Entry(fact, f"{look}{style}"),
        Entry(goal, f"{look}.grey"),
        Entry(ahead, f"{look}.grey"),
    ]


def _interval(book: Book, row: Row) -> tuple[str, str]:
    """Both ends of the forecast, to as many digits as the distance between them bears: 1 500 000–2 470 000 ₽."""
    low, high = number(row["forecast_low"]), number(row["forecast_high"])
    if low is None or high is None:
        return NO_INTERVAL
    distance = float(high) - float(low)
    step = 10 ** max(0, floor(log10(distance)) - 1) if distance >= 1 else 1
    least, most = float(floor(float(low) / step) * step), float(ceil(float(high) / step) * step)
    # what is reached already is no forecast
    actual = float(number(row["actual"]) or 0)
    least = actual if least < actual <= float(low) else least
    return words.number(least, 0, book.language), words.figure(most, _look(row), book.language)


def _column(row: Row) -> MetricColumn | None:
    table, _, column = str(row["metric"]).partition(".")
    found = metrics().tables.get(table)
    return found.columns.get(column) if found else None


def _is_less_better(row: Row) -> bool:
    """A price below its plan is no shortfall."""
    column = _column(row)
    return column is not None and column.good == "down"


def _look(row: Row) -> str:
    column = _column(row)
    return column.look if column else "count"


def plan_title(book: Book, row: Row) -> str:
    """The planned figure in the reader's words, with its channel and manager."""
    column = _column(row)
    title = book.say_of(column, column.name) if column else str(row["metric"])
    named = [str(row[name]) for name in ("channel", "manager") if row.get(name) not in {None, WHOLE}]
    return ", ".join([title, *named])


# «Что сработало».

SETTLED = ("better", "worse", "noise", "changed")
NOTED = ("early", "noise")
"""Verdicts that a line under the table explains."""


def what_worked(book: Book) -> Iterator[str]:
    """The latest change that has run its days: better, worse, or noise."""
    rows = [row for row in book.listed("before_after") if row["verdict"] in SETTLED]
    if not rows:
        if book.listed("before_after"):
            yield book.say("worked_early")
        return
    last = max(rows, key=lambda row: (cast(date, row["changed_on"]), str(row["name"])))
    money = number(last["effect_rub"])
    told = book.say(
        f"worked_{last['verdict']}",
        name=book.say("quoted", name=book.shown(str(last["name"]))),
        title=plan_title(book, last),
        before=words.figure(number(last["before_value"]), _look(last), book.language),
        after=words.figure(number(last["after_value"]), _look(last), book.language),
        days=words.counted(int(number(last["days"]) or 0), "day", book.language),
    )
    is_told = money is not None and last["verdict"] in {"better", "worse"}
    yield f"{told} {book.say('worked_money', money=words.figure(money, 'money', book.language))}" if is_told else told


def draw_experiments(book: Book, canvas: Canvas, block: Special) -> None:
    """A row per change: what, where, when, before, after, the verdict in words, roubles; too early ones grey."""
    rows = sorted(
        book.listed("before_after"), key=lambda row: (cast(date, row["changed_on"]), str(row["name"])), reverse=True
    )
    if not rows:
        canvas.sentence(book.say("worked_nothing"))
        return
    heads = [
        Entry(book.say("change_column"), "headerleft", book.say("note_change_made")),
        Entry(book.say("figure_column"), "headerleft", book.say("note_plan_figure")),
        *(column_header(book, "before_after", name) for name in block.columns),
    ]
    place = canvas.header(block.key, ["name", "metric", *block.columns], heads)
    for row in rows:
        canvas.line(_experiment_line(book, row), place, key=f"change={book.shown(str(row['name']))}")
    noted = [book.say(f"worked_note_{name}") for name in NOTED if any(row["verdict"] == name for row in rows)]
    if noted:
        canvas.sentence(" ".join(noted), "footnote")
    canvas.gap()


def _experiment_line(book: Book, row: Row) -> list[Entry]:
    look, column, verdict = _look(row), _column(row), str(row["verdict"])
    style = ".grey" if verdict == "early" else ""
    tone = {"better": ".better", "worse": ".worse"}.get(verdict, style)
    good = column.good if column and verdict in {"better", "worse"} else "none"
    before, after = number(row["before_value"]), number(row["after_value"])
    sure = "" if verdict in {"better", "worse"} else ".grey"
    return [
        Entry(book.shown(str(row["name"])), f"words{style}"),
        Entry(plan_title(book, row), f"words{style}"),
        Entry(row["changed_on"], f"date{style}"),
        value_entry("count", number(row["days"]), style, book.language),
        value_entry(look, before, style, book.language),
        value_entry(look, after, style, book.language),
        change_entry(before, after, good, style),
        Entry(book.value_word("verdict", verdict), f"words.indent{tone}"),
        value_entry("money", number(row["effect_rub"]), sure, book.language),
    ]
