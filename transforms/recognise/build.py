"""The chosen table, its header and profile → Recognised: every column resolved to headers of this file, or an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from config.client import SourceConfig, parse_period
from config.documents import RawTable
from config.profiles import ColumnSource, Profile, ProfileTable
from config.tables import Table, tables
from transforms.period import period_in
from transforms.recognise.complain import Missing, missing, missing_columns, no_period
from transforms.recognise.naming import Aliases, headers_used, names_of, pseudo_texts, resolved, skips_of, sources_of
from transforms.recognise.recognised import Recognised
from transforms.recognise.suggest import likeness, meaning
from transforms.shape import Header, Shape, fold, shape

NEVER_DROPPED = frozenset(
    {"manager", "status", "direction", "is_answered", "talk_seconds", "closed_on", "last_active_on"}
)
"""Columns whose loss under a new header would silently change figures, so that a likely new header is asked about."""
SURE_LIKENESS, SURE_MEANING = 0.85, 0.98


def build(
    raw: RawTable,
    header: Header,
    profile: Profile | None,
    certainty: float,
    table: str,
    source: SourceConfig,
    aliases: Aliases,
) -> Recognised:
    """What was chosen; Recognised. Raises ContractError for what is missing, all of it at once."""
    declared = profile.tables.get(table) if profile else None
    sources = {**sources_of(declared), **_clients(source)}
    actual = names_of(header, sources, aliases)
    columns = _columns(sources, actual, aliases)
    lacking = _lacking(raw, header, declared, columns, actual, sources, tables()[table], table, source)
    if lacking:
        raise missing_columns(raw, header, lacking, profile)
    form = shape(
        raw, header, profile.row_count_footer if profile else None, profile.control_footers if profile else None
    )
    return Recognised(
        raw=_placed(raw, form),
        shape=form,
        profile=profile,
        certainty=certainty,
        columns=columns,
        actual=actual,
        pseudo=pseudo_texts(raw),
        period=_period(raw, form, columns, tables()[table], source),
        declared=declared,
        skips=skips_of(declared, actual),
    )


def _clients(source: SourceConfig) -> dict[str, ColumnSource]:
    """The columns that the client maps; an empty list says that the source has no such column."""
    return {column: ColumnSource(headers=names) for column, names in source.columns.items()}


def _columns(
    sources: Mapping[str, ColumnSource], actual: Mapping[str, str], aliases: Aliases
) -> dict[str, ColumnSource]:
    """Our column → where this file has it; an accepted header fills a column that has no other."""
    found = {column: here for column, declared in sources.items() if (here := resolved(declared, actual))}
    for column, accepted in aliases.items():
        if column not in found and (here := resolved(ColumnSource(headers=accepted), actual)):
            found[column] = here
    return found


def _lacking(
    raw: RawTable,
    header: Header,
    declared: ProfileTable | None,
    columns: Mapping[str, ColumnSource],
    actual: Mapping[str, str],
    sources: Mapping[str, ColumnSource],
    our: Table,
    table: str,
    source: SourceConfig,
) -> list[Missing]:
    """Columns that the table needs or the client names and the file lacks, and those that were probably renamed."""
    given = {*columns, *source.constants, *(declared.constants if declared else ())}
    used = {fold(name) for found in sources.values() for name in headers_used(found)}
    free = [name for name in header.names if name and fold(name) not in used]
    found = []
    for group in our.needs:
        if given.isdisjoint(group) and not (
            our.can_be_period and group == ["spend_on"] and not source.columns.get("spend_on")
        ):
            wanted = [name for column in group if column in sources for name in headers_used(sources[column])]
            found.append(missing(group, wanted, free, table))
    needed = {column for item in found for column in item.columns}
    for column, names in source.columns.items():
        if names and column not in columns and column not in needed:
            found.append(missing([column], names, free, table))
    for column, declared_source in sources.items():
        if column in NEVER_DROPPED - needed - given - source.columns.keys():
            likely = _renamed(headers_used(declared_source), free, table, column)
            found += [Missing([column], headers_used(declared_source), likely)] if likely else []
    return found


def _renamed(wanted: list[str], free: list[str], table: str, column: str) -> str | None:
    """A header nobody uses that surely is a column's new name."""
    for header in free:
        if meaning(header, table, column) >= SURE_MEANING or any(
            likeness(name, header) >= SURE_LIKENESS for name in wanted
        ):
            return header
    return None


def _placed(raw: RawTable, form: Shape) -> RawTable:
    """A table on disk, told where its data begin and how many columns have a place."""
    if raw.dialect is None:
        return raw
    columns = max(raw.dialect.columns, len(form.headers)) if raw.dialect.is_even else len(form.headers)
    return replace(raw, dialect=replace(raw.dialect, first_record=form.first_row, columns=columns))


def _period(
    raw: RawTable, form: Shape, columns: Mapping[str, ColumnSource], our: Table, source: SourceConfig
) -> tuple[date, date] | None:
    """The period of rows without a day: the heading says it, or the file's name, or the client. Raises if nobody does."""
    if not our.can_be_period or "spend_on" in columns or "spend_on" in source.constants:
        return None
    names = pseudo_texts(raw)
    own = form.period or period_in(names["@member"]) or period_in(names["@file"]) or period_in(names["@tab"])
    found = own or _clients_period(raw.origin.file, names["@file"], source)
    if found is None:
        raise no_period(raw)
    return found


def _clients_period(path: str, name: str, source: SourceConfig) -> tuple[date, date] | None:
    if isinstance(source.period, str):
        return parse_period(source.period)
    for pattern, text in (source.period or {}).items():
        if fnmatchcase(name, pattern) or fnmatchcase(path, pattern):
            return parse_period(text)
    return None
