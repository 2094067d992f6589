"""What one vendor's export looks like: config/profiles/*.yaml → Profile."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from config.client import Client, SourceConfig
from config.declarations import declaration
from config.errors import ConfigError
from config.messages import Language
from config.nearest import nearest
from config.strict import Strict, declared_as
from config.tables import inputs, tables
from config.words import vocabulary

Evidence = Literal["file", "parser/vendor", "parser", "docs", "inferred", "not found"]
"""How sure the description is: a real file, the vendor's own exporter, somebody's parser, documentation, a guess."""


class Recognition(Strict):
    """How a file is known to be this export."""

    headers: list[str] = Field(default_factory=list)
    """Every one must stand in the header row."""
    any_of: list[list[str]] = Field(default_factory=list)
    """Of each list, at least one."""
    without: list[str] = Field(default_factory=list)
    """None of these."""
    containers: list[str] = Field(default_factory=list)
    """csv, xlsx, xls, html, spreadsheetml, json, 1c, google; empty = any."""
    file_name: str | None = None
    """Regular expression the bare file name must match, case-insensitive."""
    first_cell: str | None = None
    """Regular expression for the first cell of the first row (a marker, or a file without headers)."""
    first_cells: list[str] = Field(default_factory=list)
    """Regular expressions for the first cells of the first row, from the left; an empty one fits any."""


class ColumnSource(Strict):
    """Where one of our columns comes from: headers in order of preference, or SQL over {header} texts."""

    headers: list[str] = Field(default_factory=list)
    """The first of them that the file has; with `first_filled`, the first that is filled, row by row."""
    first_filled: bool = False
    known_only: list[str] = Field(default_factory=list)
    """Of `headers`, those whose text counts only if the client's dictionary knows it."""
    sql: str | None = None
    """DuckDB expression that gives text, which is then parsed as any other; `{Откуда}` is that column's text."""
    needs: list[str] = Field(default_factory=list)
    """Headers that must be there for `sql` to be used."""
    evidence: Evidence | None = None
    note: str | None = None


class Skip(Strict):
    """Rows that are not this table's business: counted as skipped."""

    when: str
    """DuckDB condition over {header} texts, and over `own_accounts`: those of all bank statements of the client."""
    why: str
    """Key of a reason: `other_kind`, `own_transfer`, `internal`, `billing`, `partial`, `service`."""
    needs: list[str] = Field(default_factory=list)


class ProfileTable(Strict):
    """What one of our tables gets from this export."""

    columns: dict[str, ColumnSource | list[str] | str]
    needs: list[str] = Field(default_factory=list)
    """Headers without which the file does not feed this table."""
    values: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    """column → our value → the vendor's words (compared whole, folded), added to the vocabulary."""
    formats: dict[str, str] = Field(default_factory=dict)
    """column → `micros`, `kopecks`, `unix`, `dd/mm/yyyy`, `mm/dd/yyyy`, `decimal,`, …"""
    skip: list[Skip] = Field(default_factory=list)
    constants: dict[str, str] = Field(default_factory=dict)
    refunds: dict[str, list[str]] = Field(default_factory=dict)
    """header → the words under which an amount counts with a minus, whichever sign it bears."""
    control_headers: dict[str, str] = Field(default_factory=dict)
    """our column → header that states, in every row alike, what it must add up to (`;` between several accounts)."""
    amounts: Literal["line", "deal"] | None = None
    """Whose the amounts are where a deal has several rows, if the vendor is known to write them so."""
    has_period: bool = False
    """Rows carry no day: the period is in the title lines, in the file name, or is asked for."""
    timezone: str | None = None


class HowTo(Strict):
    """Where to press, for docs/exports.md."""

    ru: str
    en: str


