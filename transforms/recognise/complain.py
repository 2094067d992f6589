"""What was looked for and what a file has → the error that says so, with the likeliest match and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.documents import RawTable
from config.errors import ContractError
from config.profiles import Profile
from transforms.recognise.naming import headers_used, sources_of
from transforms.recognise.rows_below import Filled, likeliest
from transforms.recognise.suggest import nearest
from transforms.shape import Header, find_header, fold
from transforms.shape.find_header import headers_possible

PERSONAL = re.compile(r"@|\d[\d\s()+-]{6,}")
"""A first row of data taken for a header may hold somebody's phone or e-mail, which no message repeats."""
MOST_SHOWN = 25
LONGEST_SHOWN = 80
"""Characters of one header; where quotes are broken, a header is half of the file."""


@dataclass(frozen=True)
class Missing:
    """A column that cannot be filled from this file."""

    columns: Sequence[str]
    """Our column, or several of which one is needed."""
    wanted: Sequence[str]
    """Headers that were looked for."""
    likely: str | None
    """The header of the file that is probably meant."""


def missing(columns: Sequence[str], wanted: Sequence[str], free: Sequence[str], filled: Filled, table: str) -> Missing:
    """Our columns, the names looked for and the headers nobody uses; what is missing, with the likeliest match."""
    for column in columns:
        if likely := likeliest(lambda left: nearest(wanted, left, table, column), free, filled):  # noqa: B023  # at once
            return Missing(columns, wanted, likely)
    return Missing(columns, wanted, None)


def missing_columns(raw: RawTable, header: Header, found: Sequence[Missing], profile: Profile | None) -> ContractError:
    """Columns that are missing; one error that names them all, what was looked for, what is there and what to do."""
    proposals = [(raw.origin.source, item.columns[0], item.likely) for item in found if item.likely]
    facts: dict[str, object] = {
        "file": raw.origin.file,
        "source": raw.origin.source,
        "columns": ", ".join(" / ".join(item.columns) for item in found),
        "wanted": quoted(dict.fromkeys(name for item in found for name in item.wanted)) or "—",
        "present": visible_headers(header.names),
        "profile": profile.name if profile else "—",
        "proposals": proposals,
    }
    if not proposals:
        return ContractError("shape.missing_columns", **facts)
    likely = "; ".join(f"{column} ← «{_cut(name)}»" for _, column, name in proposals)
    return ContractError("shape.renamed_columns", likely=likely, **facts)


def unknown_file(raws: Sequence[RawTable], table: str, almost: Profile | None) -> ContractError:
    """Tables that nothing fits; the error that names the export it nearly is, or asks for `columns`."""
    raw = raws[0]
    if almost is not None:
        for candidate in raws:
            wanted = [
                *almost.recognise.headers,
                *(name for source in sources_of(almost.tables[table]).values() for name in headers_used(source)),
            ]
            header = find_header(candidate, wanted)
            if header is not None:
                return missing_columns(candidate, header, _renamed(almost, candidate, header, table), almost)
    header = next(headers_possible(raw), None)
    present = visible_headers(header.names if header else ())
    return ContractError(
        "shape.unknown_file", file=raw.origin.file, source=raw.origin.source, table=table, present=present
    )


def _renamed(profile: Profile, raw: RawTable, header: Header, table: str) -> list[Missing]:
    """Signs of a profile that a file lacks, each with the column it stands for."""
    sources = sources_of(profile.tables[table])
    present = header.by_folded_name
    used = {fold(name) for source in sources.values() for name in headers_used(source)}
    filled = Filled(raw, header)
    free = [name for folded, name in present.items() if folded not in used]
    lacking = [name for name in profile.recognise.headers if fold(name) not in present]
    found = []
    for name in lacking:
        column = next(
            (column for column, source in sources.items() if fold(name) in map(fold, headers_used(source))), None
        )
        found.append(missing([column], [name], free, filled, table) if column else Missing([name], [name], None))
    return found


def quoted(names: Iterable[str]) -> str:
    """Names in guillemets, comma-separated."""
    return ", ".join(f"«{name}»" for name in names)


def visible_headers(names: Sequence[str]) -> str:
    """Headers of a file for a message: quoted, none that looks like a phone or an e-mail, cut when many or long."""
    shown = [_cut(name) for name in names if name and not PERSONAL.search(name)]
    return quoted(shown[:MOST_SHOWN]) + (", …" if len(shown) > MOST_SHOWN else "")


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else name[: LONGEST_SHOWN - 1] + "…"


def no_period(raw: RawTable) -> ContractError:
    """A file whose rows carry no day and whose period nobody said."""
    return ContractError("shape.no_period", file=raw.origin.file, source=raw.origin.source)
