"""Sheets → one static page that a phone shows: no script, no address outside, charts as pictures in it."""

from connectors.html.page import page_bytes

__all__ = ["page_bytes"]
