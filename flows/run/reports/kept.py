"""Published reports as data: the last sixty of them, and one a month beyond, to be shown again as they were."""

import gzip
import hashlib
import io
import pickle  # read by a reader of our own that knows the documents alone, see `_Sheets`
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from config import documents
from config.documents import Sheet
from config.errors import ConfigError, TargetError
from flows.say import language

FOLDER, ENDING = "reports", ".sheets"
NAME = "%Y-%m-%d %H%M%S"
MOST = 60
"""Reports that are all kept; of the older ones the last of each month."""
VALUES = {("decimal", "Decimal"), ("datetime", "date"), ("datetime", "datetime")}
NEAREST = 3


@dataclass(frozen=True)
class Kept:
    """What was published at one moment."""

    sheets: Sequence[Sheet]
    """Of the report of the whole."""
    others: Mapping[str, Sequence[Sheet]] = field(default_factory=dict)
    """Of each other report, by `Edition.key`."""


def keep_report(data: Path, kept: Kept, published_at: datetime) -> None:
    """Reports and the local moment they were published at in; kept in `data/reports/`, older ones thinned out."""
    folder = data / FOLDER
    path = folder / f"{published_at:{NAME}}{ENDING}"
    fresh = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = {"": tuple(kept.sheets), **{key: tuple(sheets) for key, sheets in kept.others.items()}}
        fresh.write_bytes(gzip.compress(_form() + _packed(told), compresslevel=6, mtime=0))
        fresh.replace(path)
        for old in thinned(kept_reports(data)):
            old.unlink(missing_ok=True)
    except OSError as error:
        raise TargetError("cli.report_not_kept", problem=error) from error


def kept_or_why(data: Path, kept: Kept, published_at: datetime) -> str | None:
    """The same; why it could not be kept out, in words: a report that was written is no worse for it."""
    try:
        keep_report(data, kept, published_at)
    except TargetError as error:
        return error.text(language())
    return None


def kept_reports(data: Path) -> list[Path]:
    """The kept reports of a client, the oldest first."""
    return sorted((data / FOLDER).glob(f"*{ENDING}"))


def published_at(path: Path) -> datetime:
    """When a kept report was published: local time of the client."""
    return datetime.strptime(path.stem, NAME)


def thinned(paths: Sequence[Path]) -> list[Path]:
    """Reports, the oldest first, in; those that are kept no longer out."""
    older = paths[:-MOST]
    last_of_month = {f"{published_at(path):%Y-%m}": path for path in older}
    return [path for path in older if path not in last_of_month.values()]


def report_of(data: Path, day: date) -> Path:
    """The last report published on a day. Raises ConfigError, with the nearest days that have one."""
    paths = kept_reports(data)
    found = [path for path in paths if published_at(path).date() == day]
    if found:
        return found[-1]
    days = sorted({published_at(path).date() for path in paths}, key=lambda one: abs(one - day))[:NEAREST]
    raise ConfigError("cli.restore_no_day", day=day, near=", ".join(map(str, sorted(days))) or "—")


def read_report(path: Path) -> Kept:
    """A kept report in; its sheets and those of other readers out.

    Raises TargetError for one of another version, or a damaged one.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise TargetError("cli.restore_damaged", file=path.name) from error
    form = _form()
    if not content.startswith(form):
        raise TargetError("cli.restore_other_version", file=path.name)
    try:
        found = _Sheets(io.BytesIO(content[len(form) :])).load()
        # an earlier version kept the report of the whole alone
        told: dict[str, tuple[Sheet, ...]] = found if isinstance(found, dict) else {"": found}
        whole = told.pop("")
    except (pickle.UnpicklingError, AttributeError, EOFError, KeyError, TypeError, ValueError) as error:
        raise TargetError("cli.restore_damaged", file=path.name) from error
    return Kept(whole, told)


def drop_reports_with(data: Path, texts: Iterable[str]) -> None:
    """Kept reports that tell of somebody who was forgotten, by a phone, an e-mail or an id, go."""
    wanted = [text.encode() for text in texts if text]
    for path in kept_reports(data):
        try:
            content = gzip.decompress(path.read_bytes())
        except (OSError, EOFError):
            content = b""
        if any(text in content for text in wanted):
            path.unlink(missing_ok=True)


def _by_value(member: Enum) -> tuple[type[Enum], tuple[Any]]:
    return type(member), (member.value,)


BY_VALUE = {made: _by_value for made in vars(documents).values() if isinstance(made, type) and issubclass(made, Enum)}
"""Python before 3.11.3 packs a member by `getattr`, which no reader of files should call."""


def _packed(told: Mapping[str, Sequence[Sheet]]) -> bytes:
    """Sheets in; their bytes, the same from every Python, out."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5)
    pickler.dispatch_table = BY_VALUE
    pickler.dump(told)
    return stream.getvalue()


def _form() -> bytes:
    """What the sheets are made of, so that those of another version are known as such."""
    told = [
        (name, [field.name for field in fields(made)])
        for name, made in sorted(vars(documents).items())
        if isinstance(made, type) and is_dataclass(made)
    ]
    return hashlib.sha256(repr(told).encode()).digest()


class _Sheets(pickle.Unpickler):
    """Reads nothing but the documents and their values: a file of somebody else runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of a part of a sheet."""
        if module == documents.__name__ or (module, name) in VALUES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name}")