class Profile(Strict):
    """One vendor's report."""

    name: str
    title: HowTo
    vendor: str
    evidence: Evidence
    evidence_note: str | None = None
    how_to: HowTo
    recognise: Recognition
    sheets: list[str] = Field(default_factory=list)
    """Names of the one sheet to read, in order of preference; else the first sheet that has the headers."""
    no_header: list[str] = Field(default_factory=list)
    """Names of the columns of a file without a header row."""
    header_may_be_absent: bool = False
    timezone: str | None = None
    period_in_title: bool = False
    period_in_file_name: bool = False
    row_count_footer: str | None = None
    """Regular expression of a last line that gives the number of rows, not totals."""
    control_footers: dict[str, str] = Field(default_factory=dict)
    """our column (or `rows`) → regular expression whose group is its control sum, in the lines below the data."""
    vat: Literal["included", "excluded"] | None = None
    currency_header: str | None = None
    tables: dict[str, ProfileTable]


@cache
def profiles() -> dict[str, Profile]:
    """Every known profile by name; the file's stem is its name."""
    found = {}
    for path in sorted((Path(__file__).parent / "profiles").glob("*.yaml")):
        declared = declaration(path)
        found[path.stem] = declared_as(Profile, {"name": path.stem, **declared}, path)
        if mistakes := "; ".join(_mistakes(found[path.stem])):
            raise ConfigError("config.declaration", file=f"{path.parent.name}/{path.name}", mistakes=mistakes)
    return found


def _mistakes(profile: Profile) -> Iterator[str]:
    """Tables, columns and values of a profile that there are not, each with the nearest that there is."""
    for name, declared in profile.tables.items():
        if name not in tables():
            yield _unknown("tables", name, tables())
            continue
        columns = tables()[name].mappable_columns
        for part in ("columns", "constants", "control_headers", "values"):
            strange = [column for column in getattr(declared, part) if column not in columns]
            yield from (_unknown(f"tables.{name}.{part}", column, columns) for column in strange)
        for column, meanings in declared.values.items():
            known = vocabulary().values_of(columns[column].type) if column in columns else None
            strange = [value for value in meanings if known and value not in known]
            yield from (_unknown(f"tables.{name}.values.{column}", value, known or ()) for value in strange)


def _unknown(where: str, name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"{where}: unknown “{name}”" + (f", perhaps “{near[0]}”" if near else f"; there are: {', '.join(known)}")


# How an owner sees the sources of svodka.yaml: by their titles, else by what is in them and whose export it is.


@dataclass(frozen=True)
class KnownSource:
    """One source as it was loaded."""

    name: str
    """Its key in svodka.yaml."""
    table: str
    profile: str | None = None


def source_titles(client: Client, sources: Iterable[KnownSource]) -> dict[str, str]:
    """The client and its loaded sources in; key → title out, all different.

    `title:` of the source wins; else «Звонки Sipuni», «Реклама 2ГИС»; else the key and its table, «calls_old (звонки)».
    """
    found = {source.name: source_title(client, source) for source in sources}
    alike = Counter(found.values())
    return {name: title if alike[title] == 1 else f"{title} ({name})" for name, title in found.items()}


def source_title(client: Client, source: KnownSource) -> str:
    """The title of one source, which another one may share."""
    config = client.sources.get(source.name)
    if config is not None and config.title:
        return config.title
    table = _table(source.table, client.language)
    is_own = config is not None and _is_mapped_by_hand(config, source.table)
    vendor = profiles()[source.profile].vendor if source.profile in profiles() and not is_own else None
    # all of it is of one channel: svodka.yaml says which
    whose = vendor or (config.constants.get("channel") if config else None)
    if whose:
        return f"{table[:1].upper()}{table[1:]} {whose}"
    return f"{table[:1].upper()}{table[1:]}" if source.name == source.table else f"{source.name} ({table})"


def _is_mapped_by_hand(config: SourceConfig, table: str) -> bool:
    """A table of one's own with headers that some vendor uses too is not that vendor's export."""
    return config.profile == "auto" and all(
        not config.columns.keys().isdisjoint(need) for need in tables()[table].needs
    )


def _table(name: str, language: Language) -> str:
    kept = inputs().get(name)
    return kept.named.say(language) if kept else name
