"""«Главное»: at most three sentences, the change with the most roubles at stake first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from config.metrics import MetricColumn, metrics
from config.reports import MainPoints, PartSpec
from transforms import words
from transforms.changes import Effect, Ratio, Term, explain_ratio, explain_sum, main_cause
from transforms.layout.drawing.book import Book, Number, Row, When, during, during_before, number
from transforms.layout.drawing.canvas import Canvas
from transforms.layout.drawing.figures import Reading, shown
from transforms.layout.drawing.spans import Span

NOUNS = {"calls_per_1000_rub": "call", "clients_per_10_calls": "client"}
"""Figures that a sentence follows with a counted noun: 1,9 звонка."""
LEAST_CHANGE = 0.01
LEAST_NEUTRAL_CHANGE = 0.1
"""Of a figure that has no good way: a month of 31 days spreads the same spend thinner, and that is no news."""

ECHO = 0.1
"""Profit and revenue that moved by roubles no further apart, of those of revenue, are one piece of news."""
SAME_MONEY = ("revenue_rub", "profit_rub", "profit_without_ads_rub", "profit_after_ads_rub")
"""That of which most causes can be named first."""


def draw_main(book: Book, canvas: Canvas, block: MainPoints) -> None:
    """Heading and sentences."""
    canvas.sentence(book.say("main_heading"), "heading")
    for sentence in main_sentences(book, block.figures, block.most):
        canvas.sentence(sentence)
    canvas.gap()


def main_sentences(book: Book, names: Sequence[str], most: int) -> list[str]:
    """The figures' names in; the sentences out, largest |change| × roubles at stake first.

    While a month has only begun, they tell of the whole month before it.
    """
    spans = book.periods
    pairs = shown(book, names)
    if not spans.running.is_just_begun:
        readings = [running for running, _ in pairs]
        return _main_sentences(book, readings, most, spans.running, spans.running_before)
    told = _main_sentences(book, [whole for _, whole in pairs], most, spans.whole, spans.whole_before)
    begun, ended = (words.month(span.last, "name", book.language) for span in (spans.running, spans.whole))
    return [book.say("just_begun", begun=begun[0].upper() + begun[1:], ended=ended), *told]


def _main_sentences(book: Book, readings: Sequence[Reading], most: int, now: Span, before: Span) -> list[str]:
    told = [reading for reading in readings if not reading.is_stale and not reading.is_change_small]
    known = [reading for reading in readings if reading.is_stale or reading.now is not None]
    if known and all(reading.is_stale for reading in known):
        return [nothing_fresh(book, known)]
    if all(reading.before is None for reading in readings):
        return [book.say("nothing_to_compare" if known else "nothing_to_tell")]
    changed = [reading for reading in told if size(reading) >= _least_change(reading)]
    changed = _without_echo(changed)
    changed.sort(key=lambda reading: -size(reading) * stake(book, reading, now))
    if not changed:
        measured = [reading for reading in readings if reading.spec.column.good != "none"]
        # that as much was spent as before says nothing, where nobody knows what it brought before
        if measured and all(reading.before is None for reading in measured):
            return [book.say("nothing_to_compare")]
        old = _stale_sources(book, readings)
        key = "nothing_changed_fresh" if old else "nothing_changed"
        return [book.say(key, during=during(book, now), sources=old)]
    return [sentence(book, reading, now, before) for reading in changed[:most]]


def _without_echo(changed: Sequence[Reading]) -> list[Reading]:
    """Profit that moved by the roubles of revenue is the same news: revenue is told, which has more causes to name.

    So are two profits that the same costs part.
    """
    moved = {reading.name: float(reading.now or 0) - float(reading.before or 0) for reading in changed}
    told = [name for name in SAME_MONEY if name in moved]
    echoes = {
        name
        for place, name in enumerate(told)
        if any(abs(moved[name] - moved[other]) <= ECHO * abs(moved[other]) for other in told[:place])
    }
    return [reading for reading in changed if reading.name not in echoes]


def _least_change(reading: Reading) -> float:
    return LEAST_NEUTRAL_CHANGE if reading.spec.column.good == "none" else LEAST_CHANGE


def nothing_fresh(book: Book, readings: Sequence[Reading]) -> str:
    """Every figure's source is old: either the period has no data at all, or too few to compare."""
    key = "no_data" if all(reading.now is None for reading in readings) else "nothing_fresh"
    return book.say(key, during=during(book, book.periods.running), sources=_stale_sources(book, readings))


