"""Column type and the SQL of a text cell in; the SQL of its value, and of the reason why there is none, out.

The SQL calls the macros of `definitions`, which a connection must have run.
"""

from collections.abc import Mapping
from functools import cache

from config.documents import DURATION_MARK, ERROR_MARK, MOMENT_MARK, NUMBER_MARK
from config.macros import sql_file
from config.tables import ColumnType
from config.words import LOOK_ALIKES, fold, vocabulary
from transforms.parse.cells import currency_words, listed, literal, meanings
from transforms.parse.parsers import PARSERS, is_known_phone
from transforms.parse.probe import probe, probed_rows, settle
from transforms.parse.reading import Parsed, Reading, Where, own_words, with_format

__all__ = [
    "PARSERS", "Parsed", "Reading", "Where", "currency_words", "definitions", "is_known_phone", "own_words", "parsed",
    "probe", "probed_rows", "settle", "with_format",
]  # fmt: skip

FILES = ("cells", "number", "money", "moment", "phone", "words")
"""In this order: a macro may call those above it."""
SPACES = "\u00a0\u202f\u2009\u2007\u2008\u2002\u2003\u2004\u2005\u2006\u200a\u205f\u3000\t\n\r"
MINUSES = "\u2212\u2013\u2014\u2012\u2010\u2011\ufe63\uff0d"
APOSTROPHES = "\u2019\u2018\u02bc"
NOTHING = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c\u202d"
HIDDEN_SPACES = "\u00a0\u202f\u2009" + NOTHING
"""Those of them that files hold in bulk."""
FORMULA_ERRORS = (
    "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#error!", "#н/д", "#знач!", "#ссылка!",
    "#дел/0!", "#имя?", "#число!",
)  # fmt: skip


def parsed(type: ColumnType, text_sql: str, reading: Reading | None = None) -> Parsed:
    """A column's type, the SQL of its text (a plain column name is fastest) and its reading in; value and reason out.

    `direction` may also be `internal`: such rows are no calls. The unknown status of a deal or an
    enquiry is `open`, with the reason `unknown_status`; all other reasons but those of phones stand beside a NULL.
    """
    return PARSERS[type](text_sql, reading or Reading())


@cache
def definitions() -> str:
    """Statements that make every macro, each after those that it calls."""
    facts = [f"create macro {name}() as {literal(text)};" for name, text in constants().items()]
    return "\n".join([*facts, *(sql_file(__name__, name) for name in FILES)])


def constants() -> Mapping[str, str]:
    """Macros without parameters that stand for characters and words of the project."""
    hidden = [fold(word) for word in vocabulary().hidden_numbers]
    currencies = dict(vocabulary().currencies)
    nulls = ["", *dict.fromkeys([*(fold(word) for word in vocabulary().nulls), *hidden])]
    return {
        "number_mark": NUMBER_MARK,
        "moment_mark": MOMENT_MARK,
        "duration_mark": DURATION_MARK,
        "error_mark": ERROR_MARK,
        "all_marks": NUMBER_MARK + MOMENT_MARK + DURATION_MARK + ERROR_MARK,
        "odd_spaces": SPACES + NOTHING,
        "plain_spaces": " " * len(SPACES),
        "odd_characters": SPACES + MINUSES + APOSTROPHES + NOTHING,
        "plain_characters": " " * len(SPACES) + "-" * len(MINUSES) + "'" * len(APOSTROPHES),
        "hidden_spaces": HIDDEN_SPACES,
        "latin_letters": "".join(map(chr, LOOK_ALIKES)),
        "cyrillic_letters": "".join(map(chr, LOOK_ALIKES.values())),
        "null_words": listed(nulls),
        "usual_null_words": listed(form for word in nulls for form in (word, word.capitalize(), word.upper())),
        "hidden_numbers": listed(hidden),
        "formula_errors": listed(FORMULA_ERRORS),
        "month_numbers": meanings({name: str(number) for name, number in vocabulary().month_numbers.items()}),
        "rouble_words": listed(form for word in ["RUB", *currencies["RUB"]] for form in (word, word.upper())),
        "currency_codes": meanings(
            {fold(word): code for code in reversed(currencies) for word in [*currencies[code], code]}
        ),
    }
