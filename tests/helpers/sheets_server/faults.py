"""Faults on demand: which request goes wrong, how, and whether it was carried out before."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import ApiError, over_quota

HTML = (
    "<!DOCTYPE html>\n<html lang=en>\n  <title>Error {code} (Server Error)!!1</title>\n"
    "  <p><b>{code}.</b> <ins>That’s an error.</ins>\n"
    "  <p>The server encountered a temporary error and could not complete your request."
    "<p>Please try again in 30 seconds."
)
MESSAGES = {
    400: "Invalid requests[0].updateCells: Something is wrong with this request.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}
REFUSED = "400"
KINDS = ("429", "500", "503", "html", "timeout", "reset", "truncated")


@dataclass
class Fault:
    """One fault: its kind, the n-th matching request it strikes (from 1), how often in a row, before or after."""

    kind: str
    at: int = 1
    times: int = 1
    after: bool = False  # after the request was carried out: its answer is lost
    only: str = ""  # "read", "write", "drive", "token" or part of the path
    retry_after: int | None = None
    seconds: float = 3600.0  # how long a timeout keeps silent
    code: int = 502  # of an HTML answer
    words: str = ""  # instead of the message that goes with the code
    seen: int = 0

    def __post_init__(self) -> None:
        if self.kind not in {*KINDS, REFUSED}:
            raise ValueError(f"{self.kind}: no such fault; there are {', '.join([*KINDS, REFUSED])}")

    def matches(self, kind: str, path: str) -> bool:
        """Is the request one of those it counts, yes or no."""
        return (
            not self.only
            or self.only == kind
            or ("/" in self.only and self.only in path)
            or self.only in path.split(":")[1:]
        )

    @property
    def is_spent(self) -> bool:
        """Has it struck as often as it should, yes or no."""
        return self.seen >= self.at + self.times - 1


@dataclass
class Faults:
    """The faults planned, in the order they were added, and those that struck."""

    planned: list[Fault] = field(default_factory=list)
    struck: list[Fault] = field(default_factory=list)

    def add(self, kind: str | int, at: int = 1, **options: object) -> Fault:
        """A kind (400, 429, 500, 503, html, timeout, reset, truncated) and the n-th request in; the fault out."""
        fault = Fault(str(kind), at, **options)  # type: ignore[arg-type]
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.planned.clear()

    def next(self, kind: str, path: str) -> Fault | None:
        """A request in; the fault that strikes it, None for none, out."""
        striking = None
        for fault in list(self.planned):
            if fault.matches(kind, path):
                fault.seen += 1
                if fault.seen >= fault.at and striking is None:
                    striking = fault
                    self.struck.append(fault)
                if fault.is_spent:
                    self.planned.remove(fault)
        return striking


def error_of(fault: Fault, kind: str, project: str) -> ApiError:
    """A fault with a status code in; the refusal with Google's wording out."""
    code = int(fault.kind)
    if code == 429:
        return over_quota("Read" if kind == "read" else "Write", project)
    return ApiError(code, fault.words or MESSAGES[code])
