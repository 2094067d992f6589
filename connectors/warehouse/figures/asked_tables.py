"""The ops tables that hold what a plan and experiments ask for, and the answers."""

from __future__ import annotations

TABLES = {
    "asked_metrics": "metric varchar, table_name varchar, is_adding boolean, is_growing boolean, is_state boolean, "
    "is_less_better boolean, is_spend boolean, money varchar",
    "asked_windows": "grain varchar, first_on date, last_on date",
    "asked_figures": "run_on date, grain varchar, period_start date, metric varchar, channel varchar, manager varchar, "
    "value double",
    "asked_starts": "run_on date, table_name varchar, first_on date",
    "asked_money": "run_on date, grain varchar, channel varchar, manager varchar, revenue_rub decimal(18, 2), "
    "cogs_rub decimal(18, 2), spend_rub decimal(18, 2)",
}
"""Table of schema `ops` → its columns; all of them are filled anew by every run."""
CREATE = "".join(f"create table if not exists ops.{name} ({columns});" for name, columns in TABLES.items())
