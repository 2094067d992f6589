"""A source and its headings → which rows are refunds by their words, and which amounts are turned about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from config.client import SourceConfig
from config.notices import Assumed
from config.words import fold, says, vocabulary
from transforms.parse.cells import folded, literal, literals
from transforms.recognise.fit import pseudo_texts
from transforms.staging.cells import is_among
from transforms.staging.one_table import OneTable
from transforms.staging.skips import kind_of

WITH_SALES = frozenset({"deals", "ad_spend", "costs"})
"""Tables whose money may come back."""


@dataclass(frozen=True)
class Refunds:
    """Rows whose amount counts with a minus, whichever sign it bears."""

    condition: str
    """SQL over `raw_cells`; NULL and false: it is none."""
    assumed: Assumed | None = None
    """What to tell of them, if no one but the words said so."""


def refunds(one: OneTable) -> Refunds | None:
    """The rows that `refunds:` of the source or of its profile names, else those whose kind is a known word."""
    source, declared = one.source, one.recognised.declared
    if source.table not in WITH_SALES:
        return None
    if listed := source.refunds or (declared.refunds if declared else {}):
        named = {header: f"coalesce({one.cells.named(header)}, '')" for header, words in listed.items() if words}
        said = [is_among(cell, listed[header]) for header, cell in named.items()]
        return Refunds(f"coalesce({' or '.join(said)}, false)") if said else None
    if source.table == "deals" and (title := _title_of_refunds(one)):
        amount = one.recognised.columns["revenue_rub"].headers if one.has("revenue_rub") else []
        return Refunds("true", Assumed("refunds_by_title", header=next(iter(amount), "revenue_rub"), value=title))
    headers = [] if one.is_vendors else one.headed("kinds")
    if not headers:
        return None
    condition = " or ".join(_undone(kind_of(one, header), _other_meanings(source)) for header in headers)
    words = ", ".join(f"«{header}»" for header in headers)
    return Refunds(f"coalesce({condition}, false)", Assumed("refund_by_word", header=headers[0], value=words))


def _title_of_refunds(one: OneTable) -> str | None:
    """The line above a table, its tab or its file that says that all of its rows are refunds; None if none does."""
    names = [PurePath(text).stem for text in pseudo_texts(one.recognised.raw).values()]
    said = [text for text in (*one.recognised.shape.title, *names) if says(text, "all_refunds")]
    return next((text for text in said if not says(text, "sales_too")), None)


def turned(source: SourceConfig, filled: Iterable[str]) -> dict[str, str]:
    """Columns of money whose ordinary amounts bear a minus → SQL of the amount as it counts."""
    return {name: f"-v_{name}" for name in filled if source.signs.get(name) == "minus"}


def _other_meanings(source: SourceConfig) -> set[str]:
    """Words of which svodka.yaml says what they mean as a status."""
    return {fold(word) for words in source.values.get("status", {}).values() for word in words}


def _undone(cell: str, others: Collection[str]) -> str:
    """Whether a kind begins like one that undoes a sale: «Чек возврата прихода», «Отмена оплаты»."""
    kind = f"coalesce({folded(cell)}, '')"
    said = f"regexp_matches({kind}, {literal(vocabulary().refund_pattern)})"
    said += f" and not regexp_matches({kind}, {literal(vocabulary().no_refund_pattern)})"
    return f"({said} and {kind} not in ({literals(others)}))" if others else f"({said})"
