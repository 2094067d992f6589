"""What a run tells of its rows: whether they balance, what may be counted twice, whose data are late."""
