"""One profile and the tables of one file → whether and how well the file is that vendor's export."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from config.documents import RawTable
from config.profiles import ColumnSource, Profile, ProfileTable, Skip
from config.words import header_words
from transforms.shape import PSEUDO_HEADERS, Header, fold
from transforms.shape.header import MARKS, headers_possible


@dataclass(frozen=True)
class Fit:
    """A profile that fits a table of the file."""

    profile: Profile
    raw: RawTable
    header: Header
    signs: int
    """How many of the profile's own signs the file shows: required headers, one of several, a name, a first cell."""
    columns_found: int
    columns_declared: int
    lacking: tuple[str, ...] = ()
    """The first header of each sign that the file lacks."""

    @property
    def certainty(self) -> float:
        """Between a half and one: how much of what the profile describes is there."""
        share = self.columns_found / max(self.columns_declared, 1)
        return round(min(0.5 + 0.1 * min(self.signs, 3) + 0.2 * share, 0.99), 2)

    @property
    def rank(self) -> tuple[int, int]:
        """More signs first, then more columns."""
        return self.signs, self.columns_found


def fit(profile: Profile, raws: Sequence[RawTable], table: str, aliases: Aliases) -> Fit | None:
    """A profile, the tables of one file and our table; the best table of the file that fits, or None.

    Of a workbook's sheets the one the profile names is taken, else the first that has the headers.
    """
    if table not in profile.tables:
        return None
    for raw in in_order(profile, raws):
        if not may_be(profile, raw):
            continue
        fits = [found for header in _headers(profile, raw) if (found := _fit(profile, raw, header, table, aliases))]
        if fits:
            return max(fits, key=lambda found: (found.rank, bool(found.header.rows), -len(found.header.rows)))
    return None


def in_order(profile: Profile, raws: Sequence[RawTable]) -> list[RawTable]:
    """The tables of a file: the sheets a profile names first, in its order, then the rest as they stand."""
    wanted = {fold(name): place for place, name in enumerate(profile.sheets)}
    return sorted(raws, key=lambda raw: wanted.get(fold(raw.origin.tab or ""), len(wanted)))


def may_be(profile: Profile, raw: RawTable) -> bool:
    """Whether everything but the headers is as the profile says: container, name of the file, first cell."""
    signs = profile.recognise
    if signs.containers and raw.container not in signs.containers:
        return False
    names = pseudo_texts(raw)
    if signs.file_name and not any(
        re.search(signs.file_name, names[which], re.IGNORECASE) for which in ("@file", "@member")
    ):
        return False
    if signs.first_cell and not re.search(signs.first_cell, first_cell(raw), re.IGNORECASE):
        return False
    cells = [cell.lstrip(MARKS).strip() for cell in raw.head[0]] if raw.head else []
    return len(cells) >= len(signs.first_cells) and all(
        re.search(pattern, cell, re.IGNORECASE) for pattern, cell in zip(signs.first_cells, cells, strict=False)
    )


def first_cell(raw: RawTable) -> str:
    """The first cell of the first row, without the mark of its type."""
    return raw.head[0][0].lstrip(MARKS).strip() if raw.head and raw.head[0] else ""


def _headers(profile: Profile, raw: RawTable) -> Iterator[Header]:
    if not profile.no_header or profile.header_may_be_absent:
        yield from headers_possible(raw)
    if profile.no_header and (_has_first_cells(profile) or not profile.header_may_be_absent):
        yield bare_header(profile, raw)


def _has_first_cells(profile: Profile) -> bool:
    return bool(profile.recognise.first_cell or profile.recognise.first_cells)


def bare_header(profile: Profile, raw: RawTable) -> Header:
    """The header of a file that has none: the names the profile gives to its columns."""
    width = max((len(row) for row in raw.head), default=0)
    names = [*profile.no_header, *[""] * max(0, width - len(profile.no_header))]
    return Header((), tuple(names))


