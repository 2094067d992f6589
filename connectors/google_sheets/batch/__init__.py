"""A plan as the requests of one atomic write."""
