"""A file's rows into their tables: read, typed, asked about, folded, put in place."""
