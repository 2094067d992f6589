"""One of the project's own YAML files → its values, parsed once for a user: of a short run parsing is a twentieth."""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import yaml

SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where there is one: it is ten times faster."""
LONG_AGO = 30 * 24 * 3600
"""Seconds after which what another release keeps is taken for left behind."""


def declaration(path: Path) -> Any:
    """A file of declarations in; what it declares out, as YAML has it.

    Kept as JSON in the user's cache, under a name that tells the content of the YAML, where JSON can say the same.
    """
    written = path.read_bytes()
    kept = _kept(path.stem, written)
    if kept is not None:
        with suppress(OSError, ValueError):
            return json.loads(kept.read_bytes())
    with path.open("rb") as file:  # which a mistake in it names
        declared = yaml.load(file, Loader=SafeLoader)  # noqa: S506 - the C twin of SafeLoader
    if kept is not None:
        with suppress(OSError, TypeError):
            _keep(kept, declared)
    return declared


def _kept(stem: str, written: bytes) -> Path | None:
    """Where the values of a YAML file are kept; None where the user has no home."""
    try:
        folder = Path.home() / ".cache" / "svodka" / "declarations"
    except RuntimeError:
        return None
    return folder / f"{stem}-{hashlib.sha256(written).hexdigest()[:16]}.json"


def _keep(kept: Path, declared: Any) -> None:
    """Write it whole or not at all; what was kept of the same file long ago goes."""
    text = json.dumps(declared, ensure_ascii=False)
    if json.loads(text) != declared:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = mkstemp(dir=kept.parent, suffix=".new")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(fresh).replace(kept)
    drop_old(kept.parent.glob(f"{kept.stem.rpartition('-')[0]}-*.json"))


def drop_old(kept: Iterable[Path]) -> None:
    """Files of the user's cache that nobody wrote in a long time go: another release asks for them, or nobody."""
    for one in kept:
        if time.time() - one.stat().st_mtime > LONG_AGO:
            one.unlink(missing_ok=True)
