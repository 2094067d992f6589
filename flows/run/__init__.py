"""One client from its sources to its report, now."""
