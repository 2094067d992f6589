"""One figure of a month, its change like with like, and the look that both take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from config.client import ClientSettings
from config.labels import Good, Text, column_label
from config.letters import column_pixels, text_pixels
from config.messages import Language, message
from config.metrics import MetricColumn, metrics
from config.reports import FigureSpec, Form, figures
from config.setting_words import setting, setting_words
from config.tables import inputs
from config.theme import look
from transforms import words
from transforms.layout.drawing.book import Book, Number, Row, When, number
from transforms.layout.drawing.canvas import Entry

MILLIONS_FROM, BILLIONS_FROM = 100_000_000, 1_000_000_000
"""From here on roubles do not fit a column of a table and are told in millions, in billions."""
AXIS_THOUSANDS_FROM, AXIS_MILLIONS_FROM, AXIS_PER_CENT_FROM = 4_000, 1_500_000, 0.04
"""From here on the steps of an axis are whole thousands; steps are tenths of a million; steps are whole per cents."""
THOUSAND_PER_CENT = 9.995
"""From here on per cent take a separator: 1 436 %."""
FIGURES_MOST = 7
"""More do not fit the first screen."""
PHONE_COLUMN = 12
"""Characters of a figure's column on a phone."""


@dataclass(frozen=True)
class Reading:
    """A figure now and at the same age a month before."""

    name: str
    spec: FigureSpec
    now: Number | None
    before: Number | None
    is_stale: bool
    is_small: bool
    is_change_small: bool = False
    """Either side of the change rests on too little."""

    @property
    def change(self) -> float | None:
        """Relative change; None if it cannot be told."""
        return relative(self.before, self.now)


def read(book: Book, name: str, first: date, first_before: date) -> Reading:
    """Name of a figure and two months in, its reading out."""
    spec = figures()[name]
    row, row_before = figure_row(book, spec, first), figure_row(book, spec, first_before, "before")
    now, before = number(row.get(name)), number(row_before.get(name))
    cases = (_cases(book, spec, first, "now"), _cases(book, spec, first_before, "before"))
    left_of = spec.column.left_of
    brought = (number(row.get(left_of)), number(row_before.get(left_of))) if left_of else ()
    least = book.report.client.settings.channels.min_clients
    return Reading(
        name=name,
        spec=spec,
        now=now,
        before=before,
        is_stale=book.is_stale(spec.feeds),
        # a sum of few cases is what it is; a ratio of few, and any change of few, may be chance
        is_small=are_few(cases[:1], least) and not spec.column.adds_up,
        is_change_small=is_change_of_few(spec.column, before, now, cases, least, brought),
    )


def _cases(book: Book, spec: FigureSpec, first: date, when: When) -> Number | None:
    """How many cases the figure rests on."""
    table, _, name = (spec.column.rests_on or "").rpartition(".")
    row = book.one(table, first, when) if table else figure_row(book, spec, first, when)
    return number(row.get(name))


def are_few(cases: Sequence[Number | None], least: int) -> bool:
    """Fewer than the client's setting asks for; unknown ones are not few."""
    return any(count is not None and count < least for count in cases)


def is_change_of_few(  # noqa: PLR0917 - a figure, its change, and what that rests on
    told: MetricColumn,
    before: Number | None,
    now: Number | None,
    cases: Sequence[Number | None],
    least: int,
    brought: Sequence[Number | None] = (),
) -> bool:
    """A figure's two values and what either rests on (now, before) in; whether its change may be chance out.

    It may where either side rests on few cases, or where the change itself is of a handful: 41 calls against 42, one
    repeat purchase of six or of eight, six clients of 47 calls against seven of 48, an average check of six that
    moved by less than five of them. Money may where it changed by less than one sale brings; of a profit `brought`
    says what its sales brought.
    """
    return are_few(cases, least) or _is_handful(told, before, now, cases, least, brought)


def _is_handful(  # noqa: PLR0917 - as above
    told: MetricColumn,
    before: Number | None,
    now: Number | None,
    cases: Sequence[Number | None],
    least: int,
    brought: Sequence[Number | None],
) -> bool:
    if before is None or now is None or not relative(before, now):
        return False
    if told.unit == "count":
        return abs(float(now) - float(before)) < least
    known = [float(count) for count in cases if count is not None]
    if len(known) < len((now, before)) or not all(known):
        return False
    change = abs(float(now) - float(before))
    if told.counts_above or told.counts_below:
        moved = _moved_cases((float(now), float(before)), (known[0], known[1]), is_price=told.counts_below)
        return moved is not None and round(moved, 6) < least
    if told.unit == "rub" and told.adds_up:
        sums = [abs(float(money or 0)) for money in brought or (now, before)]
        return change < max(sums[0] / known[0], sums[1] / known[1])
    if told.unit == "rub" and told.rests_on == told.denominator:
        return change * min(known) < least * max(abs(float(now)), abs(float(before)))
    return told.unit in {"share", "ratio"} and told.numerator is None and round(change * min(known), 6) < least


