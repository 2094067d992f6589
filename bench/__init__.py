"""Benchmarks: Svodka beside a bare DuckDB script that reads the same files and adds the same sums."""
