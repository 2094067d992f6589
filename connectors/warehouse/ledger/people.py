"""Names and phones of loaded rows → notices of persons: one who bears several names, one who stands for too many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from config.words import fold
from connectors.warehouse.answers.ask import Notice

MOST = 2000
"""More names than this are no staff."""
WORD = re.compile(r"[а-яa-z]+(?:-[а-яa-z]+)*")
JOINT = re.compile(r"\s*[/,;+&]\s*|\s+(?:и|and)\s+")
"""What stands between two people in one cell."""
FEWEST_LETTERS = 3
"""Of a surname; a shorter word is told by nothing but its company."""


def same_people(names: Iterable[str]) -> list[list[str]]:
    """Names in; groups of two and more that are one person as far as letters tell.

    «И. Петров» joins «Петров Иван» only where no other full name has that surname and initial.
    """
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    short: list[tuple[str, str, str]] = []
    for name in sorted(set(names)):
        words = WORD.findall(fold(name).replace(".", ". "))
        full = [word for word in words if len(word) >= FEWEST_LETTERS]
        initials = [word for word in words if len(word) == 1]
        if len(full) >= 2 and not initials:
            groups[tuple(sorted(full))].append(name)
        elif len(full) == 1 and initials and len(full) + len(initials) == len(words):
            short.append((full[0], initials[0], name))
    for surname, initial, name in short:
        meant = [key for key in groups if surname in key and any(w[0] == initial for w in key if w != surname)]
        place = meant[0] if len(meant) == 1 else (surname, initial)
        if len(meant) <= 1:
            groups[place].append(name)
    return [group for group in groups.values() if len(group) > 1]


def names_alike(connection: Any) -> list[Notice]:
    """The names that loaded rows bear; of each person with several: a source, how many, and the names."""
    source_of = _sources_of_names(connection)
    return [
        Notice(
            "names_alike", source_of[group[0]], None, len(group), Decimal(0), ", ".join(f"«{name}»" for name in group)
        )
        for group in same_people(source_of)
    ]


def names_joined(connection: Any) -> list[Notice]:
    """The same of names that are several of the others in one: a source, how many, and the names."""
    source_of = _sources_of_names(connection)
    known = set(map(fold, source_of))
    joined = [name for name in source_of if len(parts := JOINT.split(fold(name))) > 1 and not known.isdisjoint(parts)]
    named = ", ".join(f"«{name}»" for name in sorted(joined))
    return [Notice("names_joined", source_of[joined[0]], None, len(joined), Decimal(0), named)] if joined else []


def _sources_of_names(connection: Any) -> dict[str, str]:
    """Each name of a manager with a source that bears it; nothing where there are more than staff has."""
    found = connection.execute(
        """select names.name, min(files.source) from loaded.names as names
        join loaded.aliases as aliases on aliases.dictionary = names.dictionary and aliases.alias = names.alias
        join ops.files as files using (load_id)
        where names.dictionary = 'managers' and names.name is not null group by names.name limit ?""",
        [MOST + 1],
    ).fetchall()
    return dict(found) if len(found) <= MOST else {}


# One phone, or client, in too many rows of a source.

LOOKED_AT = 20_000
"""Rows of a source among which one phone is looked for."""
FEWEST, SHARE = 30, 0.4
"""So many rows of one phone, in so large a part of a source, are no person's: it is the firm's own or invented."""
FEWEST_CALLS, SHARE_CALLS = 20, 0.25
"""The same of calls, of which a client makes fewer than purchases: so many come from the firm's own telephone."""
FEWEST_INVENTED, SHARE_INVENTED = 5, 0.01
INVENTED = ", ".join(f"'{digit * 7}'" for digit in "0123456789") + ", '1234567', '7654321'"
"""How numbers end that somebody typed because one was asked for."""
PERSONS = {"calls": "phone", "leads": "phone", "deals": "client_key"}
MONEY = {"deals": "coalesce(sum(revenue_rub), 0)"}


def one_person(connection: Any) -> Iterator[Notice]:
    """Notices of a phone, or of a client, that stands in too many rows of a source; where, not who, is told."""
    for source, name in connection.execute(
        "select distinct source, table_name from ops.files where table_name in ? order by all", [list(PERSONS)]
    ).fetchall():
        person = PERSONS[name]
        for (found,) in connection.execute(_suspects(name, person), [source]).fetchall():
            told = connection.execute(
                f"""select 'one_person', source, source_file, sum(source_rows), {MONEY.get(name, "0")},
                    min(source_row)::varchar
                from loaded.{name} where not is_displaced and source = ? and {person} = ? group by all
                order by source_file""",
                [source, found],
            ).fetchall()
            yield from (Notice(*row) for row in told)


def _suspects(name: str, person: str) -> str:
    """A table and who its rows are of in; the SQL of those who are too many among a source's first rows out."""
    fewest, share = (FEWEST_CALLS, SHARE_CALLS) if name == "calls" else (FEWEST, SHARE)
    return f"""
        select who from (
            select {person} as who, count(*) as rows, sum(count(*)) over () as among,
                right(who, 7) in ({INVENTED}) and length(who) = 11 as is_invented
            from (select {person} from loaded.{name}
                where source = ? and not is_displaced and {person} is not null limit {LOOKED_AT})
            group by {person}
        )
        where rows >= {fewest} and rows > {share} * among
            or is_invented and rows >= {FEWEST_INVENTED} and rows > {SHARE_INVENTED} * among
        order by who"""
