"""Field masks: `sheets(properties.title,data/rowData)` in; what to keep, or what to write, out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .errors import NO_MASK, ApiError, bad_request, invalid
from .schema import camel, properties

Tree = dict[str, "Tree"]  # an empty tree means everything below
TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[().,/*]")


class MaskError(Exception):
    """A mask that names nothing: the path that could not be followed."""


@lru_cache(maxsize=512)
def tree_of(mask: str) -> Tree:
    """A mask's text in; its paths as a tree out. `.` and `/` separate, `a(b,c)` groups, snake_case is allowed."""
    tokens = TOKEN.findall(mask)
    if "".join(tokens) != re.sub(r"\s", "", mask):
        raise MaskError(mask)
    tree: Tree = {}
    rest = read_group(tokens, tree)
    if rest:
        raise MaskError(mask)
    return tree


def read_group(tokens: list[str], tree: Tree) -> list[str]:
    """Tokens and the tree to fill in; the tokens after the group out."""
    while tokens and tokens[0] != ")":
        tokens = read_path(tokens, tree)
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
    return tokens


def read_path(tokens: list[str], tree: Tree) -> list[str]:
    """Tokens from one path on and the tree to hang it on in; the tokens after it out."""
    name, tokens = tokens[0], tokens[1:]
    if name in "(),./":
        raise MaskError(name)
    if name != "*":
        name = camel(name)
    is_whole = name in tree and not tree[name]
    below = tree.setdefault(name, {})
    if tokens and tokens[0] in "./":
        tokens = read_path(tokens[1:], below)
    elif tokens and tokens[0] == "(":
        tokens = read_group(tokens[1:], below)
        if not tokens:
            raise MaskError(name)
        tokens = tokens[1:]
    else:
        below.clear()
    if is_whole:
        below.clear()
    return tokens


def check(tree: Tree, schema: str, path: str = "") -> None:
    """A mask and the message it is about in; MaskError with the first path that has no field."""
    declared = properties(schema)
    for name, below in tree.items():
        if name == "*":
            continue
        here = f"{path}.{name}" if path else name
        if name not in declared:
            raise MaskError(here)
        field = declared[name]
        reference = field.get("$ref") or field.get("items", {}).get("$ref")
        if reference:
            check(below, reference, here)
        elif below and field.get("type") != "object":
            raise MaskError(f"{here}.{next(iter(below))}")


def read_answer_mask(mask: str, schema: str) -> Tree:
    """The `fields` of a GET in; its tree out. Raises ApiError 400, the cause only in its details."""
    try:
        tree = tree_of(mask)
        check(tree, schema)
    except MaskError as error:
        text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{error}'."
        raise bad_request([(str(error), text)], "Request contains an invalid argument.") from error
    return tree


def read_update_mask(mask: str | None, schema: str) -> Tree:
    """The `fields` of an update request in; its tree out. Raises ApiError 400."""
    if not mask or not mask.strip():
        raise invalid(NO_MASK)
    try:
        tree = tree_of(mask)
        check(tree, schema)
    except MaskError as error:
        raise invalid_mask(mask, str(error)) from error
    return {name: {} for name in properties(schema)} if "*" in tree else tree


def invalid_mask(mask: str, path: str) -> ApiError:
    """A mask of an update that names nothing in; its refusal out."""
    return invalid(f"Invalid field: {path}") if path else invalid(f"Invalid 'fields': {mask}")


def select(message: Any, tree: Tree) -> Any:
    """A message and a mask in; the part of the message it names out. Lists stay lists, emptied objects stay {}."""
    if not tree or "*" in tree:
        return message
    if isinstance(message, list):
        return [select(item, tree) for item in message]
    if not isinstance(message, dict):
        return message
    return {name: select(value, tree[name]) for name, value in message.items() if name in tree}


def names(tree: Tree, *path: str) -> bool:
    """Does the mask include something at this path, yes or no."""
    for name in path:
        if not tree or "*" in tree:
            return True
        if name not in tree:
            return False
        tree = tree[name]
    return True


def paths(tree: Tree, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """A mask in; each of its leaf paths out."""
    for name, below in tree.items():
        if below and "*" not in below:
            yield from paths(below, (*prefix, name))
        else:
            yield (*prefix, name)


def write(target: dict[str, Any], source: dict[str, Any], tree: Tree) -> dict[str, Any]:
    """What is there, what is sent and the mask in; what shall be there out. Named and absent means cleared."""
    written = dict(target)
    for name, below in tree.items():
        sent = source.get(name)
        if below and "*" not in below:
            there = written.get(name)
            part = write(there if isinstance(there, dict) else {}, sent if isinstance(sent, dict) else {}, below)
            put(written, name, part or None)
        else:
            put(written, name, sent)
    return written


def put(target: dict[str, Any], name: str, value: Any) -> None:
    """Sets or, for None, removes a member in place."""
    if value is None:
        target.pop(name, None)
    else:
        target[name] = value
