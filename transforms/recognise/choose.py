"""The tables of one file, what it should feed and what the client says of it → which of them it is, or a question."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ConfigError, ContractError
from config.profiles import Profile, profiles
from config.tables import tables
from transforms.recognise.complain import likeness, unknown_file
from transforms.recognise.fit import (
    Aliases,
    Fit,
    bare_header,
    fit,
    fit_without_some,
    headers_used,
    in_order,
    sources_of,
)
from transforms.recognise.months import by_months, is_across
from transforms.recognise.recognised import Chosen, Recognised, build
from transforms.recognise.tabs import other_tabs
from transforms.shape import find_header, fold

NO_PROFILE = "none"
NEARLY = 0.6
"""Share of the headers an export is known by, from which on a file is taken for it with a header renamed."""


def recognise(
    raws: Sequence[RawTable],
    table: str,
    source: SourceConfig,
    aliases: Aliases,
    known: Mapping[str, Profile] | None = None,
    *,
    had: Collection[str] = (),
) -> Recognised:
    """The tables of one file, our table, the source's settings and accepted headers in; the one table to read out.

    `columns` of the client are added to the profile and win where both speak; `manager: []` says there is no such
    column. Raises ContractError if no profile fits and `columns` do not suffice, if two fit equally, or if a column is
    missing that the table needs, the client names or the export always has. The error carries `proposals`: (source,
    our column, header) for `svodka accept`. `known` are the profiles to choose among, by default all;
    `had` the columns that the source had when it was last loaded, whose likely new headers are asked about.
    """
    chosen = _Choice(raws, table, source, aliases, profiles() if known is None else known).chosen()
    return build(chosen, table, source, aliases, had)


def recognise_file(
    raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases, had: Collection[str] = ()
) -> list[Recognised]:
    """As `recognise`, for all one file holds: each member of an archive, each tab asked for, else each with the table.

    Of a workbook without `tab:` the tabs of one table are read together; the first of them knows which were left aside.
    """
    is_each = bool(source.tab or source.sheet)
    groups: dict[str, list[RawTable]] = {}
    for raw in raws:
        whole = raw.origin.file.removesuffix(f"!{raw.origin.tab}") if raw.origin.tab else raw.origin.file
        groups.setdefault(raw.origin.file if is_each else whole, []).append(raw)
    if is_across(raws, table, source):
        return [one for group in groups.values() for one in by_months(group, table, source, aliases)]
    if is_each:
        return [recognise(group, table, source, aliases, had=had) for group in groups.values()]
    return [one for group in groups.values() for one in _of_all_tabs(group, table, source, aliases, had)]


def tabs_with_table(raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases) -> list[RawTable]:
    """As `recognise`, of a spreadsheet of which no tab was asked for; its tabs that bear the table out."""
    if is_across(raws, table, source):
        return list(
            {one.raw.origin.file: one.raw for one in reversed(by_months(raws, table, source, aliases))}.values()
        )
    return [found.raw for found in _of_all_tabs(raws, table, source, aliases, ())]


def _of_all_tabs(
    raws: Sequence[RawTable], table: str, source: SourceConfig, aliases: Aliases, had: Collection[str]
) -> list[Recognised]:
    first = recognise(raws, table, source, aliases, had=had)
    tabs = other_tabs(first, raws)
    rest = [recognise([raw], table, source, aliases, had=had) for raw in tabs.alike]
    joined = tuple(one.raw.origin.tab or "" for one in (first, *rest)) if rest else ()
    raw = replace(first.raw, left_aside=tuple(tabs.left), hidden_alike=tuple(tabs.hidden), joined=joined)
    return [replace(first, raw=raw), *rest]


def all_fits(raws: Sequence[RawTable], table: str, aliases: Aliases, known: Mapping[str, Profile]) -> list[Fit]:
    """Every profile that fits a file for one of our tables, the best first."""
    fits = [found for profile in known.values() if (found := fit(profile, raws, table, aliases))]
    return sorted(fits, key=lambda found: found.rank, reverse=True)


@dataclass(frozen=True)
class _Choice:
    """What there is to choose from."""

    raws: Sequence[RawTable]
    table: str
    source: SourceConfig
    aliases: Aliases
    known: Mapping[str, Profile]

    def chosen(self) -> Chosen:
        """By the profile the client named, else by the one that fits best, else by the client's own columns."""
        if self.source.profile not in ("auto", NO_PROFILE):
            return self._named()
        best = self._best() if self.source.profile == "auto" else None
        return Chosen(best.raw, best.header, best.profile, best.certainty, best.lacking) if best else self._own()

    def _best(self) -> Fit | None:
        """The profile that fits best. Two that fit equally are asked about, unless the client maps columns."""
        fits = all_fits(self.raws, self.table, self.aliases, self.known)
        if not fits and not self.source.columns:
            fits = self._without_some()
        equal = [found.profile for found in fits if found.rank == fits[0].rank]
        if len(equal) < 2:
            return fits[0] if fits else None
        if self.source.columns:
            return None
        origin = self.raws[0].origin
        names = ", ".join(f"{profile.name} ({profile.title.ru})" for profile in equal)
        raise ContractError.of(origin, "shape.two_profiles", profiles=names)

    def _without_some(self) -> list[Fit]:
        """Profiles that fit a file but for columns that somebody left out of the export, the best first."""
        fits = [fit_without_some(profile, self.raws, self.table, self.aliases) for profile in self.known.values()]
        return sorted((found for found in fits if found), key=lambda found: found.rank, reverse=True)

    def _named(self) -> Chosen:
        """The profile that the client named: its signs are not asked for, its columns are."""
        profile = self._profile()
        found = fit(profile, self.raws, self.table, self.aliases)
        if found is not None:
            return Chosen(found.raw, found.header, profile, 1.0)
        sources = sources_of(profile.tables[self.table]).values()
        names = self._spellings() | {name for declared in sources for name in headers_used(declared)}
        for raw in in_order(profile, self.raws):
            header = find_header(raw, names)
            if header is not None:
                return Chosen(raw, header, profile, 1.0)
            if profile.no_header:
                return Chosen(raw, bare_header(profile, raw), profile, 1.0)
        raise unknown_file(self.raws, self.table, profile)

    def _profile(self) -> Profile:
        """The profile of the name that the client wrote."""
        name, source = self.source.profile, self.raws[0].origin.source
        profile = self.known.get(name)
        if profile is None:
            near = max(self.known, key=lambda other: likeness(other, name), default="")
            raise ConfigError("shape.no_such_profile", source=source, profile=name, near=near)
        if self.table not in profile.tables:
            facts = {"source": source, "profile": name, "table": self.table, "tables": ", ".join(profile.tables)}
            raise ConfigError("shape.profile_without_table", **facts)
        return profile

    def _own(self) -> Chosen:
        """A file no profile knows: the table that has most of the headers that the client names."""
        spellings = self._spellings()
        headers = [(raw, header) for raw in self.raws if (header := find_header(raw, spellings))]
        if not headers or (not self.source.columns and self.source.profile != NO_PROFILE):
            raise self._unknown()
        folded = {fold(name) for name in spellings}
        raw, header = max(headers, key=lambda pair: len(folded & pair[1].by_folded_name.keys()))
        return Chosen(raw, header, None, 1.0)

    def _unknown(self) -> ContractError:
        """Why nothing fits: the export feeds other tables, it is nearly a known one, or nobody knows it."""
        feeds = [(found.profile, table) for table in tables() for found in all_fits(self.raws, table, {}, self.known)]
        if not feeds:
            return unknown_file(self.raws, self.table, self._almost())
        profile, origin = feeds[0][0], self.raws[0].origin
        others = ", ".join(table for other, table in feeds if other.name == profile.name)
        facts = {"table": self.table, "profile": profile.title.ru, "tables": others}
        return ContractError.of(origin, "shape.other_table", **facts)

    def _spellings(self) -> set[str]:
        """Every header that the client or an accepted synonym names."""
        own = {name for names in self.source.columns.values() for name in names} | set(self.source.where)
        return own | {name for names in self.aliases.values() for name in names}

    def _almost(self) -> Profile | None:
        """The profile whose signs the file nearly shows, so that the one header that changed can be named."""
        shares = [(share, profile) for profile in self.known.values() if (share := self._share(profile)) >= NEARLY]
        return max(shares, key=lambda pair: pair[0], default=(0.0, None))[1]

    def _share(self, profile: Profile) -> float:
        """How many of the headers by which a profile is known the file has; 0 where they are too few to tell."""
        wanted = {fold(name) for name in profile.recognise.headers}
        if self.table not in profile.tables or len(wanted) < 3:
            return 0.0
        headers = [header for raw in self.raws if (header := find_header(raw, wanted))]
        return max((len(wanted & header.by_folded_name.keys()) / len(wanted) for header in headers), default=0.0)
