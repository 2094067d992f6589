"""A refusal of Google's → our error, with what the owner must do; never a credential in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from requests import Response

from config.errors import SourceError, SvodkaError, TargetError

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
SECRET = re.compile(
    r"ya29\.[\w.-]+|Bearer\s+\S+|-----BEGIN.*?-----END[^-]*-----|[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}", re.S
)

BY_WORDS: tuple[tuple[str, str], ...] = (
    ("number of cells in the workbook above the limit", "google.no_room"),
    ("storage quota", "google.no_room"),
    ("protected cell or object", "google.protected"),
    ("not supported for this document", "google.office_file"),
    ("has not been used in project", "google.api_disabled"),
    ("it is disabled", "google.api_disabled"),
    ("insufficient authentication scopes", "google.key_refused"),
)
BY_STATUS = {401: "google.key_refused", 403: "google.not_shared", 404: "google.not_found"}


@dataclass(frozen=True)
class Refusal:
    """What Google answered: the code, its own words without secrets, and the seconds it asks to wait."""

    code: int
    words: str
    reason: str = ""
    retry_after: str | None = None


def refusal(response: Response) -> Refusal:
    """An answer that is not a success in; what it says out, also when its body is a page of HTML."""
    words, reason = _words(response)
    return Refusal(response.status_code, SECRET.sub("…", words)[:300], reason, response.headers.get("Retry-After"))


def as_error(refused: Refusal, is_writing: bool, **facts: object) -> SvodkaError:
    """A refusal that no repeating would mend in; the error to raise out: TargetError when writing, else SourceError."""
    kind = TargetError if is_writing else SourceError
    return kind(_key(refused, is_writing), detail=refused.words or f"HTTP {refused.code}", **facts)


def _key(refused: Refusal, is_writing: bool) -> str:
    if refused.reason == "SERVICE_DISABLED":
        return "google.api_disabled"
    for words, key in BY_WORDS:
        if words in refused.words:
            return key
    key = BY_STATUS.get(refused.code, "google.refused")
    return "google.not_shared_for_writing" if key == "google.not_shared" and is_writing else key


def _words(response: Response) -> tuple[str, str]:
    """Google's message and its machine-readable reason; empty for a body that is not Google's JSON."""
    try:
        error: Any = json.loads(response.content)["error"]
        reasons = [str(detail["reason"]) for detail in error.get("details", ()) if "reason" in detail]
        return str(error.get("message", "")), reasons[0] if reasons else ""
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", ""