DESCRIPTIVE = frozenset(
    {"campaign", "impressions", "clicks", "product", "quantity", "loss_reason", "promo_code", "utm_source", "reason"}
)
"""Columns that tell more of a row and decide no figure but their own: an export without them is the same export."""
ENOUGH_SIGNS, FEWEST_SIGNS = 0.6, 2


def fit_without_some(profile: Profile, raws: Sequence[RawTable], table: str, aliases: Aliases) -> Fit | None:
    """As `fit`, of a file that lacks signs which only describe: somebody left those columns out of the export.

    Most signs must be there; of advertising, all of which is one channel's, and of enquiries one that no table kept by
    hand would have: «Клики» and «Показы» are nobody's, «Статус» and «Дата создания» an order's as well.
    """
    if table not in profile.tables or profile.no_header:
        return None
    for raw in in_order(profile, raws):
        for header in headers_possible(raw) if may_be(profile, raw) else ():
            if _shows_most(profile, header, table):
                found = _fit(profile, raw, header, table, aliases, optional=_optional(profile, table))
                if found is not None:
                    there = header.by_folded_name
                    groups = [group for group in _groups(profile) if not any(fold(name) in there for name in group)]
                    return replace(found, lacking=tuple(group[0] for group in groups))
    return None


def _shows_most(profile: Profile, header: Header, table: str) -> bool:
    shown = [[name for name in group if fold(name) in header.by_folded_name] for group in _groups(profile)]
    count = sum(map(bool, shown))
    is_enough = count >= max(FEWEST_SIGNS, ENOUGH_SIGNS * len(shown))
    has_channel = "channel" in profile.tables[table].constants
    if (has_channel or table == "leads") and not any(is_telling(name, table) for group in shown for name in group):
        return False
    return is_enough and (has_channel or count > FEWEST_SIGNS)


def _optional(profile: Profile, table: str) -> set[str]:
    """Signs from which nothing is read or judged that more than describes."""
    declared = profile.tables[table]
    sources = {name: source for name, source in sources_of(declared).items() if name not in DESCRIPTIVE}
    judged = {name for skip in declared.skip for name in (*skip.needs, *PLACEHOLDER.findall(skip.when))}
    used = {fold(name) for source in sources.values() for name in headers_used(source)} | {*map(fold, judged)}
    return {fold(name) for group in _groups(profile) for name in group} - used


def _groups(profile: Profile) -> list[list[str]]:
    """The signs of a profile, each with the headers that show it."""
    return [*([name] for name in profile.recognise.headers), *profile.recognise.any_of]


def is_telling(header: str, table: str) -> bool:
    """Whether a header is no word by which any table of this kind may call a column."""
    return not any(fold(header) == fold(word) for words in header_words().get(table, {}).values() for word in words)


def _fit(
    profile: Profile, raw: RawTable, header: Header, table: str, aliases: Aliases, *, optional: Collection[str] = ()
) -> Fit | None:
    sources = sources_of(profile.tables[table])
    actual = names_of(header, sources, aliases)
    signs = signs_shown(profile, actual, optional)
    if signs is None or any(fold(name) not in actual for name in profile.tables[table].needs):
        return None
    found = sum(1 for source in sources.values() if headers_used(source) and resolved(source, actual))
    declared = sum(1 for source in sources.values() if headers_used(source))
    return Fit(profile, raw, header, signs, found, declared)


def signs_shown(profile: Profile, actual: Mapping[str, str], optional: Collection[str] = ()) -> int | None:
    """How many signs of a profile a file shows, or None if one it must show is missing or one it must not is there.

    Signs of which every header is optional need not be shown.
    """
    wanted, shown = profile.recognise, 0
    for names in ([fold(name) for name in group] for group in _groups(profile)):
        if any(name in actual for name in names):
            shown += 1
        elif any(name not in optional for name in names):
            return None
    if any(fold(name) in actual for name in wanted.without):
        return None
    return shown + bool(wanted.file_name) + bool(wanted.first_cell or wanted.first_cells)


# The headers of one file → a way to find each by any name it is known by.

PLACEHOLDER = re.compile(r"\{(?![\d,]*\})([^{}]+)\}")
"""A header in SQL; `{11}` in a regular expression is none."""
UNKNOWN = "null::varchar"

