"""Readings that the data did not settle alone: facts that travel as notices, told by `check` and by the report."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from config.draft import Remark
from config.labels import labels
from config.messages import Language, message

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