def _stale_sources(book: Book, readings: Sequence[Reading]) -> str:
    """Titles of the old sources behind these figures."""
    return ", ".join(book.stale_sources({feed for reading in readings for feed in reading.spec.feeds}))


def sentence(book: Book, reading: Reading, now: Span, before: Span) -> str:
    """One figure: now, before, and why."""
    why = cause(book, reading, now, before)
    told = _fact(book, reading, now, before)
    return f"{told} {why}" if why else told


def _fact(book: Book, reading: Reading, now: Span, before: Span) -> str:
    way = "up" if float(reading.now or 0) > float(reading.before or 0) else "down"
    name = reading.name if f"{reading.name}_{way}" in SENTENCES else "other"
    return book.say(
        f"{name}_{way}",
        title=book.say_of(reading.spec.column, reading.spec.title),
        now=_with_noun(book, reading, reading.now),
        before=words.figure(reading.before, reading.spec.look, book.language),
        during_before=during_before(book, before),
        total=_total_subscribers(book, now),
    )


def size(reading: Reading) -> float:
    """|Relative change|; a loss is measured by its own size."""
    if reading.now is None or reading.before is None or not reading.before:
        return 0.0
    if words.figure(reading.now, reading.spec.look, "ru") == words.figure(reading.before, reading.spec.look, "ru"):
        return 0.0
    return round(abs(float(reading.now) - float(reading.before)) / abs(float(reading.before)), 2)


def stake(book: Book, reading: Reading, now: Span) -> float:
    """Roubles of the running period that the figure is about."""
    return float(number(book.one("whole_period", now.first).get(reading.spec.stake)) or 0)


def _with_noun(book: Book, reading: Reading, value: Number | None) -> str:
    text = words.figure(value, reading.spec.look, book.language)
    noun = NOUNS.get(reading.name)
    if noun is None or value is None:
        return text
    noun = book.noun_of_counted("call") if noun == "call" else noun
    shown = round(float(value), words.ratio_places(value))
    return f"{text}{words.NBSP}{words.agreed(shown if shown != int(shown) else shown + 0.5, noun, book.language)}"


def _total_subscribers(book: Book, now: Span) -> str:
    return words.figure(number(book.one("subscriber_period", now.first).get("total_end")), "count", book.language)


SENTENCES = frozenset(
    f"{name}_{way}"
    for name in ("calls_per_1000_rub", "clients_per_10_calls", "active_end", "revenue_rub", "cac_rub",
                 "profit_after_ads_rub", "profit_rub", "profit_without_ads_rub",
                 "repeat_share")
    for way in ("up", "down")
)  # fmt: skip
"""Figures with a sentence of their own; the others say title, now and before."""


# Why a figure changed, in one sentence: the arithmetic of transforms.changes put into words.

MOVED = {"spend_rub": "moved_spend", "calls": "moved_calls", "counted_calls": "moved_calls"}
"""What it is that moved between parts, by the column that divides."""
NEARLY_ALL = Fraction(9, 10)
"""From this share of a change on, the part is told as its whole cause."""


@dataclass(frozen=True)
class Split:
    """A change along channels or managers."""

    part: PartSpec
    terms: list[Term]

    @property
    def largest(self) -> Term | None:
        """Its main cause, if one stands out."""
        return main_cause(self.terms)


