"""What a load must not guess: unknown words, another currency, a missing rate. Each stops the load and asks."""

from __future__ import annotations

from typing import Any

from config.errors import ContractError
from config.staging import Draft, Staging
from config.tables import tables

LONGEST_SHOWN = 80
"""Characters of a word that is asked about."""


def ask(connection: Any, draft: Draft, staging: Staging) -> None:
    """The typed rows of a draft; raises ContractError for what only a person can answer."""
    _ask_words(connection, draft)
    _ask_currency(connection, draft)
    _ask_rates(connection, draft, staging)


def _ask_words(connection: Any, draft: Draft) -> None:
    """Words whose meaning must not be guessed stop the load. Raises ContractError that lists them."""
    found = connection.execute("""
        select flaw.column_name, flaw.value, count(*) as rows
        from (select unnest(flaws) as flaw from flawed_rows)
        where flaw.kind = 'question' and flaw.reason like 'unknown%' group by all
        order by rows desc, flaw.value limit 10""").fetchall()
    if found:
        words = ", ".join(
            f"«{value[:LONGEST_SHOWN]}» ({rows})" for column, value, rows in found if column == found[0][0]
        )
        raise ContractError(
            "staging.unknown_words", file=draft.origin.file, source=draft.origin.source, column=found[0][0], words=words
        )


def _ask_currency(connection: Any, draft: Draft) -> None:
    """Amounts of money in another currency than the source's stop the load: refused, they would understate it."""
    found = connection.execute(
        """select flaw.value, count(*) over () as cells
        from (select source_row, unnest(flaws) as flaw from flawed_rows)
        where flaw.reason = 'other_currency' and flaw.column_name = ? order by source_row limit 1""",
        [tables()[draft.table].money],
    ).fetchone()
    if found:
        raise ContractError(
            "staging.other_currency",
            file=draft.origin.file,
            source=draft.origin.source,
            example=found[0],
            cells=found[1],
            currency=draft.currency,
        )


def _ask_rates(connection: Any, draft: Draft, staging: Staging) -> None:
    lacking = connection.execute(staging.missing_rates).fetchall() if staging.missing_rates else []
    for found in lacking[:1]:
        raise ContractError(
            "staging.no_rate",
            file=draft.origin.file,
            source=draft.origin.source,
            currency=found[0],
            day=found[1],
            rows=found[2],
        )
