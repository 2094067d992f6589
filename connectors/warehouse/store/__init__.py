"""The DuckDB file itself: opened, its tables, and what they hold beside rows and figures."""
