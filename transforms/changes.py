"""Why a figure changed: exact terms, one or two a part, that add up to the whole change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Number = int | float | Decimal | Fraction


class Effect(StrEnum):
    """What a term of a change is about."""

    OWN = "own"
    """The part itself got better or worse."""
    MOVED = "moved"
    """Weight (money, calls) moved between parts."""
    WHOLE = "whole"
    """Both together, where they cannot be told apart; the part of a sum."""


@dataclass(frozen=True)
class Ratio:
    """What one part adds above and below the line."""

    top: Number
    bottom: Number


@dataclass(frozen=True)
class Term:
    """One share of the change, with what the part was before and is now."""

    part: str
    effect: Effect
    amount: Fraction
    before: Fraction | None
    now: Fraction | None
    weight_before: Fraction = Fraction(0)
    weight_now: Fraction = Fraction(0)


def explain_ratio(before: Mapping[str, Ratio], now: Mapping[str, Ratio]) -> list[Term]:
    """Parts of R = Σ top ÷ Σ bottom in two periods in, terms that add up to ΔR exactly out.

    ΔR = Σ w̄·Δr (own) + Σ (r̄ − R̄)·Δw (moved), w = share of the bottom, bars = means of the two periods.
    A part with a bottom in one period only takes its ratio from that one: its whole effect is weight moved.
    Empty if either whole cannot be divided. Where a part has a top but no bottom, its ratio does not exist, and
    terms are whole: (Δtop − R̄·Δbottom) ÷ mean bottom.
    """
    names = list(dict.fromkeys([*before, *now]))
    zero = Ratio(0, 0)
    pairs = [(name, _exact(before.get(name, zero)), _exact(now.get(name, zero))) for name in names]
    bottoms = sum((old[1] for _, old, _ in pairs), Fraction(0)), sum((new[1] for _, _, new in pairs), Fraction(0))
    if not all(bottoms):
        return []
    mean = sum((old[0] / bottoms[0] + new[0] / bottoms[1] for _, old, new in pairs), Fraction(0)) / 2
    if any(top and not bottom for _, old, new in pairs for top, bottom in (old, new)):
        return [_whole_term(name, old, new, mean, (bottoms[0] + bottoms[1]) / 2) for name, old, new in pairs]
    return [
        term for name, old, new in pairs if old[1] or new[1] for term in _own_and_moved(name, old, new, mean, bottoms)
    ]


def explain_sum(before: Mapping[str, Number], now: Mapping[str, Number]) -> list[Term]:
    """Parts of a sum in two periods in, one term a part out."""
    return [
        Term(part, Effect.WHOLE, new - old, old, new)
        for part in dict.fromkeys([*before, *now])
        for old, new in [(Fraction(before.get(part, 0)), Fraction(now.get(part, 0)))]
    ]


def main_cause(terms: Sequence[Term]) -> Term | None:
    """The largest term of the same sign as the change, if it is at least a third of it; else nothing stands out."""
    change = sum((term.amount for term in terms), Fraction(0))
    same = [term for term in terms if term.amount * change > 0]
    largest = max(same, key=lambda term: abs(term.amount), default=None)
    if largest is None or abs(largest.amount) * 3 < abs(change):
        return None
    return largest


def _exact(ratio: Ratio) -> tuple[Fraction, Fraction]:
    return Fraction(ratio.top), Fraction(ratio.bottom)


def _own_and_moved(
    part: str,
    old: tuple[Fraction, Fraction],
    new: tuple[Fraction, Fraction],
    mean: Fraction,
    bottoms: tuple[Fraction, Fraction],
) -> list[Term]:
    before = old[0] / old[1] if old[1] else None
    now = new[0] / new[1] if new[1] else None
    weights = old[1] / bottoms[0], new[1] / bottoms[1]
    first = before if before is not None else (now or Fraction(0))
    last = now if now is not None else first
    own = (weights[0] + weights[1]) / 2 * (last - first)
    moved = ((first + last) / 2 - mean) * (weights[1] - weights[0])
    return [
        Term(part, effect, amount, before, now, *weights)
        for effect, amount in ((Effect.OWN, own), (Effect.MOVED, moved))
    ]


def _whole_term(
    part: str, old: tuple[Fraction, Fraction], new: tuple[Fraction, Fraction], mean: Fraction, mean_bottom: Fraction
) -> Term:
    amount = (new[0] - old[0] - mean * (new[1] - old[1])) / mean_bottom
    before = old[0] / old[1] if old[1] else None
    now = new[0] / new[1] if new[1] else None
    return Term(part, Effect.WHOLE, amount, before, now)
