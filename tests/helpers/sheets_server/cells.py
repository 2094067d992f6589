"""Cells as the API writes and shows them: CellData in, a Cell out, and a Cell in, CellData out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from .errors import TOO_LONG, invalid
from .formats import shown
from .formulas.evaluate import Calculation
from .formulas.formats_of import number_format_of
from .formulas.plain import ErrorCell
from .formulas.references import moved_by
from .masks import Tree, names, write
from .model import EMPTY, Cell, Formula, Json, Sheet, Value
from .stored import keep, paired_mask

MAX_CHARACTERS = 50_000
OTHER = ("pivotTable", "chipRuns", "dataSourceFormula", "dataSourceTable")
READ_ONLY = ("effectiveValue", "effectiveFormat", "formattedValue", "hyperlink", "dataSourceTable")
_formats: dict[str, Json] = {}
_kept: dict[str, Json] = {}


def shared(cell_format: Json | None) -> Json | None:
    """A format in; the one dict that stands for all equal ones out."""
    if not cell_format:
        return None
    if len(_formats) > 50_000:
        _formats.clear()
    return _formats.setdefault(json.dumps(cell_format, sort_keys=True), cell_format)


def value_of(extended: Json | None) -> Value:
    """An ExtendedValue in, a cell's value out. Raises ApiError 400 for several values or too long a text."""
    if not extended:
        return None
    if len(extended) > 1:
        raise invalid(f"Only one of {', '.join(sorted(extended))} may be set.")
    (kind, value), *_ = extended.items()
    if kind == "formulaValue":
        if not value.startswith("="):
            raise invalid(f"Invalid formula value: {value}. Must start with '='.")
        value = Formula(value)
    if kind == "errorValue":
        raise invalid("ExtendedValue.error_value cannot be set.")
    return checked(value)


def checked(value: Value) -> Value:
    """A value in, itself out, "" as nothing. Raises ApiError 400 for more than 50,000 characters."""
    if isinstance(value, str):
        if len(value) > MAX_CHARACTERS:
            raise invalid(TOO_LONG)
        return value or None
    return value


def extended(value: Any) -> Json:
    """A plain value in, an ExtendedValue out."""
    if isinstance(value, Formula):
        return {"formulaValue": str(value)}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, ErrorCell):
        error = {"type": value.kind} | ({"message": value.message} if value.message else {})
        return {"errorValue": error}
    if isinstance(value, int | float):
        return {"numberValue": value}
    return {"stringValue": value}


def written(cell: Cell, sent: Json, mask: Tree) -> Cell:
    """What is in a cell, CellData (kept form) and a mask (paired) in; the new cell out."""
    changes: dict[str, Any] = {}
    if names(mask, "userEnteredValue"):
        changes |= {"value": value_of(sent.get("userEnteredValue")), "hyperlink": "", "other": None}
        if not names(mask, "textFormatRuns"):
            changes["runs"] = ()
    if "*" in mask or "userEnteredFormat" in mask:
        below = {} if "*" in mask else mask["userEnteredFormat"]
        there, new = cell.format or {}, sent.get("userEnteredFormat") or {}
        changes["format"] = shared(write(there, new, below)) if below and "*" not in below else (new or None)
    if names(mask, "note"):
        changes["note"] = sent.get("note", "")
    if names(mask, "dataValidation"):
        changes["validation"] = sent.get("dataValidation") or None
    if names(mask, "textFormatRuns"):
        changes["runs"] = tuple(sent.get("textFormatRuns", ()))
    others = {name: sent[name] for name in OTHER if name in sent and names(mask, name)}
    if others:
        changes["other"] = others
    return replace(cell, **changes)


def kept_cell(sent: Json) -> Json:
    """Parsed CellData in; the part of it that a caller may set, in kept form, out. Raises ApiError 400."""
    cell = {name: value for name, value in sent.items() if name not in READ_ONLY}
    value = cell.pop("userEnteredValue", None)
    cell_format = cell.pop("userEnteredFormat", None)
    if cell:
        cell = keep("CellData", cell)
    if cell_format is not None:
        cell["userEnteredFormat"] = kept_format(cell_format)
    if value:
        cell["userEnteredValue"] = value
    return cell


def kept_format(sent: Json) -> Json:
    """A parsed CellFormat in; its kept form, one dict for all equal ones, out. Raises ApiError 400."""
    key = json.dumps(sent, sort_keys=True)
    known = _kept.get(key)
    if known is None:
        pattern = sent.get("numberFormat")
        if pattern is not None and pattern.get("type") in (None, "NUMBER_FORMAT_TYPE_UNSPECIFIED"):
            raise invalid("NumberFormat.type is required when setting a number format.")
        if len(_kept) > MAX_CHARACTERS:
            _kept.clear()
        known = _kept[key] = shared(keep("CellFormat", sent)) or {}
    return known


