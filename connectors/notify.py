"""Addresses of `notify:` or `digest:` and a message → a mail, a Telegram message; secrets stay in the environment."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

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
    apprise = _apprise()
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
    """Send one message, with a picture if there is one, to every address. Raises Unavailable naming those that failed.

    An address is named by its number and its service: the rest of it may be a secret.
    """
    if not declared:
        return
    apprise = _apprise()
    attached = str(picture) if picture and picture.is_file() else None
    failed = []
    for number, address in enumerate(addresses(declared, environment, setting), 1):
        sender = apprise.Apprise()
        sender.add(address)
        if not sender.notify(body=body, title=title, attach=attached):
            failed.append(f"{number} ({address.partition(':')[0]})")
    if failed:
        raise Unavailable("notify.failed", setting=setting, failed=", ".join(failed))


def _apprise() -> Any:
    """The library, which takes long to load; what it logs of an address in English we say ourselves."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return apprise
