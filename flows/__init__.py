"""Wiring: the pipeline, the command line, the Prefect flows."""