def _moved_cases(values: tuple[float, float], cases: tuple[float, float], *, is_price: bool) -> float | None:
    """By how many cases one rate differs from another over the smaller of their bases; a price is one upside down."""
    if not all(values):
        return None
    rates = tuple(1 / value for value in values) if is_price else values
    bases = [count / rate for count, rate in zip(cases, rates, strict=True)]
    return abs(rates[0] - rates[1]) * min(bases)


def shown(book: Book, names: Sequence[str]) -> list[tuple[Reading, Reading]]:
    """Names of figures in; the first seven that can be known out, each in the running and in the last whole month."""
    spans = book.periods
    pairs = (
        (read(book, name, spans.running.first, spans.running_before.first),
         read(book, name, spans.whole.first, spans.whole_before.first))
        for name in names
        if is_of_loaded(book, figures()[name])
    )  # fmt: skip
    return [pair for pair in pairs if _is_shown(*pair)][:FIGURES_MOST]


def _is_shown(new: Reading, old: Reading) -> bool:
    """Known in either month, or unknown only because its source is old."""
    return new.is_stale or new.now is not None or old.now is not None


def is_of_loaded(book: Book, spec: FigureSpec) -> bool:
    """Whether what was loaded makes the figure say more than another does."""
    loaded = {row["table_name"] for row in book.ops("sources")}
    return spec.stands_with in {None, *loaded} and spec.stands_without not in loaded


def figure_row(book: Book, spec: FigureSpec, first: date, when: When = "now") -> Row:
    """The row of the month that holds the figure; empty where an old source has nothing of that month."""
    if when == "now" and book.is_silent(spec.feeds, first):
        return {}
    return book.one(spec.table, first, when)


def relative(before: Number | None, now: Number | None) -> float | None:
    """(now − before) ÷ before, rounded to whole per cent; None unless both are known and before is positive."""
    if before is None or now is None or float(before) <= 0:
        return None
    return round(float(Fraction(now) / Fraction(before)) - 1, 2)


def look_for(family: str, value: Number | None, language: str = "ru") -> str:
    """The look that fits the size of a value: `ratio` of 0.83 is `ratio2`, a share below 10 % is `share1`."""
    if value is None:
        return "dash"
    match family:
        case "ratio":
            places = words.ratio_places(value)
            return "ratio" if places == 1 else f"ratio{places}"
        case "share":
            if words.share_places(value):
                return "share1"
            return "sharek" if abs(float(value)) >= THOUSAND_PER_CENT else "share"
        case "money" if abs(float(value)) >= MILLIONS_FROM:
            return millions(value, language)
        case _:
            return family


def value_entry(family: str, value: Number | None, style: str, language: str = "ru") -> Entry:
    """The cell of a figure; `—` where it cannot be known."""
    shown = words.DASH if value is None else value
    if value is not None and family == "money" and "main" in style and not _fits_phone(value, language):
        family = millions(value, language)
    return Entry(shown, f"{look_for(family, value, language)}{style}")


def axis_look(family: str, largest: Number, language: str) -> str:
    """The look of an axis that reaches that value: its steps differ, and no label is longer than it need be."""
    if family == "money":
        if largest >= AXIS_MILLIONS_FROM:
            return millions(largest, language)
        return "money" if largest < AXIS_THOUSANDS_FROM else "moneyk" if language == "ru" else "moneyken"
    if family == "share":
        return "share" if largest >= AXIS_PER_CENT_FROM else "share1"
    return look_for(family, largest, language) if family == "ratio" else family


def _fits_phone(value: Number, language: str) -> bool:
    text = words.figure(value, "money", "en" if language == "en" else "ru")
    drawn = look("money.main")
    return text_pixels(text, drawn.size, bold=drawn.bold) < column_pixels([PHONE_COLUMN])


def millions(value: Number, language: str) -> str:
    """The look that tells roubles in millions, or in billions."""
    unit = "bln" if abs(float(value)) >= BILLIONS_FROM else "mln"
    return f"money{unit}" if language == "ru" else f"money{unit}en"


