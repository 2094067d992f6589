"""Tests of an engine that computes figures."""
