"""A vendor's export is all of one channel; a table that names channels of its own is asked about, not taken for one."""

from __future__ import annotations

from collections.abc import Mapping

from config.client import SourceConfig
from config.documents import RawTable
from config.errors import ContractError
from config.profiles import ColumnSource, ProfileTable
from transforms.recognise.rows_below import texts
from transforms.shape import Header, fold

CHANNEL = "channel"
HEADERS = frozenset(
    map(
        fold,
        (
            "Канал", "Каналы", "Рекламный канал", "Канал рекламы", "Канал продвижения", "Канал трафика", "Источник",
            "Источник рекламы", "Источник трафика", "Рекламный источник", "Channel", "Source",
        ),
    )
)  # fmt: skip
"""What people call a column of channels; a placement («Площадка») is a part of one."""


def ask_channel(
    raw: RawTable,
    header: Header,
    declared: ProfileTable | None,
    columns: Mapping[str, ColumnSource],
    source: SourceConfig,
) -> None:
    """A recognised table in; raises ContractError that asks if it has channels beside the one of its profile.

    `channel:` under `columns` or `constants` answers, and so does `svodka accept`.
    """
    one = declared.constants.get(CHANNEL) if declared else None
    if one is None or CHANNEL in {*columns, *source.columns, *source.constants}:
        return
    for place, name in enumerate(header.names):
        if fold(name) in HEADERS and any(fold(text) not in ("", fold(one)) for text in texts(raw, header, place)):
            raise ContractError(
                "shape.channel_in_column",
                file=raw.origin.file,
                source=raw.origin.source,
                header=name,
                channel=one,
                proposals=[(raw.origin.source, CHANNEL, name)],
            )
