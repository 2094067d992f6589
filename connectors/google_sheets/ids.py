"""Ids that we choose for tabs, charts, protections and marks, so that a repeat after a lost answer doubles nothing."""

from __future__ import annotations

from hashlib import sha256


def stable_id(*parts: object) -> int:
    """What an object is, in words, in; the same positive int32 for it every time out."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).digest()
    return (int.from_bytes(digest[:4], "big") & 0x7FFFFFFF) or 1