def cell_mask(tree: Tree) -> Tree:
    """A mask of CellData in; the same with both names of each colour out."""
    return paired_mask("CellData", tree)


def filled(sent: Json, rows: int, columns: int) -> Json:
    """CellData of repeatCell and how far from its first cell in; CellData whose formula followed out."""
    formula = sent.get("userEnteredValue", {}).get("formulaValue")
    if formula is None or not (rows or columns):
        return sent
    return {**sent, "userEnteredValue": {"formulaValue": moved_by(formula, rows, columns)}}


class CellView:
    """Shows the cells of one sheet under a mask: CellData for each place out."""

    def __init__(self, calculation: Calculation, sheet: Sheet, mask: Tree | None, default_format: Json) -> None:
        self.calculation = calculation
        self.sheet = sheet
        self.mask: Tree = {} if mask is None else mask
        self.default_format = default_format

    def wants(self, name: str) -> bool:
        """Is the member asked for, yes or no."""
        return names(self.mask, name)

    def show(self, row: int, column: int) -> Json:
        """A place in; its CellData out, {} for a cell with nothing asked for in it."""
        cell = self.sheet.cell(row, column)
        value = self.calculation.value(self.sheet, row, column)
        if cell is EMPTY and value is None:
            return {}
        data = self.values(cell, value)
        if cell.format and self.wants("userEnteredFormat"):
            data["userEnteredFormat"] = cell.format
        if self.wants("effectiveFormat") and (cell.format or value is not None):
            data["effectiveFormat"] = self.effective_format(cell)
        return data | self.attached(cell)

    def values(self, cell: Cell, value: Any) -> Json:
        """A cell and its value in; the members about its value out."""
        data: Json = {}
        if cell.value is not None and self.wants("userEnteredValue"):
            data["userEnteredValue"] = extended(cell.value)
        if value is not None:
            if self.wants("effectiveValue"):
                data["effectiveValue"] = extended(value)
            if self.wants("formattedValue"):
                data["formattedValue"] = formatted(self.calculation, self.sheet, cell, value)
        return data

    def attached(self, cell: Cell) -> Json:
        """A cell in; its note, validation, links and runs out."""
        data: Json = {}
        if cell.note and self.wants("note"):
            data["note"] = cell.note
        if cell.validation and self.wants("dataValidation"):
            data["dataValidation"] = cell.validation
        if cell.runs and self.wants("textFormatRuns"):
            data["textFormatRuns"] = list(cell.runs)
        link = cell.hyperlink or linked(cell)
        if link and self.wants("hyperlink"):
            data["hyperlink"] = link
        return data | {name: value for name, value in (cell.other or {}).items() if self.wants(name)}

    def effective_format(self, cell: Cell) -> Json:
        """A cell in; the spreadsheet's default format with the cell's own over it out."""
        return merged_format(self.default_format, cell.format or {})


def merged_format(default: Json, own: Json) -> Json:
    """A default and a format over it in; both together out, message by message."""
    merged = dict(default)
    for name, value in own.items():
        is_group = name in ("textFormat", "padding", "borders") and isinstance(merged.get(name), dict)
        merged[name] = {**merged[name], **value} if is_group else value
    if "horizontalAlignment" not in merged:
        merged["horizontalAlignment"] = "LEFT"
    return merged


def linked(cell: Cell) -> str:
    """A cell in; the address of its only link, from the format or from a HYPERLINK formula, out."""
    if cell.format and "textFormat" in cell.format:
        uri = cell.format["textFormat"].get("link", {}).get("uri", "")
        if uri:
            return str(uri)
    if isinstance(cell.value, Formula) and cell.value.upper().startswith('=HYPERLINK("'):
        return cell.value.split('"')[1]
    return ""


def formatted(calculation: Calculation, sheet: Sheet, cell: Cell, value: Any) -> str:
    """A cell and its value in; the text a person sees out."""
    if isinstance(value, ErrorCell):
        return value.shown
    if isinstance(value, bool):
        return calculation.locale.true_text if value else calculation.locale.false_text
    if isinstance(value, int | float):
        number_format = (cell.format or {}).get("numberFormat")
        if number_format is None and isinstance(cell.value, Formula):
            number_format = number_format_of(calculation, sheet, cell)
        return shown(value, number_format, calculation.locale)
    return str(value)
