"""Conditional format rules: added at an index, replaced, moved, deleted; later ones renumber at once."""

from __future__ import annotations

import copy

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.model import Json, Sheet
from tests.helpers.sheets_server.ranges import bounds_of, clip, grid_range, sheet_of
from tests.helpers.sheets_server.stored import keep

from .call import Call

NEEDS = {
    "NUMBER_GREATER": 1,
    "NUMBER_GREATER_THAN_EQ": 1,
    "NUMBER_LESS": 1,
    "NUMBER_LESS_THAN_EQ": 1,
    "NUMBER_EQ": 1,
    "NUMBER_NOT_EQ": 1,
    "NUMBER_BETWEEN": 2,
    "NUMBER_NOT_BETWEEN": 2,
    "TEXT_CONTAINS": 1,
    "TEXT_NOT_CONTAINS": 1,
    "TEXT_STARTS_WITH": 1,
    "TEXT_ENDS_WITH": 1,
    "TEXT_EQ": 1,
    "DATE_EQ": 1,
    "DATE_BEFORE": 1,
    "DATE_AFTER": 1,
    "CUSTOM_FORMULA": 1,
    "BLANK": 0,
    "NOT_BLANK": 0,
}
ALLOWED_FORMAT = {"backgroundColor", "backgroundColorStyle", "textFormat"}
ALLOWED_TEXT = {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}


def kept_rule(call: Call, sent: Json) -> tuple[Sheet, Json]:
    """A rule in; its sheet and its stored form out. Raises ApiError 400."""
    rule = keep("ConditionalFormatRule", sent)
    ranges = rule.get("ranges", [])
    if not ranges:
        raise invalid("At least one range must be specified.")
    if len({item.get("sheetId", 0) for item in ranges}) > 1:
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Exactly one of booleanRule or gradientRule must be set.")
    sheet = sheet_of(call.book, ranges[0].get("sheetId", 0))
    rule["ranges"] = [grid_range(sheet, clip(sheet, bounds_of(item))) for item in ranges]
    if "booleanRule" in rule:
        check_boolean(rule["booleanRule"])
    else:
        check_gradient(rule["gradientRule"])
    return sheet, rule


def check_boolean(rule: Json) -> None:
    """Raises ApiError 400 for a condition or a format that conditional formatting does not take."""
    condition = rule.get("condition", {})
    kind = condition.get("type", "CONDITION_TYPE_UNSPECIFIED")
    if kind not in NEEDS:
        raise invalid(f"ConditionType '{kind}' is not supported for conditional formatting.")
    given = len(condition.get("values", []))
    if given != NEEDS[kind]:
        raise invalid(f"BooleanCondition.values must have {NEEDS[kind]} entries for type {kind}, found {given}.")
    if kind == "CUSTOM_FORMULA" and not condition["values"][0].get("userEnteredValue", "").startswith("="):
        raise invalid("Invalid ConditionValue.userEnteredValue: a custom formula must start with '='.")
    text_format = rule.get("format", {}).get("textFormat", {})
    extra = set(rule.get("format", {})) - ALLOWED_FORMAT | (set(text_format) - ALLOWED_TEXT)
    if extra:
        raise invalid(f"Conditional formatting does not support setting: {', '.join(sorted(extra))}.")


def check_gradient(rule: Json) -> None:
    """Raises ApiError 400 for a gradient without its ends."""
    for name in ("minpoint", "maxpoint"):
        if name not in rule:
            raise invalid(f"GradientRule.{name} must be set.")


def at_index(sheet: Sheet, index: int) -> Json:
    """A sheet and an index in; the rule there out. Raises ApiError 400."""
    if not 0 <= index < len(sheet.conditional_formats):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet.conditional_formats[index]


def add_rule(call: Call, sent: Json) -> None:
    """addConditionalFormatRule: before the rule that has the index."""
    sheet, rule = kept_rule(call, sent.get("rule", {}))
    index = sent.get("index", 0)
    if not 0 <= index <= len(sheet.conditional_formats):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    sheet.conditional_formats.insert(index, rule)


def delete_rule(call: Call, sent: Json) -> Json:
    """deleteConditionalFormatRule: answers with the rule."""
    sheet = sheet_of(call.book, sent.get("sheetId", 0))
    rule = at_index(sheet, sent.get("index", 0))
    del sheet.conditional_formats[sent.get("index", 0)]
    return {"rule": rule}


def update_rule(call: Call, sent: Json) -> Json:
    """updateConditionalFormatRule: replaced by another, or moved to another index."""
    index = sent.get("index", 0)
    if "rule" in sent:
        sheet, rule = kept_rule(call, sent["rule"])
        old = at_index(sheet, index)
        sheet.conditional_formats[index] = rule
        return {"newRule": copy.deepcopy(rule), "oldRule": old, **numbers(oldIndex=index, newIndex=index)}
    sheet = sheet_of(call.book, sent.get("sheetId", 0))
    rule = at_index(sheet, index)
    to = sent.get("newIndex", 0)
    if not 0 <= to < len(sheet.conditional_formats):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {to}")
    sheet.conditional_formats.insert(to, sheet.conditional_formats.pop(index))
    return {"newRule": copy.deepcopy(rule), **numbers(oldIndex=index, newIndex=to)}


def numbers(**named: int) -> Json:
    """Indexes in; those that are not zero out."""
    return {name: value for name, value in named.items() if value}


HANDLERS = {
    "addConditionalFormatRule": add_rule,
    "deleteConditionalFormatRule": delete_rule,
    "updateConditionalFormatRule": update_rule,
}
