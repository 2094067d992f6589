"""Which proposals of `check` somebody accepts, and on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from config.aliases import Proposal
from config.errors import ConfigError
from config.load import LoadedClient
from flows.run.one_client import now


def narrowed(proposal: Proposal, only: Sequence[str]) -> Proposal:
    """All proposals and words like `source.column`; those meant. Raises ConfigError for a word that is none of them."""
    wanted = [word.strip() for text in only for word in text.split(",") if word.strip()]
    if not wanted:
        return proposal
    headers = {f"{source}.{column}": (source, column, header) for source, column, header in proposal.headers}
    names = {f"{dictionary}.{alias}": (dictionary, alias, name) for dictionary, alias, name in proposal.names}
    for word in wanted:
        if word not in headers and word not in names:
            raise ConfigError("cli.not_proposed", word=word, known=", ".join([*headers, *names]) or "—")
    return Proposal(
        [headers[word] for word in wanted if word in headers], [names[word] for word in wanted if word in names]
    )


def today(loaded: LoadedClient) -> date:
    """The day where the client lives."""
    return now().astimezone(ZoneInfo(loaded.client.timezone)).date()
