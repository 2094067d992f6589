"""The errors a person can cause or must act on, each with its exit code.

SvodkaError
├── ConfigError      2   svodka.yaml, a dictionary, a setting, a command line
├── SourceError      3   a file or tab that is missing, empty, hostile or not what it says
├── ContractError    4   a source that can be opened but does not hold what its table needs
├── RuleBroken       5   an identity of the business or the reconciliation does not hold
├── TargetError      6   a report that cannot be written
├── Unavailable      7   the network or a service, now; the only one that is retried
└── Busy             8   another run of this client is under way

An error is raised with the key of its message and the facts that fill it in; the text is looked up in
config/messages/*.yaml when somebody reads it, in the language of that reader:

    raise SourceError("file.empty", file="exports/calls.csv")
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from config.messages import DEFAULT_LANGUAGE, Language, message

if TYPE_CHECKING:
    from config.documents import Origin


INTERRUPTED = frozenset({"Query interrupted", "INTERRUPT Error: Interrupted!"})
"""What DuckDB says of a query that Ctrl-C stopped."""
REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT})
"""What a person mends, wherever it comes about: rights and room."""


class SvodkaError(Exception):
    """A mistake or a failure that a person can act on; shown without a traceback."""

    exit_code: int = 1

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Say where, what was found, what was expected and what to do, in the reader's language."""
        return message(self.key, language, **self.facts)

    def __str__(self) -> str:
        return self.text()


def is_interruption(error: BaseException) -> bool:
    """Whether an error is somebody's Ctrl-C, as DuckDB tells of it in the middle of a query, or came of putting up."""
    told: BaseException | None = error
    while told is not None:
        if isinstance(told, KeyboardInterrupt) or str(told) in INTERRUPTED:
            return True
        told = told.__cause__ or told.__context__
    return False


def refused_by_disk(error: BaseException, place: object) -> TargetError | None:
    """An error and where it came about in; that nobody may read or write there, or there is no room, in words, out."""
    if not isinstance(error, OSError) or error.errno not in REFUSED:
        return None
    return TargetError("config.refused", place=error.filename or place, problem=error)


class ConfigError(SvodkaError):
    """svodka.yaml, a dictionary, a setting or a command line is wrong."""

    exit_code = 2


class RequestError(ConfigError):
    """What was asked of a run cannot be done; the client is none the worse for it, and nothing is remembered."""


class SourceError(SvodkaError):
    """A file or tab is missing, empty, hostile or not what it says."""

    exit_code = 3


class ContractError(SvodkaError):
    """A source opens but does not hold what its table needs."""

    exit_code = 4

    @classmethod
    def of(cls, origin: Origin, key: str, /, **facts: object) -> ContractError:
        """What is wrong with a table, or asked of it, in words that name its file and source."""
        return cls(key, file=origin.file, source=origin.source, **facts)


class RuleBroken(SvodkaError):  # noqa: N818 - said as a person would
    """An identity of the business or the reconciliation does not hold; nothing was published."""

    exit_code = 5


class TargetError(SvodkaError):
    """A report could not be written where it should be."""

    exit_code = 6


class Unavailable(SvodkaError):  # noqa: N818 - said as a person would
    """The network or a service does not answer now; worth another try."""

    exit_code = 7


class Busy(SvodkaError):  # noqa: N818 - said as a person would
    """Another run of this client holds the lock."""

    exit_code = 8


class SeveralErrors(SvodkaError):  # noqa: N818 - said as a person would
    """All the errors of one step, told together; the exit code is the highest of them."""

    def __init__(self, errors: list[SvodkaError]) -> None:
        super().__init__("several")
        self.errors = errors
        self.exit_code = max(error.exit_code for error in errors)

    def __reduce__(self) -> tuple[type[SeveralErrors], tuple[list[SvodkaError]]]:
        """As it crosses from one process to another."""
        return type(self), (self.errors,)

    def text(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """One error a line."""
        return "\n".join(error.text(language) for error in self.errors)
