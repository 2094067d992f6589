"""aliases.yaml beside svodka.yaml: headers and spellings of names that somebody accepted, each with its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.errors import ConfigError
from config.strict import Strict

Dictionary = Literal["channels", "managers", "loss_reasons"]

HEAD = """\
Что приняла команда `svodka accept`: новые заголовки столбцов и новые написания каналов и менеджеров.
Файл можно править и дополнять руками: комментарии сохраняются.
"""


class Synonym(Strict):
    """A header that also means this column, since a day."""

    header: str
    since: date


class NameAlias(Strict):
    """Another spelling of a channel or a manager, since a day; an empty name means "not one of them"."""

    alias: str
    name: str | None
    since: date


class Aliases(Strict):
    """Everything accepted so far."""

    headers: dict[str, dict[str, list[Synonym]]] = Field(default_factory=dict)
    """source → our column → headers."""
    channels: list[NameAlias] = Field(default_factory=list)
    managers: list[NameAlias] = Field(default_factory=list)
    loss_reasons: list[NameAlias] = Field(default_factory=list)

    def headers_of(self, source: str) -> dict[str, list[str]]:
        """A source in; our column → its accepted headers out, in order of acceptance."""
        return {column: [synonym.header for synonym in found] for column, found in self.headers.get(source, {}).items()}

    def names_of(self, dictionary: Dictionary) -> dict[str, str]:
        """A dictionary in; accepted alias → name out (an empty name: not a channel)."""
        accepted: list[NameAlias] = getattr(self, dictionary)
        return {entry.alias: entry.name or "" for entry in accepted}


@dataclass(frozen=True)
class Proposal:
    """What `svodka check` would like to be accepted: a header of a source's column, or a spelling of a name."""

    headers: Sequence[tuple[str, str, str]] = ()
    """(source, our column, header)."""
    names: Sequence[tuple[Dictionary, str, str]] = field(default=())
    """(dictionary, alias, name)."""

    def __bool__(self) -> bool:
        return bool(self.headers or self.names)

    def narrowed(self, only: Sequence[str]) -> Proposal:
        """Words like `source.column` in; what they mean of it out, all without a word.

        Raises ConfigError for a word that is none of them.
        """
        wanted = [word.strip() for text in only for word in text.split(",") if word.strip()]
        if not wanted:
            return self
        headers = {f"{source}.{column}": (source, column, header) for source, column, header in self.headers}
        names = {f"{dictionary}.{alias}": (dictionary, alias, name) for dictionary, alias, name in self.names}
        for word in wanted:
            if word not in headers and word not in names:
                raise ConfigError("cli.not_proposed", word=word, known=", ".join([*headers, *names]) or "—")
        return Proposal(
            [headers[word] for word in wanted if word in headers], [names[word] for word in wanted if word in names]
        )


def with_accepted(text: str, proposal: Proposal, since: date) -> str:
    """aliases.yaml as it stands (or empty), proposals and the day in; its new text out, a person's comments kept."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    document = yaml.load(text) if text.strip() else None
    if document is None:
        document = CommentedMap()
        if not text.strip():
            document.yaml_set_start_comment(HEAD)
    for source, column, header in proposal.headers:
        known = document.setdefault("headers", CommentedMap()).setdefault(source, CommentedMap()).setdefault(column, [])
        if all(entry["header"] != header for entry in known):
            known.append({"header": header, "since": since.replace()})  # one day of its own each, or YAML anchors it
    for dictionary, alias, name in proposal.names:
        known = document.setdefault(dictionary, [])
        if all(entry["alias"] != alias for entry in known):
            known.append({"alias": alias, "name": name, "since": since.replace()})
    out = StringIO()
    yaml.dump(document, out)
    return text + out.getvalue() if text.strip() and not yaml.load(text) else out.getvalue()


def accept(path: Path, proposal: Proposal, since: date) -> None:
    """Write the proposals into aliases.yaml, which is replaced whole: a kill leaves the old one or the new one."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(with_accepted(text, proposal, since), encoding="utf-8")
    fresh.replace(path)
