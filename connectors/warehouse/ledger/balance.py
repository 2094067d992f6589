"""What became of the rows and roubles of every file: `ops.loads` of a run, and the checks that may stop it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from glob import escape
from typing import Any

from config.client import Client
from config.draft import MISSING_CELLS, SURPLUS_CELLS
from config.errors import ContractError, RuleBroken, SeveralErrors, SvodkaError
from config.labels import labels
from config.messages import Language, message
from connectors.warehouse.figures.build import Maker
from connectors.warehouse.loading.fold import OF_DEAL, REPEATED
from connectors.warehouse.loading.registry import tables_loaded

FEWEST_REFUSED = 10
"""Fewer refused rows stop a run only where they are all that there are."""
MOST_PERIODS = 3
"""Of files that are named in advice."""


def count_rows(connection: Any, maker: Maker) -> None:
    """Make the temp table `load_rows`: what became of the loaded rows of each file."""
    parts = " union all ".join(
        f"""select load_id, coalesce(sum(source_rows) filter (where not is_displaced), 0) as staged,
            coalesce(sum(source_rows) filter (where is_displaced), 0) as duplicate,
            coalesce(sum({money}) filter (where not is_displaced), 0)::decimal(18,2) as money_staged,
            coalesce(sum({money}) filter (where is_displaced), 0)::decimal(18,2) as money_duplicate
        from loaded.{name} group by load_id"""
        for name, money in _moneys(connection)
    )
    maker.table(connection, "loaded_rows", parts)
    connection.execute(f"""create or replace temp table load_rows as
        with repeated as (
            select load_id, coalesce(sum(rows) filter (where kind = '{REPEATED}'), 0) as rows,
                sum(money_rub) as money_rub
            from loaded.notices where kind in ('{REPEATED}', '{OF_DEAL}') group by load_id
        )
        select l.* replace (
            (duplicate + coalesce(r.rows, 0))::bigint as duplicate,
            (money_duplicate + coalesce(r.money_rub, 0))::decimal(18,2) as money_duplicate)
        from temp.loaded_rows as l left join repeated as r using (load_id)""")


def _moneys(connection: Any) -> list[tuple[str, str]]:
    return [(name, table.money or "null::decimal(18, 2)") for name, table in tables_loaded(connection).items()]


def recall_rows(connection: Any) -> set[str]:
    """Make the same table of what the last run counted, where no row changed since; no table's names are others."""
    connection.execute("""create or replace temp table load_rows as
        select load_id, rows_staged as staged, rows_duplicate as duplicate, money_staged_rub as money_staged,
            money_duplicate_rub as money_duplicate
        from ops.loads where run_id = (select max(run_id) from ops.loads)""")
    return set()


def write_loads(connection: Any, run_id: str) -> None:
    """`ops.loads` of the run: a line a file or tab, unchanged ones too."""
    connection.execute(
        """insert into ops.loads by name
        select ? as run_id, source, source_file, content_hash, rows_read, coalesce(staged, 0) as rows_staged,
            rows_rejected, coalesce(duplicate, 0) as rows_duplicate, rows_skipped, rows_without_amount, money_read_rub,
            coalesce(money_staged, 0) as money_staged_rub, money_rejected_rub,
            coalesce(money_duplicate, 0) as money_duplicate_rub,
            money_skipped_rub, data_from_on, data_to_on, load_id, f.run_id = ? as is_read, rows_corrected,
            money_corrected_rub
        from ops.files as f left join load_rows using (load_id) order by source, source_file""",
        [run_id, run_id],
    )


def check_balance(connection: Any, run_id: str) -> None:
    """Raise RuleBroken, naming every file whose rows or roubles read are not those that went somewhere."""
    found = connection.execute(
        """select source_file, rows_read, rows_corrected, rows_staged, rows_rejected, rows_duplicate, rows_skipped,
            money_read_rub, money_corrected_rub, money_staged_rub, money_rejected_rub, money_duplicate_rub,
            money_skipped_rub
        from ops.loads where run_id = ? and (
            rows_read + rows_corrected <> rows_staged + rows_rejected + rows_duplicate + rows_skipped
            or money_read_rub + money_corrected_rub <>
                money_staged_rub + money_rejected_rub + money_duplicate_rub + money_skipped_rub)""",
        [run_id],
    ).fetchall()
    fates = ("read", "corrected", "staged", "rejected", "duplicate", "skipped")
    names = ("file", *fates, *(f"money_{fate}" for fate in fates))
    _raise([RuleBroken("warehouse.unbalanced", **dict(zip(names, row, strict=True))) for row in found])


