"""What a column means: the note on its header, and the same words for «О показателях»."""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.labels import labels
from config.messages import Language, message
from config.metrics import MetricColumn, metrics
from config.reports import FigureSpec

FIGURE_UNITS = {"ratio": "ratio", "count": "count", "money": "rub", "share": "share"}
SETTING = re.compile(r"\((?:настройка|setting) [a-z_.]+\)")
SAME = {"counted_calls": "calls", "conversion_text": "conversion", "conversion_per_10": "conversion"}
"""Columns of a report that tell a metric column in another form."""


def described(table: str, column: str) -> MetricColumn | None:
    """Metric table and column of a report in; what metrics.yaml says of it out, None if it says nothing."""
    found = metrics().tables.get(table)
    return found.columns.get(SAME.get(column, column)) if found else None


def column_note(table: str, column: str, language: Language) -> str | None:
    """What it is, formula in words, unit, source: a line each."""
    metric = described(table, column)
    if metric is None:
        return None
    return message(
        "report.note_column",
        language,
        name=metric.name.say(language),
        meaning=metric.meaning.say(language),
        formula=formula_text(metric, language),
        unit=unit_text(metric, language),
        sources=sources_text(metric, language),
    )


def formula_text(metric: MetricColumn, language: Language) -> str:
    """The formula in words; the name of a setting, which an owner never sees, becomes where its value stands."""
    return SETTING.sub(message("report.setting_below", language), metric.formula.say(language))


def figure_note(spec: FigureSpec, language: Language) -> str:
    """The same for a figure of figures.yaml."""
    return message(
        "report.note_column",
        language,
        name=spec.title.say(language),
        meaning=spec.meaning.say(language),
        formula=spec.formula.say(language),
        unit=figure_unit(spec, language),
        sources=tables_text(spec.feeds, language),
    )


def figure_unit(spec: FigureSpec, language: Language) -> str:
    """The unit of a figure in words."""
    return message(f"report.unit_{FIGURE_UNITS[spec.look]}", language)


def unit_text(metric: MetricColumn, language: Language) -> str:
    """The unit in words."""
    return message(f"report.unit_{metric.unit}", language)


def sources_text(metric: MetricColumn, language: Language) -> str:
    """Staged tables that the figure is made of."""
    return tables_text(metric.tables, language)


def tables_text(names: Sequence[str], language: Language) -> str:
    """Names of staged tables in the reader's words; `—` if there are none."""
    return ", ".join(labels().tables[name].say(language) for name in names if name in labels().tables) or "—"
