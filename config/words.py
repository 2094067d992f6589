"""The words that sources are known to use: vocabulary.yaml → what each means here."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from unicodedata import is_normalized, normalize

from config.declarations import declaration
from config.strict import Strict, read_yaml

CAME_BACK = "Возврат"
"""Why a deal is lost that was sold and whose money went back, unless the file says more."""


OF_OURS = frozenset({"direction", "answered", "deal_status", "lead_status", "departed", "grain"})
"""Types of columns whose words mean one of a few values of ours."""


class Vocabulary(Strict):
    """Words by what they tell; every lookup is of the whole text, folded."""

    nulls: list[str]
    """Words for an absence."""
    hidden_numbers: list[str]
    """What stands in place of a caller's number that is not shown."""
    totals: list[str]
    """What a totals row starts with."""
    kinds: list[str]
    """What an enquiry came as or a thing is called in general: never a slip of a name."""
    months: dict[int, list[str]]
    currencies: dict[str, list[str]]
    """ISO code → how it is written beside an amount."""
    direction: dict[str, list[str]]
    answered: dict[str, list[str]]
    deal_status: dict[str, list[str]]
    lead_status: dict[str, list[str]]
    departed: dict[str, list[str]]
    marks: dict[str, list[str]]
    """How a mark is set, and how one is left out."""
    grain: dict[str, list[str]]
    refunds: dict[str, list[str]]
    """Kinds of documents and operations that undo a sale or an expense: how they `begin`, `unless` others are there."""
    moves_out: dict[str, list[str]]
    """Kinds of operations by which money goes out, likewise: no sale."""
    moves_in: dict[str, list[str]]
    """Kinds by which it comes in: no expense."""
    no_sales: dict[str, list[str]]
    """Kinds that are no sale though no money of the till went out: reports of a shift, cash put in, fees."""
    headings: dict[str, list[str]]
    """What a heading says → regular expressions of all of it, folded."""
    says: dict[str, list[str]]
    """What a text says → regular expressions that are looked for in it."""

    def values_of(self, kind: str) -> list[str] | None:
        """A column's type in; the values of ours that its words may have, `won`, out; None where they are free."""
        return list(getattr(self, kind)) if kind in OF_OURS else None

    def meanings(self, kind: str) -> dict[str, str]:
        """Name of a list (`direction`, `answered`, `deal_status`, …) in; folded word → our value out."""
        return {fold(word): meaning for meaning, words in getattr(self, kind).items() for word in words}

    @property
    def refund_pattern(self) -> str:
        """Regular expression that finds a refund in a folded kind of documents or operations."""
        return rf"(?:^|[^а-яa-z])(?:{'|'.join(self.refunds['begin'])})"

    @property
    def no_refund_pattern(self) -> str:
        """Regular expression of what makes such a kind another thing: goods that go back to a supplier, a loan."""
        return "|".join(self.refunds["unless"])

    def is_refund(self, word: str) -> bool:
        """Whether a kind of documents or operations undoes a sale or an expense."""
        folded = fold(word)
        return bool(re.search(self.refund_pattern, folded)) and not re.search(self.no_refund_pattern, folded)

    @property
    def month_numbers(self) -> dict[str, int]:
        """Folded month word, in any case and either language → its number."""
        return {fold(word): number for number, words in self.months.items() for word in words}

    @cached_property
    def currency_codes(self) -> Mapping[str, str]:
        """Folded word for money, or its code → its code."""
        return {fold(word): code for code, words in self.currencies.items() for word in [code, *words]}

    def currency_code(self, word: str) -> str | None:
        """`Российский рубль`, `руб.`, `RUR` → `RUB`; None for a word nobody uses for money."""
        return self.currency_codes.get(fold(word))

    def currency_within(self, text: str) -> str | None:
        """`300 €`, `EUR 5` → `EUR`: the code of the longest word for money in a text; None if there is none."""
        folded, words = fold(text), self.currency_codes
        found = [word for word in words if not word.isdigit() and re.search(_apart(word), folded)]
        return words[max(found, key=len)] if found else None


def _apart(word: str) -> str:
    """A word, or a sign, that is no part of another word."""
    return rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])"


def composed(text: str) -> str:
    """Text in; the same with accents joined to their letters (NFC) out: macOS writes «й» as two of them."""
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def fold(text: str) -> str:
    """Text in; trimmed, lower-cased, `ё` → `е`, no-break spaces → spaces out: what is compared instead of the text."""
    return " ".join(composed(text).replace("\u00a0", " ").split()).casefold().replace("ё", "е")


LOOK_ALIKES = str.maketrans("aceopxyktmbh", "асеорхуктмвн")
"""Latin letters that look like Cyrillic ones."""
OF_BOTH = re.compile(r"(?<!\S)(?=\S*[a-z])(?=\S*[а-я])\S+")
"""A word in letters of two alphabets: somebody typed «c» for «с». Looked at from its start alone: it may be long."""


def of_one_alphabet(folded: str) -> str:
    """A folded text in; its words of two alphabets in Cyrillic, if they look so, out."""
    return folded if folded.isascii() else OF_BOTH.sub(_in_cyrillic, folded)


def _in_cyrillic(word: re.Match[str]) -> str:
    turned = word[0].translate(LOOK_ALIKES)
    return word[0] if re.search("[a-z]", turned) else turned


@cache
def vocabulary() -> Vocabulary:
    """The project's own words."""
    return read_yaml(Path(__file__).parent / "vocabulary.yaml", Vocabulary)


def is_headed(heading: str, *kinds: str) -> bool:
    """A heading and kinds of `headings` in; whether it says one of them."""
    folded = of_one_alphabet(fold(heading))
    return any(_heading(kind).fullmatch(folded) for kind in kinds)


@cache
def _heading(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(vocabulary().headings[kind]))


def says(text: str, *kinds: str) -> bool:
    """A text and kinds of `says` in; whether it says one of them."""
    folded = fold(text)
    return any(_said(kind).search(folded) for kind in kinds)


@cache
def _said(kind: str) -> re.Pattern[str]:
    return re.compile(saying(kind))


def saying(kind: str) -> str:
    """A kind of `says` in; the regular expression that finds it in a folded text out."""
    return "|".join(vocabulary().says[kind])


# Common spellings of advertising channels, for the dictionary that a new client starts with: channel_names.yaml.


@cache
def channel_names() -> dict[str, list[str]]:
    """Name of a channel, as the profiles of advertising give it → how calls and deals may call it."""
    declared = declaration(Path(__file__).parent / "channel_names.yaml")
    return {name: [str(alias) for alias in aliases] for name, aliases in declared.items()}


# Words of headers by which columns of an unknown file are guessed: header_words.yaml → table → column → words.


@cache
def header_words() -> dict[str, dict[str, list[str]]]:
    """Table → our column → words, likeliest first."""
    declared = declaration(Path(__file__).parent / "header_words.yaml")
    return {
        table: {column: list(map(str, words)) for column, words in columns.items()}
        for table, columns in declared.items()
    }


# Words that may be shown of a refused cell, because they are no names: known_words.yaml.


@cache
def known_words() -> frozenset[str]:
    """Nothing in; the words of every language, small letters, out."""
    declared = read_yaml(Path(__file__).parent / "known_words.yaml", dict[str, list[str]])
    return frozenset(word for words in declared.values() for word in words)