def check_refused(connection: Any, run_id: str, client: Client) -> None:
    """Raise ContractError, naming file, column and reason, where a source has too many refused rows."""
    most = client.settings.loading.max_rejected_share
    found = connection.execute(
        """select source, sum(rows_rejected) as refused, sum(rows_read - rows_skipped) as counted from ops.loads
        where run_id = ? group by source
        having (refused >= ? or refused = counted) and refused > ? * counted order by source""",
        [run_id, FEWEST_REFUSED, most],
    ).fetchall()
    _raise([_too_many(client, _Refused(*row), _worst(connection, run_id, row[0])) for row in found])


@dataclass(frozen=True)
class _Refused:
    source: str
    rows: int
    counted: int


def _worst(connection: Any, run_id: str, source: str) -> dict[str, Any]:
    """Where most of a source's refused cells stand."""
    found = connection.execute(
        """select source_file, column_name, reason, count(*) as rows, min(source_row) as first_row,
            min_by(value, source_row) from ops.rejects
        where run_id = ? and source = ? and not is_row_kept group by 1, 2, 3 order by rows desc, 1, 2 limit 1""",
        [run_id, source],
    ).fetchone()
    return dict(zip(("file", "column", "reason", "cells", "row", "value"), found, strict=True))


def _too_many(client: Client, refused: _Refused, worst: dict[str, Any]) -> ContractError:
    return ContractError(
        "warehouse.too_many_refused",
        source=refused.source,
        refused=refused.rows,
        counted=refused.counted,
        share=_percent(refused.rows / refused.counted, client.language),
        most=_percent(client.settings.loading.max_rejected_share, client.language),
        **{
            **worst,
            "column": words.say(client.language)
            if (words := labels().staged.get(worst["column"]))
            else worst["column"],
            "reason": _reason(worst, client.language),
        },
    )


def _reason(worst: dict[str, Any], language: Language) -> str:
    """Why cells were refused; of a row with more cells than headings both counts as well."""
    reason = message(f"reasons.{worst['reason']}", language)
    return f"{worst['value']}, {reason}" if worst["reason"] in {SURPLUS_CELLS, MISSING_CELLS} else reason


def _percent(share: float, language: Language) -> str:
    """`31,7 %` in Russian, `31.7%` in English; whole per cents without a decimal."""
    text = f"{share * 100:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',')}\u00a0%" if language == "ru" else f"{text}%"


def check_periods(connection: Any) -> None:
    """Raise ContractError where one period was given to two files in svodka.yaml."""
    found = connection.execute("""
        select source, list(source_file order by source_file), data_from_on || '..' || data_to_on from ops.files
        where is_clients_period and data_from_on is not null group by source, data_from_on, data_to_on
        having count(*) > 1 order by source""").fetchall()
    _raise(
        [
            ContractError("warehouse.one_period", source=source, files=", ".join(files), periods=_periods(files, days))
            for source, files, days in found
        ]
    )


def _periods(files: Sequence[str], days: str) -> str:
    """Tables as the report names them, and what they were given, in; how svodka.yaml gives each its own out.

    A file goes by its name, a member of an archive or a tab by its own; where two have one name, in full.
    """
    ends = [
        f"*!{escape(file.rpartition('!')[2])}" if "!" in file else escape(file.rpartition("/")[2]) for file in files
    ]
    patterns = ends if len(set(ends)) == len(files) else list(map(escape, files))
    lines = [
        f"{json.dumps(pattern, ensure_ascii=False)}: {days if place == 0 else '…'}"
        for place, pattern in enumerate(patterns[:MOST_PERIODS])
    ]
    return ", ".join(lines if len(files) <= MOST_PERIODS else [*lines, "…"])


def _raise(errors: Sequence[SvodkaError]) -> None:
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(list(errors))
