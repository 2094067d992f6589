"""The pattern of a cell's number format → the currency, and the thousands, in which a person sees the number."""

import re
from functools import lru_cache

from config.documents import NUMBER_MARK
from config.words import vocabulary

ROUBLES = "RUB"
SECTION = re.compile(r'(?:[^;"\\\[]|"[^"]*"|\\.|\[[^\]]*\])*')
"""What stands before the first semicolon: how a number above zero is shown."""
PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<symbol>[^\]-]*)[^\]]*\]'
    r"|(?P<break>\[[^\]]*\]|_.|\*.|[#0?@.,%/]|E[+-])|(?P<bare>.)",
    re.DOTALL,
)
UNITS = {"тыс": "тыс", "тыс.": "тыс", "т.р.": "тыс", "тысяч": "тыс", "млн": "млн", "млн.": "млн", "миллионов": "млн"}
DIVIDED = re.compile(r"[0#?],+(?![0#?,])")
COUNTRIES = {
    "RU": "RUB", "US": "USD", "KZ": "KZT", "BY": "BYN", "UA": "UAH", "GB": "GBP", "CN": "CNY", "UZ": "UZS", "KG": "KGS",
    "AM": "AMD", "GE": "GEL", "TR": "TRY",
}  # fmt: skip
EURO_COUNTRIES = frozenset({
    "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI",
    "SK",
})  # fmt: skip
BESIDE = " \u00a0\u202f-+()"
"""What may stand between a sign of money and its number."""


@lru_cache(maxsize=1024)
def shown_currency(pattern: str) -> str | None:
    """`#,##0.00 [$€-407]` in; `EUR` out. None where no word that is known for money stands in the pattern.

    `#,##0 "тыс. $"` is `тыс USD`: where no comma behind the digits divides what is shown, the number is of thousands.
    """
    section = SECTION.match(pattern)
    words = [""]
    for piece in PIECE.finditer(section[0] if section else ""):
        if piece["break"] is not None:
            words.append("")
        else:
            words[-1] += next(text for text in piece.group("quoted", "escaped", "symbol", "bare") if text is not None)
    said = [word for run in words for word in _words(run.strip(BESIDE))]
    code = next((code for word in said if (code := vocabulary().currency_code(word)) is not None), None)
    unit = next((UNITS[word] for word in map(str.casefold, said) if word in UNITS), None)
    if unit is None or (section and DIVIDED.search(section[0])):
        return code
    return f"{unit} {code}" if code else unit


def currency_of_locale(locale: str) -> str | None:
    """A spreadsheet's locale, `ru_RU`, in; the money of that country, which a pattern need not name, out."""
    country = locale.rpartition("_")[2]
    return "EUR" if country in EURO_COUNTRIES else COUNTRIES.get(country)


def money_text(value: float, currency: str) -> str:
    """A number and the currency it is shown in; its marked text, `1234.5 USD` with a dot always, out.

    Three digits after the point would read as thousands, so there are never exactly three.
    """
    plain = f"{value:.10f}".rstrip("0").rstrip(".")
    _, _, fraction = plain.partition(".")
    return f"{NUMBER_MARK}{plain}{'0' if len(fraction) == 3 else ''} {currency}"


def without_roubles(text: str) -> str:
    """A cell's text in; the same without the word that it is roubles, which is what money here is anyway, out."""
    return text.removesuffix(f" {ROUBLES}") if text.startswith(NUMBER_MARK) else text


def is_foreign(text: str) -> bool:
    """Whether a cell's text is a number that is shown as money other than roubles."""
    return text.startswith(NUMBER_MARK) and text[-1:].isalpha() and not text.endswith(f" {ROUBLES}")


def _words(run: str) -> list[str]:
    """Letters and signs that stand together: `тыс. $` may be read as a whole or by its words."""
    return [word for word in dict.fromkeys([run, *run.split()]) if word and not word.isdigit()]
