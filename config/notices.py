"""What is told of rows though nothing of them is refused: notices.yaml → the kinds of notices and their words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from config.draft import Remark
from config.labels import Text, labels
from config.messages import Language, message
from config.strict import Strict, read_yaml

FIGURES = re.compile(r"[\d\s.,:/→–-]+")
"""A detail that is days or counts alone, and nobody's name."""


OF_MOST = "free_deals"
"""The kind that puts a figure in doubt only where most rows of a source are such."""


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
    """The kinds that put figures in doubt, always or where most rows are such: a person may say that it is meant so."""
    return [name for name, kind in kinds().items() if kind.doubts or name == OF_MOST]


def checked_key(kind: str, source: str | None, file: str | None, detail: str | None) -> str:
    """A notice in; how svodka.yaml calls it under `checked` out: its source and kind, and the file or days it is of."""
    named = f"{source}.{kind}" if source else kind
    about = (None if kind_of(kind).of_source else file) or (detail if detail and FIGURES.fullmatch(detail) else None)
    return f"{named} {about}" if about else named


def why_checked(
    checked: Mapping[str, str], kind: str, source: str | None, file: str | None, detail: str | None
) -> str | None:
    """What svodka.yaml has under `checked`, and a notice, in; why it puts nothing in doubt out, None if it does.

    A key without file or days speaks of all notices of the kind, one without a source of those of all sources.
    """
    if kind not in doubting():
        return None
    return next((checked[key] for key in checked_keys(kind, source, file, detail) if key in checked), None)


def checked_keys(kind: str, source: str | None, file: str | None, detail: str | None) -> tuple[str, str, str]:
    """A notice in; all that svodka.yaml may call it under `checked`, the narrowest first, out."""
    return checked_key(kind, source, file, detail), f"{source}.{kind}", kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Name of each kind, as `ops.notices` has it → what is said of it; those that come first are first here too."""
    return read_yaml(Path(__file__).parent / "notices.yaml", dict[str, Kind])


# Readings that the data did not settle alone: facts that travel as notices, told by `check` and by the report.

PREFIX = "assumed_"


@dataclass(frozen=True)
class Assumed:
    """What was taken of a source where its data alone left more than one reading.

    Whoever reads a table adds `Assumed("unit_thousand", "spend_rub", "Расход, тыс.").remark` to the remarks of its
    Staging (or of its Draft, where no reading of a column changes it). The warehouse keeps it as a notice of the file;
    `svodka check` prints all of them at its end («Принято: …»), and they stand at the foot of «Качество данных».
    `what` is a key of config/messages/assumed.yaml: what was taken, and what in svodka.yaml says otherwise, by
    {source}, {column}, {called} (what the report calls it), {header} and {value}. Nothing is assumed where the data,
    a profile or svodka.yaml decides.
    """

    what: str
    column: str = ""
    """Ours, as it is written in svodka.yaml."""
    header: str = ""
    """The file's own."""
    value: str = ""

    @property
    def remark(self) -> Remark:
        """How it travels."""
        facts = {name: text for name, text in asdict(self).items() if text and name != "what"}
        return Remark(PREFIX + self.what, json.dumps(facts, ensure_ascii=False, sort_keys=True))

    @classmethod
    def of(cls, kind: str, detail: str | None) -> Assumed | None:
        """A notice's kind and detail in; what was assumed out, None if it is a notice of another kind."""
        return cls(kind.removeprefix(PREFIX), **json.loads(detail or "{}")) if kind.startswith(PREFIX) else None

    def text(self, source: str, language: Language) -> str:
        """What the source is called and a language in; the sentence out."""
        facts = {name: text for name, text in asdict(self).items() if name != "what"}
        word = labels().staged.get(self.column)
        called = word.say(language) if word else self.column
        return message(f"assumed.{self.what}", language, source=source, called=called, **facts)
