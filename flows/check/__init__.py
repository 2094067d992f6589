"""What is wrong with a client, found without changing anything."""