Aliases = Mapping[str, list[str]]
"""Our column → headers that a person accepted for it."""


def names_of(header: Header, sources: Mapping[str, ColumnSource], aliases: Aliases) -> dict[str, str]:
    """Header, the profile's columns and accepted headers; folded name → the header in the file.

    The first of two headers of one name is `name#1` too.
    An accepted header also answers to the one name of its column that the file lacks, so that SQL over it still works.
    """
    every = set(header.names)
    firsts = {fold(f"{name}#1"): name for name in header.names if f"{name}#2" in every}
    actual = {**{fold(pseudo): pseudo for pseudo in PSEUDO_HEADERS}, **firsts, **header.by_folded_name}
    for column, accepted in aliases.items():
        present = next((actual[fold(name)] for name in accepted if fold(name) in actual), None)
        wanted = {fold(name) for name in headers_used(sources[column])} if column in sources else set()
        missing = sorted(name for name in wanted if name not in actual)
        if present is not None and missing and not wanted & actual.keys():
            actual.update(dict.fromkeys(missing, present))
        elif present is not None and len(missing) == 1:
            actual[missing[0]] = present
    return actual


def headers_used(source: ColumnSource) -> list[str]:
    """Every header a column may be read from."""
    return list(dict.fromkeys([*source.headers, *source.needs, *PLACEHOLDER.findall(source.sql or "")]))


def sources_of(table: ProfileTable | None) -> dict[str, ColumnSource]:
    """A profile's table; its columns in their full form."""
    return {name: full(declared) for name, declared in table.columns.items()} if table else {}


def full(declared: ColumnSource | list[str] | str) -> ColumnSource:
    """A column as a YAML file may write it (one header, several, or all of it) in its full form."""
    if isinstance(declared, ColumnSource):
        return declared
    return ColumnSource(headers=[declared] if isinstance(declared, str) else declared)


def resolved(source: ColumnSource, actual: Mapping[str, str]) -> ColumnSource | None:
    """A column's source and the file's names in; the same with headers of the file out, None if it has none."""
    if source.sql is not None and _has_all(source.needs or PLACEHOLDER.findall(source.sql), actual):
        return source.model_copy(update={"sql": rewritten(source.sql, actual), "headers": [], "needs": []})
    present = list(dict.fromkeys(actual[fold(name)] for name in source.headers if fold(name) in actual))
    if not present:
        return None
    kept = present if source.first_filled else present[:1]
    known_only = [actual[fold(name)] for name in source.known_only if fold(name) in actual]
    return source.model_copy(update={"headers": kept, "known_only": known_only, "sql": None, "needs": []})


def rewritten(sql: str, actual: Mapping[str, str]) -> str:
    """SQL over {names}; the same over {headers of the file}, with NULL for those it lacks."""
    return PLACEHOLDER.sub(lambda match: f"{{{actual[fold(match[1])]}}}" if fold(match[1]) in actual else UNKNOWN, sql)


def skips_of(table: ProfileTable | None, actual: Mapping[str, str]) -> tuple[Skip, ...]:
    """The profile's conditions for rows of no business, over headers of the file; undecidable ones are left out."""
    return tuple(
        skip.model_copy(update={"when": rewritten(skip.when, actual), "needs": []})
        for skip in (table.skip if table else ())
        if _has_all(skip.needs or PLACEHOLDER.findall(skip.when), actual)
    )


def pseudo_texts(raw: RawTable) -> dict[str, str]:
    """A table; what `@file` (bare name), `@tab` and `@member` say in each of its rows."""
    origin = raw.origin
    file = origin.file.removesuffix(f"!{origin.tab}") if origin.tab else origin.file
    if origin.member and raw.container != "google":
        file = file.rpartition("!")[0] or file
    return {"@file": file.rpartition("/")[2], "@tab": origin.tab or "", "@member": origin.member or ""}


def _has_all(names: Iterable[str], actual: Mapping[str, str]) -> bool:
    return all(fold(name) in actual for name in names)
