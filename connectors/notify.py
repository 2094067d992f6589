"""Addresses of `notify:` or `digest:` and a message → a mail, a Telegram message; secrets stay in the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.errors import ConfigError, Unavailable

NOTIFY, DIGEST = "notify", "digest.to"
"""Settings that hold addresses."""
VARIABLE = re.compile(r"\$\{(\w+)\}")


def addresses(declared: Sequence[str], environment: Mapping[str, str], setting: str = NOTIFY) -> list[str]:
    """Addresses as svodka.yaml has them in; with `${NAME}` filled from the environment out.

    Raises ConfigError naming the variable that is not set; the address itself is never repeated, it may hold a secret.
    """
    missing = sorted({name for text in declared for name in VARIABLE.findall(text) if not environment.get(name)})
    if missing:
        raise ConfigError("notify.no_variable", setting=setting, names=", ".join(missing))
    return [VARIABLE.sub(lambda found: environment[found[1]], text) for text in declared]


def check_addresses(declared: Sequence[str], environment: Mapping[str, str], setting: str = NOTIFY) -> None:
    """Raise ConfigError if an address names a variable that is not set, or is of no known kind; nothing is sent."""
    if not declared:
        return
    import apprise

    for number, address in enumerate(addresses(declared, environment, setting), 1):
        if apprise.Apprise.instantiate(address, suppress_exceptions=True) is None:
            raise ConfigError("notify.not_address", setting=setting, number=number)


def notify(
    declared: Sequence[str],
    environment: Mapping[str, str],
    title: str,
    body: str,
    picture: Path | None = None,
    *,
    setting: str = NOTIFY,
) -> None:
    """Send one message, with a picture if there is one, to every address. Raises Unavailable if one did not take it."""
    if not declared:
        return
    import apprise

    sender = apprise.Apprise()
    for address in addresses(declared, environment, setting):
        sender.add(address)
    attached = str(picture) if picture and picture.is_file() else None
    if not sender.notify(body=body, title=title, attach=attached):
        raise Unavailable("notify.failed", setting=setting)
