"""Tests of the Sheets server: what it answers is what the real API is known to answer."""
