"""One file that a client can be rebuilt from."""
