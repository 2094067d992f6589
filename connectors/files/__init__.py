"""Files of a client → RawTables: one reader for each kind of container, chosen by content, never by extension."""
