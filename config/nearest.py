"""A word that nobody knows and the known ones → those it may be meant for.

Keys and file names are mistyped, so the nearest by letters helps. A channel or a person must not be taken for another:
every word of the one must be a word of the other, or a slip of a few letters in it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from config.words import fold, vocabulary

WORD = re.compile(r"[^\W_]+")
SHORTEST = 5
"""A shorter word is another word as soon as a letter differs: Ozon, Zoon."""
NEAR = 0.8
"""One letter of five to nine may be missing, turned round or another, two of ten and more."""
NEAR_WHOLE = 0.9
"""The same of names that are parted into words differently."""
SHORTEST_OF_PEOPLE = 7
"""Of the longer spelling: Марина is not Мария."""
SURELY = 0.05
"""By so much the nearest name must be nearer than the next, or nobody knows which is meant."""
SOUNDS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhye", strict=True))
    | {"ж": "zh", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ь": "", "ъ": "", "ю": "yu", "я": "ya", "x": "ks"}
)
"""How Russian letters are written in Latin ones."""

HEARD = str.maketrans("fptksaiy", "vbdgzoee")
"""Letters that are told apart by the eye alone: Седоф, Седов."""
AS_HEARD = 0.9


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6, most: int = 1) -> list[str]:
    """A word and the known ones in; those spelled most alike out, the likeliest first, none below the cutoff."""
    from rapidfuzz import fuzz, process

    found = process.extract(word, list(known), scorer=fuzz.ratio, processor=fold, limit=most, score_cutoff=100 * cutoff)
    return [name for name, _, _ in found]


def nearest_name(alias: str, by_alias: Mapping[str, str | None], *, is_person: bool = False) -> str | None:
    """A folded spelling and folded known ones with their names in; the one name that it surely is out, or None."""
    from rapidfuzz import fuzz, process

    if not _may_be_name(alias):
        return None
    sounds = {known: known.translate(SOUNDS) for known, name in by_alias.items() if name}
    likely = process.extract(
        alias.translate(SOUNDS), sounds, scorer=fuzz.token_sort_ratio, processor=_in_order, limit=20, score_cutoff=70
    )
    best: dict[str, float] = {}
    for _, _, known in likely:
        name = str(by_alias[known])
        best[name] = max(best.get(name, 0.0), likeness(alias, known, is_person=is_person))
    ranked = sorted(((score, name) for name, score in best.items() if score), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < SURELY):
        return None
    return ranked[0][1]


def likeness(one: str, other: str, *, is_person: bool = False) -> float:
    """How surely two folded names are one, 0 or from 0.8 to 1, spelled in whichever alphabet and order of words."""
    words, others = WORD.findall(one.translate(SOUNDS)), WORD.findall(other.translate(SOUNDS))
    whole, other_whole = "".join(words), "".join(others)
    if whole == other_whole:
        return 1.0
    if len(words) != len(others):
        near = _similarity(whole, other_whole)
        return near if near >= NEAR_WHOLE and not is_person and not _has_digit(whole + other_whole) else 0.0
    return _by_words(words, others, is_person=is_person)


def _by_words(words: Sequence[str], others: Sequence[str], *, is_person: bool) -> float:
    """Each word meets the likeliest of those left; the least likeness of all. Of a person one word may have a slip."""
    left, found = list(others), []
    for word in sorted(words, key=len, reverse=True):
        near, best = max((_of_words(word, other, is_person=is_person), other) for other in left)
        if not near:
            return 0.0
        left.remove(best)
        found.append(near)
    slips = sum(near < 1 for near in found)
    return 0.0 if is_person and slips > 1 else min(found, default=0.0)


def _of_words(one: str, other: str, *, is_person: bool) -> float:
    if one == other:
        return 1.0
    if is_person and len(one) >= SHORTEST and one[0] == other[0] and one.translate(HEARD) == other.translate(HEARD):
        return AS_HEARD
    lengths = sorted((len(one), len(other)))
    is_short = lengths[1] < SHORTEST_OF_PEOPLE if is_person else lengths[0] < SHORTEST
    if is_short or one[0] != other[0] or _has_digit(one + other):
        return 0.0
    if is_person and (one.startswith(other) or other.startswith(one)):
        return 0.0  # Крылов is not Крылова
    near = _similarity(one, other)
    return near if near >= NEAR else 0.0


def _similarity(one: str, other: str) -> float:
    from rapidfuzz.distance import OSA

    return OSA.normalized_similarity(one, other)


def _has_digit(text: str) -> bool:
    """Figures tell things of one name apart."""
    return any(letter.isdigit() for letter in text)


def _in_order(text: str) -> str:
    return " ".join(WORD.findall(text))


def _may_be_name(alias: str) -> bool:
    """Not a word for a kind of enquiry, a total or an absence, nor a counter's mark: «(direct)» is no Директ."""
    words = set(WORD.findall(alias))
    return bool(words) and not words <= _no_names() and not (alias.startswith("(") and alias.endswith(")"))


@cache
def _no_names() -> frozenset[str]:
    known = vocabulary()
    said = fold(" ".join([*known.kinds, *known.totals, *known.nulls]))
    return frozenset(WORD.findall(said))
