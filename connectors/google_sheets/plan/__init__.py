"""What shall stand in each tab, beside what stands there and what the owner wrote."""
