"""A statement of an account with a column for each way that money goes → its headings, and what each feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.words import is_headed

OTHER_WAY = {"deals": "went_out", "costs": "came_in"}
"""Table → what headings say of what went the other way than its own money."""
OWN_WAY = {
    "deals": {"closed_on": "statement_days", "product": "purposes", "revenue_rub": "came_in"},
    "costs": {"month_on": "statement_days", "item": "purposes", "amount_rub": "went_out"},
}
"""Table → our columns of the day, of what it was for and of the sum, and what their headings say."""


def statement_columns(names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Headings in; for each of our tables that a statement with both ways feeds, our column → heading."""
    found: dict[str, Mapping[str, str]] = {}
    for table, sought in OWN_WAY.items():
        columns = {column: next((one for one in names if is_headed(one, kind)), "") for column, kind in sought.items()}
        if all(columns.values()):
            found[table] = columns
    return found if found.keys() == OWN_WAY.keys() else {}
