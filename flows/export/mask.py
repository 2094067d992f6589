"""Texts that leave for other tools → masked as in reports; one person is one mask, so that tables join."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hashlib import blake2b

from config.tables import personal_columns
from transforms.mask import HIDDEN, mask_text


def mask_of(personal_data: str) -> Callable[[str, str], str] | None:
    """`personal_data:` in; what masks the text of a column out, None where everything may be shown.

    Phones, e-mails and ids get a mask made with a secret of the moment: it is the same for one person as long as this
    function is kept, and leads back to nobody.
    """
    if personal_data == "keep":
        return None
    secret, personal = secrets.token_bytes(16), personal_columns()

    def mask(column: str, text: str) -> str:
        if column in personal:
            return HIDDEN + blake2b(text.encode(), key=secret, digest_size=5).hexdigest()
        return mask_text(text)

    return mask
