"""What recognition says about one table of one file: the border between finding columns and staging them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

from config.client import SourceConfig, parse_period
from config.documents import RawTable
from config.errors import ContractError
from config.notices import Assumed
from config.profiles import ColumnSource, Profile, ProfileTable, Skip
from config.tables import Table, tables
from config.words import is_headed
from transforms.period import month_in, period_in
from transforms.recognise.ambiguous import Filled, ask_channel, ask_days, ask_which, ask_words
from transforms.recognise.complain import Search, missing_columns
from transforms.recognise.fit import Aliases, names_of, pseudo_texts, resolved, skips_of, sources_of
from transforms.shape import Header, Shape, fold, shape


@dataclass(frozen=True)
class Recognised:
    """One table of a file, its shape, and where each of our columns comes from.

    Every header named here (in `columns`, `skips`, `actual`) stands in `shape.headers` or is a pseudo header.
    """

    raw: RawTable
    """Of a file that stays on disk, `dialect.first_record` and `dialect.columns` are set to the shape's."""
    shape: Shape
    profile: Profile | None
    certainty: float
    """1 if the client named the profile or all columns; below, how well the file fits what the profile describes."""
    columns: Mapping[str, ColumnSource]
    """Our column → its headers that this file has, or SQL whose `{header}` texts stand in this file."""
    actual: Mapping[str, str]
    """Folded name of a header (the vendor's, the client's, an accepted one) → the header in this file."""
    pseudo: Mapping[str, str]
    """`@file`, `@tab`, `@member` → their texts for every row of this table."""
    period: tuple[date, date] | None = None
    """Of rows without a day: what the heading, the file's name or the client says, in this order."""

    given: str | None = None
    """The month whose amounts are read, of a table that has one in each of several columns."""
    declared: ProfileTable | None = None
    """What the profile says of the table being fed."""
    skips: tuple[Skip, ...] = ()
    """The profile's rows that are not this table's business, over headers of this file."""
    assumed: tuple[Assumed, ...] = ()
    """How it was taken for this table, where the file alone leaves more than one way."""


# The chosen table, its header and profile → Recognised: every column resolved to headers of this file, or an error.

ADDRESSES = ("phone", "email")
CONTROL_SUM = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Chosen:
    """A table of the file, its header, and the profile it follows."""

    raw: RawTable
    header: Header
    profile: Profile | None
    certainty: float
    lacking: Sequence[str] = ()
    """Headers by which the profile is known and which the file has not."""


def build(
    chosen: Chosen,
    table: str,
    source: SourceConfig,
    aliases: Aliases,
    had: Collection[str] = (),
    *,
    given: Mapping[str, ColumnSource] | None = None,
) -> Recognised:
    """What was chosen in; Recognised out. Raises ContractError for what is missing, all of it at once.

    `given` are columns that somebody else knows already.
    """
    raw, header, profile = chosen.raw, chosen.header, chosen.profile
    declared = profile.tables.get(table) if profile else None
    sources = {**sources_of(declared), **_clients(source, tables()[table]), **(given or {})}
    actual = names_of(header, sources, aliases)
    columns = _columns(sources, actual, aliases)
    constants = {*source.constants, *(declared.constants if declared else ())}
    if lacking := Search(
        table, header, sources, columns, constants, source.columns, Filled(raw, header), had
    ).lacking():
        raise missing_columns(raw, header, lacking, profile)
    _ask(chosen, table, declared, columns, source)
    form = _shape(raw, header, profile)
    form = replace(form, controls={**form.controls, **_stated(raw, form, declared.control_headers if declared else {})})
    return Recognised(
        raw=_placed(raw, form),
        shape=form,
        profile=profile,
        certainty=chosen.certainty,
        columns=columns,
        actual=actual,
        pseudo=pseudo_texts(raw),
        period=_period(raw, form, columns, tables()[table], source),
        declared=declared,
        skips=skips_of(declared, actual),
        assumed=(*_without(chosen), *_of_shape(form)),
    )


def _ask(
    chosen: Chosen,
    table: str,
    declared: ProfileTable | None,
    columns: Mapping[str, ColumnSource],
    source: SourceConfig,
) -> None:
    """Raise ContractError where a heading can be taken for two columns, or a column that nobody reads would count."""
    raw, header = chosen.raw, chosen.header
    ask_which(raw, header, tables()[table], columns, source)
    ask_channel(raw, header, declared, columns, source)
    if chosen.profile is None:
        ask_words(raw, header, table, columns, source)
        ask_days(raw, header, table, columns, source)


def _of_shape(form: Shape) -> Iterator[Assumed]:
    """What was taken of the rows."""
    yield from (Assumed("label_stands_once", header=name) for name in form.grouped)
    if form.other_below is not None:
        row, names = form.other_below
        yield Assumed("other_table_below", header=", ".join(f"«{name}»" for name in names), value=str(row))


def _without(chosen: Chosen) -> tuple[Assumed, ...]:
    """That a file was taken for an export without some of its signs."""
    if chosen.profile is None or not chosen.lacking:
        return ()
    lacking = ", ".join(f"«{name}»" for name in chosen.lacking)
    return (Assumed("export_without", header=lacking, value=chosen.profile.title.ru),)


