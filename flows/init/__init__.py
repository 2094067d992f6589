"""A client folder out of the exports that lie in it."""
