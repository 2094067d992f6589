"""Tests of what happens to values and of the SQL we make."""
