"""The command line as a person meets it: words in; exit code, output and errors out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from flows.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Output lines with single ordinary spaces."""
        return [" ".join(line.replace("\u00a0", " ").split()) for line in self.out.splitlines()]


@pytest.fixture
def svodka(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run `svodka …` in this process."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        shown = capsys.readouterr()
        return Answer(code, shown.out, shown.err)

    return run
