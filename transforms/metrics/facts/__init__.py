"""What each row of a file counts as, and why not: SQL that metric tables sum and `svodka explain` selects from."""
