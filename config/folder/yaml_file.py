"""A YAML file a person wrote → plain values with the line of each, bounded, or an error that names the line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from config.errors import ConfigError

MAX_BYTES = 1_000_000
"""A person's settings never grow so long; a bigger file is something else."""
MAX_VALUES = 20_000
"""Values after aliases (`*name`) are expanded, so that a file of ten lines cannot fill the memory."""

MAX_DEPTH = 40
"""Levels of sections; a client's settings have five."""
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PROBLEMS = {
    "tab character": "yaml_tab",
    "mapping values are not allowed": "yaml_colon",
    "could not find expected ':'": "yaml_no_colon",
    "scanning a quoted scalar": "yaml_quote",
    "scanning a double-quoted scalar": "yaml_escape",
    "unknown escape character": "yaml_escape",
    "cannot start any token": "yaml_character",
    "flow sequence": "yaml_bracket",
    "flow mapping": "yaml_bracket",
    "block sequence entries are not allowed": "yaml_list",
    "did not find expected '-' indicator": "yaml_list",
    "undefined alias": "yaml_alias",
    "scanning an alias": "yaml_alias",
    "scanning an anchor": "yaml_alias",
    "block node": "yaml_bracket",
    "block mapping": "yaml_indent",
    "did not find expected": "yaml_indent",
}
"""What libyaml says of a mistake → our message; the first that is part of it."""

NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    """What the file says: every scalar is text or None, as typed; the reader of the values decides their types."""

    file: str
    values: Any
    lines: Mapping[Path_, int] = field(default_factory=dict)
    """Path of keys and positions → line counted from 1."""

    def line(self, path: Path_) -> int:
        """Line of the value at a path, or of the nearest part above it that the file has."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read_yaml(path: Path, file: str) -> YamlFile:
    """A path and the name to call it in; its values and their lines out.

    Scalars stay text (`0.05`, `true`, `2026-08-01`), because keys and words of a client may look like numbers.
    Raises ConfigError if the file is too big, not UTF-8, not YAML, or says one key twice.
    """
    text = _text(path, file)
    try:
        _refuse_depth(text, file)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = error.problem or error.context or ""
        key = next((key for part, key in PROBLEMS.items() if part in f"{error.context or ''} {problem}"), "not_yaml")
        raise ConfigError(f"config.{key}", file=file, line=line, problem=problem) from error
    except yaml.YAMLError as error:
        raise ConfigError("config.not_yaml", file=file, line=1, problem=str(error).splitlines()[0]) from error
    reading = _Reading(file)
    values = None if node is None else reading.value(node, ())
    return YamlFile(file, values, reading.lines)


def _refuse_depth(text: str, file: str) -> None:
    """Brackets within brackets are counted before anything recurses into them."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ConfigError("config.too_deep", file=file)


def _text(path: Path, file: str) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ConfigError("config.too_big", file=file, bytes=size, most=MAX_BYTES)
        return normalize("NFC", path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError("config.not_utf8", file=file, line=error.object[: error.start].count(b"\n") + 1) from error
    except OSError as error:
        raise ConfigError("config.unreadable", file=file, problem=error) from error


class _Reading:
    """Walks the nodes once, counting what it makes and remembering where each value stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path_, int] = {}
        self._count = 0
        self._open: set[int] = set()

    def value(self, node: yaml.Node, path: Path_) -> Any:
        """A node in; text, None, a list or a dictionary out."""
        self._count += 1
        if self._count > MAX_VALUES or id(node) in self._open:
            raise ConfigError("config.too_many_values", file=self.file, most=MAX_VALUES)
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in NULLS else node.value
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            return self._mapping(node, path)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: yaml.Node, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError("config.not_yaml", file=self.file, line=line, problem="a key must be plain text")
            key = key_node.value
            if key in found:
                raise ConfigError(
                    "config.key_twice", file=self.file, line=line, key=key, first=self.lines[(*path, key)]
                )
            self.lines[(*path, key)] = line
            found[key] = self.value(value_node, (*path, key))
        return found


# A path a client wrote → where it may lead: inside the client's folder, links included, or an allowed root.

WILDCARD = re.compile(r"[*?\[]")


def inside(folder: Path, path: str, allowed_roots: Sequence[Path]) -> Path:
    """Folder and a path or pattern relative to it; the absolute path out, links followed where it exists.

    Of a pattern the part before its first wildcard is judged; what a pattern matches is judged file by file when found.
    Raises ConfigError if it leads outside the folder and every allowed root.
    """
    fixed: list[str] = []
    parts = Path(path).parts
    for part in parts:
        if WILDCARD.search(part):
            break
        fixed.append(part)
    target = (folder / Path(*fixed)).resolve() if fixed else folder.resolve()
    roots = [folder.resolve(), *(root.resolve() for root in allowed_roots)]
    climbs = ".." in parts[len(fixed) :]
    if climbs or not any(target == root or root in target.parents for root in roots):
        raise ConfigError("config.path_leaves_folder", path=path)
    return target.joinpath(*parts[len(fixed) :])
