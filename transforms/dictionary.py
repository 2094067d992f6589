"""A dictionary's rows (alias, name) → the canonical name of any spelling, and the nearest known one of an unknown.

Loss reasons have a group besides, partners a rule.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from config.draft import Partner
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


# Dictionaries that say more than a name: groups of loss reasons, rules of partners.

GROUPS = {
    "competitor": "competitor",
    "конкурент": "competitor",
    "external": "external",
    "внешняя": "external",
    "own": "own",
    "наша": "own",
}
"""What a file may call a group of reasons → what the warehouse calls it."""
MARKS = ("promo_code", "utm_source")
RULES = ("share", "rub_per_client")


@dataclass(frozen=True)
class LossReasons(Dictionary):
    """Reasons for which deals are lost, and whose they are."""

    groups: Mapping[str, str] = field(default_factory=dict)
    """Canonical name → `competitor`, `external` or `own`."""

    def group(self, reason: str | None) -> str | None:
        """A canonical name in; its group, or None if the dictionary gives none, out."""
        return self.groups.get(reason) if reason is not None else None


def loss_reasons(
    rows: Iterable[tuple[str, str, str]], file: str, accepted: Mapping[str, str] | None = None
) -> LossReasons:
    """(alias, name, group) as the file has them and accepted spellings in; the reasons out.

    Raises ConfigError for one alias of two names, two groups of one reason, a group that is none.
    """
    entries = list(rows)
    names = dictionary([(alias, name) for alias, name, _ in entries], file, accepted)
    groups: dict[str, str] = {}
    for alias, name, written in entries:
        reason = names.by_alias.get(fold(name)) or names.by_alias.get(fold(alias))
        if reason is None or not fold(written):
            continue
        group = GROUPS.get(fold(written))
        if group is None:
            raise ConfigError("staging.unknown_group", file=file, reason=reason, group=written)
        if groups.setdefault(reason, group) != group:
            raise ConfigError("staging.two_groups", file=file, reason=reason)
    return LossReasons(names.by_alias, names.is_given, groups=groups)


def partners(rows: Iterable[Mapping[str, str]], file: str) -> list[Partner]:
    """Rows of `name, promo_code, utm_source, share, rub_per_client` in; each partner with all codes and marks out.

    Raises ConfigError for two rules or two values of one partner, one code or mark of two, a value that is no number.
    """
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if fold(row["name"]):
            found.setdefault(fold(row["name"]), []).append(row)
    owners: dict[tuple[str, str], str] = {}
    for own in found.values():
        for row in own:
            for kind in MARKS:
                mark, name = fold(row[kind]), own[0]["name"].strip()
                if mark and owners.setdefault((kind, mark), name) != name:
                    names = f"«{owners[kind, mark]}», «{name}»"
                    raise ConfigError("staging.mark_of_two", file=file, mark=row[kind].strip(), names=names)
    return [_partner(own, file) for own in found.values()]


def _partner(rows: Sequence[Mapping[str, str]], file: str) -> Partner:
    name = rows[0]["name"].strip()
    values = {rule: {_number(row[rule], name, file) for row in rows if fold(row[rule])} for rule in RULES}
    if len(values["share"]) + len(values["rub_per_client"]) > 1:
        raise ConfigError("staging.two_rules", file=file, name=name)
    marks = {kind: tuple(sorted({fold(row[kind]) for row in rows if fold(row[kind])})) for kind in MARKS}
    return Partner(name, next(iter(values["share"]), None), next(iter(values["rub_per_client"]), None), **marks)


def _number(text: str, name: str, file: str) -> Decimal:
    """`0,1`, `10 %`, `1 500`."""
    plain = "".join(text.split()).replace(",", ".").removesuffix("₽")
    try:
        number = Decimal(plain.removesuffix("%"))
    except InvalidOperation as error:
        raise ConfigError("staging.not_a_rule", file=file, name=name, value=text.strip()) from error
    return number / 100 if plain.endswith("%") else number
