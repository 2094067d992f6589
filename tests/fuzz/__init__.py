"""Damaged exports, by the thousand, through the real path: `python -m tests.fuzz --cases 10000`, or `make fuzz`."""
