"""Tables of days and periods that the metric tables join; their SQL is DuckDB's own."""
