"""Evaluation: a spreadsheet and a cell with a formula in, its value or its error out; each cell once per reading."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.helpers.sheets_server.formats import shown, to_moment, to_serial
from tests.helpers.sheets_server.locales import Locale, locale_of
from tests.helpers.sheets_server.model import Formula, Sheet, Spreadsheet
from tests.helpers.sheets_server.ranges import Rect, clip, named_range

from .functions import FUNCTIONS
from .plain import KINDS, ErrorCell, number, text, truth
from .references import Reference
from .syntax import Call, FormulaError, Literal, Name, Node, parse_formula

COMPARISONS = {"=": "__eq__", "<>": "__ne__", "<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__"}
Key = tuple[int, int, int]


@dataclass
class Calculation:
    """One reading of a spreadsheet at a moment: the values found so far, and what arrays spilled."""

    book: Spreadsheet
    now: float = 0.0
    found: dict[Key, Any] = field(default_factory=dict)
    spilled: dict[Key, Any] = field(default_factory=dict)
    running: set[Key] = field(default_factory=set)

    @property
    def locale(self) -> Locale:
        """The locale of the spreadsheet."""
        return locale_of(self.book.locale)

    def value(self, sheet: Sheet, row: int, column: int) -> Any:
        """A place in; what the cell holds out: a plain value, None, or an ErrorCell."""
        value = sheet.cell(row, column).value
        if not isinstance(value, Formula):
            return value if value is not None else self.spilled.get((sheet.id, row, column))
        key = (sheet.id, row, column)
        if key not in self.found:
            self.found[key] = self.calculate(sheet, key, value)
        return self.found[key]

    def calculate(self, sheet: Sheet, key: Key, formula: Formula) -> Any:
        """A formula and where it stands in; its value or ErrorCell out."""
        if key in self.running:
            return ErrorCell(
                "REF", "Circular dependency detected. To resolve with iterative calculation, see File > Settings."
            )
        self.running.add(key)
        try:
            result = Evaluator(self, sheet, key[1], key[2]).run(parse_formula(formula, self.locale))
            return self.spill(sheet, key, result) if isinstance(result, list) else finite(result)
        except ErrorCell as error:
            return error
        except FormulaError:
            return ErrorCell("ERROR", "Formula parse error.")
        except (TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
            return ErrorCell("VALUE", f"Wrong arguments: {error}")
        except (OverflowError, ZeroDivisionError) as error:
            return ErrorCell("NUM", f"Numeric value is invalid: {error}")
        finally:
            self.running.discard(key)

    def spill(self, sheet: Sheet, key: Key, rows: list[list[Any]]) -> Any:
        """An array result in; its first value out, the others shown in the cells beside and below."""
        for down, line in enumerate(rows):
            for right, value in enumerate(line):
                if down or right:
                    self.spilled[(sheet.id, key[1] + down, key[2] + right)] = value
        return rows[0][0] if rows and rows[0] else None


def finite(result: Any) -> Any:
    """A result in; itself out, numbers no float can hold are refused."""
    if isinstance(result, complex) or (isinstance(result, float) and not math.isfinite(result)):
        return ErrorCell("NUM", "Numeric value is invalid.")
    return int(result) if isinstance(result, float) and result.is_integer() and abs(result) < 2**53 else result


@dataclass
class Evaluator:
    """Evaluates the tree of one formula."""

    calculation: Calculation
    sheet: Sheet
    row: int
    column: int

    def run(self, node: Node) -> Any:
        """A tree in; its value out, a range as rows. Raises ErrorCell."""
        match node:
            case Literal(value, True):
                raise ErrorCell(KINDS.get(str(value), "REF"), "Reference does not exist.")
            case Literal(value):
                return value
            case Reference():
                return self.read(node)
            case Name(name):
                return self.read_named(name)
            case Call(name, arguments):
                return self.call(name, arguments)

    def call(self, name: str, arguments: tuple[Node, ...]) -> Any:
        """A function or an operator in; its value out."""
        special = getattr(self, f"call_{name.lower()}", None)
        if special is not None:
            return special(*arguments)
        values = tuple(self.run(argument) for argument in arguments)
        if name in COMPARISONS:
            return compare(name, *values)
        function = FUNCTIONS.get(name)
        if function is None:
            raise ErrorCell("NAME", f"Unknown function: '{name}'.")
        for value in values:
            if isinstance(value, ErrorCell):
                raise value
        return function(*values)

    def read(self, reference: Reference) -> Any:
        """A reference in; its value, or its rows, out."""
        sheet = self.sheet if reference.sheet is None else self.calculation.book.titled(reference.sheet)
        if sheet is None:
            raise ErrorCell("REF", f"Unresolved sheet name '{reference.sheet}'.")
        if reference.end is None and reference.start.row is not None and reference.start.column is not None:
            if reference.start.row >= sheet.row_count or reference.start.column >= sheet.column_count:
                raise ErrorCell("REF", "Reference does not exist.")
            return self.one(sheet, reference.start.row, reference.start.column)
        try:
            rect = clip(sheet, reference.bounds)
        except Exception as error:
            raise ErrorCell("REF", "Reference does not exist.") from error
        return self.rows(sheet, rect)

    def one(self, sheet: Sheet, row: int, column: int) -> Any:
        """A place in; its value out. Raises the error in it."""
        value = self.calculation.value(sheet, row, column)
        if isinstance(value, ErrorCell):
            raise value
        return value

    def rows(self, sheet: Sheet, rect: Rect) -> list[list[Any]]:
        """A rectangle in; the values of its rows, down to the last one used, out."""
        bottom = min(rect.bottom, max(len(sheet.rows), rect.top + 1))
        return [
            [self.calculation.value(sheet, row, column) for column in range(rect.left, rect.right)]
            for row in range(rect.top, bottom)
        ]

    def read_named(self, name: str) -> Any:
        """The name of a named range in; its value, or its rows, out."""
        found = named_range(self.calculation.book, name)
        if found is None:
            raise ErrorCell("NAME", f"Unknown range name: '{name.upper()}'.")
        rows = self.rows(found[0], clip(*found))
        return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows

    def call_if(self, condition: Node, yes: Node, no: Node | None = None) -> Any:
        """IF: only the branch taken is evaluated."""
        if truth(self.run(condition)):
            return self.run(yes)
        return False if no is None else self.run(no)

    def call_iferror(self, value: Node, instead: Node | None = None) -> Any:
        """IFERROR: a value, or what stands for its error."""
        try:
            return self.run(value)
        except ErrorCell:
            return None if instead is None else self.run(instead)

    call_ifna = call_iferror

    def call_iserror(self, value: Node) -> bool:
        """ISERROR."""
        try:
            self.run(value)
        except ErrorCell:
            return True
        return False

    def call_row(self, reference: Node | None = None) -> int:
        """ROW, from 1."""
        return (reference.bounds.top or 0) + 1 if isinstance(reference, Reference) else self.row + 1

    def call_column(self, reference: Node | None = None) -> int:
        """COLUMN, from 1."""
        return (reference.bounds.left or 0) + 1 if isinstance(reference, Reference) else self.column + 1

    def call_now(self) -> float:
        """NOW, by the server's clock in the spreadsheet's time zone."""
        zone = ZoneInfo(self.calculation.book.properties["timeZone"])
        return to_serial(datetime.fromtimestamp(self.calculation.now, zone).replace(tzinfo=None))

    def call_today(self) -> int:
        """TODAY, by the server's clock."""
        return int(self.call_now())

    def call_rand(self) -> float:
        """RAND."""
        return random.random()

    def call_array(self, *items: Node) -> list[list[Any]]:
        """A literal array, as one column."""
        return [[self.run(item)] for item in items]

    def call_text(self, value: Node, pattern: Node) -> str:
        """TEXT: a number shown by a pattern."""
        code = text(self.run(pattern))
        kind = "DATE" if any(letter in code.lower() for letter in "ymdhs") else "NUMBER"
        return shown(number(self.run(value)), {"type": kind, "pattern": code}, self.calculation.locale)

    def call_edate(self, value: Node, months: Node) -> float:
        """EDATE: the same day some months on."""
        moment = to_moment(number(self.run(value)))
        month = moment.year * 12 + moment.month - 1 + int(number(self.run(months)))
        return to_serial(moment.replace(year=month // 12, month=month % 12 + 1, day=min(moment.day, 28)))


def compare(mark: str, left: Any, right: Any) -> bool:
    """Two values in; whether the comparison holds out. Numbers come before texts, texts before truths."""
    keys = []
    for value in (left, right):
        plain = value[0][0] if isinstance(value, list) else value
        plain = ("" if isinstance(right if value is left else left, str) else 0) if plain is None else plain
        kind = 2 if isinstance(plain, bool) else 1 if isinstance(plain, str) else 0
        keys.append((kind, plain.lower() if isinstance(plain, str) else plain))
    return bool(getattr(keys[0], COMPARISONS[mark])(keys[1]))
