"""Metric tables: given and expected rows, and a plain-Python restatement of each."""
