"""The warehouse, one fact a test."""
