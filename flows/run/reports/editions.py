"""A client's reports, each with its reader → who of the data is meant by the names that svodka.yaml gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.client import Edition
from config.draft import Naming, Partner
from config.errors import ConfigError
from config.nearest import nearest
from config.words import fold
from connectors.warehouse import Asked

KINDS = {"manager": "managers", "channel": "channels"}
NEAR_MOST = 5
"""Names told where none is near."""


@dataclass(frozen=True)
class KnownNames:
    """What a report can be narrowed to: manager, channel or partner → folded spelling → name."""

    by: Mapping[str, Mapping[str, str]]

    def meant(self, edition: Edition) -> Edition:
        """The report under the names that the figures bear; an unknown one stands as it is."""
        known = self.by.get(edition.by or "", {})
        names = {name: known.get(fold(name), name) for name in edition.names}
        changed = {kind: [names[name] for name in getattr(edition, kind)] for kind in KINDS.values()}
        return edition.model_copy(
            update={**changed, "partner": names.get(edition.partner) if edition.partner else edition.partner}
        )

    def check(self, edition: Edition) -> None:
        """Raise ConfigError, with the nearest name, for a report of somebody whom nobody knows."""
        known = self.by.get(edition.by or "", {})
        for name in edition.names:
            if fold(name) not in known:
                names = sorted(set(known.values()))
                near = nearest(name, names, 0.4) or names[:NEAR_MOST]
                raise ConfigError(f"config.no_such_{edition.by}", name=name, near=", ".join(near) or "—")


def known_names(
    reports: Iterable[Edition], warehouse: Asked, names: Mapping[str, Naming], partners: Sequence[Partner]
) -> KnownNames:
    """The reports, the loaded data and the dictionaries in; whom they know out; nothing is asked for reports of all."""
    wanted = {edition.by for edition in reports}
    found: dict[str, Mapping[str, str]] = {
        by: {**_of_dictionary(names.get(kind)), **_folded(warehouse.names_met(kind))}
        for by, kind in KINDS.items()
        if by in wanted
    }
    if "partner" in wanted:
        found["partner"] = _folded(dict.fromkeys((*warehouse.partners(), *(one.name for one in partners))))
    return KnownNames(found)


def _of_dictionary(naming: Naming | None) -> dict[str, str]:
    known = naming.names(naming.known()) if naming else {}
    return _folded({alias: name for alias, name in known.items() if name is not None})


def _folded(names: Mapping[str, str | None]) -> dict[str, str]:
    """Spelling → name (None: its own) in; folded spelling, and folded name, → name out."""
    spelled = {fold(spelling): name or spelling for spelling, name in names.items()}
    return {**spelled, **{fold(name): name for name in spelled.values()}}
