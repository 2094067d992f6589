"""Drive permissions: listed, given, changed, taken away, and a file handed over to a new owner.

Outside an organisation Google lets nobody be made an owner unasked: the owner marks a writer as pending, and that
person takes the file over (developers.google.com/workspace/drive/api/guides/transfer-file).
"""

from __future__ import annotations

from .drive import file_of, query_of, shown
from .errors import DriveError
from .model import Json, Spreadsheet
from .permissions import permission_id, permissions_of
from .spreadsheets_api import Asking

FIELDS = "kind,id,type,role"


def list_permissions(asking: Asking, file_id: str) -> Json:
    """permissions.list."""
    answer = {"kind": "drive#permissionList", "permissions": permissions_of(file_of(asking, file_id))}
    return shown(answer, query_of(asking).get("fields") or f"kind,permissions({FIELDS})")


def get_permission(asking: Asking, file_id: str, wanted: str) -> Json:
    """permissions.get."""
    return answered(asking, permission(file_of(asking, file_id), wanted))


def share(asking: Asking, file_id: str) -> Json:
    """permissions.create."""
    book, sent = file_of(asking, file_id, is_write=True), asking.body or {}
    user = "anyone" if sent.get("type") == "anyone" else sent.get("emailAddress", "")
    if not user:
        raise DriveError(400, "The permission type field is required.", "required", "permission.type")
    if sent.get("role") == "owner":
        hand_over(asking, book, user)
    else:
        give(book, user, sent.get("role", ""), bool(sent.get("pendingOwner")))
    return answered(asking, permission(book, permission_id(user)))


def change_permission(asking: Asking, file_id: str, wanted: str) -> Json:
    """permissions.update: another role, a pending owner, or the file taken over by one."""
    book, sent = file_of(asking, file_id), asking.body or {}
    user = permission(book, wanted).get("emailAddress", "anyone")
    if sent.get("role") == "owner":
        hand_over(asking, book, user)
    else:
        file_of(asking, file_id, is_write=True)
        if user == book.owner or (sent.get("pendingOwner") and asking.caller.user != book.owner):
            raise refused(file_id)
        give(book, user, sent.get("role", ""), bool(sent.get("pendingOwner", user == book.pending_owner)))
    return answered(asking, permission(book, wanted))


def unshare(asking: Asking, file_id: str, wanted: str) -> None:
    """permissions.delete."""
    book = file_of(asking, file_id, is_write=True)
    for users in (book.writers, book.readers):
        users.difference_update({user for user in users if permission_id(user) == wanted})


def hand_over(asking: Asking, book: Spreadsheet, user: str) -> None:
    """Makes somebody the owner, and the owner until now a writer. Raises DriveError 403 where Google does."""
    if query_of(asking).get("transferOwnership", "").lower() != "true":
        text = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise DriveError(403, text, "forbidden", "transferOwnership")
    if asking.caller.user == user == book.pending_owner:
        book.writers.add(book.owner)
        book.writers.discard(user)
        book.owner, book.pending_owner = user, ""
    elif asking.caller.user == book.owner:
        text = "Consent is required to transfer ownership of a file to another user."
        raise DriveError(403, text, "consentRequiredForOwnershipTransfer")
    else:
        raise refused(book.id)


def give(book: Spreadsheet, user: str, role: str, is_pending: bool) -> None:
    """Gives somebody a role in place of the one before; only a writer is a pending owner."""
    if is_pending and role == "writer":
        book.pending_owner = user
    elif book.pending_owner == user:
        book.pending_owner = ""
    for users in (book.writers, book.readers):
        users.discard(user)
    (book.readers if role in {"reader", "commenter"} else book.writers).add(user)


def permission(book: Spreadsheet, wanted: str) -> Json:
    """A permission's id in; the permission out. Raises DriveError 404."""
    found = next((given for given in permissions_of(book) if given["id"] == wanted), None)
    if found is None:
        raise DriveError(404, f"Permission not found: {wanted}.", "notFound", "permissionId")
    return found


def answered(asking: Asking, given: Json) -> Json:
    """A permission in; what the caller asked to see of it out."""
    return shown(given, query_of(asking).get("fields") or FIELDS)


def refused(file_id: str) -> DriveError:
    """The refusal of somebody who may not do that to the file."""
    text = f"The user does not have sufficient permissions for file {file_id}."
    return DriveError(403, text, "insufficientFilePermissions")
