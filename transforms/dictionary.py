"""A dictionary's rows (alias, name) → the canonical name of any spelling, and the nearest known one of an unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from config.errors import ConfigError
from config.nearest import nearest_name
from config.words import fold, of_one_alphabet


def alike(name: str) -> str:
    """A spelling in; what is compared instead: folded, a word of two alphabets in Cyrillic if it looks so."""
    return of_one_alphabet(fold(name))


@dataclass(frozen=True)
class Dictionary:
    """Channels or managers of a client. Without one every spelling is a name; those equal after folding are one."""

    by_alias: Mapping[str, str | None]
    """Folded alias → canonical name; None for what is no channel."""
    is_given: bool = True
    is_of_people: bool = False

    def known(self) -> Collection[str]:
        """Every folded alias that means something."""
        return [alias for alias, name in self.by_alias.items() if name is not None]

    def names(self, aliases: Collection[str]) -> dict[str, str | None]:
        """Spellings as found in; spelling → canonical name out.

        Of unknown ones that fold alike the first by code point stands for all.
        """
        shown: dict[str, str] = {}
        for alias in sorted(aliases, key=lambda alias: (alike(alias) != fold(alias), alias)):
            shown.setdefault(alike(alias), alias)
        return {alias: self.by_alias.get(alike(alias), shown[alike(alias)]) for alias in aliases}

    def unknown(self, aliases: Collection[str]) -> dict[str, str | None]:
        """Spellings in; those with no entry → the nearest known name out. Nothing is unknown without a dictionary."""
        if not self.is_given:
            return {}
        return {
            alias: nearest_name(alike(alias), self.by_alias, is_person=self.is_of_people)
            for alias in sorted(aliases)
            if alike(alias) not in self.by_alias
        }


NO_DICTIONARY = Dictionary({}, is_given=False)


def dictionary(
    rows: Iterable[tuple[str, str | None]],
    file: str,
    accepted: Mapping[str, str] | None = None,
    *,
    is_of_people: bool = False,
) -> Dictionary:
    """(alias, name) as the file has them, the file's name for messages, accepted spellings; the Dictionary out.

    Every name is its own alias, an alias with a blank name is no channel, equal aliases of one name are one entry.
    Raises ConfigError for one alias of two names.
    """
    entries = [(alias, name) for alias, name in rows if alike(alias or "")]
    entries += list((accepted or {}).items())
    meanings: dict[str, dict[str, str]] = defaultdict(dict)
    spelled: dict[str, str] = {}
    for _, name in entries:
        if name and alike(name):
            spelled.setdefault(alike(name), name.strip())
            meanings[alike(name)][alike(name)] = spelled[alike(name)]
    for alias, name in entries:
        meanings[alike(alias)][alike(name or "")] = spelled.get(alike(name or ""), "")
    for alias, names in meanings.items():
        if len(names) > 1:
            quoted = ", ".join(f"«{name}»" for name in sorted(names.values()))
            raise ConfigError("staging.two_names", file=file, alias=alias, names=quoted)
    return Dictionary(
        {alias: next(iter(names.values())) or None for alias, names in meanings.items()}, is_of_people=is_of_people
    )
