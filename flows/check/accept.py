"""Which proposals of `check` somebody accepts, and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import typer

from config.errors import ConfigError
from config.folder.aliases import Proposal
from config.folder.load import LoadedClient
from config.settings import now
from flows.say import agreed, say
from transforms.mask import mask_text


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


def agreed_to(proposal: Proposal, worth: Mapping[tuple[str, str], str]) -> Proposal:
    """What is proposed, and what each name is worth in words, in; what the person there says yes to out.

    Each is shown and asked about; where nobody answers to the end, nothing is agreed to.
    """
    try:
        headers = [one for one in proposal.headers if agreed(_about_header(*one))]
        return Proposal(headers, [one for one in proposal.names if agreed(_about_name(*one, worth))])
    except typer.Abort:
        return Proposal()


def _about_header(source: str, column: str, header: str) -> str:
    return say("accept_header", source=source, column=column, header=header)


def _about_name(dictionary: str, alias: str, name: str, worth: Mapping[tuple[str, str], str]) -> str:
    rows = worth.get((dictionary, alias), "")
    return say("accept_name", dictionary=say(f"dictionary_{dictionary}"), alias=mask_text(alias), name=name, worth=rows)


def today(loaded: LoadedClient) -> date:
    """The day where the client lives."""
    return now().astimezone(ZoneInfo(loaded.client.timezone)).date()
