"""A dictionary's rows (alias, name) → the canonical name of any spelling, and the nearest known one of an unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from config.errors import ConfigError
from config.words import fold

NEAR = 0.6
"""From which likeness on a known name is worth suggesting."""
NEAR_BY_SOUND = 0.75

SOUNDS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhye", strict=True))
    | {"ж": "zh", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ь": "", "ъ": "", "ю": "yu", "я": "ya"}
)
"""How Russian letters are written in Latin ones."""


@dataclass(frozen=True)
class Dictionary:
    """Channels or managers of a client. Without one every spelling is a name; those equal after folding are one."""

    by_alias: Mapping[str, str | None]
    """Folded alias → canonical name; None for what is no channel."""
    is_given: bool = True

    def known(self) -> Collection[str]:
        """Every folded alias that means something."""
        return [alias for alias, name in self.by_alias.items() if name is not None]

    def names(self, aliases: Collection[str]) -> dict[str, str | None]:
        """Spellings as found in; spelling → canonical name out.

        Of unknown ones that fold alike the first by code point stands for all.
        """
        shown: dict[str, str] = {}
        for alias in sorted(aliases):
            shown.setdefault(fold(alias), alias)
        return {alias: self.by_alias.get(fold(alias), shown[fold(alias)]) for alias in aliases}

    def unknown(self, aliases: Collection[str]) -> dict[str, str | None]:
        """Spellings in; those with no entry → the nearest known name out. Nothing is unknown without a dictionary."""
        if not self.is_given:
            return {}
        return {alias: self._nearest(fold(alias)) for alias in sorted(aliases) if fold(alias) not in self.by_alias}

    def _nearest(self, folded: str) -> str | None:
        likely = max(
            ((_likeness(folded, alias), name) for alias, name in self.by_alias.items() if name), default=(0.0, "")
        )
        return likely[1] if likely[0] >= NEAR else None


def _likeness(one: str, other: str) -> float:
    """As they are spelled, or as they sound where one is written in the other alphabet (`телеграмм`, `telegram`)."""
    alike = SequenceMatcher(None, one, other).ratio()
    sounds = SequenceMatcher(None, one.translate(SOUNDS), other.translate(SOUNDS)).ratio()
    return max(alike, sounds) if sounds >= NEAR_BY_SOUND else alike


NO_DICTIONARY = Dictionary({}, is_given=False)


def dictionary(
    rows: Iterable[tuple[str, str | None]], file: str, accepted: Mapping[str, str] | None = None
) -> Dictionary:
    """(alias, name) as the file has them, the file's name for messages, accepted spellings; the Dictionary out.

    Every name is its own alias, an alias with a blank name is no channel, equal aliases of one name are one entry.
    Raises ConfigError for one alias of two names.
    """
    entries = [(alias, name) for alias, name in rows if fold(alias or "")]
    entries += list((accepted or {}).items())
    meanings: dict[str, dict[str, str]] = defaultdict(dict)
    spelled: dict[str, str] = {}
    for _, name in entries:
        if name and fold(name):
            spelled.setdefault(fold(name), name.strip())
            meanings[fold(name)][fold(name)] = spelled[fold(name)]
    for alias, name in entries:
        meanings[fold(alias)][fold(name or "")] = spelled.get(fold(name or ""), "")
    for alias, names in meanings.items():
        if len(names) > 1:
            quoted = ", ".join(f"«{name}»" for name in sorted(names.values()))
            raise ConfigError("staging.two_names", file=file, alias=alias, names=quoted)
    return Dictionary({alias: next(iter(names.values())) or None for alias, names in meanings.items()})
