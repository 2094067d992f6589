"""What is noted on a spreadsheet, and on each tab of ours: whose it is, what was made there, which row is which.

Notes are developer metadata: they go with the file when it is copied or published to from another computer, so that
what is not remembered here can be read off the spreadsheet itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from connectors.google_sheets.values import compact_json

TAB_KEY, COLUMN_KEY, STAMP_KEY, CLIENT_KEY = "svodka.tab", "svodka.column", "svodka.published", "svodka.client"
FORMER_TAB = "former!"
"""`key` of a hidden copy of a tab whose last publication was not remembered."""
MOST_CHARACTERS = 20_000
"""Of the names of a tab's rows; Google keeps 30,000 characters of notes a tab (…/sheets/api/guides/metadata)."""
LONGEST_LABEL = 80

Name = tuple[str, str]
"""Identity of a row, and what stands first in it."""


@dataclass(frozen=True)
class Remark:
    """One entry of developer metadata."""

    id: int
    key: str
    value: str


@dataclass(frozen=True)
class Noted:
    """What the mark of a tab says."""

    key: str
    prefix: str = ""
    """Of the client, where several share the spreadsheet."""
    tab: int | None = None
    """The tab's own id: a copy that an owner made of the tab says the id of the original."""
    rows: int = 0
    charts: Mapping[str, int | None] = field(default_factory=dict)
    """Key of each chart made → its id; None in marks of earlier versions, which did not note it."""
    highlights: int = 0
    protection: int | None = None
    content: str = ""
    """Of what was published, see `content_of`."""
    names: Sequence[Name] = ()
    """The rows as they were published, top down; empty where they are too many to be noted."""
    of: str = ""
    """Key of the tab of which this is a former state."""
    at: str = ""
    """When it was kept."""

    is_away: bool = False
    """The report has no such page for the time being, so the tab is hidden."""

    def as_json(self) -> str:
        """The value of the mark."""
        said = {name: value for name, value in vars(self).items() if value not in (None, "", 0, (), {})}
        return compact_json(said | {"key": self.key})


def noted(remark: Remark) -> Noted:
    """A mark in; what it says out, whatever version wrote it."""
    try:
        said: Any = json.loads(remark.value)
        charts = said.get("charts", {})
        return Noted(
            key=str(said["key"]),
            prefix=str(said.get("prefix", "")),
            tab=said.get("tab"),
            rows=int(said.get("rows", 0)),
            charts=charts if isinstance(charts, dict) else dict.fromkeys(charts),
            highlights=int(said.get("highlights", 0)),
            protection=said.get("protection"),
            content=str(said.get("content", "")),
            names=tuple((str(name), str(label)) for name, label in said.get("names", ())),
            of=str(said.get("of", "")),
            at=str(said.get("at", "")),
            is_away=bool(said.get("is_away")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Noted(remark.value)


def content_of(rows: Sequence[object]) -> str:
    """The texts of rows, each a JSON list, empty for a blank one, in; equal for tabs that hold the same, out."""
    return sha256("\n".join(str(row) for row in rows if row).encode()).hexdigest()[:16]


def names_of(identities: Sequence[str], labels: Sequence[str]) -> Sequence[Name]:
    """Identities and labels of a tab's rows in; what to note of them out: nothing where they are too many."""
    found = tuple((name, label[:LONGEST_LABEL]) for name, label in zip(identities, labels, strict=True))
    return found if sum(len(name) + len(label) + 8 for name, label in found) <= MOST_CHARACTERS else ()


@dataclass(frozen=True)
class Owner:
    """Whose report stands in a spreadsheet, and for which file that was noted: a copy is another file."""

    client: str
    file: str

    def as_json(self) -> str:
        """The value of the note."""
        return json.dumps(vars(self), ensure_ascii=False)


def owner_noted(remark: Remark | None) -> Owner | None:
    """The note of whose spreadsheet it is in; what it says out, None if there is none or it says nothing."""
    try:
        return Owner(**json.loads(remark.value)) if remark is not None else None
    except (ValueError, TypeError):
        return None


def under(key: str, prefix: str) -> str:
    """The key of a note on the spreadsheet, for the client with this prefix."""
    return f"{key}.{prefix}" if prefix else key


# Ids that we choose for tabs, charts and protections, so that a repeat after a lost answer doubles nothing.


def stable_id(*parts: object) -> int:
    """What an object is, in words, in; the same positive int32 for it every time out."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).digest()
    return (int.from_bytes(digest[:4], "big") & 0x7FFFFFFF) or 1


@dataclass(frozen=True)
class Ids:
    """Chooses ids that nothing in the spreadsheet has. They do not follow from the file, so that a copy keeps them."""

    taken: frozenset[int] = frozenset()
    salt: str = ""
    """Set where a publication was refused: everything that is made then has an id that it never had."""

    def of(self, *parts: object) -> int:
        """What an object is, in words, in; its id out."""
        number = stable_id(*([self.salt] if self.salt else []), *parts)
        while number in self.taken:
            number = number % 0x7FFFFFFF + 1
        return number
