"""Sources whose days are bare numbers → a question where only those counted from 1904 are of the time of all else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from config.draft import COUNTED_DAYS
from config.errors import ContractError

EPOCHS_APART = timedelta(days=1462)
"""Between the first days of the two systems in which workbooks count."""
NEAR = timedelta(days=92)
"""So near to the day of the report, or to where another source ends, data that are kept up end."""
FEW_AHEAD = timedelta(days=31)
"""So far may they run ahead of the report's day: what is booked, or the report of a day gone by."""


def ask_epochs(connection: Any, as_of: date) -> None:
    """Raise ContractError for a source of which no file has a day that is written out, if it ends four years ago.

    A text file keeps the number of a day, and not the year from which its workbook counted.
    """
    for source, file, detail, first, last, others in connection.execute(
        """with counting as (
            select load_id, min(detail) as detail from loaded.notices where kind = $1 group by load_id
        ),
        files as (
            select source, source_file, data_from_on, data_to_on, detail
            from ops.files left join counting using (load_id) where data_to_on is not null
        )
        select source, min(source_file), min(detail), min(data_from_on), max(data_to_on),
            (select max(data_to_on) from files where detail is null and data_to_on <= $2)
        from files group by source having count(*) = count(detail) order by source""",
        [COUNTED_DAYS, as_of],
    ).fetchall():
        later = last + EPOCHS_APART
        if later <= as_of + FEW_AHEAD and min(abs(later - end) for end in (as_of, others) if end) <= NEAR:
            column, _, header = detail.partition(": ")
            days = {"first": first, "last": last, "later_first": first + EPOCHS_APART, "later_last": later}
            raise ContractError(
                "warehouse.which_epoch", source=source, file=file, column=column, header=header,
                **{name: f"{day:%d.%m.%Y}" for name, day in days.items()},
            )  # fmt: skip
