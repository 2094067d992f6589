"""Bars of time and memory, measured by `make bench` on a machine that has nothing else to do."""
