"""What stands in a client's folder, svodka.yaml and what was accepted or put right beside it: read, checked, worded."""
