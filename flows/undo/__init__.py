"""A past state of a client, taken back."""