def cause(book: Book, reading: Reading, now: Span, before: Span) -> str | None:
    """A changed figure in; the sentence that names its main cause, or says that there is none; None if unknowable."""
    if reading.name == "active_end":
        before_text = words.figure(reading.before, reading.spec.look, book.language)
        return subscriber_flows(book, now) or book.say("cause_subscribers_unknown", before=before_text)
    split = split_of(book, reading, now, before)
    if split is None:
        return None
    largest = split.largest
    return book.say("cause_none") if largest is None else _told(book, reading, split.part, largest, split.terms)


def split_of(book: Book, reading: Reading, now: Span, before: Span) -> Split | None:
    """The change of a figure along what tells most of it, None where no split can be trusted."""
    fresh = [
        part for part in reading.spec.parts if is_fresh(book, reading, part) and _is_of_somebody(book, reading, part)
    ]
    splits = [Split(part, terms_of(book, reading, part, now, before)) for part in fresh]
    # a whole of one part has no cause inside: naming the part says the same thing twice
    splits = [split for split in splits if len(_parts(split.terms)) > 1 and _is_of(reading, split.terms)]
    return max(splits, key=lambda split: _sharpness(split.terms), default=None)


def is_fresh(book: Book, reading: Reading, part: PartSpec) -> bool:
    """Whether the split can be trusted: a deal without a channel takes that of a call, so old calls misplace it.

    Nor does a part of the channels or managers explain the whole, where a reader sees no others.
    """
    if part.by == book.report.edition.by:
        return False
    return not (part.by == "channel" and "deals" in reading.spec.feeds and book.is_stale(("calls",)))


def _is_of_somebody(book: Book, reading: Reading, part: PartSpec) -> bool:
    """Whether anybody is named: where no deal has a channel, «Не указан» has all of the change and is no cause."""
    name = how_made(reading, part).numerator or reading.name
    rows = book.rows(part.table, book.periods.running.first)
    return any(number(row.get(name)) is not None for row in rows if row[part.by] != book.unknown)


def terms_of(book: Book, reading: Reading, part: PartSpec, now: Span, before: Span) -> list[Term]:
    """The change split along channels or managers: terms that add up to it."""
    made = how_made(reading, part)
    sides: list[Mapping[str, Ratio]] = []
    moments: tuple[tuple[Span, When], ...] = ((before, "before"), (now, "now"))
    for span, when in moments:
        rows = (
            []
            if when == "now" and book.is_silent(reading.spec.feeds, span.first)
            else book.rows(part.table, span.first, when)
        )
        counted = [row for row in rows if made.needs is None or (number(row[made.needs]) or 0) > 0]
        sides.append({str(row[part.by]): _ratio(reading.name, made, row) for row in counted})
    if made.denominator:
        return explain_ratio(sides[0], sides[1])
    tops = [{name: ratio.top for name, ratio in side.items()} for side in sides]
    return explain_sum(tops[0], tops[1])


def how_made(reading: Reading, part: PartSpec) -> MetricColumn:
    """What the figure is made of in a row of the part's table: there as there, else as in its own table."""
    return metrics().tables[part.table].columns.get(reading.name, reading.spec.column)


def _ratio(name: str, made: MetricColumn, row: Row) -> Ratio:
    above = Fraction(number(row[made.numerator or name]) or 0)
    less = Fraction(number(row[made.minus]) or 0) if made.minus else 0
    below = Fraction(number(row[made.denominator]) or 0) if made.denominator else 0
    return Ratio((above - less) * made.times, below)


def _is_of(reading: Reading, terms: list[Term]) -> bool:
    """Whether the terms add up to the change of the figure itself: parts that nobody named do not."""
    change = sum((term.amount for term in terms), Fraction(0))
    told = Fraction(reading.now or 0) - Fraction(reading.before or 0)
    return bool(change) and abs(float(change - told)) <= max(0.02, 1e-6 * abs(float(told)))


def _parts(terms: list[Term]) -> set[str]:
    return {term.part for term in terms if term.before or term.now}


def _sharpness(terms: list[Term]) -> Fraction:
    largest = main_cause(terms)
    return abs(largest.amount) if largest else Fraction(0)


