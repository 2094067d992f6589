"""A client → the form of a run by hand on the page of its deployment: fields in its language, choices as choices."""

from __future__ import annotations

from typing import Any, get_args

from config.load import LoadedClient, LoadedConsultant
from config.messages import message
from flows.run.given.request import Target

NOWHERE = "none"


def form(loaded: LoadedClient) -> dict[str, dict[str, Any]]:
    """A client in; the fields of the form, by the parameter that each fills, out.

    The folder is the client's own and no other; a day is a date, left empty or picked; lists are ticked off.
    """
    targets = [*get_args(Target), NOWHERE]
    fields: dict[str, dict[str, Any]] = {
        "folder": {"type": "string", "enum": [str(loaded.folder.resolve())]},
        "as_of": {"type": "string", "format": "date"},
        "since": {"type": "string", "format": "date"},
        "until": {"type": "string", "format": "date"},
        "only": _ticked(list(loaded.client.sources)),
        "to": _ticked(targets),
    }
    for position, (name, said) in enumerate(fields.items()):
        said["position"] = position
        for part in ("title", "description"):
            said[part] = message("cli." + f"form_{name}_{part}", loaded.client.language)
    return fields


def form_of_all(consultant: LoadedConsultant) -> dict[str, dict[str, Any]]:
    """A consultant in; the fields of the form for all their clients, or those that are ticked, out."""
    fields = form(consultant.as_client())
    del fields["only"]
    said = {"position": 1, **_ticked([str(folder) for folder in consultant.clients()])}
    for part in ("title", "description"):
        said[part] = message(f"cli.form_clients_{part}", consultant.consultant.language)
    return {"folder": fields.pop("folder"), "clients": said, **fields}


def _ticked(choices: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": choices}, "uniqueItems": True}
