"""What each source held of each month before and after days were read again → in words, what changed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.tables import tables
from connectors.warehouse import Warehouse
from flows.request import RunRequest
from flows.words import day, month, roubles, say, whole


@dataclass(frozen=True)
class Content:
    """Rows that count, of one source and month."""

    rows: int = 0
    money: Decimal | None = None
    mark: int = 0
    """Changes with anything in the rows, their order aside."""


Held = Mapping[tuple[str, date], Content]
"""Source and first day of a month → what is loaded of it."""


def held_months(warehouse: Warehouse) -> Held:
    """A warehouse in; what each source holds of each month out. Empty if nothing is loaded yet."""
    held: dict[tuple[str, date], Content] = {}
    for name, table in tables().items():
        days = reversed(table.day) if name == "deals" else table.day  # a sale counts where it was closed
        first = f"date_trunc('month', coalesce({', '.join(f'{column}::date' for column in days)}))::date"
        money = f"sum({table.money})" if table.money else "null"
        rows = warehouse.query(
            name,
            f"""select source, {first}, count(*), {money}, bit_xor(hash({", ".join(table.public_columns)}))
            from loaded.{name} where not is_displaced group by 1, 2 having {first} is not null""",
        ).rows
        held |= {(row[0], row[1]): Content(*row[2:]) for row in rows}  # type: ignore[misc,arg-type]
    return held


def reread_lines(asked: RunRequest, before: Held, after: Held) -> list[str]:
    """The days asked for, what was held and is held now; a line for each source and month that differs, or one."""
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if not changed:
        return [say("reread_same", days=_days(asked))]
    return [say("reread_head", days=_days(asked)), *(_line(key, before, after) for key in changed)]


def _line(key: tuple[str, date], before: Held, after: Held) -> str:
    old, new = before.get(key, Content()), after.get(key, Content())
    has_money = old.money is not None or new.money is not None
    return say(
        "reread_money" if has_money else "reread_one",
        source=key[0],
        month=month(key[1]),
        before=whole(old.rows),
        after=whole(new.rows),
        money_before=roubles(old.money or 0),
        money_after=roubles(new.money or 0),
    )


def _days(asked: RunRequest) -> str:
    name = "reread_days" if asked.since and asked.until else "reread_since" if asked.since else "reread_until"
    return say(name, since=day(asked.since), until=day(asked.until))
