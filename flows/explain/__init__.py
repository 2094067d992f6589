"""One number of a report, down to file and row."""
