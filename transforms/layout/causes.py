"""Why a figure changed, in one sentence: the arithmetic of transforms.changes put into words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from config.reports import PartSpec
from transforms import words
from transforms.changes import Effect, Ratio, Term, explain_ratio, explain_sum, main_cause
from transforms.layout.book import Book, Number, When, number
from transforms.layout.figures import Reading, spec_rows, summed
from transforms.layout.periods import Span

MOVED = {"spend_rub": "moved_spend", "calls": "moved_calls", "counted_calls": "moved_calls"}
"""What it is that moved between parts, by the column that divides."""
NEARLY_ALL = Fraction(9, 10)
"""From this share of a change on, the part is told as its whole cause."""


def cause(book: Book, reading: Reading, now: Span, before: Span) -> str | None:
    """A changed figure in; the sentence that names its main cause, or says that there is none; None if unknowable."""
    if reading.name == "active_end":
        return subscriber_flows(book, now)
    splits = (
        terms_of(book, reading, part, now, before) for part in reading.spec.parts if is_fresh(book, reading, part)
    )
    # a whole of one part has no cause inside: naming the part says the same thing twice
    terms = max((split for split in splits if len(_parts(split)) > 1), key=_sharpness, default=[])
    if not any(term.amount for term in terms):
        return None
    largest = main_cause(terms)
    return book.say("cause_none") if largest is None else _told(book, reading, largest, terms)


def is_fresh(book: Book, reading: Reading, part: PartSpec) -> bool:
    """Whether the split can be trusted: a deal without a channel takes that of a call, so old calls misplace it."""
    return not (part.by == "channel" and "deals" in reading.spec.feeds and book.is_stale(("calls",)))


def terms_of(book: Book, reading: Reading, part: PartSpec, now: Span, before: Span) -> list[Term]:
    """The change split along channels or managers: terms that add up to it."""
    spec = reading.spec
    sides: list[Mapping[str, Ratio]] = []
    moments: tuple[tuple[Span, When], ...] = ((before, "before"), (now, "now"))
    for span, when in moments:
        by_part: dict[str, Ratio] = {}
        for row in spec_rows(book, spec.model_copy(update={"table": part.table}), span.first, when):
            top, bottom = summed(spec.top, [row]), summed(spec.bottom, [row]) if spec.bottom else 0
            by_part[str(row[part.by])] = Ratio((top or 0) * spec.times, bottom or 0)
        sides.append(by_part)
    if spec.bottom:
        return explain_ratio(sides[0], sides[1])
    tops = [{name: ratio.top for name, ratio in side.items()} for side in sides]
    return explain_sum(tops[0], tops[1])


def _parts(terms: list[Term]) -> set[str]:
    return {term.part for term in terms if term.before or term.now}


def _sharpness(terms: list[Term]) -> Fraction:
    largest = main_cause(terms)
    return abs(largest.amount) if largest else Fraction(0)


def _told(book: Book, reading: Reading, term: Term, terms: list[Term]) -> str:
    change = sum((each.amount for each in terms), Fraction(0))
    is_own = term.before is not None and term.now is not None and bool(reading.spec.bottom)
    manner = "moved" if term.effect is Effect.MOVED else "own" if is_own else "sum"
    places = _places(reading, abs(change), abs(term.amount))
    ending = _ending(term, terms, change)
    if places is None and reading.spec.look == "ratio" and ending in {"up", "down"}:
        ending = f"{ending}_share"
    return book.say(
        f"cause_{manner}_{ending}",
        share=words.figure(float(term.amount / change), "share", book.language),
        part=book.say("quoted", name=term.part),
        what=book.say(MOVED.get((reading.spec.bottom or [""])[0], "moved_other")),
        change=_figure(book, reading, abs(change), places),
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


def _figure(book: Book, reading: Reading, value: Fraction | None, places: int | None = None) -> str:
    if value is not None and places is not None:
        return words.number(float(value), places, book.language)
    return words.figure(None if value is None else float(value), reading.spec.look, book.language)


def subscriber_flows(book: Book, now: Span) -> str | None:
    """Who joined, returned and fell silent since the month began; None if activity is not known."""
    rows = book.rows("subscriber_period", now.first)
    if not rows or number(rows[0].get("active_end")) is None:
        return None
    row = rows[0]
    flows = {
        name: words.figure(number(row.get(column)), "count", book.language)
        for name, column in (("joined", "joined_active"), ("returned", "returned"), ("lapsed", "lapsed"))
    }
    return book.say("cause_subscribers", since=words.short_day(now.first, book.language), **flows)
