"""Tests of the bench: its peers answer the same question."""
