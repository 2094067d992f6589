"""Fixtures of a bar with a spreadsheet."""

from tests.connectors.google_sheets.google_fixtures import client, key_file, memory, owner, server  # noqa: F401
from tests.connectors.google_sheets.test_google_scale import bodies  # noqa: F401
