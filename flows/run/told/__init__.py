"""What a run did, as it is told and remembered."""
