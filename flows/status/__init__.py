"""All clients in one look."""
