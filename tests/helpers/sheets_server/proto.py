"""JSON values as the text format of protocol buffers, in which Google quotes them in errors."""

from __future__ import annotations

from typing import Any


def proto_text(value: Any, indent: str = "") -> str:
    """A JSON value in; the text Google prints for it in an error out."""
    if isinstance(value, list):
        inner = "".join(f"{indent}  values {proto_item(item, indent + '  ')}\n" for item in value)
    else:
        inner = "".join(
            f'{indent}  fields {{\n{indent}    key: "{key}"\n{indent}    value '
            f"{proto_item(item, indent + '    ')}\n{indent}  }}\n"
            for key, item in value.items()
        )
    return "{\n" + inner + indent + "}"


def proto_item(item: Any, indent: str) -> str:
    """One value inside a list or a struct in; its text out."""
    if isinstance(item, list):
        body = f"list_value {proto_text(item, indent + '  ')}"
    elif isinstance(item, dict):
        body = f"struct_value {proto_text(item, indent + '  ')}"
    elif item is None:
        body = "null_value: NULL_VALUE"
    elif isinstance(item, bool):
        body = f"bool_value: {str(item).lower()}"
    elif isinstance(item, str):
        body = f'string_value: "{item}"'
    else:
        body = f"number_value: {item}"
    return f"{{\n{indent}  {body}\n{indent}}}"