def _shape(raw: RawTable, header: Header, profile: Profile | None) -> Shape:
    if profile is None:
        return shape(raw, header)
    return shape(raw, header, profile.row_count_footer, profile.control_footers)


def _stated(raw: RawTable, form: Shape, control_headers: Mapping[str, str]) -> dict[str, str]:
    """Control sums that stand in the rows themselves, each the same in all; those of several accounts are added."""
    if raw.rows is None or form.first_row >= len(raw.rows):
        return {}
    places = {fold(name): place for place, name in enumerate(form.headers)}
    first = raw.rows[form.first_row]
    found = {}
    for column, header in control_headers.items():
        sums = first[places[fold(header)]].split(";") if fold(header) in places else []
        if sums and all(CONTROL_SUM.fullmatch(text) for text in sums):
            found[column] = str(sum(Decimal(text.replace(",", ".")) for text in sums))
    return found


def _clients(source: SourceConfig, our: Table) -> dict[str, ColumnSource]:
    """The columns that the client maps; an empty list says that the source has no such column.

    Of several phones or e-mails the first filled one is the person's; of other columns, headers are spellings.
    """
    return {
        column: ColumnSource(headers=names, first_filled=our.mappable_columns[column].type in ADDRESSES)
        for column, names in source.columns.items()
    }


def _columns(
    sources: Mapping[str, ColumnSource], actual: Mapping[str, str], aliases: Aliases
) -> dict[str, ColumnSource]:
    """Our column → where this file has it; an accepted header fills a column that has no other."""
    found = {column: here for column, declared in sources.items() if (here := resolved(declared, actual))}
    for column, accepted in aliases.items():
        if column not in found and (here := resolved(ColumnSource(headers=accepted), actual)):
            found[column] = here
    return found


def _placed(raw: RawTable, form: Shape) -> RawTable:
    """A table on disk, told where its data begin and how many columns have a place."""
    if raw.dialect is None:
        return raw
    columns = raw.dialect.columns if raw.dialect.is_even else max(raw.dialect.columns, len(form.headers))
    return replace(raw, dialect=replace(raw.dialect, first_record=form.first_row, columns=columns))


def _period(
    raw: RawTable, form: Shape, columns: Mapping[str, ColumnSource], our: Table, source: SourceConfig
) -> tuple[date, date] | None:
    """The period of rows without a day, from the heading, else the file's name, else the client. Raises if none."""
    if not our.can_be_period or "spend_on" in columns or "spend_on" in source.constants:
        return None
    names = pseudo_texts(raw)
    own = form.period or period_in(names["@member"]) or period_in(names["@file"]) or period_in(names["@tab"])
    found = own or _clients_period((names["@member"], names["@file"], raw.origin.file), source)
    found = found or _period_of_rows(raw, form)
    if found is None:
        raise ContractError.of(raw.origin, "shape.no_period")
    return found


def _period_of_rows(raw: RawTable, form: Shape) -> tuple[date, date] | None:
    """The one period that a column of periods has in all its rows; None without such a column. Raises if it has more.

    Of a file that is not held in memory nobody looked at all its rows.
    """
    rows = (raw.rows or raw.head)[form.first_row :]
    for place, header in enumerate(form.headers):
        if not header or not is_headed(header, "periods"):
            continue
        cells = {cell for row in rows if place < len(row) and (cell := row[place].strip()) and "20" in cell}
        found = {period for cell in cells if (period := period_in(cell) or month_in(cell))}
        if len(found) == 1 and raw.rows is not None:
            return found.pop()
        if found:
            raise ContractError.of(raw.origin, "shape.periods_in_rows", header=header, value=min(cells))
    return None


def _clients_period(names: Sequence[str], source: SourceConfig) -> tuple[date, date] | None:
    """What svodka.yaml says of a table known by these names: inside its archive, of the file, and in full."""
    if isinstance(source.period, str):
        return parse_period(source.period)
    for pattern, text in (source.period or {}).items():
        if any(fnmatchcase(name, pattern) for name in names if name):
            return parse_period(text)
    return None


# A statement of an account with a column for each way that money goes → its headings, and what each feeds.

OTHER_WAY = {"deals": "went_out", "costs": "came_in"}
"""Table → what headings say of what went the other way than its own money."""
OWN_WAY = {
    "deals": {"closed_on": "statement_days", "product": "purposes", "revenue_rub": "came_in"},
    "costs": {"month_on": "statement_days", "item": "purposes", "amount_rub": "went_out"},
}
"""Table → our columns of the day, of what it was for and of the sum, and what their headings say."""


def statement_columns(names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Headings in; for each of our tables that a statement with both ways feeds, our column → heading."""
    found: dict[str, Mapping[str, str]] = {}
    for table, sought in OWN_WAY.items():
        columns = {column: next((one for one in names if is_headed(one, kind)), "") for column, kind in sought.items()}
        if all(columns.values()):
            found[table] = columns
    return found if found.keys() == OWN_WAY.keys() else {}
