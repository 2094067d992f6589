"""A block of a page each: its rows, its words, its highlights."""
