"""What a load must not guess: unknown words, another currency, a missing rate. Each stops the load and asks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from config.errors import ContractError
from config.staging import Draft, Staging
from config.tables import tables
from config.vocabulary import vocabulary

LONGEST_SHOWN = 80
"""Characters of a word that is asked about."""
MOST_WORDS = 10
"""Words of one column that are asked about at once."""
AMBIGUOUS, CURRENCY, WORD = "ambiguous", "currency", "word"
"""A cell that has two readings, an amount of other money, a word whose meaning must not be guessed."""
KINDS = {"unknown_direction": "direction", "unknown_answer": "answered", "unknown_word": "departed"}
"""Why a word is asked about → the list of the vocabulary that its meaning is one of."""


def find_questions(connection: Any) -> frozenset[str]:
    """Of what kinds the flaws of `flawed_rows` are that may be asked about; most files have none."""
    found = connection.execute(f"""
        select distinct case when starts_with(flaw.reason, 'ambiguous_') then '{AMBIGUOUS}'
            when flaw.reason = 'other_currency' then '{CURRENCY}' else '{WORD}' end
        from (select unnest(flaws) as flaw from flawed_rows)
        where starts_with(flaw.reason, 'ambiguous_') or flaw.reason = 'other_currency' or flaw.kind = 'question'
        """).fetchall()
    return frozenset(row[0] for row in found)


def ask(connection: Any, draft: Draft, staging: Staging, questions: Collection[str]) -> None:
    """The typed rows of a draft and what `find_questions` found; raises ContractError for what only a person knows."""
    if WORD in questions:
        _ask_words(connection, draft)
    if CURRENCY in questions:
        _ask_currency(connection, draft)
    _ask_rates(connection, draft, staging)


def _ask_words(connection: Any, draft: Draft) -> None:
    """Words whose meaning must not be guessed stop the load. Raises ContractError that lists them, column by column."""
    found = connection.execute("""
        with words as (
            select flaw.column_name, flaw.value, any_value(flaw.reason) as reason, count(*) as rows
            from (select unnest(flaws) as flaw from flawed_rows)
            where flaw.kind = 'question' and flaw.reason like 'unknown%' group by flaw.column_name, flaw.value
        )
        select column_name, any_value(reason), list({'word': value, 'rows': rows} order by rows desc, value)
        from words group by column_name order by sum(rows) desc, column_name""").fetchall()
    if found:
        raise ContractError(
            "staging.unknown_words",
            file=draft.origin.file,
            source=draft.origin.source,
            words="; ".join(f"{column} {_shown(words)}" for column, _, words in found),
            values=", ".join(f"{column}: {{{_meanings(reason)}}}" for column, reason, _ in found),
        )


def _shown(words: list[dict[str, Any]]) -> str:
    """The commonest words and their rows, `«перевод» (3)`."""
    return ", ".join(f"«{one['word'][:LONGEST_SHOWN]}» ({one['rows']})" for one in words[:MOST_WORDS])


def _meanings(reason: str) -> str:
    """What such a word can mean, as it is written under `values:`."""
    known: dict[str, list[str]] = getattr(vocabulary(), KINDS[reason])
    return ", ".join(f"{meaning}: […]" for meaning in known)


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
