"""Words of the reports that are not sentences: labels.yaml → headers, months, nouns, in Russian and English."""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from config.messages import Language, message
from config.strict import Strict, read_yaml

Good = Literal["up", "down", "none"]
MonthForm = Literal["short", "name", "of", "to", "in"]


class Text(Strict):
    """One text in both languages."""

    ru: str
    en: str

    def say(self, language: Language) -> str:
        """The text in the reader's language."""
        return self.ru if language == "ru" else self.en


class ColumnLabel(Text):
    """The header of a report column that metrics.yaml does not describe, and how its figures are written."""

    look: str
    about: Text | None = None
    """What it is."""
    unit: str | None = None
    """In what its figures are, where somebody may ask."""

    def note(self, language: Language) -> str | None:
        """The note of its header in the reader's language."""
        if self.about is None:
            return None
        said = message("report.note_unit", language, unit=self.measured_in(language)) if self.unit else ""
        return f"{self.about.say(language)}\n{said}".strip()

    def measured_in(self, language: Language) -> str:
        """Its unit in words; nothing where it has none."""
        return message(f"report.unit_{self.unit}", language) if self.unit else ""


class Noun(Strict):
    """Forms for 1, 2 (and fractions) and 5."""

    ru: tuple[str, str, str]
    en: tuple[str, str, str]


class Labels(Strict):
    """The whole of labels.yaml."""

    months: dict[Language, dict[MonthForm, tuple[str, ...]]]
    nouns: dict[str, Noun]
    enquiries: dict[Language, dict[str, str]]
    """Words for calls → what those become where calls and leads are counted together."""
    columns: dict[str, ColumnLabel]
    """Headers of columns that no metric table has."""
    data_columns: dict[str, ColumnLabel]
    """Those of freshness and «Качество данных»."""
    staged: dict[str, Text]
    """Columns of staged tables in the reader's words."""


def column_label(name: str) -> ColumnLabel:
    """The header of a column that no metric table has. Raises KeyError for one without words: a mistake of ours."""
    found = labels()
    return found.columns.get(name) or found.data_columns[name]


def of_enquiries(text: str, language: Language) -> str:
    """`Цена звонка` in, `Цена обращения` out."""
    forms = labels().enquiries[language]

    def written(found: re.Match[str]) -> str:
        form = forms[found[0].lower()]
        return form[0].upper() + form[1:] if found[0][0].isupper() else form

    return re.sub(rf"\b(?:{'|'.join(forms)})\b", written, text, flags=re.IGNORECASE)


@cache
def labels() -> Labels:
    """Every label."""
    return read_yaml(Path(__file__).parent / "labels.yaml", Labels)
