"""Locales: a spreadsheet's locale in; its decimal mark, separators, date order and default patterns out."""

from __future__ import annotations

from dataclasses import dataclass

NBSP = "\u00a0"


@dataclass(frozen=True)
class Locale:
    """How numbers and dates are written. `date_order` holds d, m and y in the order people type them."""

    decimal: str = "."
    thousands: str = ","
    date_order: str = "mdy"
    date_mark: str = "/"
    date_pattern: str = "M/d/yyyy"
    currency: str = "$"
    true_text: str = "TRUE"
    false_text: str = "FALSE"

    @property
    def argument_mark(self) -> str:
        """What stands between the arguments of a function."""
        return ";" if self.decimal == "," else ","


US = Locale()
EUROPE = Locale(",", ".", "dmy", ".", "dd.mm.yyyy", "€")
RUSSIA = Locale(",", NBSP, "dmy", ".", "dd.mm.yyyy", "₽", "ИСТИНА", "ЛОЖЬ")
LOCALES = {
    "en_US": US,
    "en_GB": Locale(date_order="dmy", date_pattern="dd/mm/yyyy", currency="£"),
    "en_AU": Locale(date_order="dmy", date_pattern="dd/mm/yyyy"),
    "en_CA": Locale(date_order="ymd", date_mark="-", date_pattern="yyyy-mm-dd"),
    "de_DE": EUROPE,
    "es_ES": EUROPE,
    "it_IT": EUROPE,
    "fr_FR": Locale(",", "\u202f", "dmy", "/", "dd/mm/yyyy", "€"),
    "pt_BR": Locale(",", ".", "dmy", "/", "dd/mm/yyyy", "R$"),
    "ru_RU": RUSSIA,
    "uk_UA": Locale(",", NBSP, "dmy", ".", "dd.mm.yyyy", "₴"),
    "kk_KZ": Locale(",", NBSP, "dmy", ".", "dd.mm.yyyy", "₸"),
    "be_BY": Locale(",", NBSP, "dmy", ".", "dd.mm.yyyy", "Br"),
    "pl_PL": Locale(",", NBSP, "dmy", ".", "dd.mm.yyyy", "zł"),
    "ja_JP": Locale(date_order="ymd", date_pattern="yyyy/mm/dd", currency="¥"),
}
OTHER_LANGUAGES = frozenset(
    "en ja nl sv tr zh ko cs da fi no nb el hu ro bg sk sl hr sr lt lv et he ar hi th vi id ka hy".split(" ")  # noqa: SIM905
)
BY_LANGUAGE = {"ru": "ru_RU", "de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT", "pt": "pt_BR", "uk": "uk_UA"}


def locale_of(name: str) -> Locale:
    """ru_RU or ru in; the locale out, en_US for one that is not known here."""
    return LOCALES.get(name) or LOCALES.get(BY_LANGUAGE.get(name[:2], ""), US)


def is_known(name: str) -> bool:
    """Would Google take this locale, yes or no."""
    return name in LOCALES or name[:2] in BY_LANGUAGE or name[:2] in OTHER_LANGUAGES
