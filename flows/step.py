"""How a run shows that it is alive: a line that moves on a terminal, nothing anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol, TypeVar

from rich.console import Console

from flows.say import say

Made = TypeVar("Made")


class Verb(StrEnum):
    """The six verbs of a run, and telling somebody of it."""

    READ = "read"
    STAGE = "stage"
    LOAD = "load"
    BUILD = "build"
    LAY_OUT = "lay_out"
    WRITE = "write"
    TELL = "tell"


class Step(Protocol):
    """Runs one verb's work: as it is, behind a progress line, or as a task that is retried."""

    def __call__(self, verb: Verb, what: str, work: Callable[[], Made], /) -> Made:
        """The verb, what it is about (a source, a target; may be empty) and the work; what the work made."""


def plain(_verb: Verb, _what: str, work: Callable[[], Made], /) -> Made:
    """Do the work and say nothing."""
    return work()


@contextmanager
def on_terminal(title: str) -> Iterator[Step]:
    """A step that names what is being done on a terminal's error stream, and is silent where there is none."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield plain
        return
    with console.status(title) as status:

        def step(verb: Verb, what: str, work: Callable[[], Made], /) -> Made:
            status.update(f"{title} · {say(f'verb_{verb.value}')} {what}".rstrip())
            return work()

        yield step


@contextmanager
def counting(many: int) -> Iterator[Callable[[int, Callable[[], None]], None]]:
    """How many clients are to be run in; what is told how many are done and how to say so, out.

    On a terminal a line that moves counts them, and steps aside while something is said.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _, tell: tell()
        return
    with console.status(say("many_done", done=0, many=many)) as status:

        def count(done: int, tell: Callable[[], None]) -> None:
            status.stop()
            tell()
            status.update(say("many_done", done=done, many=many))
            status.start()

        yield count
