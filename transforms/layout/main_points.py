"""«Главное»: at most three sentences, the change with the most roubles at stake first."""

from __future__ import annotations

from collections.abc import Sequence

from config.reports import MainPoints
from transforms import words
from transforms.layout.book import Book, Number, number, total
from transforms.layout.canvas import Canvas
from transforms.layout.causes import cause
from transforms.layout.figures import Reading, shown
from transforms.layout.periods import Span

NOUNS = {"calls_per_1000_rub": "call", "clients_per_10_calls": "client"}
"""Figures that a sentence follows with a counted noun: 1,9 звонка."""
LEAST_CHANGE = 0.01


def draw_main(book: Book, canvas: Canvas, block: MainPoints) -> None:
    """Heading and sentences."""
    canvas.sentence(book.say("main_heading"), "heading")
    for sentence in main_sentences(book, block.figures, block.most):
        canvas.sentence(sentence)
    canvas.gap()


def main_sentences(book: Book, names: Sequence[str], most: int) -> list[str]:
    """The figures' names in; the sentences out, largest |change| × roubles at stake first."""
    now, before = book.periods.running, book.periods.running_before
    readings = [reading for reading, _ in shown(book, names)]
    told = [reading for reading in readings if not reading.is_stale and not reading.is_change_small]
    known = [reading for reading in readings if reading.is_stale or reading.now is not None]
    if known and all(reading.is_stale for reading in known):
        return [nothing_fresh(book, known)]
    if all(reading.before is None for reading in readings):
        return [book.say("nothing_to_compare" if known else "nothing_to_tell")]
    changed = [reading for reading in told if size(reading) >= LEAST_CHANGE]
    changed.sort(key=lambda reading: -size(reading) * stake(book, reading, now))
    if not changed:
        key = "nothing_changed_fresh" if book.stale_sources else "nothing_changed"
        return [book.say(key, during=during(book, now), sources=", ".join(book.stale_sources))]
    return [sentence(book, reading, now, before) for reading in changed[:most]]


def nothing_fresh(book: Book, readings: Sequence[Reading]) -> str:
    """Every figure's source is old: either the period has no data at all, or too few to compare."""
    key = "no_data" if all(reading.now is None for reading in readings) else "nothing_fresh"
    return book.say(key, during=during(book, book.periods.running), sources=", ".join(book.stale_sources))


def sentence(book: Book, reading: Reading, now: Span, before: Span) -> str:
    """One figure: now, before, and why."""
    way = "up" if float(reading.now or 0) > float(reading.before or 0) else "down"
    name = reading.name if f"{reading.name}_{way}" in SENTENCES else "other"
    fact = book.say(
        f"{name}_{way}",
        title=reading.spec.title.say(book.language),
        now=_with_noun(book, reading, reading.now),
        before=words.figure(reading.before, reading.spec.look, book.language),
        during_before=during_before(book, before),
        total=_total_subscribers(book, now),
    )
    why = cause(book, reading, now, before)
    return f"{fact} {why}" if why else fact


def during(book: Book, span: Span) -> str:
    """`за 1–20 авг`, or `в августе` if whole."""
    if span.is_whole:
        return span.during(book.language)
    return book.say("for_span", span=span.during(book.language))


def during_before(book: Book, span: Span) -> str:
    """`за те же дни августа`, or `в августе` if whole."""
    if span.is_whole:
        return span.during(book.language)
    key = "same_day" if span.first == span.last else "same_days"
    return book.say(key, month=words.month(span.last, "of", book.language))


def size(reading: Reading) -> float:
    """|Relative change|; a loss is measured by its own size."""
    if reading.now is None or reading.before is None or not reading.before:
        return 0.0
    if words.figure(reading.now, reading.spec.look, "ru") == words.figure(reading.before, reading.spec.look, "ru"):
        return 0.0
    return round(abs(float(reading.now) - float(reading.before)) / abs(float(reading.before)), 2)


def stake(book: Book, reading: Reading, now: Span) -> float:
    """Roubles of the running period that the figure is about."""
    column = "spend_rub" if reading.spec.stake == "spend" else "revenue_rub"
    return float(total(book.rows("channel_period", now.first), column) or 0)


def _with_noun(book: Book, reading: Reading, value: Number | None) -> str:
    text = words.figure(value, reading.spec.look, book.language)
    noun = NOUNS.get(reading.name)
    if noun is None or value is None:
        return text
    shown = round(float(value), words.ratio_places(value))
    return f"{text}{words.NBSP}{words.agreed(shown if shown != int(shown) else shown + 0.5, noun, book.language)}"


def _total_subscribers(book: Book, now: Span) -> str:
    rows = book.rows("subscriber_period", now.first)
    return words.figure(number(rows[0]["total_end"]) if rows else None, "count", book.language)


SENTENCES = frozenset(
    f"{name}_{way}"
    for name in ("calls_per_1000_rub", "clients_per_10_calls", "active_end", "revenue", "cac", "profit_after_ads",
                 "repeat_share")
    for way in ("up", "down")
)  # fmt: skip
"""Figures with a sentence of their own; the others say title, now and before."""
