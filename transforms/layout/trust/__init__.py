"""What may be believed: how rows balance, what is doubtful, unknown or restated, what every word means."""
