"""Sheets → one static page that a phone shows, a picture of its first screen, and the same as plain words."""

from connectors.html.page import page_bytes
from connectors.html.picture import picture
from connectors.html.written import plain_text

__all__ = ["page_bytes", "picture", "plain_text"]
