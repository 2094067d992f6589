"""Explanations: the rows behind a figure add up to it."""
