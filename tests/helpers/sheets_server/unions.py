"""Unions of the API: of some members only one may be set, which the discovery document does not tell."""

from __future__ import annotations

# A schema's name: the oneof's name and its members; None stands for all of them.
ONEOFS: dict[str, tuple[str, frozenset[str] | None]] = {
    "Request": ("kind", None),
    "ExtendedValue": ("value", None),
    "ColorStyle": ("kind", None),
    "ConditionalFormatRule": ("rule", frozenset({"booleanRule", "gradientRule"})),
    "EmbeddedObjectPosition": ("location", None),
    "UpdateCellsRequest": ("area", frozenset({"start", "range"})),
    "DeveloperMetadataLocation": ("location", frozenset({"spreadsheet", "sheetId", "dimensionRange"})),
    "ConditionValue": ("value", None),
    "FindReplaceRequest": ("scope", frozenset({"range", "sheetId", "allSheets"})),
    "DataFilter": ("filter", None),
}
