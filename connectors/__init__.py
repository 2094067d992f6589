"""The outside world: files, Google Sheets, workbooks, the warehouse."""