def _told(book: Book, reading: Reading, part: PartSpec, term: Term, terms: list[Term]) -> str:
    made = how_made(reading, part)
    change = sum((each.amount for each in terms), Fraction(0))
    is_own = term.before is not None and term.now is not None and made.denominator is not None
    manner = "moved" if term.effect is Effect.MOVED else "own" if is_own else "sum"
    places = _places(reading, abs(change), abs(term.amount))
    ending = _ending(term, terms, change)
    if places is None and reading.spec.look == "ratio" and ending in {"up", "down"}:
        ending = f"{ending}_share"
    return book.say(
        f"cause_{manner}_{ending}",
        share=words.figure(float(term.amount / change), "share", book.language),
        **{case: book.say(f"cause_{case}_{part.by}", name=term.part) for case in ("part", "part_of", "part_is")},
        what=book.say(MOVED.get(made.denominator or "", "moved_other")),
        change=_change_text(book, reading, abs(change), places),
        amount=_figure(book, reading, abs(term.amount), places),
        before=_figure(book, reading, term.before),
        now=_figure(book, reading, term.now),
        weight_before=words.figure(float(term.weight_before), "share", book.language),
        weight_now=words.figure(float(term.weight_now), "share", book.language),
    )


def _ending(term: Term, terms: list[Term], change: Fraction) -> str:
    """`up` or `down`; with `_most` if it is nearly the whole change; `over`, or `part` if another term was larger."""
    way = "up" if change > 0 else "down"
    if abs(term.amount) > abs(change) * Fraction(11, 10):
        return "over" if abs(term.amount) == max(abs(each.amount) for each in terms) else "part"
    return f"{way}_most" if abs(term.amount) >= abs(change) * NEARLY_ALL else way


def _places(reading: Reading, change: Fraction, amount: Fraction) -> int | None:
    """Decimals of the figures themselves if amounts so rounded can be checked against them, else None.

    They cannot where one rounds to zero, where different ones round to the same, or where the change is not
    the difference of the figures as they are written.
    """
    if reading.spec.look != "ratio" or reading.now is None or reading.before is None:
        return None
    places = max(words.ratio_places(value) for value in (reading.now, reading.before))
    written = abs(_round(reading.now, places) - _round(reading.before, places))
    fits = _round(change, places) == written and _round(amount, places) and _differ(change, amount, places)
    return places if fits else None


def _round(value: Number | Fraction, places: int) -> Decimal:
    return Decimal(str(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _differ(change: Fraction, amount: Fraction, places: int) -> bool:
    """Amounts that are told apart look different; nearly all of a change is told without amounts."""
    return _round(change, places) != _round(amount, places) or NEARLY_ALL <= amount / change <= Fraction(11, 10)


def _change_text(book: Book, reading: Reading, change: Fraction, places: int | None) -> str:
    """The change; in roubles it is the difference of the two figures as they are written."""
    if reading.spec.look == "money" and reading.now is not None and reading.before is not None:
        return words.figure(abs(_round(reading.now, 0) - _round(reading.before, 0)), "money", book.language)
    return _figure(book, reading, change, places)


def _figure(book: Book, reading: Reading, value: Fraction | None, places: int | None = None) -> str:
    if value is not None and places is not None:
        return words.number(float(value), places, book.language)
    return words.figure(None if value is None else float(value), reading.spec.look, book.language)


def subscriber_flows(book: Book, now: Span) -> str | None:
    """How many were active when the month began, who joined, returned and fell silent since; None if not known."""
    row = book.one("subscriber_period", now.first)
    if number(row.get("active_end")) is None or number(row.get("active_start")) is None:
        return None
    flows = {
        name: words.figure(number(row.get(column)), "count", book.language)
        for name, column in (
            ("active_start", "active_start"),
            ("joined", "joined_active"),
            ("returned", "returned"),
            ("lapsed", "lapsed"),
        )
    }
    return book.say("cause_subscribers", start=words.short_day(now.first - timedelta(days=1), book.language), **flows)
