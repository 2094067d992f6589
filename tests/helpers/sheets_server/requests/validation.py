"""Data validation: a rule on cells; no rule clears."""

from __future__ import annotations

from tests.helpers.sheets_server.errors import invalid
from tests.helpers.sheets_server.model import Json
from tests.helpers.sheets_server.stored import keep

from .call import Call
from .conditional import NEEDS

ONLY_HERE = {
    "ONE_OF_LIST": None,
    "ONE_OF_RANGE": 1,
    "DATE_IS_VALID": 0,
    "DATE_ON_OR_BEFORE": 1,
    "DATE_ON_OR_AFTER": 1,
    "DATE_BETWEEN": 2,
    "DATE_NOT_BETWEEN": 2,
    "TEXT_IS_EMAIL": 0,
    "TEXT_IS_URL": 0,
    "BOOLEAN": None,
    "FILTER_EXPRESSION": 1,
}
NOT_HERE = {"TEXT_STARTS_WITH", "TEXT_ENDS_WITH", "BLANK", "NOT_BLANK"}


def check(rule: Json) -> None:
    """Raises ApiError 400 for a condition validation does not take."""
    condition = rule.get("condition", {})
    kind = condition.get("type", "CONDITION_TYPE_UNSPECIFIED")
    needs = {**NEEDS, **ONLY_HERE}
    if kind not in needs or kind in NOT_HERE:
        raise invalid(f"ConditionType '{kind}' is not supported for data validation.")
    given = len(condition.get("values", []))
    if needs[kind] is not None and given != needs[kind]:
        raise invalid(f"BooleanCondition.values must have {needs[kind]} entries for type {kind}, found {given}.")
    if kind == "ONE_OF_LIST" and not given:
        raise invalid("BooleanCondition.values must have at least 1 entry for type ONE_OF_LIST.")


def set_validation(call: Call, sent: Json) -> None:
    """SetDataValidation."""
    found = call.editable(sent.get("range", {}))
    rule = keep("DataValidationRule", sent["rule"]) if "rule" in sent else None
    if rule is not None:
        check(rule)
    rect = found.rect
    rows = range(rect.top, rect.bottom if rule else min(rect.bottom, len(found.sheet.rows)))
    for row in rows:
        for column in range(rect.left, rect.right):
            if rule or found.sheet.cell(row, column).validation:
                found.sheet.update(row, column, validation=rule)


HANDLERS = {"setDataValidation": set_validation}
