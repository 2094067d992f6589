"""The files of each source → rows of the warehouse: by this machine, ahead of their turn, or by workers."""
