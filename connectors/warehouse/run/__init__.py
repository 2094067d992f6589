"""One run over a client's warehouse: its steps in their order, whoever computes them, what it notes of files."""