def change_entry(before: Number | None, now: Number | None, good: Good, style: str = "") -> Entry:
    """The cell of a change: arrow, whole per cent, green for better and red for worse; `—` if unknown."""
    change = relative(before, now)
    if change is not None:
        return Entry(change, f"change.{tone(change, good)}{style}")
    if before is None or now is None:
        return Entry(words.DASH, f"dash.neutral{style}")
    # from zero or from a loss a percentage means nothing: the arrow alone
    difference = float(now) - float(before)
    arrow = "▲" if difference > 0 else "▼" if difference < 0 else "="
    return Entry(arrow, f"figuretext.{tone(difference, good)}{style}")


def tone(change: float, good: Good) -> str:
    """`better` or `worse` for the business, `neutral` where there is no change or no good way."""
    if change == 0 or good == "none":
        return "neutral"
    return "better" if (change > 0) == (good == "up") else "worse"


# What a column means: the note on its header, and the same words for «О показателях».

SETTING = re.compile(r" \((?:настройка|setting) ([a-z_.]+)\)")


def described(table: str, column: str) -> MetricColumn | None:
    """Metric table and column of a report in; what metrics.yaml says of it out, None if it says nothing."""
    found = metrics().tables.get(table)
    return found.columns.get(column) if found else None


def column_note(book: Book, table: str, column: str, form: Form = "figure") -> str | None:
    """What it is, formula in words, unit, source: a line each."""
    metric = described(table, column)
    if metric is None:
        return None
    return book.say(
        "note_column",
        name=book.say_of(metric, metric.name),
        meaning=book.say_of(metric, metric.meaning),
        formula=formula_text(book, metric),
        unit=unit_text(metric, book.language, form),
        sources=tables_text(metric.tables, book.language),
    )


def column_header(book: Book, table: str, column: str, title: Text | None = None, form: Form = "figure") -> Entry:
    """The header of a metric column, left over names and right over figures; the page's own title if it has one."""
    told = metrics().tables[table].columns[column]
    is_key = column in metrics().tables[table].key
    look = ("headerleft" if is_key else "headerleft.indent") if told.unit in {"text", "flag"} else "header"
    return Entry(book.say_of(told, title or told.heading), look, column_note(book, table, column, form))


def headers(book: Book, names: list[str]) -> list[Entry]:
    """Column names in; header cells out, left over words and right over figures."""
    found = []
    for name in names:
        label = column_label(name)
        look = {"name": "headerleft", "words": "headerleft", "indented": "headerleft.indent"}.get(label.look, "header")
        found.append(Entry(label.say(book.language), look, label.note(book.language)))
    return found


def formula_text(book: Book, metric: MetricColumn) -> str:
    """The formula in words; in place of the name of a setting, which an owner never sees, its value in this report."""
    # what is counted is told as it is: calls + leads
    text = book.say_of(metric, metric.formula) if metric.parts else metric.formula.say(book.language)
    return SETTING.sub(lambda found: _setting_here(book, found[1]), text)


def _setting_here(book: Book, key: str) -> str:
    """The formula says the usual value itself: another is told beside it, and so is a choice among words."""
    is_usual = setting(book.report.client.settings, key) == setting(ClientSettings(), key)
    if is_usual and not isinstance(setting_words()[key].value, dict):
        return ""
    return book.say("setting_here", value=setting_value(book, key))


def setting_value(book: Book, key: str) -> str:
    """A setting's value as its owner reads it."""
    settings, said = book.report.client.settings, setting_words()[key]

    def days(of: str) -> str:
        count = setting(settings, of)
        assert isinstance(count, int)  # noqa: S101 - what is written in days is a whole number
        return words.counted(count, "day", book.language)

    value = setting(settings, key)
    if said.value == "days":
        return days(key)
    if said.value is None:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return said.value[str(value)].say(book.language).format(days=days(said.among_days) if said.among_days else "")


def figure_note(book: Book, spec: FigureSpec) -> str:
    """The same for a figure of figures.yaml."""
    return book.say(
        "note_column",
        name=book.say_of(spec.column, spec.title),
        meaning=book.say_of(spec.column, spec.meaning),
        formula=book.say_of(spec.column, spec.formula),
        unit=unit_text(spec.column, book.language),
        sources=tables_text(spec.feeds, book.language),
    )


def unit_text(metric: MetricColumn, language: Language, form: Form = "figure") -> str:
    """The unit in words, in the form that the page gives the figure."""
    unit = {"of_ten": "of_ten", "interval_of_ten": "of_ten", "of_hundred": "of_hundred"}.get(form, metric.unit)
    return message(f"report.unit_{unit}", language)


def tables_text(names: Sequence[str], language: Language) -> str:
    """Names of staged tables in the reader's words; `—` if there are none."""
    return ", ".join(inputs()[name].named.say(language) for name in names if name in inputs()) or "—"
