"""A formula's text in; its syntax tree out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.helpers.sheets_server.locales import Locale

from .references import AREA, SHEET, Reference, read_reference

TOKEN = re.compile(
    rf"""\s*(?:
      (?P<text>"(?:[^"]|"")*")
    | (?P<error>\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|ERROR!))
    | (?P<reference>{SHEET}(?P<area>{AREA})(?![\w(!.]))
    | (?P<number>(?:\d+(?:[.]\d*)?|[.]\d+)(?:[Ee][+-]?\d+)?)
    | (?P<name>[^\W\d][\w.]*)
    | (?P<mark><=|>=|<>|[-+*/^&=<>%(){{}},;:])
    )""",
    re.VERBOSE,
)
COMMA_NUMBER = re.compile(r"(?<![\w.,$])(\d+),(\d+)(?![\w,])")
LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))


class FormulaError(Exception):
    """Text that is no formula."""


@dataclass(frozen=True)
class Literal:
    """A number, a text, a truth or an error's name."""

    value: float | str | bool
    is_error: bool = False


@dataclass(frozen=True)
class Name:
    """The name of a named range."""

    text: str


@dataclass(frozen=True)
class Call:
    """A function or an operator with its arguments."""

    name: str
    arguments: tuple[Node, ...]


Node = Literal | Name | Call | Reference


@dataclass
class Tokens:
    """Tokens (kind, text, match) and how far they are read."""

    items: list[tuple[str, re.Match[str]]]
    at: int = 0

    @property
    def mark(self) -> str:
        """The mark that comes next, "" if something else does."""
        if self.at < len(self.items) and self.items[self.at][0] == "mark":
            return self.items[self.at][1]["mark"]
        return ""

    def take(self, expected: str = "") -> tuple[str, re.Match[str]]:
        """The next token; FormulaError when it is not the expected mark or nothing is left."""
        if self.at >= len(self.items) or (expected and self.mark != expected):
            raise FormulaError(expected)
        self.at += 1
        return self.items[self.at - 1]


def parse_formula(formula: str, locale: Locale) -> Node:
    """A formula with its equals sign in; its tree out. Raises FormulaError."""
    text = formula[1:]
    if locale.decimal == ",":
        text = "".join(
            part if place % 2 else COMMA_NUMBER.sub(r"\1.\2", part)
            for place, part in enumerate(re.split(r'("[^"]*")', text))
        )
    items, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise FormulaError(text[at:])
        kind = next(
            name for name in ("text", "error", "reference", "number", "name", "mark") if match[name] is not None
        )
        items.append((kind, match))
        at = match.end()
    tokens = Tokens(items)
    tree = read_level(tokens, 0)
    if tokens.at < len(items):
        raise FormulaError("too much")
    return tree


def read_level(tokens: Tokens, level: int) -> Node:
    """Tokens and a level of precedence in; the tree of what binds at least so tightly out."""
    if level == len(LEVELS):
        return read_unary(tokens)
    left = read_level(tokens, level + 1)
    while tokens.mark in LEVELS[level]:
        mark = tokens.take()[1]["mark"]
        left = Call(mark, (left, read_level(tokens, level + 1)))
    return left


def read_unary(tokens: Tokens) -> Node:
    """Tokens in; a value with its signs and percents out."""
    if tokens.mark in ("-", "+"):
        mark = tokens.take()[1]["mark"]
        inner = read_unary(tokens)
        return Call("NEGATE", (inner,)) if mark == "-" else inner
    tree = read_atom(tokens)
    while tokens.mark == "%":
        tokens.take()
        tree = Call("/", (tree, Literal(100)))
    return tree


def read_atom(tokens: Tokens) -> Node:
    """Tokens in; a literal, reference, call or bracket out."""
    kind, match = tokens.take()
    if kind == "number":
        number = float(match["number"])
        return Literal(int(number) if number.is_integer() else number)
    if kind == "text":
        return Literal(match["text"][1:-1].replace('""', '"'))
    if kind == "error":
        return Literal(match["error"], is_error=True)
    if kind == "reference":
        return read_reference(match["sheet"], match["area"])
    if kind == "name":
        return read_name(tokens, match["name"])
    if match["mark"] == "(":
        tree = read_level(tokens, 0)
        tokens.take(")")
        return tree
    if match["mark"] == "{":
        return Call("ARRAY", read_arguments(tokens, "}"))
    raise FormulaError(match["mark"])


def read_name(tokens: Tokens, name: str) -> Node:
    """Tokens after a name in; a truth, a call or a named range out."""
    if tokens.mark == "(":
        tokens.take()
        return Call(name.upper(), read_arguments(tokens, ")"))
    if name.upper() in ("TRUE", "FALSE", "ИСТИНА", "ЛОЖЬ"):
        return Literal(name.upper() in ("TRUE", "ИСТИНА"))
    return Name(name)


def read_arguments(tokens: Tokens, closing: str) -> tuple[Node, ...]:
    """Tokens after an opening bracket in; the arguments out, blank ones as empty texts."""
    arguments: list[Node] = []
    while tokens.mark != closing:
        arguments.append(Literal("") if tokens.mark in (",", ";") else read_level(tokens, 0))
        if tokens.mark in (",", ";"):
            tokens.take()
    tokens.take(closing)
    return tuple(arguments)
