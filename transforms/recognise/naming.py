"""The headers of one file → a way to find each by any name it is known by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from config.documents import RawTable
from config.profiles import ColumnSource, ProfileTable, Skip
from transforms.shape import PSEUDO_HEADERS, Header, fold

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
