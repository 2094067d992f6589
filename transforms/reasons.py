"""Dictionaries that say more than a name: groups of loss reasons, rules of partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from config.draft import Partner
from config.errors import ConfigError
from config.words import fold
from transforms.dictionary import Dictionary, dictionary

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
