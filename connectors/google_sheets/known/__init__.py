"""What is known of the owner's spreadsheet: our marks in it, whose it is, what was published and remembered."""
