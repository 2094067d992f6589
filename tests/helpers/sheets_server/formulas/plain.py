"""Values inside formulas: what counts as a number, a text or a truth, and the errors cells hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class ErrorCell(Exception):  # noqa: N818 (it is a value of a cell too)
    """A formula that ends in an error: the API's type, what the cell shows, and the message."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message

    @property
    def shown(self) -> str:
        """What the cell shows."""
        return SHOWN[self.kind]


SHOWN = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}
KINDS = {shown: kind for kind, shown in SHOWN.items()}
Range = list[list[Any]]


def flat(arguments: tuple[Any, ...]) -> Iterator[Any]:
    """Arguments in; their values one by one, those of ranges too, out. An error among them is raised."""
    for argument in arguments:
        for value in (cell for row in argument for cell in row) if isinstance(argument, list) else [argument]:
            if isinstance(value, ErrorCell):
                raise value
            yield value


def numbers(arguments: tuple[Any, ...]) -> list[float]:
    """Arguments in; the numbers among them out: in ranges texts and truths do not count."""
    found = []
    for argument in arguments:
        if isinstance(argument, list):
            found += [value for value in flat((argument,)) if is_number(value)]
        else:
            found.append(number(argument))
    return found


def is_number(value: Any) -> bool:
    """Is it a number, not a truth, yes or no."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: Any, operator: str = "", place: int = 1) -> float:
    """One value in; the number it stands for out. Raises ErrorCell VALUE for text that is none."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, ErrorCell):
        raise value
    if value is None or value == "":
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        try:
            return float(value.replace(",", "."))
        except ValueError as error:
            name = operator or "MULTIPLY"
            expected = f"Function {name} parameter {place} expects number values."
            raise ErrorCell(
                "VALUE", f"{expected} But '{value}' is a text and cannot be coerced to a number."
            ) from error
    return float(value) if not isinstance(value, int) else value


def text(value: Any) -> str:
    """One value in; its text out."""
    if isinstance(value, list):
        value = value[0][0] if value and value[0] else None
    if isinstance(value, ErrorCell):
        raise value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def truth(value: Any) -> bool:
    """One value in; whether it counts as true out."""
    if isinstance(value, str):
        return value.upper() in ("TRUE", "ИСТИНА")
    return bool(number(value))
