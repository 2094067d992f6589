"""A client's tables, for other tools."""
