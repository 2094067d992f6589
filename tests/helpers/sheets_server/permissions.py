"""Who a file is shared with, as Drive shows it."""

from __future__ import annotations

from .model import Json, Spreadsheet


def permissions_of(book: Spreadsheet) -> list[Json]:
    """A spreadsheet in; its permissions out."""
    roles = {book.owner: "owner"} | dict.fromkeys(sorted(book.readers), "reader")
    roles |= dict.fromkeys(sorted(book.writers), "writer")
    return [
        {
            "kind": "drive#permission",
            "id": permission_id(user),
            "type": "anyone" if user == "anyone" else "user",
            "role": role,
            **({} if user == "anyone" else {"emailAddress": user, "pendingOwner": user == book.pending_owner}),
        }
        for user, role in roles.items()
    ]


def permission_id(user: str) -> str:
    """An address in; the id of its permission out."""
    return (
        "anyoneWithLink"
        if user == "anyone"
        else str(sum(ord(letter) * 31**at for at, letter in enumerate(user)) % 10**20)
    )
