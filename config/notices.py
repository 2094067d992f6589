"""What is told of rows though nothing of them is refused: notices.yaml → the kinds of notices and their words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from config.labels import Text
from config.strict import Strict, read_yaml


class Kind(Strict):
    """One kind of notice; what each word means stands on top of notices.yaml."""

    shown: Text
    shown_of_none: Text | None = None
    told: Text | None = None
    doubts: bool = False
    comes_first: bool = False
    of_source: bool = False
    has_figures: bool = False
    names_columns: bool = False


def kind_of(name: str) -> Kind:
    """The kind of that name; of one that another release wrote, what is said of any."""
    return kinds().get(name) or kinds()["other"]


def doubting() -> list[str]:
    """The kinds that put figures in doubt without a row lost: of them a person may say that it is meant so."""
    return [name for name, kind in kinds().items() if (kind.doubts and name != "vanished_file") or name == "free_deals"]


def checked_key(kind: str, source: str | None) -> str:
    """A notice's kind and source in; how svodka.yaml calls it under `checked` out."""
    return f"{source}.{kind}" if source else kind


def why_checked(checked: Mapping[str, str], kind: str, source: str | None) -> str | None:
    """What svodka.yaml has under `checked`, and a notice, in; why it puts nothing in doubt out, None if it does."""
    if kind not in doubting():
        return None
    return checked.get(checked_key(kind, source), checked.get(kind))


@cache
def kinds() -> Mapping[str, Kind]:
    """Name of each kind, as `ops.notices` has it → what is said of it; those that come first are first here too."""
    return read_yaml(Path(__file__).parent / "notices.yaml", dict[str, Kind])
