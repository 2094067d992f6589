"""Who asks and what they may: bearer tokens, service accounts, scopes, and the sharing of a spreadsheet."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import ApiError, bad_token, forbidden
from .model import Spreadsheet

OWNER = "owner@example.com"
STRANGER = "stranger@example.com"
FULL = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")
SHEETS_WRITE = {*FULL, "https://www.googleapis.com/auth/drive.file"}
SHEETS_READ = SHEETS_WRITE | {
    "https://www.googleapis.com/auth/spreadsheets.readonly",
    "https://www.googleapis.com/auth/drive.readonly",
}
DRIVE_WRITE = {"https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/drive.file"}
DRIVE_READ = DRIVE_WRITE | {
    "https://www.googleapis.com/auth/drive.readonly",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
    "https://www.googleapis.com/auth/drive.metadata",
}
NEEDED = {"read": SHEETS_READ, "write": SHEETS_WRITE, "drive-read": DRIVE_READ, "drive-write": DRIVE_WRITE}


@dataclass(frozen=True)
class Caller:
    """Who asks: an address, the scopes of the token, and whether it is a service account, which owns no files."""

    user: str
    scopes: frozenset[str] = frozenset(FULL)
    is_service: bool = False


class TokenError(Exception):
    """A refusal of the token endpoint: an OAuth error and its description."""


@dataclass
class Access:
    """Tokens and accounts. Tokens nobody issued belong to the owner unless `strict`."""

    strict: bool = False
    tokens: dict[str, Caller] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=lambda: {"bad-token", "expired-token"})
    keys: dict[str, Any] = field(default_factory=dict)
    disabled_apis: set[str] = field(default_factory=set)

    def caller(self, authorization: str) -> Caller:
        """An Authorization header in; who asks out. Raises ApiError 401."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or token in self.revoked:
            raise bad_token()
        known = self.tokens.get(token)
        if known is None and self.strict:
            raise bad_token()
        return known or Caller(OWNER)

    def token_of(self, user: str, scopes: tuple[str, ...] = FULL) -> str:
        """A person's address in; a token of theirs out."""
        token = secrets.token_urlsafe(24)
        self.tokens[token] = Caller(user, frozenset(scopes))
        return token

    def key_file(self, email: str, token_uri: str) -> dict[str, str]:
        """A service account's address in; its JSON key, whose token endpoint is this server, out."""
        # as short as is allowed: whoever loads a key proves its primes, in most tests the dearest thing they do
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
        self.keys[email] = key.public_key()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "svodka-test",
            "private_key_id": secrets.token_hex(20),
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "100000000000000000000",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
        }

    def grant(self, assertion: str) -> dict[str, Any]:
        """A signed JWT of a service account in; the token endpoint's answer out. Raises TokenError."""
        try:
            head, body, signature = assertion.split(".")
            claims = json.loads(decoded(body))
            email = claims["iss"]
        except (ValueError, KeyError) as error:
            raise TokenError("invalid_grant: Invalid JWT: Token must be a short-lived token.") from error
        if email not in self.keys:
            raise TokenError("invalid_grant: Invalid grant: account not found")
        try:
            signed = f"{head}.{body}".encode()
            self.keys[email].verify(decoded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise TokenError("invalid_grant: Invalid JWT Signature.") from error
        token = "ya29.test-" + secrets.token_urlsafe(24)
        self.tokens[token] = Caller(email, frozenset(claims.get("scope", "").split()), is_service=True)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


def decoded(part: str) -> bytes:
    """A part of a JWT in, its bytes out."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def check_scopes(caller: Caller, need: str) -> None:
    """Raises ApiError 403 when the token's scopes do not cover the need."""
    if not caller.scopes & NEEDED[need]:
        detail = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": {"service": "sheets.googleapis.com"},
        }
        raise ApiError(403, "Request had insufficient authentication scopes.", [detail])


def check_enabled(access: Access, service: str, title: str, project: str) -> None:
    """Raises ApiError 403 when the API is switched off in the project."""
    if service in access.disabled_apis:
        url = f"https://console.developers.google.com/apis/api/{service}/overview?project={project}"
        text = (
            f"{title} has not been used in project {project} before or it is disabled. Enable it by visiting {url} "
            "then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
            "systems and retry."
        )
        detail = {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": {"service": service, "consumer": f"projects/{project}"},
        }
        raise ApiError(403, text, [detail])


def may_read(book: Spreadsheet, user: str) -> bool:
    """May the user see the spreadsheet, yes or no."""
    return may_write(book, user) or user in book.readers or "anyone" in book.readers


def may_write(book: Spreadsheet, user: str) -> bool:
    """May the user change the spreadsheet, yes or no."""
    return user == book.owner or user in book.writers or "anyone" in book.writers


def check_access(book: Spreadsheet, user: str, is_write: bool) -> None:
    """Raises ApiError 403 for a spreadsheet that is not shared so far with the user."""
    if not (may_write if is_write else may_read)(book, user):
        raise forbidden()
