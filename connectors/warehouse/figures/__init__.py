"""The metric tables: made, made anew where something changed, asked at another day."""
