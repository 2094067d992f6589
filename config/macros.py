"""SQL that calls the macros of macros.sql → the same SQL with the meaning of each written in its place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

DEFINITION = re.compile(r"^create macro (\w+)\(([^)]*)\) as (.+?);$", re.MULTILINE | re.DOTALL)
PLAIN = re.compile(r"[\w.]+|'[^']*'|\w+\([^()]*\)")
"""An argument that binds as tightly as any: a column, a text, a function's call."""


@dataclass(frozen=True)
class Macro:
    """What stands for a call: a text in which the parameters are to be replaced."""

    name: str
    parameters: tuple[str, ...]
    body: str

    def called(self, arguments: Sequence[str]) -> str:
        """The arguments of a call in; its meaning out. Raises ValueError for another number of them."""
        if len(arguments) != len(self.parameters):
            raise ValueError(f"{self.name} takes {len(self.parameters)} arguments, not {len(arguments)}")
        given = dict(zip(self.parameters, map(_bound, arguments), strict=True))
        # all at once: an argument may bear the name of another parameter
        return re.sub(r"\b\w+\b", lambda word: given.get(word[0], word[0]), self.body) if given else self.body


@cache
def macros() -> Mapping[str, Macro]:
    """Every macro by its name; one may call those above it."""
    found: dict[str, Macro] = {}
    for name, parameters, body in DEFINITION.findall(sql_file("config", "macros")):
        names = tuple(part.strip() for part in parameters.split(",") if part.strip())
        found[name] = Macro(name, names, _expanded(body, found))
    return MappingProxyType(found)


@cache
def sql_file(package: str, name: str) -> str:
    """A package and a file of SQL in it, `found/odd_days`, in; its text out, as it is written."""
    return (files(package) / f"{name}.sql").read_text(encoding="utf-8")


def expanded(sql: str) -> str:
    """A SELECT in; the same without a call of a macro out. Comments stay as they are."""
    return _expanded(sql, macros())


def _expanded(sql: str, known: Mapping[str, Macro]) -> str:
    if not known:
        return sql
    call = re.compile(rf"(--[^\n]*)|(?<![\w.])({'|'.join(known)})\(")
    parts, place = [], 0
    while found := call.search(sql, place):
        if found[1]:
            parts.append(sql[place : found.end()])
            place = found.end()
            continue
        end, arguments = _arguments(sql, found.end())
        parts += [sql[place : found.start()], known[found[2]].called([_expanded(one, known) for one in arguments])]
        place = end
    return "".join([*parts, sql[place:]])


def _arguments(sql: str, start: int) -> tuple[int, list[str]]:
    """SQL and the place after an opening bracket in; the place after the closing one, and what stands between, out."""
    depth, begin, found = 1, start, []
    for token in re.finditer(r"'[^']*'|[(),]", sql[start:]):
        place = start + token.start()
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0 or (depth == 1 and token[0] == ","):
            found.append(sql[begin:place].strip())
            begin = place + 1
        if depth == 0:
            return place + 1, [] if found == [""] else found
    raise ValueError(f"no closing bracket after {sql[start : start + 40]!r}")


def _bound(argument: str) -> str:
    return argument if PLAIN.fullmatch(argument) else f"({argument})"
