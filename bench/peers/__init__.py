"""What somebody would write instead of Svodka: the same exports in, the same six tables out, in DuckDB, pandas and polars."""
