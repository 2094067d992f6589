"""A source and its headings → which rows are refunds by their words, and which amounts are turned about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from config.assumed import Assumed
from config.client import SourceConfig
from config.words import fold, vocabulary
from transforms.parse.cells import folded, literal, literals
from transforms.recognise import Recognised
from transforms.recognise.ambiguous import KINDS_HEADER
from transforms.staging.cells import Cells, is_among

WITH_SALES = frozenset({"deals", "ad_spend", "costs"})
"""Tables whose money may come back."""


@dataclass(frozen=True)
class Refunds:
    """Rows whose amount counts with a minus, whichever sign it bears."""

    condition: str
    """SQL over `raw_cells`; NULL and false: it is none."""
    assumed: Assumed | None = None
    """What to tell of them, if no one but the words said so."""


def refunds(recognised: Recognised, source: SourceConfig, cells: Cells) -> Refunds | None:
    """The rows that `refunds:` of the source names, else those with a known word in a column of kinds of documents."""
    if source.table not in WITH_SALES:
        return None
    if source.refunds:
        said = [_among(cells, header, words) for header, words in source.refunds.items() if words]
        return Refunds(f"coalesce({' or '.join(said)}, false)") if said else None
    headers = [] if recognised.profile else of_kinds(recognised)
    if not headers:
        return None
    condition = " or ".join(_undone(cells, header, _other_meanings(source)) for header in headers)
    words = ", ".join(f"«{header}»" for header in headers)
    return Refunds(f"coalesce({condition}, false)", Assumed("refund_by_word", header=headers[0], value=words))


def turned(source: SourceConfig, filled: Iterable[str]) -> dict[str, str]:
    """Columns of money whose ordinary amounts bear a minus → SQL of the amount as it counts."""
    return {name: f"-v_{name}" for name in filled if source.signs.get(name) == "minus"}


def of_kinds(recognised: Recognised) -> list[str]:
    """Headings of the columns that tell kinds of documents or operations apart."""
    return [header for header in recognised.shape.headers if header and KINDS_HEADER.fullmatch(fold(header))]


def _other_meanings(source: SourceConfig) -> set[str]:
    """Words of which svodka.yaml says what they mean as a status."""
    return {fold(word) for words in source.values.get("status", {}).values() for word in words}


def _undone(cells: Cells, header: str, others: Collection[str]) -> str:
    """Whether a kind begins like one that undoes a sale: «Чек возврата прихода», «Отмена оплаты»."""
    kind = f"coalesce({folded(cells.named(header))}, '')"
    said = f"regexp_matches({kind}, {literal(vocabulary().refund_pattern)})"
    said += f" and not regexp_matches({kind}, {literal(vocabulary().no_refund_pattern)})"
    return f"({said} and {kind} not in ({literals(others)}))" if others else f"({said})"


def _among(cells: Cells, header: str, words: Iterable[str]) -> str:
    cell = cells.named(header)
    return is_among(f"coalesce({cell}, {literal('')})", words)
