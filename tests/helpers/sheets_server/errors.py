"""Refusals as Google words them: what went wrong in, an HTTP status and a JSON body out.

ApiError                      Sheets: {"error": {code, message, status, details?}}
  refuse_sheet_cell           where in the batch it happened is prefixed by the caller
DriveError                    Drive: {"error": {code, message, errors: [...]}}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}

UNAUTHENTICATED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
TOO_MANY_SHEETS = "This action would increase the number of sheets in the workbook above the limit of 200 sheets."
TOO_MANY_CELLS = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
TOO_LONG = "Your input contains more than the maximum of 50000 characters in a single cell."
NO_MASK = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)


class ApiError(Exception):
    """One refusal of the Sheets API."""

    def __init__(self, code: int, message: str, details: Sequence[dict[str, Any]] = (), status: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = list(details)
        self.status = status or STATUS_NAMES[code]

    def prefixed(self, prefix: str) -> ApiError:
        """A place in the batch in; the same refusal naming that place out."""
        return ApiError(self.code, f"{prefix}{self.message}", self.details, self.status)

    def body(self) -> dict[str, Any]:
        """The JSON body Google sends with it."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


class DriveError(Exception):
    """One refusal of the Drive API, whose bodies look different."""

    def __init__(self, code: int, message: str, reason: str, location: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.location = location

    def body(self) -> dict[str, Any]:
        """The JSON body Google sends with it."""
        item = {"message": self.message, "domain": "global", "reason": self.reason}
        if self.location:
            item |= {"location": self.location, "locationType": "parameter"}
        return {"error": {"code": self.code, "message": self.message, "errors": [item]}}


def invalid(message: str) -> ApiError:
    """A sentence in; a 400 out."""
    return ApiError(400, message)


def not_found() -> ApiError:
    """The refusal of an id nobody has."""
    return ApiError(404, "Requested entity was not found.")


def forbidden() -> ApiError:
    """The refusal of a spreadsheet that is not shared with the caller."""
    return ApiError(403, "The caller does not have permission")


def bad_token() -> ApiError:
    """The refusal of a missing, unknown or revoked token."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"},
    }
    return ApiError(401, UNAUTHENTICATED, [detail])


def bad_request(violations: Sequence[tuple[str, str]], message: str = "") -> ApiError:
    """(field, description) pairs in; a 400 with google.rpc.BadRequest details out."""
    items = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": items}
    return ApiError(400, message or "\n".join(text for _, text in violations), [detail])


def over_quota(kind: str, project: str, per: str = "minute per user") -> ApiError:
    """'Read' or 'Write' and the project number in; the 429 of that quota out."""
    limit = f"{kind}RequestsPerMinutePer{'User' if 'user' in per else 'Project'}"
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_limit": limit,
            "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{project}",
        },
    }
    text = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per {per}' "
        f"of service 'sheets.googleapis.com' for consumer 'project_number:{project}'."
    )
    return ApiError(429, text, [detail])
