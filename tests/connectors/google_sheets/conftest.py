"""Fixtures of every test with a spreadsheet."""

from tests.connectors.google_sheets.google_fixtures import (  # noqa: F401
    client,
    forget,
    key_file,
    memory,
    module_owner,
    module_publish,
    owner,
    publish,
    reader,
    server,
)
