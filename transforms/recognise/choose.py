"""The tables of one file, what it should feed and what the client says of it → which of them it is, or a question."""

from __future__ import annotations

from collections.abc import Sequence

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ConfigError, ContractError
from config.profiles import Profile, profiles
from transforms.recognise.build import Chosen, build
from transforms.recognise.complain import unknown_file
from transforms.recognise.fit import Fit, bare_header, fit, in_order
from transforms.recognise.naming import Aliases, headers_used, sources_of
from transforms.recognise.recognised import Recognised
from transforms.recognise.suggest import likeness
from transforms.shape import find_header, fold

NO_PROFILE = "none"


def recognise(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> Recognised:
    """The tables of one file, our table, the source's settings and accepted headers in; the one table to read out.

    `columns` of the client are added to the profile and win where both speak; `manager: []` says there is no such
    column. Raises ContractError if no profile fits and `columns` do not suffice, if two fit equally, or if a column is
    missing that the table needs, the client names or the export always has. The error carries `proposals`: (source,
    our column, header) for `svodka accept`.
    """
    chosen = _chosen(raws, table, source, aliases)
    return build(chosen, table, source, aliases)


def recognise_file(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> list[Recognised]:
    """As `recognise`, for all one file holds: one sheet of it, but each member of an archive and each tab asked for."""
    is_each = bool(source.tab or source.sheet)
    groups: dict[tuple[str | None, str | None], list[RawTable]] = {}
    for raw in raws:
        groups.setdefault((raw.origin.member, raw.origin.file if is_each else None), []).append(raw)
    return [recognise(group, table, source, aliases) for group in groups.values()]


def _chosen(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> Chosen:
    if source.profile not in ("auto", NO_PROFILE):
        return _named(raws, table, source, aliases)
    best = _best(raws, table, source, aliases) if source.profile == "auto" else None
    if best is not None:
        return Chosen(best.raw, best.header, best.profile, best.certainty)
    return _own(raws, table, source, aliases)


def _best(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> Fit | None:
    """The profile that fits best. Two that fit equally are asked about, unless the client maps columns."""
    fits = sorted(all_fits(raws, table, aliases), key=lambda found: found.rank, reverse=True)
    if len(fits) > 1 and fits[0].rank == fits[1].rank:
        if source.columns:
            return None
        equal = [found.profile for found in fits if found.rank == fits[0].rank]
        raise ContractError(
            "shape.two_profiles",
            file=raws[0].origin.file,
            source=raws[0].origin.source,
            profiles=", ".join(f"{profile.name} ({profile.title.ru})" for profile in equal),
        )
    return fits[0] if fits else None


def all_fits(raws: Sequence[RawTable], table: str, aliases: Aliases) -> list[Fit]:
    """Every profile that fits a file for one of our tables."""
    return [found for profile in profiles().values() if (found := fit(profile, raws, table, aliases))]


def _named(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> Chosen:
    """The profile that the client named: its signs are not asked for, its columns are."""
    profile = profiles().get(source.profile)
    if profile is None:
        near = max(profiles(), key=lambda name: likeness(name, source.profile), default="")
        raise ConfigError("shape.no_such_profile", source=raws[0].origin.source, profile=source.profile, near=near)
    if table not in profile.tables:
        raise ConfigError(
            "shape.profile_without_table",
            source=raws[0].origin.source,
            profile=profile.name,
            table=table,
            tables=", ".join(profile.tables),
        )
    found = fit(profile, raws, table, aliases)
    if found is not None:
        return Chosen(found.raw, found.header, profile, 1.0)
    known = _known(source, aliases) | {
        name for declared in sources_of(profile.tables[table]).values() for name in headers_used(declared)
    }
    for raw in in_order(profile, raws):
        header = find_header(raw, known)
        if header is not None:
            return Chosen(raw, header, profile, 1.0)
        if profile.no_header:
            return Chosen(raw, bare_header(profile, raw), profile, 1.0)
    raise unknown_file(raws, table, profile)


def _own(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> Chosen:
    """A file no profile knows: the table that has most of the headers that the client names."""
    known = _known(source, aliases)
    headers = [(raw, header) for raw in raws if (header := find_header(raw, known))]
    if not headers or (not source.columns and source.profile != NO_PROFILE):
        raise unknown_file(raws, table, _almost(raws, table))
    raw, header = max(headers, key=lambda pair: len({fold(name) for name in known} & pair[1].by_folded_name.keys()))
    return Chosen(raw, header, None, 1.0)


def _known(source: SourceConfig, aliases: Aliases) -> set[str]:
    spellings = {name for names in source.columns.values() for name in names} | set(source.where)
    return spellings | {name for names in aliases.values() for name in names}


def _almost(raws: Sequence[RawTable], table: str) -> Profile | None:
    """The profile whose signs a file nearly shows, so that the one header that changed can be named."""
    best: tuple[float, Profile | None] = (0.0, None)
    for profile in profiles().values():
        wanted = {fold(name) for name in profile.recognise.headers}
        if table not in profile.tables or len(wanted) < 3:
            continue
        for raw in in_order(profile, raws):
            header = find_header(raw, wanted)
            share = len(wanted & header.by_folded_name.keys()) / len(wanted) if header else 0.0
            if share >= 0.5 and share > best[0]:
                best = (share, profile)
    return best[1]
