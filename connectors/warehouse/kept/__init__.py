"""What is kept beside the file: rows of an engine, what exports showed, the state before; and how it is forgotten."""
