"""A path a client wrote → where it may lead: inside the client's folder, links included, or an allowed root."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from config.errors import ConfigError

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
