"""The key file of a service account and the root of the API → sessions that may ask Google."""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth import exceptions as google_errors
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import service_account
from requests import Response

from config.errors import ConfigError, SourceError, SvodkaError, TargetError
from config.settings import Settings
from connectors.shared import Shared, shared

READ_SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
WRITE_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
LOCAL_ADDRESS = "svodka@local.invalid"
TOKEN_SECONDS = 30.0


@dataclass(frozen=True, repr=False)
class Account:
    """A service account, or nobody for a server on this machine. Never printed: it holds a key."""

    address: str
    root: str | None
    key: dict[str, Any] | None
    at: Shared | None = None
    """Where the workers of a pool count its requests together."""

    def session(self, is_writing: bool, answer_seconds: float = TOKEN_SECONDS) -> requests.Session:
        """A session that signs its requests with the narrowest scope that does."""
        if self.key is None:
            return _local_session()
        scopes = [WRITE_SCOPE if is_writing else READ_SCOPE]
        session: requests.Session = AuthorizedSession(  # type: ignore[no-untyped-call]  # google-auth types its answers alone
            _credentials(self.key).with_scopes(scopes), refresh_timeout=min(TOKEN_SECONDS, answer_seconds)
        )
        if self.root and is_loopback(self.root):
            session.trust_env = False  # a proxy of the machine has nothing to do with its loopback
        return session

    def after_failure(self, error: google_errors.GoogleAuthError, is_writing: bool = False) -> Refusal:
        """A token that could not be had in; the refusal to repeat out. Raises if the key itself was refused."""
        words = SECRET.sub("…", str(error.args[0] if error.args else error))[:300]
        if isinstance(error, google_errors.TransportError) or getattr(error, "retryable", False):
            return Refusal(0, words)
        kind = TargetError if is_writing else SourceError
        raise kind("google.key_refused", detail=words, address=self.address, sheet="") from None


def account(settings: Settings) -> Account:
    """Settings in; the service account they name out. Raises ConfigError if there is none or its file is no key."""
    root = _checked_root(settings.google_api_root)
    if settings.google_credentials is None:
        if root and is_loopback(root):
            return Account(LOCAL_ADDRESS, root, None, shared(settings))
        raise ConfigError("google.no_credentials")
    try:
        key = json.loads(settings.google_credentials.read_text(encoding="utf-8"))
        _credentials(key)
        return Account(str(key["client_email"]), root, key, shared(settings))
    except OSError:
        raise ConfigError("google.no_key_file", file=settings.google_credentials) from None
    except (ValueError, KeyError, TypeError, AttributeError, google_errors.GoogleAuthError):
        raise ConfigError("google.bad_key_file", file=settings.google_credentials) from None


class QuietCredentials(service_account.Credentials):
    """A service account that asks Google for its token and for nothing else."""

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        """No: google-auth would ask another service, in a thread, where the token may travel; Sheets has no regions."""
        return False


def _credentials(key: dict[str, Any]) -> Any:
    return QuietCredentials.from_service_account_info(key)  # type: ignore[no-untyped-call]  # as in session


def is_loopback(root: str) -> bool:
    """Whether an address points at this very machine."""
    host = urlsplit(root).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_root(root: str | None) -> str | None:
    """Another root of the API: https, or http on this machine only, because a token travels with every request."""
    if not root:
        return None
    parts = urlsplit(root)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(root))
    if not is_safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ConfigError("google.bad_root")
    return root.rstrip("/")


def _local_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = "Bearer local"
    return session


# A refusal of Google's → our error, with what the owner must do; never a credential in it.

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
SECRET = re.compile(
    r"ya29\.[\w.-]+|Bearer\s+\S+|-----BEGIN.*?-----END[^-]*-----|[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}", re.S
)

BY_WORDS: tuple[tuple[str, str], ...] = (
    ("number of cells in the workbook above the limit", "google.no_room"),
    ("number of sheets in the workbook above the limit", "google.too_many_tabs"),
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
